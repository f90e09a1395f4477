"""Prices from delimited files: dialects, caching, and what is said about a bad file."""

import bz2
import gzip
import lzma
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from signals.errors import NotFoundError, SourceError, UnavailableError, UnreadableError
from signals.prices import open_source
from signals.types import ActionsSpec, CsvDialect, History, PriceSource, PriceSpec
from tests.prices import market
from tests.prices.contract import SourceContract
from tests.prices.market import DAYS, SYMBOL

ACTION_ROWS = [(market.DIVIDEND_DAY, market.DIVIDEND, 1), (market.SPLIT_DAY, 0, market.SPLIT)]
ACTIONS = {"ex_date": "ex_date", "dividend": "dividend", "split": "split"}
WIDE = (date(1990, 1, 1), date(2026, 12, 31))
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def blank(value: float | None) -> str:
    return "" if value is None else str(value)


def cells(day: market.Day) -> list[str]:
    return [blank(value) for value in (day.open, day.high, day.low, day.close, day.volume)]


def source(root: Path, text: str | bytes, path: str = "{symbol}.csv", **settings: Any) -> PriceSource:
    """Write the file of symbol X and open it; `settings` are a flat configuration entry's."""
    payload = text.encode() if isinstance(text, str) else text
    (root / path.replace("{symbol}", "X")).write_bytes(payload)
    dialect = {key: settings.pop(key) for key in list(settings) if key in CsvDialect.__dataclass_fields__}
    return open_source(PriceSpec("local", "csv", path=path, dialect=CsvDialect(**dialect), **settings), root)


def read(root: Path, text: str | bytes, path: str = "{symbol}.csv", **settings: Any) -> History:
    return source(root, text, path, **settings).history("X", *WIDE, NOW)


def closes(history: History) -> dict[str, float]:
    starts = history.bars.start.astype("datetime64[D]").astype(str)
    return dict(zip(starts.tolist(), history.bars.close.tolist(), strict=True))


