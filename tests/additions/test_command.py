"""`signals add` as its user meets it, against loopback servers that speak the vendors' protocols."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from signals.cli import main
from signals.config import load
from tests.prices import market
from tests.prices.market import Day
from tests.prices.search_servers import SearchingIss, SearchingYahoo, quote
from tests.prices.servers import Board

Command = Callable[..., tuple[int, str, str]]

TODAY = datetime.now(UTC).date()
RECENT = [Day(day, 100.0 + n) for n in range(60, 0, -1) if (day := TODAY - timedelta(days=n)).weekday() < 5]

HEAD = """# My instruments.
instruments:
  MSFT: {name: Microsoft, mic: XNAS, currency: USD, benchmark: SPY, symbols: {yahoo-daily: MSFT}}   # software
  SPY:  {name: S&P 500 ETF, mic: XNYS, currency: USD, kind: etf, symbols: {yahoo-daily: SPY}}
  # more to come

# Where prices come from.
"""


@pytest.fixture
def yahoo() -> Iterator[SearchingYahoo]:
    vendor = SearchingYahoo(days=RECENT)
    vendor.quotes = {
        "acme": [
            quote("ACME", "NMS", "Acme Corporation"),
            quote("ACME.L", "LSE", "Acme plc"),
            quote("ACMEY", "PNK", "Acme ADR"),
        ],
        "acme holdings": [quote("ACME", "NMS", "Acme Corporation"), quote("ACME.L", "LSE", "Acme plc")],
        "0700.hk": [quote("0700.HK", "HKG", "Tencent: Holdings #1")],
        "gone": [quote("GONE", "NYQ", "Gone Inc")],
        "us0378331005": [quote("ACME", "NMS", "Acme Corporation")],
        "acm-usd": [quote("ACM-USD", "CCC", "Acme Coin USD", "CRYPTOCURRENCY")],
        "odd": [quote("ODD.XYZ", "XYZ", "Odd Ltd")],
        "gazp.me": [quote("GAZP.ME", "MCX", "Gazprom at Yahoo")],
        "gazp": [quote("GAZP.ME", "MCX", "Gazprom at Yahoo")],
    }
    vendor.currencies = {"ACME": "USD", "0700.HK": "HKD", "^HSI": "HKD", "ACM-USD": "USD", "ODD.XYZ": "EUR"}
    with vendor.serving():
        yield vendor


@pytest.fixture
def iss() -> Iterator[SearchingIss]:
    vendor = SearchingIss(boards=[Board("TQBR", 57, RECENT, primary=True)])
    vendor.securities = {
        "gazp": [("GAZP", "Gazprom", "Gazprom PAO", "RU0007661625", 1, "stock_shares")],
        "imoex": [("IMOEX", "IMOEX", "MOEX Russia Index", None, 1, "stock_index")],
    }
    with vendor.serving():
        yield vendor


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, yahoo: SearchingYahoo
) -> Command:
    """Run `signals add` beside a configuration whose source is Yahoo's server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIGNALS_CONFIG", raising=False)
    config(tmp_path, f"prices:\n  - {{name: yahoo-daily, kind: yahoo, base_url: '{yahoo.url}', delay: 0}}\n")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["add", *arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def config(folder: Path, rest: str, head: str = HEAD) -> None:
    (folder / "config.yaml").write_text(head + rest, encoding="utf-8")


def text(folder: Path) -> str:
    return (folder / "config.yaml").read_text(encoding="utf-8")


def test_an_instrument_is_shown_proven_and_written_after_the_others(command: Command, tmp_path: Path) -> None:
    before = text(tmp_path)
    code, out, _ = command("ACME", "--mic", "XNAS", "--yes")
    entry = (
        "  ACME:\n    name: Acme Corporation\n    mic: XNAS\n    currency: USD\n    benchmark: SPY\n"
        "    symbols: {yahoo-daily: ACME}\n"
    )
    assert code == 0
    assert out.startswith(f"instruments:\n{entry}yahoo-daily: ")
    recent = [day for day in RECENT if day.session >= TODAY - timedelta(days=30)]
    span = f"{recent[0].session} to {recent[-1].session}"
    assert f"{len(recent)} bars of ACME, {span}, last close {recent[-1].close:.2f} USD\n" in out
    assert text(tmp_path) == before.replace("  # more to come", f"{entry}  # more to come")
    assert load(tmp_path / "config.yaml").instruments[-1].ticker == "ACME"


def test_the_symbol_of_a_source_comes_before_what_resembles_it_and_other_markets_are_named(command: Command) -> None:
    code, out, err = command("acme", "--yes")
    assert (code, "mic: XNAS" in out) == (0, True)
    assert err == "signals: this is ACME on XNAS; for its listings on XLON add --mic\n"


def test_several_candidates_are_listed_and_the_market_decides(command: Command, tmp_path: Path) -> None:
    before = text(tmp_path)
    code, out, err = command("Acme Holdings", "--yes")
    assert (code, err.count("\n"), "add --mic" in err) == (2, 1, True)
    assert [line.split()[:4] for line in out.splitlines()] == [
        ["1", "ACME", "XNAS", "equity"],
        ["2", "ACME", "XLON", "equity"],
    ]
    assert text(tmp_path) == before
    code, _, err = command("Acme Holdings", "--mic", "xnas", "--yes")
    assert (code, err) == (0, "")


def test_without_a_terminal_nothing_is_written_unless_yes_is_said(command: Command, tmp_path: Path) -> None:
    before = text(tmp_path)
    code, out, err = command("ACME")
    assert (code, "ACME:" in out, "add --yes" in err) == (2, True, True)
    assert text(tmp_path) == before


def test_nothing_like_it_exits_3(command: Command) -> None:
    code, out, err = command("Nobody Ltd", "--yes")
    assert (code, out, err.count("\n"), "'Nobody Ltd'" in err) == (3, "", 1, True)
    code, _, err = command("ACME", "--mic", "XTKS", "--yes")
    assert (code, "on XTKS" in err, "XLON, XNAS" in err) == (3, True, True)


def test_a_first_fetch_that_fails_leaves_the_file_as_it_is(command: Command, tmp_path: Path) -> None:
    before = text(tmp_path)
    code, out, err = command("GONE", "--yes")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "GONE: Yahoo does not know it" in err
    assert text(tmp_path) == before


def test_a_listing_without_recent_bars_is_refused(command: Command, yahoo: SearchingYahoo) -> None:
    yahoo.days = [Day(TODAY - timedelta(days=n), 10.0) for n in range(400, 300, -1)]
    code, _, err = command("ACME", "--yes")
    assert (code, "no bar with a price in the last 30 days" in err) == (1, True)


def test_what_is_configured_already_is_said_and_nothing_is_asked(
    command: Command, tmp_path: Path, yahoo: SearchingYahoo
) -> None:
    before = text(tmp_path)
    assert command("msft") == (0, "MSFT is configured already: Microsoft, XNAS, USD\n", "")
    assert yahoo.log == []
    command("ACME", "--yes")
    code, out, _ = command("Acme Holdings", "--mic", "XNAS")
    assert (code, out) == (0, "ACME is configured already: Acme Corporation, XNAS, USD\n")
    code, _, err = command("ACME", "--mic", "XLON", "--yes")
    assert (code, "ACME: is Acme Corporation on XNAS already" in err) == (2, True)
    assert len(text(tmp_path)) > len(before)


def test_a_market_without_a_benchmark_gets_its_main_index(command: Command, tmp_path: Path) -> None:
    code, out, _ = command("0700.HK", "--yes")
    assert code == 0
    assert '  "0700":\n    name: "Tencent: Holdings #1"\n' in out
    added = load(tmp_path / "config.yaml").instruments[-2:]
    assert [(one.ticker, one.mic, one.currency, one.kind, one.benchmark) for one in added] == [
        ("0700", "XHKG", "HKD", "equity", "HSI"),
        ("HSI", "XHKG", "HKD", "index", None),
    ]


def test_an_index_that_is_not_served_leaves_the_instrument_without_a_benchmark(
    command: Command, tmp_path: Path, yahoo: SearchingYahoo
) -> None:
    del yahoo.currencies["^HSI"]
    code, _, err = command("0700.HK", "--yes")
    assert (code, "HSI is left out" in err, "constant-mean" in err) == (0, True, True)
    assert load(tmp_path / "config.yaml").instruments[-1].benchmark is None


def test_the_isin_that_it_was_searched_by_becomes_an_alias(command: Command, tmp_path: Path) -> None:
    assert command("US0378331005", "--yes")[0] == 0
    assert [alias.text for alias in load(tmp_path / "config.yaml").instruments[-1].aliases] == ["US0378331005"]
    assert "configured already" in command("US0378331005")[1]


def test_crypto_needs_no_market_and_no_benchmark(command: Command, tmp_path: Path) -> None:
    assert command("ACM-USD", "--yes")[0] == 0
    added = load(tmp_path / "config.yaml").instruments[-1]
    assert (added.kind, added.mic, added.benchmark) == ("crypto", "24X7", None)


def test_a_market_that_nobody_says_has_to_be_named_and_needs_sessions(command: Command, tmp_path: Path) -> None:
    code, _, err = command("odd", "--yes")
    assert (code, "add --mic" in err, err.count("\n")) == (2, True, 1)
    code, _, err = command("odd", "--mic", "XNAI", "--yes")
    assert (code, "no calendar serves this market" in err) == (2, True)
    assert command("odd", "--mic", "XAMS", "--yes")[0] == 0
    assert load(tmp_path / "config.yaml").instruments[-1].mic == "XAMS"


def test_two_vendors_list_one_instrument_and_one_that_does_not_serve_it_is_left_out(
    command: Command, tmp_path: Path, yahoo: SearchingYahoo, iss: SearchingIss
) -> None:
    sources = (
        f"prices:\n  - {{name: moscow, kind: moex, base_url: '{iss.url}', delay: 0}}\n"
        f"  - {{name: yahoo-daily, kind: yahoo, base_url: '{yahoo.url}', delay: 0}}\n"
    )
    config(tmp_path, sources)
    code, _, err = command("GAZP", "--yes")
    assert (code, "left out: yahoo-daily: GAZP.ME: Yahoo does not know it" in err) == (0, True)
    gazp, imoex = load(tmp_path / "config.yaml").instruments[-2:]
    assert (gazp.name, gazp.currency, gazp.benchmark) == ("Gazprom PAO", "RUB", "IMOEX")
    assert (dict(gazp.symbols), dict(imoex.symbols)) == ({"moscow": "GAZP"}, {"moscow": "IMOEX"})
    assert [alias.text for alias in gazp.aliases] == ["RU0007661625"]
    config(tmp_path, sources)
    yahoo.currencies["GAZP.ME"] = "RUB"
    assert command("GAZP", "--yes")[0] == 0
    assert dict(load(tmp_path / "config.yaml").instruments[-2].symbols) == {"moscow": "GAZP", "yahoo-daily": "GAZP.ME"}
    config(tmp_path, sources)
    assert command("GAZP", "--source", "moscow", "--yes")[0] == 0
    assert dict(load(tmp_path / "config.yaml").instruments[-2].symbols) == {"moscow": "GAZP"}


def test_a_source_that_cannot_be_searched_says_what_to_do(command: Command, tmp_path: Path) -> None:
    code, _, err = command("ACME", "--source", "nope")
    assert (code, "known: yahoo-daily" in err) == (2, True)
    config(tmp_path, "prices: [{name: local, kind: csv, path: x.csv}]\n", head="")
    for arguments in (["ACME"], ["ACME", "--source", "local"]):
        code, _, err = command(*arguments)
        assert (code, "moex or yahoo, or name a file with --from" in err, err.count("\n")) == (2, True, 1)


def universe(folder: Path) -> None:
    """A source of files, and a universe of three rows with the files of two."""
    config(folder, "prices:\n  - {name: local, kind: csv, path: '{symbol}.csv'}\n", head="")
    rows = [
        "ticker,name,mic,currency,kind,benchmark,aliases",
        "ACME,Acme,XAMS,EUR,,AEX,isin=NL0000000107;Acme NV",
        "AEX,AEX Index,XAMS,EUR,index,,",
        "NONE,None,XAMS,EUR,,,",
    ]
    (folder / "universe.csv").write_text("\n".join(rows), encoding="utf-8")
    for symbol in ("ACME", "AEX"):
        (folder / f"{symbol}.csv").write_text("date,close\n2015-01-20,1.25\n2015-01-21,1.5\n", encoding="utf-8")


def test_a_row_of_a_universe_file_is_added_with_its_benchmark(command: Command, tmp_path: Path) -> None:
    universe(tmp_path)
    code, out, _ = command("acme nv", "--from", "universe.csv", "--yes")
    assert code == 0
    assert "local: 2 bars of ACME, 2015-01-20 to 2015-01-21, last close 1.50\n" in out
    acme, aex = load(tmp_path / "config.yaml").instruments
    assert (acme.ticker, acme.benchmark, dict(acme.symbols)) == ("ACME", "AEX", {"local": "ACME"})
    assert [alias.text for alias in acme.aliases] == ["NL0000000107", "Acme NV"]
    assert (aex.ticker, aex.kind, dict(aex.symbols)) == ("AEX", "index", {"local": "AEX"})


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ACM", "--from", "universe.csv"], 3, "No row of universe.csv"),
        (["ACME", "--from", "universe.csv", "--mic", "XPAR"], 3, "on XPAR"),
        (["NONE", "--from", "universe.csv"], 1, "NONE.csv"),
        (["ACME", "--from", "nothing.csv"], 2, "nothing.csv: universe: there is no such file"),
        (["ACME", "--from", "universe.csv", "--source", "x"], 2, "no source is called 'x'"),
        ([" "], 2, "name a ticker"),
    ],
)
def test_what_a_universe_file_does_not_give_is_one_sentence(
    command: Command, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    universe(tmp_path)
    before = text(tmp_path)
    result = command(*arguments, "--yes")
    assert (result[0], words in result[2], result[2].count("\n")) == (code, True, 1)
    assert text(tmp_path) == before


def test_a_file_that_cannot_be_extended_prints_the_entry_and_where_to_paste_it(
    command: Command, tmp_path: Path
) -> None:
    rest = text(tmp_path).partition("# Where")[2]
    config(tmp_path, rest, head="instruments: {SPY: {name: SPY, mic: XNYS, currency: USD}}\n#")
    before = text(tmp_path)
    code, out, err = command("ACME", "--yes")
    assert (code, "  ACME:\n" in out, "paste the lines above" in err) == (1, True, True)
    assert text(tmp_path) == before


def test_a_currency_that_the_row_and_the_bars_do_not_share_is_said(
    command: Command, tmp_path: Path, yahoo: SearchingYahoo
) -> None:
    row = "ticker,name,mic,currency,symbols\nACME,Acme,XNAS,EUR,yahoo-daily=ACME\n"
    (tmp_path / "universe.csv").write_text(row, encoding="utf-8")
    code, _, err = command("ACME", "--from", "universe.csv", "--yes")
    assert (code, "yahoo-daily gives ACME in USD and not in EUR" in err) == (0, True)
    assert not (tmp_path / "signals.db").exists()


def test_each_source_of_a_vendor_gets_the_symbol_and_proves_it(
    command: Command, tmp_path: Path, yahoo: SearchingYahoo
) -> None:
    yahoo.candles = market.intraday([day.session for day in RECENT], time(9, 30), timedelta(hours=1), 7)
    hourly = f"  - {{name: hourly, kind: yahoo, interval: 1h, base_url: '{yahoo.url}', delay: 0}}\n"
    config(tmp_path, text(tmp_path).removeprefix(HEAD) + hourly)
    code, out, _ = command("ACME", "--yes")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if " of ACME" in line] == ["yahoo-daily:", "hourly:"]
    assert len([path for path in yahoo.log if "/search" in path]) == 1
    assert dict(load(tmp_path / "config.yaml").instruments[-1].symbols) == {"yahoo-daily": "ACME", "hourly": "ACME"}


def test_several_words_are_one_name(command: Command) -> None:
    assert command("Acme", "Holdings", "--mic", "XNAS", "--yes")[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize(("answers", "is_written"), [("1\ny\n", True), ("1\nn\n", False)])
@pytest.mark.usefixtures("command")
def test_a_terminal_is_asked_which_one_and_whether_to_write_it(tmp_path: Path, answers: str, is_written: bool) -> None:
    import pty

    ours, theirs = pty.openpty()
    os.write(ours, answers.encode())
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "signals", "add", "Acme Holdings"], cwd=tmp_path, env=env, stdin=theirs,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    assert done.stdout.index("Which one") < done.stdout.index("  ACME:") < done.stdout.index("Write this to")
    assert ("  ACME:" in text(tmp_path)) == is_written
