"""Texts of articles for the tests of stories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from signals.stories import ArticleText, fingerprint

START = datetime(2018, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

LEAD = """LONDON, June 1 (Simulated) - Baikal Minerals agreed on Friday to buy the Lena copper mine from its founder for
$1.25 billion in cash, ending a contest with two rivals that had lasted since the spring and lifting its shares."""
REWRITTEN_LEAD = """Baikal Minerals has agreed to buy the Lena copper mine from its founder for about $1.3 billion in
cash, the companies said on Friday, which ends a contest with two rivals and lifted shares of Baikal Minerals."""
OTHER_LEAD = """MOSCOW, June 1 (Simulated) - The head of the state railway told reporters on Friday that freight tariffs
would stay where they are until the ministry has finished its review of coal exports to the east in the autumn."""


def article(article_id: str, title: str, hours: float = 0, body: str = "") -> ArticleText:
    return ArticleText(START + hours * HOUR, article_id, fingerprint(title, body))
