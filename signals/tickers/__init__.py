"""Tags in text -> Mentions: the instruments that an article names, their role and relevance, and the refused tags."""

from signals.tickers.relevance import Features, relevance_steps, role_and_relevance
from signals.tickers.resolver import KIND_PRIORITY, RefusalReason, Resolver, linking_mention

__all__ = [
    "KIND_PRIORITY",
    "Features",
    "RefusalReason",
    "Resolver",
    "linking_mention",
    "relevance_steps",
    "role_and_relevance",
]
