"""config.yaml: the values that are read, and the one sentence of a mistake."""

from datetime import date, time
from pathlib import Path

import pytest

from signals.config import DEFAULT_STAGES, Config, example
from signals.config import load as load_file
from signals.errors import ConfigError
from signals.types import Correction, Scheme, Window, ZoneSince

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


def load(tmp_path: Path, text: str = GOOD) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_file(path)


def test_a_configuration_becomes_values(tmp_path: Path) -> None:
    config = load(tmp_path)
    gazp = config.instruments[0]
    assert (gazp.ticker, gazp.benchmark, gazp.symbols) == ("GAZP", "IMOEX", {"local": "GAZP"})
    assert [(a.text, a.scheme) for a in gazp.aliases] == [("Gazprom", Scheme.NAME), ("MM:GAZP", Scheme.EXCHANGE)]
    assert config.news[0].dialect.timezone == "Europe/London"
    assert config.prices[0].close_time == time(18, 45)
    assert config.studies[0].windows == (Window(0, 0), Window(-5, -1))
    assert config.jobs[0].cron == "30 3 * * *"


def test_a_list_of_zones_by_date_becomes_values(tmp_path: Path) -> None:
    zones = "[{zone: Europe/London}, {from: 2009-11-16, zone: America/New_York}]"
    (news,) = load(tmp_path, GOOD.replace("Europe/London", zones)).news
    assert news.zones == (ZoneSince("Europe/London"), ZoneSince("America/New_York", date(2009, 11, 16)))
    assert news.dialect.timezone is None


def test_corrections_and_a_sector_become_values(tmp_path: Path) -> None:
    written = "[{from: 2024-03-12, until: 2024-03-15, scale: 0.01, source: local}, {date: 2023-06-01, split: 2}, "
    written += "{date: 2022-11-04, confirmed: true}], sector: Metals, "
    config = load(tmp_path, GOOD.replace("currency: USD", f"corrections: {written}currency: USD", 1))
    (own,) = (i for i in config.instruments if i.ticker == "ON")
    assert own.sector == "Metals"
    assert own.corrections == (
        Correction(date(2024, 3, 12), date(2024, 3, 15), "local", scale=0.01),
        Correction(date(2023, 6, 1), split=2.0),
        Correction(date(2022, 11, 4), is_move=True),
    )


@pytest.mark.parametrize(
    ("correction", "sentence"),
    [
        ("{date: 2024-03-12}", "write one of `scale`, `split` and `confirmed: true`"),
        ("{date: 2024-03-12, split: 2, confirmed: true}", "write one of"),
        ("{date: 2024-03-12, scale: 2}", "write `from`"),
        ("{from: 2024-03-12, split: 2}", "write `from`"),
        ("{from: 2024-03-12, until: 2024-03-01, scale: 2}", "`until` goes with `from`"),
        ("{from: 2024-03-12, scale: 0}", "scale"),
        ("{date: 2024-03-12, split: 2, source: nowhere}", "'nowhere' is no price source; known: ['local']"),
    ],
)
def test_a_correction_that_says_nothing_or_two_things_is_refused(
    tmp_path: Path, correction: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, GOOD.replace("currency: USD", f"corrections: [{correction}], currency: USD", 1))
    assert sentence in str(error.value)


def test_the_peers_are_a_factor_without_a_ticker(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD.replace("name: market", "factors: [peers], name: market", 1))
    assert config.studies[0].factors == ("peers",)