class TestOneFilePerSymbol(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> PriceSource:
        rows = (",".join([str(day.session), *cells(day)]) for day in DAYS)
        (tmp_path / f"{SYMBOL}.csv").write_text("date,open,high,low,close,volume\n" + "\n".join(rows))
        paid = (",".join(map(str, row)) for row in ACTION_ROWS)
        (tmp_path / f"{SYMBOL}.actions.csv").write_text("ex_date,dividend,split\n" + "\n".join(paid))
        actions = ActionsSpec("{symbol}.actions.csv", ACTIONS)
        return open_source(PriceSpec("vendor", "csv", path="{symbol}.csv", actions=actions), tmp_path)


class TestOneFileForMany(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> PriceSource:
        def local(value: object) -> str:
            return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value).replace(".", ",")

        rows = [";".join([name, *map(local, (d.session, *cells(d)))]) for d in DAYS for name in ("OTHER", SYMBOL)]
        text = "\n".join(["Код;Дата;O;H;L;C;V", *reversed(rows)])
        (tmp_path / "all.csv.gz").write_bytes(gzip.compress(text.encode("cp1251")))
        paid = [";".join(map(local, (SYMBOL, *action))) for action in ACTION_ROWS]
        (tmp_path / "actions.csv").write_text("\n".join(["symbol;ex_date;dividend;split", *paid]), encoding="cp1251")
        columns = {"symbol": "Код", "date": "Дата", "open": "O", "high": "H", "low": "L", "close": "C", "volume": "V"}
        dialect = CsvDialect(delimiter=";", decimal=",", encoding="cp1251", dayfirst=True, columns=columns)
        actions = ActionsSpec("actions.csv", ACTIONS)
        return open_source(PriceSpec("vendor", "csv", path="all.csv.gz", actions=actions, dialect=dialect), tmp_path)


class TestActionsInTheSameFile(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> PriceSource:
        rows = []
        for day in DAYS:
            paid = market.DIVIDEND if day.session == market.DIVIDEND_DAY else 0
            split = market.SPLIT if day.session == market.SPLIT_DAY else 0
            rows.append("|".join([str(day.session), *cells(day), str(paid), str(split)]))
        (tmp_path / f"{SYMBOL}.txt").write_text("\n".join(rows))
        names = ("date", "open", "high", "low", "close", "volume", "dividend", "split")
        dialect = CsvDialect(delimiter="|", header=False, columns={name: n for n, name in enumerate(names)})
        return open_source(PriceSpec("vendor", "csv", path="{symbol}.txt", dialect=dialect), tmp_path)


# --- dialects -------------------------------------------------------------------------------------------------------


def test_only_a_date_and_a_close_are_needed(tmp_path: Path) -> None:
    history = read(tmp_path, "date,close\n2015-01-20,145.75\n2015-01-21,148.8\n")
    assert closes(history) == {"2015-01-20": 145.75, "2015-01-21": 148.8}
    assert np.isnan(history.bars.open).all()


def test_a_russian_export_with_a_mark_descending(tmp_path: Path) -> None:
    text = '﻿"Дата","Цена","Объём"\n"21.01.2015","6.552,5","44,82M"\n"20.01.2015","6.500,0","719,82K"\n'
    columns = {"date": "Дата", "close": "Цена", "volume": "Объём"}
    history = read(tmp_path, text, decimal=",", thousands=".", dayfirst=True, columns=columns)
    assert closes(history) == {"2015-01-20": 6500.0, "2015-01-21": 6552.5}
    assert history.bars.volume.tolist() == [719_820.0, 44_820_000.0]


@pytest.mark.parametrize(
    ("written", "settings"),
    [
        ("2015-02-03", {}),
        ("20150203", {}),
        ("2015-02-03 00:00:00", {}),
        ("03.02.2015", {"dayfirst": True}),
        ("03/02/15", {"dayfirst": True}),
        ("02/03/2015", {}),
        ("Feb 03, 2015", {}),
        ("3 Feb 2015", {"date_format": "%d %b %Y"}),
        ("03/02/15 18:45", {"dayfirst": True}),
    ],
)
def test_dates_as_vendors_write_them(tmp_path: Path, written: str, settings: dict[str, Any]) -> None:
    assert closes(read(tmp_path, f'date,close\n"{written}",1\n', **settings)) == {"2015-02-03": 1.0}


@pytest.mark.parametrize(
    ("written", "value", "settings"),
    [
        ("1,234.5", 1234.5, {"thousands": ","}),
        ("1 234,5", 1234.5, {"thousands": " ", "decimal": ","}),
        ("1\u00a0234,5", 1234.5, {"thousands": " ", "decimal": ","}),
        ("2.5B", 2.5e9, {}),
        ("46.700001", 46.700001, {}),
        (" 7 ", 7.0, {}),
    ],
)
def test_numbers_as_vendors_write_them(tmp_path: Path, written: str, value: float, settings: dict[str, Any]) -> None:
    assert closes(read(tmp_path, f'date,close\n2015-01-20,"{written}"\n', **settings)) == {"2015-01-20": value}


@pytest.mark.parametrize("missing", ["", "-", "NaN"])
def test_a_dash_and_nothing_are_missing_and_a_row_without_prices_is_a_halt(tmp_path: Path, missing: str) -> None:
    history = read(tmp_path, f"date,open,close,volume\n2015-01-20,1,1,5\n2015-01-21,{missing},{missing},0\n")
    assert np.isnan(history.bars.close[1])
    assert history.quarantined == ()


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_packed_file_is_unpacked_by_its_ending(tmp_path: Path, ending: str, pack: Any) -> None:
    assert closes(read(tmp_path, pack(b"date,close\n2015-01-20,1\n"), f"{{symbol}}.csv.{ending}"))


def test_headers_in_the_middle_of_a_concatenated_file_are_left_out(tmp_path: Path) -> None:
    history = read(tmp_path, "date,close\n2015-01-20,1\ndate,close\n2015-01-21,2\n")
    assert list(closes(history).values()) == [1.0, 2.0]
    assert history.quarantined == ()


def test_scales_apply_to_prices_dividends_and_volumes(tmp_path: Path) -> None:
    text = "date,close,volume,dividend\n2015-01-20,14575,30,200\n"
    bars = read(tmp_path, text, scale=0.01, volume_scale=10).bars
    assert (bars.close[0], bars.volume[0], bars.dividend[0]) == (145.75, 300.0, 2.0)


def test_an_adjusted_close_says_what_was_paid(tmp_path: Path) -> None:
    text = "date,close,adjusted_close\n2015-01-20,100,98\n2015-01-21,100,98\n2015-01-22,98,98\n2015-01-23,98,98\n"
    bars = read(tmp_path, text).bars
    assert bars.action_date.astype(str).tolist() == ["2015-01-22"]
    assert (bars.close[2] + bars.dividend[0]) / bars.close[1] == pytest.approx(1.0)


def test_an_adjusted_close_says_what_was_split(tmp_path: Path) -> None:
    bars = read(tmp_path, "date,close,adjusted_close\n2015-01-20,100,50\n2015-01-21,51,51\n2015-01-22,52,52\n").bars
    assert (bars.action_date.astype(str).tolist(), bars.split.tolist()) == (["2015-01-21"], [2.0])


def test_rounding_of_an_adjusted_close_is_no_dividend(tmp_path: Path) -> None:
    text = "date,close,adjusted_close\n2015-01-20,10.03,9.53\n2015-01-21,10.07,9.56\n2015-01-22,10.11,9.61\n"
    assert len(read(tmp_path, text).bars.action_date) == 0


def test_two_dividends_on_one_day_add_up_and_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "X.act").write_text("ex_date,dividend\n2015-01-20,1\n2015-01-20,2\n2015-01-20,2\n")
    actions = ActionsSpec("{symbol}.act", {"ex_date": "ex_date", "dividend": "dividend"})
    assert read(tmp_path, "date,close\n2015-01-20,9\n", actions=actions).bars.dividend.tolist() == [3.0]


# --- intraday -------------------------------------------------------------------------------------------------------


def test_hours_are_wall_clock_in_the_zone_of_their_time(tmp_path: Path) -> None:
    text = "date,close\n2014-10-24 10:00,1\n2014-10-27 10:00,2\n"  # Moscow went from UTC+4 to UTC+3 in between
    bars = read(tmp_path, text, interval="1h", timezone="Europe/Moscow").bars
    assert bars.start.astype(str).tolist() == ["2014-10-24T06:00:00", "2014-10-27T07:00:00"]


def test_hours_without_a_zone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"X\.csv.*without a zone; set `timezone`"):
        read(tmp_path, "date,close\n2014-10-24 10:00,1\n", interval="1h")


