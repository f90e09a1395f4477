"""Near-duplicate copies -> one story: wire versions, reprints, retweets, copies under another headline.

`wording` keeps of an article what copies are recognised by, `copies` says whether one wording is a copy of another,
and `settle` puts articles into stories: one answer for a set of articles, in whatever order and batches it was learned.
"""

from signals.stories.copies import Evidence, evidence
from signals.stories.settle import HORIZON, Archive, Piece, Shelf, StoryMember, cluster, joins, ranked, settle
from signals.stories.wording import Wording, band_keys, headline_key, wording

__all__ = [
    "HORIZON",
    "Archive",
    "Evidence",
    "Piece",
    "Shelf",
    "StoryMember",
    "Wording",
    "band_keys",
    "cluster",
    "evidence",
    "headline_key",
    "joins",
    "ranked",
    "settle",
    "wording",
]
