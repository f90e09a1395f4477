"""Cells of text -> numbers and times, in the dialect of a file.

Pure. A cell that cannot be read is reported by position, with the key that would make it readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from math import nan

from signals.types import CsvDialect

_MISSING = frozenset({"", "-", "--", "—", "–", ".", "nan", "null", "none", "n/a", "na", "#n/a", "n.a.", "nat", "<na>"})
_MULTIPLIERS = {"K": "e3", "M": "e6", "B": "e9", "T": "e12"}
_LONGEST = 100  # characters of a number; the signs of a cell cost the square of its length
_MINOR = re.compile(r"[\d\s](p|¢|c)\s*$")  # pence and cents
_SIGNS = re.compile(
    r"^\s*+(-?)\s*+(?:[A-Z]{0,3}[$€£¥₽₹₩₪₺₴₫฿₱₸]|[A-Z]{3}(?=[\s\d]))\s*"
    r"|(?:(?<!\s)\s+)?(?:[$€£¥₽₹₩₪₺₴₫฿₱₸¢p]|(?<=\d)c|[рР]\.|руб\.?|zł|Kč|kr\.?|(?<=[\d\s])[A-Z]{3})\s*$"
)
_SPACED_DIGITS = re.compile(r"\d[\u00a0\u202f\u2009 '’]\d")
_ONE_COMMA = re.compile(r"[-+]?\d{1,3},\d{3}")
_DECIMAL_COMMA = re.compile(r"[-+]?[\d.]*,\d+")
_CLOCK_FORMAT = re.compile("%[HIT]")
_DAY_FRACTION = re.compile(r"0?[.,]\d+")
_HALF_DAY = re.compile(r"(\d{1,2}:\d\d(?::\d\d)?)\s?([AP]M)", re.IGNORECASE)
_SHORT_HOUR = re.compile(r"\d:")
_DIGITS_ALONE = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])[0-2]\d[0-5]\d([0-5]\d)?")
_WHOLE = re.compile(r"[-+]?\d+(\.0*)?")
_SPACES = str.maketrans("", "", "\u00a0\u202f\u2009 '’")


class ColumnError(ValueError):
    """A column cannot be read for what one of its cells shows; `position` is that of the cell."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(problem)
        self.position = position


def has_value(text: str) -> bool:
    """Return whether a cell is not one of those that stand for a missing value."""
    return text.strip().lower() not in _MISSING


def is_minor(text: str) -> bool:
    """Return whether a price is written in pence or cents, as in 12.3p."""
    return _MINOR.search(text) is not None


def parse_number(text: str, dialect: CsvDialect) -> float:
    """Return the number in a cell, NaN where it is missing; raises ValueError where it is not a number.

    Signs of currencies are left out, and ``12.3p`` is 0.123.
    """
    cell = text.strip()
    if len(cell) > _LONGEST:
        raise ValueError(f"{cell[:40] + '...'!r} is not a number")
    if cell.lower() in _MISSING:
        return nan
    exponent = "e-2" if is_minor(cell) else ""
    cell = _SIGNS.sub(lambda match: match[1] or "", cell).replace("\u2212", "-")
    if cell[:1] == "(" and cell[-1:] == ")":
        cell = "-" + cell[1:-1]
    if not exponent and cell[-1:].upper() in _MULTIPLIERS:
        exponent = _MULTIPLIERS[cell[-1].upper()]
        cell = cell[:-1]
    cell = _without_grouping(cell.strip(), dialect)
    if dialect.decimal != ".":
        if "." in cell:
            raise ValueError(f"{text!r} is not a number with the decimal mark {dialect.decimal!r}; correct `decimal`")
        cell = cell.replace(dialect.decimal, ".")
    try:
        return float(cell + exponent)
    except ValueError:
        raise ValueError(f"{text!r} is not a number{_number_hint(cell)}") from None


