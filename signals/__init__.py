"""Ties a news article to the price move it may have caused, and says how sure it is.

An Article has Mentions; Mentions fall on an Event; a Study measures the Event's Move; a Link ties the Article to the
Move. ``docs/architecture.md`` is the map of the rooms.
"""

__version__ = "0.1.0"
