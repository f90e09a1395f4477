"""Derive: facts in the store -> mentions, stories, events, moves or reasons, links. Touches no network."""
