"""The read side: what a reader asks of the store, as values."""