def _without_grouping(cell: str, dialect: CsvDialect) -> str:
    """Take out the marks between thousands: the dialect's, spaces, and one that cannot be the decimal mark."""
    if dialect.thousands:
        cell = "".join(cell.split()) if dialect.thousands.isspace() else cell.replace(dialect.thousands, "")
    if _SPACED_DIGITS.search(cell):
        cell = cell.translate(_SPACES) if _grouped(cell, "[\u00a0\u202f\u2009 '’]", dialect, 1) else cell
    other = "," if dialect.decimal == "." else "."
    return cell.replace(other, "") if _grouped(cell, re.escape(other), dialect, 2) else cell


def _grouped(cell: str, mark: str, dialect: CsvDialect, least: int) -> bool:
    """Return whether a mark stands between groups of three: so often, or before a decimal mark."""
    decimal = re.escape(dialect.decimal)
    form = rf"[-+]?\d{{1,3}}(?:(?:{mark}\d{{3}}){{{least},}}(?:{decimal}\d*)?|(?:{mark}\d{{3}})+{decimal}\d*)"
    return re.fullmatch(form, cell) is not None


def _number_hint(cell: str) -> str:
    if _ONE_COMMA.fullmatch(cell):
        return '; set `thousands: ","` if it is in the thousands, or `decimal: ","` if it has a fraction'
    if _DECIMAL_COMMA.fullmatch(cell):
        return '; set `decimal: ","`'
    return ""


def parse_numbers(
    cells: Sequence[str], dialect: CsvDialect, others: Iterable[Sequence[str]] = ()
) -> tuple[list[float], dict[int, str]]:
    """Return the numbers of a column, and the problem of each cell that cannot be read by its position.

    Parameters
    ----------
    others
        The other columns of numbers, which show what the decimal mark is where this one does not.
    """
    if dialect.decimal == "." and not dialect.thousands:
        try:
            return list(map(float, cells)), {}
        except ValueError:
            pass  # a cell is missing, or has a sign or a multiplier: read cell by cell
    values, problems = _each_number(cells, dialect)
    if problems and not dialect.thousands:
        mark = "," if dialect.decimal == "." else "."
        in_groups = re.compile(rf"\d{re.escape(mark)}\d{{3}}(?!\d)")
        if all(in_groups.search(cells[n]) for n in problems) and _shows_decimal_mark([cells, *others], dialect, mark):
            return _each_number(cells, replace(dialect, thousands=mark))
    return values, problems


def _shows_decimal_mark(columns: Iterable[Sequence[str]], dialect: CsvDialect, other: str) -> bool:
    """Return whether some number has the decimal mark of the dialect, or two of the other mark."""
    decimal = re.compile(rf"\d{re.escape(dialect.decimal)}\d")
    return any(decimal.search(cell) or cell.count(other) > 1 for column in columns for cell in column)


def _each_number(cells: Sequence[str], dialect: CsvDialect) -> tuple[list[float], dict[int, str]]:
    values, problems = [nan] * len(cells), {}
    for n, cell in enumerate(cells):
        try:
            values[n] = parse_number(cell, dialect)
        except ValueError as error:
            problems[n] = str(error)
    return values, problems


# --- times ----------------------------------------------------------------------------------------------------------


def parse_times(
    cells: Sequence[str], dialect: CsvDialect, clocks: Sequence[str] | None = None
) -> tuple[list[datetime | None], dict[int, str]]:
    """Return the dates or times of a column, and the problem of each cell that cannot be read by its position.

    All cells have one format: `date_format`, or else ISO 8601, seconds since 1970 or parts of them, a date serial of a
    spreadsheet, day, month and year in numbers in the order that `dayfirst` gives, or with the month as a word.

    Parameters
    ----------
    clocks
        The cells of a column with the times of day.

    Raises
    ------
    ColumnError
        The dates show that they have the day first, and the dialect says otherwise, or the reverse.
    """
    if clocks is not None and _CLOCK_FORMAT.search(dialect.date_format or ""):
        cells = [f"{cell.strip()} {clock.strip()}" for cell, clock in zip(cells, clocks, strict=True)]
        clocks = None
    parse = _parser(next((cell for cell in cells if cell.strip()), "").strip(), dialect)
    values: list[datetime | None] = [None] * len(cells)
    problems: dict[int, str] = {}
    for n, cell in enumerate(cells):
        try:
            values[n] = parse(cell.strip())
        except (ValueError, OverflowError, OSError):
            hint = f"`date_format` {dialect.date_format!r}" if dialect.date_format else "a date; set `date_format`"
            problems[n] = f"{cell!r} is not {hint}"
    if problems and not dialect.date_format:
        _refuse_other_order(cells, problems, dialect)
    if clocks is not None:
        _add_clocks(values, clocks, problems)
    return values, problems


