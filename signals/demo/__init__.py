"""A seeded, SIMULATED market and newsroom with planted effects, for a first run without a network or own data.

Every file and row says that it is simulated. The same seed gives the same returns, whatever the day; the same day and
sessions give the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from pathlib import Path

from signals import durable
from signals.demo.comparison import Check, Comparison, compare
from signals.demo.market import LISTINGS, SESSIONS, Bar, Listing, Plants, simulate
from signals.demo.newsroom import PUBLISHER, ZONES, Planted, archive_rows, feed, page, plant
from signals.demo.scripted_articles import FEED, HEADLINES, PAGES, Kind, ScriptedArticle, Timing
from signals.errors import ConfigError

__all__ = ["MICS", "Check", "Comparison", "Kind", "Planted", "World", "compare", "span", "write_world"]

MICS = tuple(ZONES)
_FIRST_LINE = "# SIMULATED: the market and newsroom of `signals demo`. Invented prices, invented news."


@dataclass(frozen=True, slots=True)
class World:
    """A demo world on disk: its folder, its configuration, and the articles that were planted in it."""

    folder: Path
    config: Path
    planted: tuple[Planted, ...]


def span(today: date) -> tuple[date, date]:
    """Return the first and last day of the sessions that `write_world` needs."""
    return today - timedelta(days=3 * 366), today + timedelta(days=21)


def write_world(folder: Path, today: date, sessions_by_mic: Mapping[str, Sequence[date]], seed: int = 3) -> World:
    """Write config.yaml, prices, articles and planted.csv.

    Bars end with the last session before `today`; the newest article is published on that session's evening.

    Parameters
    ----------
    folder
        Created if it does not exist. A configuration in it that is not a demo's is never overwritten.
    today
        A UTC date; every article is published before it begins.
    sessions_by_mic
        The trading days of each of `MICS`, ascending, over `span(today)`.

    Raises
    ------
    ConfigError
        If the folder contains a configuration that is not a demo's.
    ValueError
        If a market has too few sessions before `today`, or none from it on.
    """
    config = folder / "config.yaml"
    if config.exists() and not config.read_text(encoding="utf-8", errors="replace").startswith(_FIRST_LINE):
        raise ConfigError(str(config), "is not a demo's configuration and would be overwritten; name another folder")
    last = {mic: _last_before(today, mic, sessions_by_mic[mic]) for mic in MICS}
    for name in ("prices", "inbox"):
        (folder / name).mkdir(parents=True, exist_ok=True)

    def with_plants(mic: str, articles: Iterable[ScriptedArticle]) -> list[tuple[ScriptedArticle, Planted]]:
        return [(article, plant(article, mic, sessions_by_mic[mic], last[mic], seed)) for article in articles]

    pages, headlines, items = with_plants("MISX", PAGES), with_plants("XNYS", HEADLINES), with_plants("XNYS", FEED)
    for mic, articles in (("MISX", pages), ("XNYS", headlines + items)):
        sessions = sessions_by_mic[mic][last[mic] + 1 - SESSIONS : last[mic] + 1]  # as many whatever the day
        for ticker, bars in simulate(mic, sessions, _plants(mic, sessions, articles), seed).items():
            _write_csv(folder / "prices" / f"{ticker}.csv", _names(Bar), map(astuple, bars))
    for number, (article, planted) in enumerate(pages, start=1):
        _write(folder / "inbox" / f"simulated-{number:02}.txt", page(article, planted.published_at))
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


def _plants(
    mic: str, sessions: Sequence[date], articles: Sequence[tuple[ScriptedArticle, Planted]]
) -> dict[str, Plants]:
    """Return the effects of the articles on each series; copies of a story have one effect."""
    index = {day: n for n, day in enumerate(sessions)}
    added: dict[str, dict[date, float]] = {}
    overnight: dict[str, set[date]] = {}
    market: dict[date, float] = {}
    for article, planted in articles:
        series = added.setdefault(article.ticker, {})
        if article.abnormal:
            series[planted.day_zero] = article.abnormal
        if article.drift:
            n = index[planted.day_zero]
            series.update(dict.fromkeys(sessions[n - 5 : n], article.drift))
        if article.market is not None:
            market[planted.day_zero] = article.market
        if article.timing is not Timing.IN_SESSION:
            overnight.setdefault(article.ticker, set()).add(planted.day_zero)
    plants = {t: Plants(added=days, overnight=frozenset(overnight.get(t, ()))) for t, days in added.items()}
    benchmark = next(listing.ticker for listing in LISTINGS if listing.mic == mic and listing.benchmark is None)
    return {**plants, benchmark: Plants(replaced=market)}


# --- the files ------------------------------------------------------------------------------------------------------


def _write(path: Path, text: str) -> None:
    durable.write_text(path, text)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows, each with the column `source` that says SIMULATED."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*header, "source"))
    writer.writerows((*row, "SIMULATED") for row in rows)
    durable.write_text(path, file.getvalue())


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
