"""Network access: addresses, public sessions, politeness, rate limits, retries, and the session for Yahoo Finance."""
