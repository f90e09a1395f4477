"""The demo's world: labelled, repeatable, and planted as it says."""

import csv
import statistics
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.config import load
from signals.demo import MICS, Kind, World, span, write_world
from signals.demo.market import LISTINGS
from signals.errors import ConfigError
from signals.types import Floats

TODAY = date(2025, 3, 12)
CLOSES = {"MISX": (time(18, 45), ZoneInfo("Europe/Moscow")), "XNYS": (time(16, 0), ZoneInfo("America/New_York"))}
MIC = {listing.ticker: listing.mic for listing in LISTINGS}


def trading_days(mic: str, today: date) -> list[date]:
    """Weekdays without the longest holidays, and in Moscow one working Saturday; the real ones come from a calendar."""
    first, last = span(today)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    closed = {(1, n) for n in range(1, 9)} if mic == "MISX" else {(1, 1), (7, 4), (12, 25)}
    worked = {date(2024, 4, 27)} if mic == "MISX" else set()
    return [d for d in days if (d.weekday() < 5 and (d.month, d.day) not in closed) or d in worked]


SESSIONS = {mic: trading_days(mic, TODAY) for mic in MICS}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return write_world(tmp_path_factory.mktemp("demo"), TODAY, SESSIONS)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def closes(world: World, ticker: str) -> dict[date, float]:
    with (world.folder / "prices" / f"{ticker}.csv").open(encoding="utf-8") as file:
        return {date.fromisoformat(row["session"]): float(row["close"]) for row in csv.DictReader(file)}


def returns(world: World, ticker: str) -> tuple[list[date], Floats]:
    series = closes(world, ticker)
    levels = np.array(list(series.values()))
    return list(series)[1:], levels[1:] / levels[:-1] - 1


def abnormal(world: World, ticker: str) -> dict[date, float]:
    """Return the residuals of a least-squares line of the returns on the benchmark's."""
    benchmark = next(listing.benchmark for listing in LISTINGS if listing.ticker == ticker)
    assert benchmark is not None
    days, own = returns(world, ticker)
    market = returns(world, benchmark)[1]
    slope, intercept = np.polyfit(market, own, 1)
    return dict(zip(days, own - intercept - slope * market, strict=True))


# --- the files ------------------------------------------------------------------------------------------------------


def test_the_same_seed_day_and_sessions_give_the_same_bytes(world: World, tmp_path: Path) -> None:
    assert contents(write_world(tmp_path, TODAY, SESSIONS).folder) == contents(world.folder)


def test_another_seed_gives_other_prices_and_the_same_stories(world: World, tmp_path: Path) -> None:
    other = write_world(tmp_path, TODAY, SESSIONS, seed=8)
    assert closes(other, "GAZP") != closes(world, "GAZP")
    assert [p.headline for p in other.planted] == [p.headline for p in world.planted]


def test_every_file_and_every_row_says_that_it_is_simulated(world: World) -> None:
    for name, content in contents(world.folder).items():
        lines = content.decode().splitlines()
        assert "SIMULATED" in content.decode(), name
        assert not name.endswith(".csv") or all(line.endswith(",SIMULATED") for line in lines[1:]), name
    config = load(world.config)
    names = [*(spec.name for spec in config.news), *(spec.name for spec in config.prices)]
    assert all(name.startswith("simulated-") for name in names)


def test_the_configuration_is_one_that_the_program_reads(world: World) -> None:
    config = load(world.config)
    assert {i.ticker: i.benchmark for i in config.instruments}["GAZP"] == "IMOEX"
    assert {i.symbols["simulated-prices"] for i in config.instruments} == {
        path.stem for path in (world.folder / "prices").glob("*.csv")
    }