def _refuse_other_order(cells: Sequence[str], problems: Container[int], dialect: CsvDialect) -> None:
    """Raise ColumnError if dates have their day and month in the other order, as far as one can see it."""
    other = replace(dialect, dayfirst=not dialect.dayfirst)
    wrong: int | None = None
    for n, cell in enumerate(cells):
        in_other = bool(_NUMERIC.fullmatch(cell.strip())) and _is_time(cell.strip(), _parser(cell.strip(), other))
        if n not in problems and not in_other:
            return  # this one has the order of the dialect: the others are mistakes
        if n in problems and in_other:
            wrong = n if wrong is None else wrong
    if wrong is not None:
        order = "first" if other.dayfirst else "second"
        raise ColumnError(f"{cells[wrong]!r} has its day {order}; set `dayfirst: {str(other.dayfirst).lower()}`", wrong)


def _is_time(cell: str, parse: Callable[[str], datetime]) -> bool:
    try:
        parse(cell)
    except ValueError:
        return False
    return True


def _add_clocks(values: list[datetime | None], clocks: Sequence[str], problems: dict[int, str]) -> None:
    read: dict[str, time | None] = {}
    for n, clock in enumerate(clocks):
        value = values[n]
        if value is None:
            continue
        if clock not in read:
            read[clock] = _clock(clock.strip())
        at = read[clock]
        if at is None:
            problems[n] = f"{clock!r} is not a time of day; correct `columns.time`"
            values[n] = None
        else:
            values[n] = datetime.combine(value.date(), at, at.tzinfo or value.tzinfo)


