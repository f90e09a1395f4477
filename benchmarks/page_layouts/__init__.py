"""Lay invented stories out as publishers lay out theirs: one function for each layout.

A layout is held out if no rule was written or changed after it was seen to be read wrongly. Both groups have siblings
of the same kinds. What stands around the story carries names of firms that occur nowhere else, so that a teaser that
got into a body can be counted.
"""

from benchmarks.page_layouts import (
    forms,
    furniture,
    interruptions,
    languages,
    neighbours,
    platforms,
    siblings,
    sites,
    stated,
    structures,
    times,
)
from benchmarks.page_layouts.register import Page, pages

__all__ = [
    "Page", "forms", "furniture", "interruptions", "languages", "neighbours", "pages", "platforms", "siblings",
    "sites", "stated", "structures", "times",
]  # fmt: skip