def test_a_study_with_bars_finer_than_a_day_is_an_intraday_study(tmp_path: Path) -> None:
    bare = GOOD.replace('{name: market, windows: ["0..0", "-5..-1"]}', "{name: hourly, interval: 1h}")
    config = load(tmp_path, bare)
    assert config.studies == ()
    assert [str(window) for window in config.intraday[0].windows] == [
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
        ("cron:", "do: publish, cron:", "schedule.nightly.do: this key is unknown; it is now called 'stages'"),
        ("cron:", "stages: scroe, cron:", "schedule.nightly.stages.0: Input should be 'ingest', 'refresh'"),
        ("cron:", "stages: [], cron:", "schedule.nightly.stages: "),
        ("timezone: UTC", "timezone: utc+3", "schedule.nightly.timezone: 'utc+3' is not a time zone"),
        ("Europe/London", "[]", "news[pages].timezone: write zones in the order of their days, as in [{zone: "),
        ("Europe/London", "[UTC]", "news[pages].timezone: write zones in the order of their days"),
        ("Europe/London", "[{zone: UTC}, {zone: UTC}]", "news[pages].timezone: write zones in the order"),
        ("Europe/London", "[{zone: Mars}]", "news[pages].timezone: 'Mars' is not a time zone"),
        ("Europe/London", "[{zone: UTC, until: 2020-01-01}]", "news[pages].timezone.0.until: this key is unknown"),
        ("kind: page", "kind: page, zones: []", "news[pages].zones: write the list as `timezone`"),
        ("kind: page", "kind: page, midnight: noon", "news[pages].midnight: "),
        ("news:", "_news: 1\nnews:", "_news: this key is unknown; did you mean 'news'?"),
        ("news:", "zzzzzz: 1\nnews:", "zzzzzz: this key is unknown; remove it or check its spelling"),
        ("kind: page", "kind: page, zzzzzz: 1", "news[pages].zzzzzz: this key is unknown; remove it or check its"),
        (
            "  - {name: pages,",
            "  - {name: pages, kind: page}\n  - {name: pages,",
            "news: the name 'pages' stands twice",
        ),
        ("prices:", "prices:\n  - {name: local, kind: moex}", "prices: the name 'local' stands twice"),
        ("studies:", "studies:\n  - {name: market, interval: 1h}", "studies: the name 'market' stands twice"),
        ("studies:", "fx: {USDRUB: SPOT}\nstudies:", "fx.USDRUB: 'SPOT' is not one of the instruments; add it there"),
        ("studies:", "fx: {usd: ON}\nstudies:", "fx.usd"),
        ("name: market", "factors: [OIL], name: market", "studies.0.factors: 'OIL' is not one of the instruments"),
        (
            "name: market",
            "factors: ['ON'], model: raw, name: x",
            "studies.0.factors: only the model market takes them, not",
        ),
        ("market, windows", "market, interval: 1h, factors: ['ON'], windows", "studies.0: with bars of 1h a window"),
        ("columns: {date: DATE", "columns: {date: [1]", "prices[local].columns.date: "),
        (
            "studies:",
            "notify: {url: 'https://me:pw@x.org'}\nstudies:",
            "notify.url: it contains a user name or password",
        ),
        ("studies:", "notify: {url: nowhere}\nstudies:", "notify.url: it is not an http or https address"),
        ("studies:", "notify: {on: always}\nstudies:", "notify: give one address: url, or url_from"),
    ],
)
def test_a_mistake_gets_one_sentence_with_its_path(tmp_path: Path, good: str, bad: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, GOOD.replace(good, bad, 1))
    assert str(error.value).startswith(str(tmp_path / "config.yaml"))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
    assert "pw" not in str(error.value)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="signals init"):
        load_file(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"- GAZP\n", "is not a mapping of keys to values; `signals init` writes an example"),
        (b"database: \xff\n", "cannot be read ("),
        (b"database: [\n", "line 2: "),
        (b"database: \x01\n", "control characters are not allowed"),
    ],
)
def test_a_file_that_is_not_a_mapping_of_text_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        load_file(path)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_an_empty_file_is_a_configuration_of_defaults(tmp_path: Path) -> None:
    config = load(tmp_path, "")
    assert (config.instruments, config.news, config.prices, config.jobs, config.notify) == ((), (), (), (), None)
    assert [study.name for study in config.studies] == ["market"]
    assert config.root == tmp_path


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite:////var/signals.db", "sqlite:////var/signals.db"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_a_database_url_that_is_no_relative_file_is_unchanged(tmp_path: Path, url: str, expected: str) -> None:
    assert load(tmp_path, GOOD.replace("sqlite:///signals.db", f"'{url}'")).database == expected


def test_a_database_of_the_command_line_is_relative_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    config = load_file(tmp_path / "config.yaml", "sqlite:///other.db")
    assert config.database == f"sqlite:///{tmp_path / 'here' / 'other.db'}"


@pytest.mark.parametrize(
    ("entry", "stages"),
    [
        ("", DEFAULT_STAGES),
        ("stages: run, ", DEFAULT_STAGES),
        ("stages: publish, ", ("publish",)),
        ("stages: [ingest, publish], ", ("ingest", "publish")),
    ],
)
def test_a_job_runs_the_stages_that_it_names_or_the_default_ones(
    tmp_path: Path, entry: str, stages: tuple[str, ...]
) -> None:
    assert load(tmp_path, GOOD.replace("cron:", f"{entry}cron:")).jobs[0].stages == stages


def test_yahoo_news_asks_for_the_symbols_of_the_yahoo_prices(tmp_path: Path) -> None:
    text = """
instruments:
  A: {name: A, mic: XNYS, currency: USD, symbols: {daily: A.N, local: a}}
  B: {name: B, mic: XNYS, currency: USD, symbols: {hourly: B.N, daily: B.N}}
news:
  - {name: headlines, kind: yahoo}
  - {name: chosen, kind: yahoo, symbols: [X]}
prices:
  - {name: daily, kind: yahoo}
  - {name: hourly, kind: yahoo, interval: 1h}
  - {name: local, kind: csv, path: a.csv}
"""
    assert [spec.symbols for spec in load(tmp_path, text).news] == [("A.N", "B.N"), ("X",)]


def test_a_notice_keeps_its_address_out_of_its_repr(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD + "notify: {url: 'https://example.org/token', headers_from: {X-Key: KEY}}\n")
    assert config.notify is not None
    assert (config.notify.on, config.notify.headers_from) == ("failure", {"X-Key": "KEY"})
    assert "token" not in repr(config.notify)


def test_the_example_at_the_top_of_the_project_is_a_working_configuration(tmp_path: Path) -> None:
    config = load(tmp_path, example())
    assert {"GAZP", "IMOEX", "AAPL", "SPY"} <= {i.ticker for i in config.instruments}
    assert {s.kind for s in config.prices} == {"moex", "yahoo", "csv"}