def _clock(text: str) -> time | None:
    """Return a time of day: 09:30, 093000, 9:30 AM, a fraction of a day; midnight where there is none."""
    if text.isdigit() and len(text) <= 6:
        text = text.zfill(6 if len(text) > 4 else 4)
    if _DAY_FRACTION.fullmatch(text):
        seconds = round(float(text.replace(",", ".")) * 86_400)
        return time(seconds // 3_600 % 24, seconds // 60 % 60, seconds % 60)
    half = _HALF_DAY.fullmatch(text)
    try:
        if half:
            form = "%I:%M:%S%p" if half[1].count(":") == 2 else "%I:%M%p"
            return datetime.strptime(half[1] + half[2], form).time()  # noqa: DTZ007 - the caller has the zone
        return time.fromisoformat("0" + text if _SHORT_HOUR.match(text) else text) if text else time.min
    except ValueError:
        return None


_SINCE_1970 = re.compile(r"[-+]?\d{9,20}(\.0*)?([eE]\+?\d+)?|[-+]?\d\.\d+[eE]\+?(0?9|1\d)")
_SERIAL = re.compile(r"[1-9]\d{4}([.,]\d+)?")  # days since 1899-12-30, from 1927 to 2173
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[./-])\d{1,2}(?P=mark)(?P<year>\d{4}|\d{2})(?P<clock>,?\s+\d{1,2}:\d\d(:\d\d)?(\s?[AP]M)?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"\d{4}(?P<mark>[./-])\d{1,2}(?P=mark)\d{1,2}(?P<clock>\s+\d{1,2}:\d\d(:\d\d)?)?")
_WORDS = (
    (re.compile(r"[A-Za-z]{3},? \d{1,2}, \d{4}"), "%b %d, %Y"),
    (re.compile(r"[A-Za-z]{4,} \d{1,2}, \d{4}"), "%B %d, %Y"),
    (re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{4}"), "%d-%b-%Y"),
    (re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{2}"), "%d-%b-%y"),
    (re.compile(r"\d{1,2} [A-Za-z]{3} \d{4}"), "%d %b %Y"),
    (re.compile(r"\d{1,2} [A-Za-z]{4,} \d{4}"), "%d %B %Y"),
    (re.compile(r"[A-Za-z]{3} [A-Za-z]{3} \d{1,2} \d{4}"), "%a %b %d %Y"),
)


def _parser(sample: str, dialect: CsvDialect) -> Callable[[str], datetime]:
    if dialect.date_format:
        return _by_format(dialect.date_format)
    if _DIGITS_ALONE.fullmatch(sample):
        return _by_format("%Y%m%d%H%M%S" if len(sample) == 14 else "%Y%m%d%H%M")
    if _SINCE_1970.fullmatch(sample):
        return _since_1970
    if _SERIAL.fullmatch(sample):
        return _serial
    match = _NUMERIC.fullmatch(sample)
    if match:
        mark = match["mark"]
        day = f"%d{mark}%m" if dialect.dayfirst else f"%m{mark}%d"
        return _by_format(f"{day}{mark}{'%Y' if len(match['year']) == 4 else '%y'}{_clock_format(match['clock'])}")
    match = _YEAR_FIRST.fullmatch(sample)
    if match and not _is_time(sample, datetime.fromisoformat):
        mark = match["mark"]
        return _by_format(f"%Y{mark}%m{mark}%d{_clock_format(match['clock'])}")
    form = next((form for pattern, form in _WORDS if pattern.fullmatch(sample)), None)
    if form or sample[:1].isalpha():
        return _by_format(form or "%b %d, %Y")
    if sample.endswith((" UTC", " GMT")):
        return lambda cell: datetime.fromisoformat(cell[:-4]).replace(tzinfo=UTC)
    return datetime.fromisoformat


def _clock_format(clock: str | None) -> str:
    """Return the format of the time of day behind a date."""
    if not clock:
        return ""
    head = clock[: len(clock) - len(clock.lstrip(", "))]
    half = clock[-1:].upper() == "M"
    form = ("%I" if half else "%H") + (":%M:%S" if clock.count(":") == 2 else ":%M")
    return head + form + (" %p" if half and " " in clock.strip(", ") else "%p" if half else "")


def _since_1970(cell: str) -> datetime:
    """Read seconds, or thousandths, millionths or billionths of them, since 1970 in UTC."""
    if not _SINCE_1970.fullmatch(cell) and not _WHOLE.fullmatch(cell):
        raise ValueError(cell)
    number = int(cell) if cell.lstrip("+-").isdigit() else int(float(cell))
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if abs(number) < 50_000_000_000 * unit:  # the year 3554; and 1971 in thousandths
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number * 1_000_000 // unit)
    raise ValueError(cell)


def _serial(cell: str) -> datetime:
    """Read the date of a spreadsheet: days since 30 December 1899."""
    if not _SERIAL.fullmatch(cell):
        raise ValueError(cell)
    whole, _, part = cell.replace(",", ".").partition(".")
    return datetime(1899, 12, 30) + timedelta(days=int(whole), seconds=round(float(f"0.{part or 0}") * 86_400))  # noqa: DTZ001 - the caller has the zone


def _by_format(form: str) -> Callable[[str], datetime]:
    parsed: dict[str, datetime] = {}  # strptime is slow, and a file for many symbols repeats each date

    def parse(cell: str) -> datetime:
        if cell not in parsed:
            parsed[cell] = datetime.strptime(cell, form)  # noqa: DTZ007 - the caller has the zone
        return parsed[cell]

    return parse
