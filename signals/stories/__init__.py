"""Near-duplicate copies -> one story: wire versions, reprints, retweets, copies under another headline.

`wording` keeps of an article what copies are recognised by, `copies` says whether one wording is a copy of another,
and `settle` puts articles into stories: one answer for a set of articles, in whatever order and batches it was learned.
"""

from signals.stories.copies import Evidence, evidence
from signals.stories.fingerprint import Fingerprint, band_keys, fingerprint, headline_key
from signals.stories.recluster import HORIZON, Archive, Piece, Shelf, StoryMember, cluster, joins, ranked, recluster

__all__ = [
    "HORIZON",
    "Archive",
    "Evidence",
    "Fingerprint",
    "Piece",
    "Shelf",
    "StoryMember",
    "band_keys",
    "cluster",
    "evidence",
    "fingerprint",
    "headline_key",
    "joins",
    "ranked",
    "recluster",
]
