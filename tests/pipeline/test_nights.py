"""Many nights, each on what was known by then: what is said of an event is what a rebuild and an as-of say of it."""

import csv
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from signals.app import App
from signals.pipeline.derive.error_rates import first_day
from signals.runs.as_of import derive_as_of
from signals.runs.run import rebuild
from signals.sessions import clock
from tests.worlds import app_at, contents, run

SHARES = ("ANTE", "BOLT", "COIL", "DISC")
FIRST, LAST = date(2024, 1, 2), date(2025, 12, 19)
SESSIONS: list[date] = clock("XNYS", FIRST, LAST).sessions.tolist()
NEWS_FROM = date(2025, 6, 2)
NIGHTS = [datetime(2025, 7, 1, 3, 30, tzinfo=UTC) + n * timedelta(days=9) for n in range(20)]
DERIVED = ("event_assignments", "events", "error_rates", "moves", "links")
SAID = ("local_fdr", "q_value", "q_basis", "verdict", "event_verdict", "decides")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """An article, and how many days after its publication the source lists it."""

    published_at: datetime
    title: str
    ticker: str
    late: int

    @property
    def listed(self) -> datetime:
        return self.published_at + self.late * DAY


def stories() -> Iterator[Story]:
    """Yield the news of the nights: two thirds name their share, a quarter is listed one to ten days late."""
    rng = np.random.default_rng(21)
    days = [day for day in SESSIONS if NEWS_FROM <= day < NIGHTS[-1].date()]
    for n in range(110):
        day, share = days[int(rng.integers(len(days)))], SHARES[int(rng.integers(len(SHARES)))]
        subject = f"{share.title()} Works" if rng.random() < 2 / 3 else "A supplier"
        late = int(rng.integers(1, 11)) if rng.random() < 1 / 4 else 0
        published_at = datetime.combine(day, time(12, n % 60), UTC)
        yield Story(published_at, f"{subject} opens plant {n} in town {n * 7}", share, late)


STORIES = sorted(stories(), key=lambda story: story.published_at)