def test_a_configuration_of_ones_own_is_never_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "config.yaml"
    own.write_text("database: sqlite:///mine.db\n")
    with pytest.raises(ConfigError, match="name another folder"):
        write_world(tmp_path, TODAY, SESSIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize("sessions", [SESSIONS["MISX"][200:], [d for d in SESSIONS["MISX"] if d < TODAY]])
def test_too_few_sessions_are_refused_by_their_market(sessions: Sequence[date], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MISX: "):
        write_world(tmp_path, TODAY, {**SESSIONS, "MISX": sessions})


# --- the market -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ticker", MIC)
def test_bars_stand_on_the_sessions_before_today_and_on_no_other_day(world: World, ticker: str) -> None:
    past = [day for day in SESSIONS[MIC[ticker]] if day < TODAY]
    assert list(closes(world, ticker)) == past[-720:]


def test_the_returns_are_the_same_whatever_the_day(world: World, tmp_path: Path) -> None:
    later = write_world(tmp_path, TODAY + timedelta(days=7), SESSIONS)
    planted = {plant.day_zero for each in (world, later) for plant in each.planted}
    (ours, theirs) = (list(closes(each, "IMOEX").items()) for each in (world, later))
    same = [a == b for (day, a), (other, b) in zip(ours, theirs, strict=True) if not planted & {day, other}]
    assert len(same) > 500
    assert [value for _, value in ours][-1] == [value for _, value in theirs][-1]


def test_every_bar_holds_together(world: World) -> None:
    for ticker in MIC:
        with (world.folder / "prices" / f"{ticker}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                low, high = float(row["low"]), float(row["high"])
                assert 0 < low <= float(row["open"]) <= high, row
                assert low <= float(row["close"]) <= high, row
                assert int(row["volume"]) > 0, row


def test_returns_have_fat_tails_and_clustered_volatility(world: World) -> None:
    kurtosis, clustering = [], []
    for ticker in ("IMOEX", "SIM500"):  # no planted effect in them but two days
        r = returns(world, ticker)[1]
        kurtosis.append(np.mean((r - r.mean()) ** 4) / r.var() ** 2)
        clustering.append(np.mean([np.corrcoef(np.abs(r[lag:]), np.abs(r[:-lag]))[0, 1] for lag in range(1, 21)]))
    assert min(kurtosis) > 3.5
    assert min(clustering) > 0.02


# --- what is planted ------------------------------------------------------------------------------------------------


def test_every_article_is_out_before_today_and_reaches_its_session_first(world: World) -> None:
    for planted in world.planted:
        mic = MIC.get(planted.ticker, "XNYS")
        clock, zone = CLOSES[mic]
        able = [day for day in SESSIONS[mic] if datetime.combine(day, clock, zone) > planted.published_at]
        assert planted.day_zero == able[0], planted
        assert planted.published_at < datetime.combine(TODAY, time(), UTC), planted


def test_headlines_tell_articles_apart_and_one_of_the_last_days_is_pending(world: World) -> None:
    assert len({planted.headline for planted in world.planted}) == len(world.planted)
    assert [planted.day_zero for planted in world.planted if planted.kind is Kind.PENDING] == [TODAY]
    assert sum(TODAY - timedelta(days=10) < planted.day_zero < TODAY for planted in world.planted) >= 2


def test_a_saved_page_carries_london_time_and_the_headline_archive_new_yorks_offset(world: World) -> None:
    london = ZoneInfo("Europe/London")
    pending = next(planted for planted in world.planted if planted.kind is Kind.PENDING)
    stamp = pending.published_at.astimezone(london).strftime("Published %d/%m/%Y, %H:%M\n")
    assert any(stamp in path.read_text(encoding="utf-8") for path in (world.folder / "inbox").glob("*.txt"))
    with (world.folder / "headlines.csv").open(encoding="utf-8") as file:
        written = {row["title"]: datetime.fromisoformat(row["date"]) for row in csv.DictReader(file)}
    assert len(written) > 20
    assert all(written[p.headline] == p.published_at for p in world.planted if p.headline in written)


def test_planted_moves_stand_in_the_prices_beyond_what_the_market_explains(world: World) -> None:
    effects = [p for p in world.planted if p.abnormal]
    left = {ticker: abnormal(world, ticker) for ticker in {p.ticker for p in effects}}
    errors = [left[p.ticker][p.day_zero] - p.abnormal for p in effects]
    assert len(effects) > 20
    assert abs(statistics.mean(errors)) < 0.005  # the noise of the simulated days, averaged
    assert all(left[p.ticker][p.day_zero] * p.abnormal > 0 for p in effects)


def test_a_leak_is_preceded_by_a_drift(world: World) -> None:
    leak = next(p for p in world.planted if p.kind is Kind.LEAK)
    days, _ = returns(world, leak.ticker)
    n = days.index(leak.day_zero)
    assert sum(abnormal(world, leak.ticker)[day] for day in days[n - 5 : n]) > 0.06


def test_a_market_wide_day_moves_the_benchmark_by_three_percent_and_the_stock_with_it(world: World) -> None:
    for planted in (p for p in world.planted if p.kind is Kind.MARKET_WIDE):
        benchmark = "IMOEX" if MIC[planted.ticker] == "MISX" else "SIM500"
        days, market = returns(world, benchmark)
        assert market[days.index(planted.day_zero)] == pytest.approx(0.03, abs=1e-4)
        assert returns(world, planted.ticker)[1][days.index(planted.day_zero)] > 0.015
