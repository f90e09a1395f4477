"""A seeded, SIMULATED market and newsroom with planted effects, for a first run without network or data of one's own.

Nothing in it happened, and everything it writes says so. The same seed, day and sessions give the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from pathlib import Path

from signals.demo.comparison import Check, Comparison, compare
from signals.demo.market import LISTINGS, SESSIONS, Bar, Listing, Plants, simulate
from signals.demo.newsroom import PUBLISHER, ZONES, Planted, archive_rows, feed, page, place
from signals.demo.stories import FEED, HEADLINES, PAGES, Kind, Story, When
from signals.errors import ConfigError

__all__ = ["MICS", "Check", "Comparison", "Kind", "Planted", "World", "compare", "span", "write_world"]

MICS = tuple(ZONES)
_FIRST_LINE = "# SIMULATED: the market and newsroom of `signals demo`. Invented prices, invented news."


@dataclass(frozen=True, slots=True)
class World:
    """A demo world on disk: its folder, its configuration, and what was planted in it."""

    folder: Path
    config: Path
    planted: tuple[Planted, ...]


def span(today: date) -> tuple[date, date]:
    """Return the first and last day for which `write_world` wants the sessions of each market."""
    return today - timedelta(days=3 * 366), today + timedelta(days=21)


def write_world(folder: Path, today: date, sessions_by_mic: Mapping[str, Sequence[date]], seed: int = 7) -> World:
    """Write config.yaml, prices, articles and planted.csv.

    Bars end with the last session before `today`; the newest article comes out on that session's evening.

    Parameters
    ----------
    folder
        Made if need be. A configuration there that is not a demo's is never overwritten.
    today
        A UTC date; every article is published before it begins.
    sessions_by_mic
        The trading days of each of `MICS`, ascending, over `span(today)`.

    Raises
    ------
    ConfigError
        If the folder holds someone's configuration.
    ValueError
        If a market has too few sessions before `today`, or none from it on.
    """
    config = folder / "config.yaml"
    if config.exists() and not config.read_text(encoding="utf-8", errors="replace").startswith(_FIRST_LINE):
        raise ConfigError(str(config), "is not a demo's configuration and would be overwritten; name another folder")
    last = {mic: _last_before(today, mic, sessions_by_mic[mic]) for mic in MICS}
    for name in ("prices", "inbox"):
        (folder / name).mkdir(parents=True, exist_ok=True)

    def placed(mic: str, stories: Iterable[Story]) -> list[tuple[Story, Planted]]:
        return [(story, place(story, mic, sessions_by_mic[mic], last[mic], seed)) for story in stories]

    pages, headlines, items = placed("MISX", PAGES), placed("XNYS", HEADLINES), placed("XNYS", FEED)
    for mic, stories in (("MISX", pages), ("XNYS", headlines + items)):
        sessions = sessions_by_mic[mic][: last[mic] + 1]
        for ticker, bars in simulate(mic, sessions, _plants(mic, sessions, stories), seed).items():
            _write_csv(folder / "prices" / f"{ticker}.csv", _names(Bar), map(astuple, bars))
    for number, (story, planted) in enumerate(pages, start=1):
        _write(folder / "inbox" / f"simulated-{number:02}.txt", page(story, planted.published_at))
    _write_csv(folder / "headlines.csv", ("title", "date", "stock"), archive_rows(headlines))
    _write(folder / "feed.xml", feed(items))
    world = World(folder, config, tuple(planted for _, planted in (*pages, *headlines, *items)))
    _write_csv(folder / "planted.csv", _names(Planted), map(astuple, world.planted))
    _write(config, _config())
    return world


def _last_before(today: date, mic: str, sessions: Sequence[date]) -> int:
    last = sum(day < today for day in sessions) - 1
    if last + 1 < SESSIONS or last + 1 == len(sessions):
        raise ValueError(f"{mic}: {last + 1} of {len(sessions)} sessions are before {today}; pass those of span(today)")
    return last


def _plants(mic: str, sessions: Sequence[date], stories: Sequence[tuple[Story, Planted]]) -> dict[str, Plants]:
    """Collect what the stories do to each series; copies of one story do it once."""
    index = {day: n for n, day in enumerate(sessions)}
    added: dict[str, dict[date, float]] = {}
    overnight: dict[str, set[date]] = {}
    market: dict[date, float] = {}
    for story, planted in stories:
        series = added.setdefault(story.ticker, {})
        if story.abnormal:
            series[planted.day_zero] = story.abnormal
        if story.drift:
            n = index[planted.day_zero]
            series.update(dict.fromkeys(sessions[n - 5 : n], story.drift))
        if story.market is not None:
            market[planted.day_zero] = story.market
        if story.when is not When.IN_SESSION:
            overnight.setdefault(story.ticker, set()).add(planted.day_zero)
    plants = {t: Plants(added=days, overnight=frozenset(overnight.get(t, ()))) for t, days in added.items()}
    benchmark = next(listing.ticker for listing in LISTINGS if listing.mic == mic and listing.benchmark is None)
    return {**plants, benchmark: Plants(replaced=market)}


# --- the files ------------------------------------------------------------------------------------------------------


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows, each of which says what it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*header, "source"))
        writer.writerows((*row, "SIMULATED") for row in rows)


def _names(kind: type[Bar] | type[Planted]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def _config() -> str:
    return f"""{_FIRST_LINE}
