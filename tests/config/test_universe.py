"""`universe:` in config.yaml: instruments from CSV files, and the one sentence of a mistake in them."""

from datetime import date
from pathlib import Path

import pytest

from signals.config import load as load_file
from signals.errors import ConfigError
from signals.tickers import Resolver
from signals.types import Alias, Instrument, Scheme
from tests.tickers.articles import article

ROWS = """ticker,name,mic,currency,benchmark,symbols,aliases
IBM,International Business Machines Corporation,XNYS,USD,SPX,local=ibm;daily=IBM.N,Big Blue; exchange=NYSE:IBM
SPX,S&P 500 Index,XNYS,USD,,,
"""
CONFIG = """
universe:
  - {path: us.csv}
prices:
  - {name: local, kind: csv, path: "{symbol}.csv"}
  - {name: daily, kind: yahoo}
"""


def load(tmp_path: Path, rows: str = ROWS, text: str = CONFIG) -> dict[str, Instrument]:
    (tmp_path / "us.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    return {i.ticker: i for i in load_file(tmp_path / "config.yaml").instruments}


def test_a_row_becomes_an_instrument(tmp_path: Path) -> None:
    ibm = load(tmp_path)["IBM"]
    assert (ibm.mic, ibm.currency, ibm.benchmark) == ("XNYS", "USD", "SPX")
    assert ibm.symbols == {"local": "ibm", "daily": "IBM.N"}
    assert ibm.aliases == (Alias("Big Blue"), Alias("NYSE:IBM", Scheme.EXCHANGE))


def test_columns_may_have_any_name_or_none_and_defaults_fill_what_is_empty(tmp_path: Path) -> None:
    named = """
universe:
  - path: us.csv
    delimiter: "\\t"
    columns: {ticker: Symbol, name: Company}
    defaults: {mic: XNAS, currency: USD}
    symbols: {daily: "{ticker}.US"}
prices:
  - {name: daily, kind: yahoo}
"""
    assert load(tmp_path, "Symbol\tCompany\nON\tON Semiconductor\n\n", named)["ON"].symbols == {"daily": "ON.US"}
    bare = named.replace("Symbol", "0").replace("Company", "1").replace("delimiter", "header: false\n    delimiter")
    assert load(tmp_path, "ON\tON Semiconductor\n", bare)["ON"].name == "ON Semiconductor"


def test_rows_of_one_ticker_are_an_instrument_that_was_renamed(tmp_path: Path) -> None:
    rows = (
        "ticker,name,mic,currency,valid_from,valid_to\n"
        "GOOG,Google Inc.,XNAS,USD,2004-08-19,2015-10-01\nGOOG,Alphabet Inc.,XNAS,USD,2015-10-02,\n"
    )
    alphabet = load(tmp_path, rows, "universe: [{path: us.csv}]")["GOOG"]
    assert (alphabet.name, alphabet.valid_from, alphabet.valid_to) == ("Alphabet Inc.", date(2004, 8, 19), None)
    resolver = Resolver([alphabet])

    def named(text: str, on: str) -> list[str | None]:
        return [mention.ticker for mention in resolver.mentions(article("", text, on=on))]

    assert named("when Google said", "2015-01-05") == ["GOOG"] == named("when Alphabet said", "2018-01-05")
    assert named("when Google said", "2018-01-05") == [None] == named("a $GOOG", "2004-01-05")


def test_an_instrument_written_out_takes_the_place_of_its_row(tmp_path: Path) -> None:
    text = CONFIG + "instruments:\n  IBM: {name: IBM, mic: XNYS, currency: USD}\n"
    assert load(tmp_path, text=text)["IBM"].name == "IBM"


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ("XNYS,USD,SPX", "NYSE!,USD,SPX", "us.csv, line 2: mic: 'NYSE!' is not a market code"),
        ("XNYS,USD,,", "XNYS,$,,", "us.csv, line 3: currency: '$' is not a currency code"),
        ("local=ibm", "ibm", "us.csv, line 2: symbols: 'ibm' names no price source; write source=symbol"),
        ("exchange=", "exchnge=", "us.csv, line 2: aliases: 'exchnge' is not a scheme; known: exchange"),
        ("IBM,Intern", ",Intern", "us.csv, line 2: ticker: '' is not a ticker"),
        ("ticker,name", "ticker,title", "us.csv: universe: no column gives the name; name it in `columns`"),
    ],
)
def test_a_mistake_names_the_file_and_the_line(tmp_path: Path, good: str, bad: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, ROWS.replace(good, bad, 1))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_date_that_cannot_be_read_names_its_line(tmp_path: Path) -> None:
    rows = "ticker,name,mic,currency,valid_from\nIBM,IBM,XNYS,USD,01.02.2015\n"
    with pytest.raises(
        ConfigError, match=r"us\.csv, line 2: valid_from: '01\.02\.2015' is not a date such as 2015-10-02"
    ):
        load(tmp_path, rows, "universe: [{path: us.csv}]")


def test_an_empty_file_has_no_column(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no column gives the ticker"):
        load(tmp_path, "", "universe: [{path: us.csv}]")


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("{path: none.csv}", "none.csv: universe: there is no such file"),
        ("{path: us.csv, columns: {name: Nme}}", "columns.name: no column is called 'Nme'; it has ['ticker', "),
        ("{path: us.csv, columns: {nme: name}}", "'nme' is not a field; known: ticker, name"),
        ("{path: us.csv, colmns: {}}", "universe.0.colmns: this key is unknown; did you mean 'columns'?"),
        ("{path: us.csv}, {path: us.csv}", "universe: IBM is in us.csv and in us.csv; keep one"),
        ("{path: us.csv, encoding: klingon}", "us.csv: universe: cannot be read (unknown encoding: klingon)"),
        ("{path: .}", "universe: cannot be read ("),
    ],
)
def test_a_mistake_in_the_entry_names_it(tmp_path: Path, entry: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text=CONFIG.replace("  - {path: us.csv}", f"  [{entry}]"))
    assert sentence in str(error.value)
