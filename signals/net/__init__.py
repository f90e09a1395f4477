"""The network: addresses, sessions, politeness, rate limits, retries, and how Yahoo is reached."""