def test_hours_that_state_their_offset_need_no_zone(tmp_path: Path) -> None:
    bars = read(tmp_path, "date,close\n2014-10-24T10:00:00+04:00,1\n", interval="1h").bars
    assert bars.start.astype(str).tolist() == ["2014-10-24T06:00:00"]


def test_a_span_of_hours_is_cut_by_the_local_date(tmp_path: Path) -> None:
    text = "date,close\n2015-01-20 10:00,1\n2015-01-21 10:00,2\n"  # 10:00 in Sydney is the evening before in UTC
    sydney = source(tmp_path, text, interval="1h", timezone="Australia/Sydney")
    bars = sydney.history("X", date(2015, 1, 21), date(2015, 1, 21), NOW).bars
    assert bars.close.tolist() == [2.0]


def test_an_ex_date_beside_hours_stays_a_date(tmp_path: Path) -> None:
    (tmp_path / "X.act").write_text("ex_date,dividend\n2015-01-20,1\n")
    actions = ActionsSpec("{symbol}.act", {"ex_date": "ex_date", "dividend": "dividend"})
    text = "date,close\n2015-01-20 10:00,1\n"
    bars = read(tmp_path, text, interval="1h", timezone="Europe/Moscow", actions=actions).bars
    assert bars.action_date.astype(str).tolist() == ["2015-01-20"]


