"""Averages that were computed before, kept beside the database: a report over thousands of events answers at once."""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from signals.pipeline import Plan
from signals.store.cache import Cache

Row = Mapping[str, Any]

# What a link must share with the one averaged before: a changed bar in any of its windows changes one of these.
_SEEN = ("event_id", "study", "event_window", "status", "ret", "car", "t_stat", "alpha", "beta", "n_estimation",
         "source", "tag")  # fmt: skip


def kept_aggregates(
    cache: Cache | None, plan: Plan, ticker: str, links: Sequence[Row], compute: Callable[[], list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Return the averages over links, computed only where they or the studies differ from what was last averaged."""
    if cache is None:
        return compute()
    made = hashlib.blake2b(repr(plan.studies).encode(), digest_size=10)
    seen = itemgetter(*_SEEN)
    made.update(marshal.dumps([seen(link) for link in links], 2))  # version 2 writes equal values as equal bytes
    name = "averages-" + hashlib.blake2b(ticker.encode(), digest_size=10).hexdigest()
    known = cache.read(name)
    if known is not None and known[0] == made.hexdigest():
        kept: list[dict[str, Any]] = json.loads(known[1])
        return kept
    found = compute()
    cache.write(name, made.hexdigest(), json.dumps(found).encode())
    return found
