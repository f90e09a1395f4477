"""Near-duplicate articles -> one story: wire versions, reprints, retweets, copies under another headline.

`fingerprint` computes the values by which copies are recognised, `copies` decides whether one article is a copy of
another, and `recluster` groups articles into stories.
"""

from signals.stories.copies import Similarity, similarity
from signals.stories.fingerprint import Fingerprint, band_keys, fingerprint, headline_key
from signals.stories.recluster import (
    Archive,
    MemoryArchive,
    StoryMember,
    cluster,
    copied_article,
    ranked,
    recluster,
)
from signals.stories.surroundings import HORIZON, ArticleText

__all__ = [
    "HORIZON",
    "Archive",
    "ArticleText",
    "Fingerprint",
    "MemoryArchive",
    "Similarity",
    "StoryMember",
    "band_keys",
    "cluster",
    "copied_article",
    "fingerprint",
    "headline_key",
    "ranked",
    "recluster",
    "similarity",
]