# --- versions -------------------------------------------------------------------------------------------------------


def test_a_version_changes_with_the_content_and_with_how_it_is_read(tmp_path: Path) -> None:
    local = source(tmp_path, "date,close\n2015-01-20,1\n")
    before = local.version("X")
    assert source(tmp_path, "date,close\n2015-01-20,1\n").version("X") == before
    assert source(tmp_path, "date,close\n2015-01-20,1\n", scale=0.5).version("X") != before
    (tmp_path / "X.csv").write_text("date,close\n2015-01-20,22\n")
    assert local.version("X") != before
    assert closes(local.history("X", *WIDE, NOW)) == {"2015-01-20": 22.0}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    local = source(tmp_path, "")
    (tmp_path / f"{SYMBOL}.csv").unlink(missing_ok=True)
    os.mkfifo(tmp_path / f"{SYMBOL}.csv")
    with pytest.raises(UnreadableError, match="it is no regular file"):
        local.version(SYMBOL)


def test_one_file_for_many_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "symbol,date,close\n" + "".join(f"S{n},2015-01-20,{n + 1}\n" for n in range(50))
    many = source(tmp_path, text, "all.csv")
    reads: list[Path] = []
    read_bytes = Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    for n in range(50):
        assert closes(many.history(f"S{n}", *WIDE, NOW)) == {"2015-01-20": n + 1.0}
        many.version(f"S{n}")
    assert len(reads) <= 2  # for the digest, and for the rows


# --- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "settings", "sentence"),
    [
        (b"\xef\xbb\xbf", {}, "the file is empty"),
        (b"", {}, "the file is empty"),
        ("date,close\n", {}, "a header and no rows"),
        (
            "Date,Price\n2015-01-20,1\n",
            {},
            "no column 'close' for close; set `columns.close` to one of 'Date', 'Price'",
        ),
        ("date,close\n2015-01-20,1\n", {"columns": {"volume": "Vol."}}, "no column 'Vol.' for volume"),
        ("2015-01-20,1\n", {"header": False, "columns": {"date": 0, "close": 4}}, "positions 0 to 1"),
        ("Дата,close\n".encode("cp1251"), {}, "byte 0 is not utf-8-sig text; set `encoding`"),
        ("date/close\n2015-01-20/1\n", {}, "no column 'date' for date; set `columns.date` to one of 'date/close'"),
        ('date,close\n2015-01-20,"1,5"\n', {}, "line 2: '1,5' is not a number; set `decimal: \",\"`; 1 of 1"),
        ("date,close\n21.13.2015,1\n", {"dayfirst": True}, "'21.13.2015' is not a date; set `date_format`"),
        ("date,close\n2015-01-20,1\n", {"date_format": "%d/%m/%y"}, "is not `date_format` '%d/%m/%y'"),
        ('date,close\n2015-01-20,"1.5"\n', {"decimal": ","}, "'1.5' is not a number with the decimal mark ','"),
        ("date,close\n" + "x" * 200_000, {}, "line 2"),
        ("date,close\n2015-01-20,1" + " " * 100_000 + "x\n", {}, "'1   "),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, text: str | bytes, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(tmp_path, text, **settings)
    assert sentence in str(caught.value)
    assert "X.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_packed_file_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(b"date,close\n2015-01-20,1\n" * 100)
    for damaged in (whole[:20], whole[:30] + b"\0" * 5 + whole[35:], b"date,close\n"):
        with pytest.raises(UnreadableError, match=r"the \.gz file is damaged"):
            read(tmp_path, damaged, "{symbol}.csv.gz")


def test_a_missing_file_is_an_unknown_symbol(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"Y\.csv: there is no such file"):
        source(tmp_path, "date,close\n").history("Y", *WIDE, NOW)


def test_a_missing_file_for_many_says_nothing_about_a_symbol(tmp_path: Path) -> None:
    gone = open_source(PriceSpec("local", "csv", path="all.csv"), tmp_path)
    for ask in (lambda: gone.version("X"), lambda: gone.history("X", *WIDE, NOW)):
        with pytest.raises(UnavailableError, match=r"all\.csv: there is no such file"):
            ask()


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "all.csv").mkdir()
    with pytest.raises(UnavailableError, match="cannot be read"):
        open_source(PriceSpec("local", "csv", path="all.csv"), tmp_path).version("X")


