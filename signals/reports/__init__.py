"""Rows and their columns -> text, json, csv. Returns are decimals everywhere and percent only in rendered text."""