# The shape is that of a real configuration; `signals init` writes one with every key explained.

database: sqlite:///signals.db

instruments:
{"".join(_instrument(listing) for listing in LISTINGS)}
news:
  - name: simulated-pages          # saved pages: stamps without a zone, so the source says which one to assume
    kind: page
    path: "inbox/*.txt"
    timezone: Europe/London
    dayfirst: true
    publisher: {PUBLISHER}
    known_at: published            # trust the archive: it was known when it was published
  - name: simulated-headlines
    kind: csv
    path: headlines.csv
    timezone: America/New_York
    columns: {{title: title, published_at: date, tags: stock}}
    publisher: {PUBLISHER}
    known_at: published
  - name: simulated-feed
    kind: feed
    path: feed.xml
    timezone: UTC
    publisher: {PUBLISHER}
    known_at: published

prices:
  - name: simulated-prices
    kind: csv
    path: "prices/{{symbol}}.csv"
    columns: {{date: session, open: open, high: high, low: low, close: close, volume: volume}}

studies:
  - {{name: market, model: market, estimation: 250, gap: 10, windows: ["0..0", "0..1", "0..5", "-5..-1"]}}
  - {{name: raw, model: constant-mean, estimation: 250, gap: 10, windows: ["0..0", "0..1"]}}

plausible_zones: [UTC, Europe/London, America/New_York]

schedule:
  nightly: {{cron: "30 3 * * *", timezone: UTC}}
"""


def _instrument(listing: Listing) -> str:
    head = f"  {listing.ticker}:\n    name: {listing.name}\n    mic: {listing.mic}\n    currency: {listing.currency}\n"
    symbols = f"    symbols: {{simulated-prices: {listing.ticker}}}\n"
    if listing.benchmark is None:
        return f"{head}    kind: index\n{symbols}"
    exchange = {"MISX": "MM", "XNYS": "NYSE"}[listing.mic]
    shared = (
        "      - {text: CLD, scheme: page_tag}   # two instruments share it: an ambiguous tag is refused, not guessed\n"
    )
    return (
        f"{head}    benchmark: {listing.benchmark}\n{symbols}    aliases:\n      - {listing.name}\n"
        f'      - {{text: "{exchange}:{listing.ticker}", scheme: exchange}}\n'
        f"      - {{text: {listing.ticker}, scheme: page_tag}}\n"
        f"{shared if listing.name.startswith('Calder') else ''}"
    )