@pytest.mark.parametrize("symbol", ["../secret", "a/b", "a\\b", "..", "", "a\0b"])
def test_a_spelling_that_would_leave_the_folder_is_refused(tmp_path: Path, symbol: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.csv").write_text("date,close\n2015-01-20,1\n")
    local = open_source(PriceSpec("local", "csv", path="in/{symbol}.csv"), tmp_path)
    for ask in (lambda: local.version(symbol), lambda: local.history(symbol, *WIDE, NOW)):
        with pytest.raises(NotFoundError, match="cannot be part of a file's name"):
            ask()


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        ("2015-01-23", "line 5: 1 cells, not 2"),
        ("2015-01-23,1,2", "line 5: 3 cells, not 2"),
        ("2015-01-23,abc", "line 5: 'abc' is not a number"),
        ("soon,1", "line 5: 'soon' is not a date"),
    ],
)
def test_a_row_that_cannot_be_read_is_quarantined_and_the_rest_is_used(tmp_path: Path, row: str, detail: str) -> None:
    history = read(tmp_path, f"date,close\n2015-01-20,1\n2015-01-21,2\n2015-01-22,3\n{row}\n")
    assert list(closes(history).values()) == [1.0, 2.0, 3.0]
    (refused,) = history.quarantined
    assert (refused.reason, refused.start) == ("unreadable", row.partition(",")[0])
    assert refused.detail.startswith(detail)


def test_a_row_that_is_too_short_to_name_its_symbol_is_reported_with_each(tmp_path: Path) -> None:
    history = read(tmp_path, "date,close,symbol\n2015-01-20,1,X\n2015-01-21,2,X\n2015-01-22,3,X\n2015-01-2", "all.csv")
    assert [q.start for q in history.quarantined] == ["2015-01-2"]


def test_an_empty_trailing_cell_is_no_fault(tmp_path: Path) -> None:
    assert closes(read(tmp_path, "date,close\n2015-01-20,1,\n")) == {"2015-01-20": 1.0}


def test_a_bad_row_among_the_actions_is_an_error_since_a_return_would_be_wrong(tmp_path: Path) -> None:
    (tmp_path / "X.act").write_text("ex_date,dividend\n2015-01-20,1\n2015-02-20,1\nlater,1\n")
    actions = ActionsSpec("{symbol}.act", {"ex_date": "ex_date", "dividend": "dividend"})
    with pytest.raises(UnreadableError, match=r"X\.act: line 4: 'later' is not a date"):
        read(tmp_path, "date,close\n2015-01-20,9\n", actions=actions)


def test_a_day_that_stands_twice_is_an_error_that_names_it(tmp_path: Path) -> None:
    text = "date,close\n2015-01-20,1\n2015-01-21,2\n2015-01-20,3\n"
    with pytest.raises(SourceError, match=r"2015-01-20 stands twice .*close 1 and 3.*`duplicates: last`"):
        read(tmp_path, text)
    assert closes(read(tmp_path, text, duplicates="last")) == {"2015-01-20": 3.0, "2015-01-21": 2.0}


def test_a_day_that_stands_twice_alike_stands_once(tmp_path: Path) -> None:
    history = read(tmp_path, "date,open,close\n2015-01-20,,46.70\n2015-01-20,,46.700001\n")
    assert len(history.bars) == 1
