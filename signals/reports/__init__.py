"""Answers as text, JSON, CSV and HTML. Returns are decimals everywhere and percentages only in text for people."""
