"""When each story comes out, and how it is written: saved pages, an archive of headlines, a feed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from signals.demo.stories import Kind, Story, When

PUBLISHER = "Simulated Newsroom"
ZONES = {"MISX": ZoneInfo("Europe/Moscow"), "XNYS": ZoneInfo("America/New_York")}
# Well inside or outside the hours of both markets, half days included.
_CLOCK = {
    When.PRE_OPEN: time(6, 10),
    When.IN_SESSION: time(11, 0),
    When.AFTER_CLOSE: time(23, 55),
    When.WEEKEND: time(14, 30),
}
_BANNER = "SIMULATED NEWS for the signals demo: every event, price and quotation on this page is invented"
_CAPTION = "© Simulated Newsroom. A drawing made for the demo stands where a photograph would be"
_SMALL_PRINT = """Latest comments

Risk Disclosure: Nothing on this page happened. No decision about real money can rest on a simulated market.
The names of markets and of some companies are real; their prices, news and people here are not.
© Simulated Newsroom. May be copied with the software that it came with."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One article of the demo world with what was planted.

    Attributes
    ----------
    ticker
        The instrument that the article should be tied to; empty where it should be tied to none.
    day_zero
        The first session that can react to `published_at`.
    abnormal
        The return planted on that session beyond what the market explains, before the simulated day's own noise.
    """

    ticker: str
    headline: str
    published_at: datetime
    day_zero: date
    kind: Kind
    abnormal: float


def place(story: Story, mic: str, sessions: Sequence[date], last: int, seed: int) -> Planted:
    """Give a story its day zero and its publication instant; `last` is the index of the last session with a bar."""
    traded = set(sessions)
    index = last - story.age
    if story.when is When.WEEKEND:
        while sessions[index] - timedelta(days=1) in traded:
            index -= 1
    day_zero = sessions[index]
    day = {When.AFTER_CLOSE: sessions[index - 1], When.WEEKEND: day_zero - timedelta(days=1)}.get(story.when, day_zero)
    rng = random.Random(f"{seed} {story.ticker} {story.age}")  # noqa: S311 - a simulation, not a secret
    wall = datetime.combine(day, _CLOCK[story.when], ZONES[mic]) + timedelta(minutes=rng.randrange(30) + story.minutes)
    return Planted(story.ticker, story.headline, wall.astimezone(UTC), day_zero, story.kind, story.abnormal)


def page(story: Story, published_at: datetime) -> str:
    """Write a story as the text of a saved web page; the stamp is London time, day first, and does not say so."""
    stamp = published_at.astimezone(ZoneInfo("Europe/London")).strftime("%d/%m/%Y, %H:%M")
    tags = "".join(f"{tag}\n-\n" for tag in tags_of(story))
    body = "\n\n".join(" ".join(paragraph.split()) for paragraph in story.body.split("\n\n"))
    return (
        f"{_BANNER}\n\n{story.headline}\n\nPublished {stamp}\n{_CAPTION}\n{tags}\n"
        f"{body}\n\n{_CAPTION}\n\n{_SMALL_PRINT}\n"
    )


def archive_rows(stories: Sequence[tuple[Story, Planted]]) -> list[tuple[str, str, str]]:
    """Write stories as the rows of an archive: title, stamp with New York's offset, tags."""
    return [
        (story.headline, planted.published_at.astimezone(ZONES["XNYS"]).isoformat(" "), " ".join(tags_of(story)))
        for story, planted in sorted(stories, key=lambda pair: pair[1].published_at)
    ]


def feed(stories: Sequence[tuple[Story, Planted]]) -> str:
    """Write stories as an RSS feed."""
    items = "".join(
        f"<item><title>{escape(story.headline)}</title>"
        f"<link>https://newsroom.example/simulated/{planted.day_zero}-{story.ticker.lower()}</link>"
        f"<pubDate>{format_datetime(planted.published_at, usegmt=True)}</pubDate>"
        f"<description>{escape(story.body)}</description></item>\n"
        for story, planted in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- SIMULATED for the signals demo; nothing in it happened. -->\n'
        f'<rss version="2.0"><channel>\n<title>{PUBLISHER} (SIMULATED)</title>\n'
        "<link>https://newsroom.example/simulated</link>\n<description>Invented for the signals demo.</description>\n"
        f"{items}</channel></rss>\n"
    )


def tags_of(story: Story) -> tuple[str, ...]:
    """Return the tag block of a story."""
    return (story.ticker,) if story.tags is None else story.tags
