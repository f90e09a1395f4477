"""config.yaml: what is read, and the one sentence that a mistake gets."""

from datetime import time
from pathlib import Path

import pytest

from signals import config
from signals.errors import ConfigError
from signals.types import Scheme, Window

GOOD = """
database: sqlite:///signals.db
instruments:
  GAZP:
    name: Gazprom
    mic: MISX
    currency: RUB
    benchmark: IMOEX
    symbols: {local: GAZP}
    aliases:
      - Gazprom
      - {text: "MM:GAZP", scheme: exchange, valid_from: 2006-01-23}
  IMOEX: {name: MOEX Russia Index, mic: MISX, currency: RUB, kind: index, symbols: {local: IMOEX}}
  ON: {name: ON Semiconductor, mic: XNAS, currency: USD}
  0700: {name: Tencent, mic: XHKG, currency: HKD}
news:
  - {name: pages, kind: page, path: "inbox/*.txt", timezone: Europe/London, dayfirst: true}
prices:
  - {name: local, kind: csv, path: "prices/{symbol}.csv", close_time: "18:45", columns: {date: DATE, close: CLOSE}}
studies:
  - {name: market, windows: ["0..0", "-5..-1"]}
schedule:
  nightly: {cron: "30 3 * * *", timezone: UTC}
"""


def load(tmp_path: Path, text: str = GOOD) -> config.Config:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def test_a_configuration_becomes_values(tmp_path: Path) -> None:
    found = load(tmp_path)
    gazp = found.instruments[0]
    assert (gazp.ticker, gazp.benchmark, gazp.symbols) == ("GAZP", "IMOEX", {"local": "GAZP"})
    assert [(a.text, a.scheme) for a in gazp.aliases] == [("Gazprom", Scheme.NAME), ("MM:GAZP", Scheme.EXCHANGE)]
    assert found.news[0].dialect.timezone == "Europe/London"
    assert found.prices[0].close_time == time(18, 45)
    assert found.studies[0].windows == (Window(0, 0), Window(-5, -1))
    assert found.jobs[0].cron == "30 3 * * *"


def test_a_study_with_bars_finer_than_a_day_is_an_intraday_study(tmp_path: Path) -> None:
    bare = GOOD.replace('{name: market, windows: ["0..0", "-5..-1"]}', "{name: hourly, interval: 1h}")
    found = load(tmp_path, bare)
    assert found.studies == ()
    assert [str(window) for window in found.intraday[0].windows] == [
        "-30m..0m", "0m..15m", "0m..30m", "0m..60m", "0m..close", "overnight"
    ]  # fmt: skip


def test_tickers_that_yaml_would_read_as_something_else_stay_text(tmp_path: Path) -> None:
    assert [i.ticker for i in load(tmp_path).instruments] == ["GAZP", "IMOEX", "ON", "0700"]


def test_the_database_lies_beside_the_configuration(tmp_path: Path) -> None:
    assert load(tmp_path).database == f"sqlite:///{tmp_path / 'signals.db'}"


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ("benchmark: IMOEX", "benchmrk: IMOEX", "instruments.GAZP.benchmrk: this key is unknown; did you mean 'bench"),
        ("dayfirst", "dayfrst", "news[pages].dayfrst: this key is unknown; did you mean 'dayfirst'?"),
        ("Europe/London", "Mars/Base", "news[pages].timezone: 'Mars/Base' is not a time zone"),
        ("benchmark: IMOEX", "benchmark: X", "instruments.GAZP.benchmark: 'X' is not one of the instruments"),
        ("symbols: {local: GAZP}", "symbols: {lcal: G}", "'lcal' is not the name of a price source; known: ['local']"),
        ('"-5..-1"', '"1..0"', "studies.0.windows.1: the window '1..0' ends before it begins"),
        ('"-5..-1"', '"0m..60m"', "studies.0: with bars of 1d a window is written in sessions (0..1), not 0m..60m"),
        ('"-5..-1"', '"0m..60x"', "studies.0.windows.1: "),
        ("market, windows", "market, interval: 1h, windows", "studies.0: with bars of 1h a window is written by the "),
        ("name: market", "interval: soon, name: market", "studies.0.interval: "),
        ("scheme: exchange", "scheme: exchnge", "instruments.GAZP.aliases.1.scheme: "),
        ("currency: HKD", "currency: $", "instruments.0700.currency: "),
        ("  ON:", "  GAZP:", "line 14: the key 'GAZP' stands twice"),
        ("cron:", "crn:", "schedule.nightly.crn: this key is unknown; did you mean 'cron'?"),
        ("name: market", "name: a/b", "studies.0.name: 'a/b' cannot be a name"),
        ("database:", "\tdatabase:", "line 2: "),
        ('close_time: "18:45"', "close_time: soon", "prices[local].close_time: "),
    ],
)
def test_a_mistake_gets_one_sentence_with_its_path(tmp_path: Path, good: str, bad: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, GOOD.replace(good, bad, 1))
    assert str(error.value).startswith(str(tmp_path / "config.yaml"))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="signals init"):
        config.load(tmp_path / "none.yaml")


def test_the_example_at_the_top_of_the_project_is_a_working_configuration(tmp_path: Path) -> None:
    found = load(tmp_path, config.example())
    assert {"GAZP", "IMOEX", "AAPL", "SPY"} <= {i.ticker for i in found.instruments}
    assert {s.kind for s in found.prices} == {"moex", "yahoo", "csv"}
