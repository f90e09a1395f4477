"""`markets:` of config.yaml, and which market an instrument is in."""

from datetime import date, time
from pathlib import Path

import pytest

from signals.config import Config
from signals.config import load as load_file
from signals.errors import ConfigError
from signals.types import Alias, DatedHours, MarketRules, Scheme

CONFIG = """
instruments:
  PETR: {name: Petrobras, mic: BVMF, currency: BRL}
markets:
  BVMF: {hours: bvmf.csv}
  XNAI:
    zone: Africa/Nairobi
    weekdays: mon-fri
    opens: "09:30"
    closes: 15:00
    break_starts: "12:00"
    break_ends: "12:30"
"""
HOURS = "rule,first,last,opens,closes\nhours,2024-03-11,2024-11-01,,17:00\n\nclosed,2024-11-20,,,\n"


def load(tmp_path: Path, text: str = CONFIG, hours: str = HOURS) -> Config:
    (tmp_path / "bvmf.csv").write_text(hours, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    return load_file(tmp_path / "config.yaml")


def test_an_entry_becomes_rules_with_the_rows_of_its_file(tmp_path: Path) -> None:
    brazil, nairobi = load(tmp_path).markets
    assert brazil == MarketRules("BVMF", dated=(
        DatedHours("hours", date(2024, 3, 11), date(2024, 11, 1), (), None, time(17)),
        DatedHours("closed", date(2024, 11, 20), date(2024, 11, 20)),
    ))  # fmt: skip
    usual = DatedHours("hours", date.min, date.max, (), time(9, 30), time(15), time(12), time(12, 30))
    assert nairobi == MarketRules("XNAI", "", "Africa/Nairobi", (0, 1, 2, 3, 4), usual)


@pytest.mark.parametrize(
    ("text", "hours", "problem"),
    [
        (CONFIG, HOURS.replace("17:00", "5pm"), r"bvmf.csv, line 2: markets: closes: '5pm' is not a time"),
        (CONFIG, HOURS.replace("hours,2024", "opened,2024"), r"bvmf.csv, line 2: markets: rule: 'opened' is not one"),
        (CONFIG, HOURS.replace(",,17:00", ",,17:00,x"), r"bvmf.csv, line 2: it has more cells than the header"),
        (CONFIG, "", r"bvmf.csv: markets: it is empty; its columns are rule, first"),
        (CONFIG.replace("bvmf.csv", "none.csv"), HOURS, r"none.csv: markets: there is no such file; correct `hours`"),
        (CONFIG.replace("Africa/Nairobi", "Nairobi"), HOURS, r"markets.XNAI.zone: 'Nairobi' is not a time zone"),
        (CONFIG.replace("mon-fri", "weekdays"), HOURS, r"markets.XNAI.weekdays: weekdays: 'weekdays' is not written"),
        (CONFIG.replace('"09:30"', "nine"), HOURS, r"markets.XNAI.opens: 'nine' is not a time such as 15:30"),
        (
            CONFIG.replace("zone:", "calendar: XETR\n    zone:"),
            HOURS,
            r"markets.XNAI: weekdays: a calendar has",
        ),
        (
            CONFIG.replace('    break_ends: "12:30"\n', ""),
            HOURS,
            r"markets.XNAI: give both break_starts and",
        ),
        (CONFIG.replace("hours: bvmf", "hour: bvmf"), HOURS, r"markets.BVMF.hour: this key is unknown; did you mean"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(tmp_path: Path, text: str, hours: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        load(tmp_path, text, hours)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("rule,first,source\nclosed,2024-11-20,São Paulo\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"latin.csv: markets: cannot be read .* save it as UTF-8 CSV"):
        load(tmp_path, CONFIG.replace("bvmf.csv", "latin.csv"))


# --- the market of an instrument ------------------------------------------------------------------------------------


def instrument(tmp_path: Path, keys: str, markets: str = "") -> Config:
    text = f"instruments:\n  COIN: {{name: Coin, currency: USD, {keys}}}\n{markets}"
    return load(tmp_path, text)


@pytest.mark.parametrize(
    ("keys", "markets", "mic", "unused"),
    [
        ("kind: crypto", "", "24X7", {}),
        ("kind: crypto, mic: XNYS", "", "24X7", {"COIN": "XNYS"}),
        ("kind: crypto, mic: 24X5", "", "24X5", {}),
        ("kind: crypto, mic: XBTC", "markets: {XBTC: {calendar: XNYS}}", "XBTC", {}),
        ("kind: fx", "", "24X5", {}),
        ("kind: fx, mic: MISX", "", "MISX", {}),
        ("kind: equity, mic: 24X7", "", "24X7", {}),
    ],
)
def test_crypto_and_fx_have_sessions_without_an_exchange(
    tmp_path: Path, keys: str, markets: str, mic: str, unused: dict[str, str]
) -> None:
    config = instrument(tmp_path, keys, markets)
    assert config.instruments[0].mic == mic
    assert config.unused_mics == unused


def test_the_code_at_the_exchange_that_is_not_used_still_names_the_instrument(tmp_path: Path) -> None:
    (coin,) = instrument(tmp_path, "kind: crypto, mic: XNYS").instruments
    assert coin.aliases == (Alias("XNYS:COIN", Scheme.EXCHANGE),)


def test_an_instrument_of_another_kind_needs_a_market(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"instruments\.COIN\.mic: give the market's code .*; only crypto and fx need"
    ):
        instrument(tmp_path, "kind: index")


def test_a_universe_needs_no_market_where_the_kind_says_it(tmp_path: Path) -> None:
    (tmp_path / "coins.csv").write_text("ticker,name\nBTC,Bitcoin\n", encoding="utf-8")
    config = load(tmp_path, "universe:\n  - {path: coins.csv, defaults: {currency: USD, kind: crypto}}\n")
    assert config.instruments[0].mic == "24X7"
    (tmp_path / "coins.csv").write_text("ticker,name,kind\nBTC,Bitcoin,crypto\nIBM,IBM,\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"coins.csv, line 3: mic: '' is not a market code"):
        load(tmp_path, "universe:\n  - {path: coins.csv, defaults: {currency: USD}}\n")
