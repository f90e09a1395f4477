"""A new instrument: searched for, chosen, proven by a first fetch, and given a benchmark. Writing it is `config`'s."""
