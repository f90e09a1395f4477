"""Publication times of the scripted articles, and their texts: saved pages, an archive of headlines, a feed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from signals.demo.scripted_articles import Kind, ScriptedArticle, Timing

PUBLISHER = "Simulated Newsroom"
ZONES = {"MISX": ZoneInfo("Europe/Moscow"), "XNYS": ZoneInfo("America/New_York")}
# Well inside or outside the trading hours of both markets, half days included.
_LOCAL_TIMES = {
    Timing.PRE_OPEN: time(6, 10),
    Timing.IN_SESSION: time(11, 0),
    Timing.AFTER_CLOSE: time(23, 55),
    Timing.WEEKEND: time(14, 30),
}
_BANNER = "SIMULATED NEWS for the signals demo: every event, price and quotation on this page is invented"
_CAPTION = "© Simulated Newsroom. A drawing made for the demo stands where a photograph would be"
_SMALL_PRINT = """Latest comments

Risk Disclosure: Nothing on this page happened. No decision about real money can rest on a simulated market.
The names of markets and of some companies are real; their prices, news and people here are not.
© Simulated Newsroom. May be copied with the software that it came with."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One article of the demo world with the effect that was planted.

    Attributes
    ----------
    ticker
        The instrument that the article should be linked to; empty if it should be linked to none.
    day_zero
        The first session that can react to `published_at`.
    abnormal
        The return planted on that session beyond the return that the benchmark explains, before the day's noise.
    """

    ticker: str
    headline: str
    published_at: datetime
    day_zero: date
    kind: Kind
    abnormal: float


def plant(article: ScriptedArticle, mic: str, sessions: Sequence[date], last: int, seed: int) -> Planted:
    """Return an article with its day zero and publication time; `last` is the index of the last session with a bar."""
    traded = set(sessions)
    index = last - article.age
    if article.timing is Timing.WEEKEND:
        while sessions[index] - timedelta(days=1) in traded:
            index -= 1
    day_zero = sessions[index]
    day = {Timing.AFTER_CLOSE: sessions[index - 1], Timing.WEEKEND: day_zero - timedelta(days=1)}.get(
        article.timing, day_zero
    )
    rng = random.Random(f"{seed} {article.ticker} {article.age}")  # noqa: S311 - a simulation, not a secret
    minutes = timedelta(minutes=rng.randrange(30) + article.minutes)
    local = datetime.combine(day, _LOCAL_TIMES[article.timing], ZONES[mic]) + minutes
    return Planted(article.ticker, article.headline, local.astimezone(UTC), day_zero, article.kind, article.abnormal)


def page(article: ScriptedArticle, published_at: datetime) -> str:
    """Return an article as the text of a saved web page; its stamp is London time, day first, without a zone."""
    stamp = published_at.astimezone(ZoneInfo("Europe/London")).strftime("%d/%m/%Y, %H:%M")
    tags = "".join(f"{tag}\n-\n" for tag in tags_of(article))
    body = "\n\n".join(" ".join(paragraph.split()) for paragraph in article.body.split("\n\n"))
    return (
        f"{_BANNER}\n\n{article.headline}\n\nPublished {stamp}\n{_CAPTION}\n{tags}\n"
        f"{body}\n\n{_CAPTION}\n\n{_SMALL_PRINT}\n"
    )


def archive_rows(articles: Sequence[tuple[ScriptedArticle, Planted]]) -> list[tuple[str, str, str]]:
    """Return articles as the rows of an archive: title, stamp with New York's offset, tags."""
    return [
        (article.headline, planted.published_at.astimezone(ZONES["XNYS"]).isoformat(" "), " ".join(tags_of(article)))
        for article, planted in sorted(articles, key=lambda pair: pair[1].published_at)
    ]


def feed(articles: Sequence[tuple[ScriptedArticle, Planted]]) -> str:
    """Return articles as an RSS feed."""
    items = "".join(
        f"<item><title>{escape(article.headline)}</title>"
        f"<link>https://newsroom.example/simulated/{planted.day_zero}-{article.ticker.lower()}</link>"
        f"<pubDate>{format_datetime(planted.published_at, usegmt=True)}</pubDate>"
        f"<description>{escape(article.body)}</description></item>\n"
        for article, planted in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- SIMULATED for the signals demo; nothing in it happened. -->\n'
        f'<rss version="2.0"><channel>\n<title>{PUBLISHER} (SIMULATED)</title>\n'
        "<link>https://newsroom.example/simulated</link>\n<description>Invented for the signals demo.</description>\n"
        f"{items}</channel></rss>\n"
    )


def tags_of(article: ScriptedArticle) -> tuple[str, ...]:
    """Return the tag block of an article."""
    return (article.ticker,) if article.tags is None else article.tags