def closes() -> dict[str, list[float]]:
    """Return random walks that follow an index, and that jump where a story with an even number names its share."""
    rng = np.random.default_rng(22)
    index = rng.normal(0, 0.008, len(SESSIONS))
    returns = {"INDEX": index} | {share: index + 0.01 * rng.standard_t(5, len(SESSIONS)) for share in SHARES}
    for n, story in enumerate(STORIES):
        if n % 2 == 0 and "Works" in story.title:
            returns[story.ticker][SESSIONS.index(story.published_at.date())] += 0.06 * (-1) ** (n // 2)
    return {symbol: (100 * np.cumprod(1 + of)).round(6).tolist() for symbol, of in returns.items()}


def write_known(folder: Path, now: datetime, prices: Mapping[str, list[float]]) -> None:
    """Write what the sources list at an instant."""
    for symbol, of_symbol in prices.items():
        with (folder / f"{symbol}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = [[day, close] for day, close in zip(SESSIONS, of_symbol, strict=True) if day < now.date()]
            csv.writer(file).writerows([["date", "close"], *rows])
    with (folder / "wire.csv").open("w", encoding="utf-8", newline="") as file:
        listed = [[s.published_at.isoformat(), s.title, s.ticker] for s in STORIES if s.listed <= now]
        csv.writer(file).writerows([["at", "title", "tag"], *listed])


def write_config(folder: Path) -> Path:
    common = {"mic": "XNYS", "currency": "USD"}
    shares = {
        share: {"name": f"{share.title()} Works", "symbols": {"local": share}, "benchmark": "INDEX", **common,
                "aliases": [{"text": share, "scheme": "page_tag"}]}
        for share in SHARES
    }  # fmt: skip
    index = {"name": "Index", "kind": "index", "symbols": {"local": "INDEX"}, **common}
    wire = {"name": "wire", "kind": "csv", "path": "wire.csv", "timezone": "UTC",
            "columns": {"published_at": "at", "title": "title", "tags": "tag"}}  # fmt: skip
    written = {
        "instruments": {**shares, "INDEX": index}, "news": [wire],
        "studies": [
            {"name": "market", "windows": ["0..0", "0..1", "-5..-1"]},
            {"name": "raw", "model": "constant-mean", "windows": ["0..0"]},
        ],
        "prices": [{"name": "local", "kind": "csv", "path": "{symbol}.csv"}],
    }  # fmt: skip
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    return path


Tables = dict[str, list[dict[str, Any]]]


def derived(app: App) -> Tables:
    # car_shrunk goes by the windows that were known when its move was scored: a late one is not among them.
    return contents(app, ["run_id", "scored_at", "car_shrunk"], lambda table: table.name in DERIVED)


@dataclass(frozen=True)
class Nights:
    """The program of the last night, and the derived rows after each."""

    app: App
    tables: list[Tables]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("nights")
    config, prices, tables = write_config(folder), closes(), []
    for now in NIGHTS:
        write_known(folder, now, prices)
        app = app_at(config, now)
        run(app)
        tables.append(derived(app))
    return Nights(app, tables)


def said(tables: Tables) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what is said of each scored move, by its event, study, window, p-value and the class of its event."""
    classes = {row["event_id"]: row["relevance_class"] for row in tables["events"]}
    return {
        (*(row[name] for name in ("event_id", "study", "event_window", "p_value")), classes[row["event_id"]]): tuple(
            row[name] for name in SAID
        )
        for row in tables["moves"]
        if row["status"] == "scored"
    }


def test_the_nights_have_what_the_other_tests_are_about(nights: Nights) -> None:
    last = nights.tables[-1]
    blocks = {first_day(row["day_zero"]) for row in last["events"]}
    assert len(blocks) >= 6
    assert {row["first_day"] for row in last["error_rates"]} == blocks
    assert {row["relevance_class"] for row in last["events"]} == {"subject", "mentioned"}
    assert max(row["events"] for row in last["error_rates"]) >= 30
    assert {"move", "no_move"} <= {row["verdict"] for row in last["moves"]}
    classes = [{row["event_id"]: row["relevance_class"] for row in tables["events"]} for tables in nights.tables]
    changed = {
        event
        for earlier, later in pairwise(classes)
        for event in earlier.keys() & later.keys()
        if earlier[event] != later[event]
    }
    assert changed  # a late article was the first about its instrument


def test_what_was_said_of_a_move_stays_while_its_p_value_and_its_class_do(nights: Nights) -> None:
    first: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for tables in nights.tables:
        for key, words in said(tables).items():
            assert first.setdefault(key, words)[:3] == words[:3]  # local_fdr, q_value, q_basis
    assert len(first) > 200


def test_what_was_fitted_stays_whatever_comes_later(nights: Nights) -> None:
    for earlier, later in pairwise(nights.tables):
        assert all(row in later["error_rates"] for row in earlier["error_rates"])


def test_a_rebuild_says_to_the_bit_what_the_nights_said(nights: Nights, tmp_path: Path) -> None:
    copy = copied(nights.app, tmp_path)
    rebuild(copy, None)
    assert_equal(derived(copy), nights.tables[-1])
    for since in (NIGHTS[6], NIGHTS[-2]):
        rebuild(copy, since)
        assert_equal(derived(copy), nights.tables[-1])


@pytest.mark.parametrize("n", [2, 7, 12, 18])
def test_an_as_of_says_to_the_bit_what_the_night_said(nights: Nights, n: int) -> None:
    past, _ = derive_as_of(nights.app, NIGHTS[n] + timedelta(minutes=1))
    assert_equal(derived(past), nights.tables[n])


def copied(app: App, folder: Path) -> App:
    """Return a program on a copy of a store."""
    database = folder / "copy.db"
    source = str(app.store.engine.url.database)
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(database)) as copy:
        original.backup(copy)
    return app_at(app.config.path, app.now(), f"sqlite:///{database}")


def assert_equal(one: Tables, other: Tables) -> None:
    for table in DERIVED:
        assert one[table] == other[table], table
