"""Tags in text -> Mentions: which instruments an article names, what they are to it, and what was refused."""

from signals.tickers.relevance import Standing, judge, worked_out
from signals.tickers.resolver import EVIDENCE, Refused, Resolver, best

__all__ = ["EVIDENCE", "Refused", "Resolver", "Standing", "best", "judge", "worked_out"]
