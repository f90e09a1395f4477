"""Prices from delimited or Parquet files, one per symbol or one for many, in the dialect that the entry declares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from signals.errors import ConfigError, NotFoundError, UnavailableError, UnreadableError, missing_library
from signals.prices import actions, delimited, local_time, parquet, screening
from signals.prices.actions import Actions
from signals.prices.intervals import DAY, interval_seconds
from signals.types import Bars, Floats, History, PriceSpec, Quarantined, Times

_PRICES = ("open", "high", "low", "close", "volume")
_ACTIONS = ("dividend", "split")

# The keys of `columns` and of `actions.columns`.
COLUMNS = ("symbol", "date", *_PRICES, *_ACTIONS, "adjusted_close")
ACTION_COLUMNS = ("symbol", "ex_date", *_ACTIONS)

Line = tuple[int, list[str]]
Columns = Mapping[str, str | int]


class _FileRows(NamedTuple):
    """The rows of a file by symbol, with the positions of its columns and the number of cells in a complete row."""

    positions: Mapping[str, int]
    width: int
    lines: Mapping[str, list[Line]]

    def of(self, symbol: str) -> list[Line]:
        """Return the symbol's rows; in a file for many also the rows that are too short to name a symbol."""
        if "symbol" not in self.positions:
            return self.lines[""]
        return self.lines[symbol] + self.lines[""] if symbol in self.lines else []


class _ParsedRows(NamedTuple):
    """The rows of a symbol as columns, with the times as written, and the rows that cannot be read."""

    times: Sequence[datetime]
    values: Mapping[str, Floats]
    unreadable: tuple[Quarantined, ...]


class FileSource:
    """A `PriceSource` over files.

    `scale` multiplies prices and dividends, `volume_scale` volumes. A series is read and screened whole, then cut to
    the requested span, so that the span does not change how a bar is treated. The rows of the last file stay in
    memory: one file for many symbols is read once.

    Raises
    ------
    ConfigError
        The entry has no path, names an unknown column, or needs a package that is not installed.
    """

    def __init__(self, spec: PriceSpec, root: Path) -> None:
        _check(spec)
        self._spec = spec
        self._path = str(root / (spec.path or ""))
        self._actions_path = str(root / spec.actions.path) if spec.actions else None
        self._zone = ZoneInfo(spec.dialect.timezone) if spec.dialect.timezone else None
        self._daily = interval_seconds(spec.interval) >= DAY
        self._digests: dict[Path, tuple[tuple[int, int], str]] = {}
        self._rows: dict[str, tuple[tuple[Path, str], _FileRows]] = {}

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    @property
    def interval(self) -> str:
        """The spacing of its bars."""
        return self._spec.interval

    @property
    def at_once(self) -> int:
        """One: the rows of the last file stay in memory."""
        return 1

    def serves_from(self, now: datetime) -> None:  # noqa: ARG002 - the protocol gives the time
        """Return None: a file is read whole."""
        return

    def version(self, symbol: str) -> str:
        """Return a digest of the files of `symbol` and of the entry, which says how they are read."""
        files = [self._file(template, symbol) for template in (self._path, self._actions_path) if template]
        parts = [repr(self._spec), *map(self._digest, files)]
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        NotFoundError
            No file, or no row, exists for the symbol.
        UnavailableError
            The one file for all symbols does not exist or cannot be opened.
        UnreadableError
            The file does not fit its dialect.
        """
        path = self._file(self._path, symbol)
        rows = self._file_rows(self._path, path, self._spec.dialect.columns, COLUMNS, ("date", "close"))
        lines = rows.of(symbol)
        if not lines and "symbol" not in rows.positions:
            raise UnreadableError(self.name, str(path), "it has a header and no rows; export it again")
        if not lines:
            raise NotFoundError(self.name, symbol, f"{path} has no row for it; check the spelling under `symbols`")
        table = self._parse(path, symbol, rows, lines, "date")
        starts = self._starts(path, table.times)
        missing = np.full(len(starts), np.nan)
        opens, highs, lows, closes = (table.values.get(name, missing) * self._spec.scale for name in _PRICES[:4])
        volumes = table.values.get("volume", missing) * self._spec.volume_scale
        days, dividends, splits = self._actions(symbol, table)
        bars = Bars(
            symbol, self.name, self.interval, starts, opens, highs, lows, closes, volumes, days, dividends, splits, now,
            split_adjusted=bool(self._spec.split_adjusted),
        )  # fmt: skip
        screened = screening.screen(bars, now, self._spec.duplicates)
        whole = replace(screened, quarantined=table.unreadable + screened.quarantined)
        return screening.span(whole, first, last, self._sessions(whole.bars.start))

    # --- files ------------------------------------------------------------------------------------------------------

    def _file(self, template: str, symbol: str) -> Path:
        if "{symbol}" in template and (".." in symbol or any(c in symbol for c in "/\\\0") or not symbol.strip()):
            raise NotFoundError(
                self.name, symbol, "this symbol cannot be part of a file's name; correct it under `symbols`"
            )
        return Path(template.replace("{symbol}", symbol))

    @contextmanager
    def _reading(self, path: Path) -> Iterator[None]:
        """Raise the errors of reading a file as errors of this source."""
        try:
            yield
        except FileNotFoundError:
            shared = str(path) in (self._path, self._actions_path)  # one file for many symbols
            kind = UnavailableError if shared else NotFoundError
            raise kind(self.name, str(path), "there is no such file; put it there, or correct `path`") from None
        except OSError as error:
            raise UnavailableError(self.name, str(path), f"it cannot be read ({error.strerror})") from None
        except ValueError as error:
            raise UnreadableError(self.name, str(path), str(error)) from None

    def _digest(self, path: Path) -> str:
        with self._reading(path):
            stat = path.stat()
            state = (stat.st_size, stat.st_mtime_ns)
            if path not in self._digests or self._digests[path][0] != state:
                self._digests[path] = state, hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        return self._digests[path][1]

    def _file_rows(
        self, template: str, path: Path, columns: Columns, names: Sequence[str], required: Sequence[str]
    ) -> _FileRows:
        """Return the rows of a file by symbol; reads it unless it is the last file read and has not changed."""
        key = (path, self._digest(path))
        if template not in self._rows or self._rows[template][0] != key:
            by_symbol = "{symbol}" not in template or "symbol" in columns
            with self._reading(path):
                table = self._table(path)
                if by_symbol:
                    required = [*required, "symbol"]
                else:
                    names = [name for name in names if name != "symbol"]
                positions = delimited.locate_columns(table, columns, names, required)
            lines: dict[str, list[Line]] = {"": []}
            for line in table.rows:
                has_symbol = by_symbol and len(line[1]) > positions["symbol"]
                lines.setdefault(line[1][positions["symbol"]].strip() if has_symbol else "", []).append(line)
            self._rows[template] = key, _FileRows(positions, table.width, lines)
        return self._rows[template][1]

    def _table(self, path: Path) -> delimited.Table:
        if path.suffix == parquet.SUFFIX:
            return parquet.read(path.read_bytes(), self._spec.dialect)
        return delimited.read(path.read_bytes(), path.suffix, self._spec.dialect)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _parse(self, path: Path, symbol: str, rows: _FileRows, lines: Sequence[Line], time: str) -> _ParsedRows:
        """Return rows as columns, without those that cannot be read; `time` is the key of the date column."""
        dialect = self._spec.dialect
        positions, width = rows.positions, rows.width
        complete, faulty = [], []
        for line in lines:
            cells = line[1]
            if len(cells) < width or any(cells[width:]):
                faulty.append((line, f"{len(cells)} cells, not {width}"))
            else:
                complete.append(line)
        times, problems = delimited.parse_times([cells[positions[time]] for _, cells in complete], dialect)
        values: dict[str, Floats] = {}
        for key, position in positions.items():
            if key not in (time, "symbol"):
                column, column_problems = delimited.parse_numbers([cells[position] for _, cells in complete], dialect)
                values[key] = np.array(column, dtype=np.float64)
                problems |= column_problems
        faulty += [(complete[n], problem) for n, problem in problems.items()]
        if 2 * len(faulty) > len(lines):
            (number, _), problem = min(faulty, key=_line_number)
            raise UnreadableError(
                self.name, str(path), f"line {number}: {problem}; {len(faulty)} of {len(lines)} rows cannot be read"
            )
        unreadable = tuple(
            Quarantined(symbol, self.name, _cell(cells, positions[time]), "unreadable", f"line {number}: {problem}")
            for (number, cells), problem in sorted(faulty, key=_line_number)
        )
        readable = [n for n in range(len(complete)) if n not in problems]
        read_times = [value for n in readable if (value := times[n])]
        return _ParsedRows(read_times, {key: column[readable] for key, column in values.items()}, unreadable)

    def _starts(self, path: Path, times: Sequence[datetime]) -> Times:
        if self._daily:
            naive = [time.replace(tzinfo=None) if time.tzinfo else time for time in times]
            return np.array(naive, dtype="datetime64[s]")
        if self._zone is None and any(time.tzinfo is None for time in times):
            raise UnreadableError(
                self.name, str(path), f"{self.interval} bars have times without a zone; set `timezone` to an IANA name"
            )
        return local_time.to_utc(times, self._zone)

    def _sessions(self, starts: Times) -> Times:
        """Return the local date of each bar."""
        if self._daily or self._zone is None:
            return starts.astype("datetime64[D]")
        return local_time.local_dates(starts, self._zone)

    # --- dividends and splits ---------------------------------------------------------------------------------------

    def _actions(self, symbol: str, prices: _ParsedRows) -> Actions:
        """Return dividends and splits from their own file, their columns, or the adjusted closes."""
        table = prices
        if self._spec.actions and self._actions_path:
            path = self._file(self._actions_path, symbol)
            rows = self._file_rows(self._actions_path, path, self._spec.actions.columns, ACTION_COLUMNS, ("ex_date",))
            table = self._parse(path, symbol, rows, rows.of(symbol), "ex_date")
            if table.unreadable:
                raise UnreadableError(self.name, str(path), f"{table.unreadable[0].detail}; correct the row")
        if not table.values.keys() & {*_ACTIONS, "adjusted_close"}:
            return actions.no_actions()
        days = np.array([time.date() for time in table.times], dtype="datetime64[D]")
        scaled = {key: column * self._spec.scale for key, column in table.values.items()}
        if table is prices and "adjusted_close" in scaled and not scaled.keys() & set(_ACTIONS):
            return actions.implied(days, scaled["close"], scaled["adjusted_close"])
        dividend = np.nan_to_num(scaled.get("dividend", np.zeros(len(days))))
        split = np.nan_to_num(table.values.get("split", np.ones(len(days))), nan=1.0)
        return actions.merge(days, dividend, np.where(split == 0, 1.0, split))


def _check(spec: PriceSpec) -> None:
    where = f"prices[{spec.name}]"
    if not spec.path:
        raise ConfigError(f"{where}.path", "is missing; name the file, with {symbol} if there are many")
    for key, path in (("path", spec.path), ("actions.path", spec.actions.path if spec.actions else "")):
        if path.endswith(parquet.SUFFIX) and not parquet.installed():
            raise ConfigError(f"{where}.{key}", missing_library("a Parquet file", "pyarrow"))
    if len(spec.dialect.delimiter) != 1:
        raise ConfigError(f"{where}.delimiter", f"{spec.dialect.delimiter!r} is not one character")
    _check_columns(f"{where}.columns", spec.dialect.columns, COLUMNS)
    _check_columns(f"{where}.actions.columns", spec.actions.columns if spec.actions else {}, ACTION_COLUMNS)


def _check_columns(where: str, columns: Columns, names: Sequence[str]) -> None:
    for key in columns:
        if key not in names:
            raise ConfigError(f"{where}.{key}", f"this key is unknown; known keys: {', '.join(names)}")


def _line_number(row: tuple[Line, str]) -> int:
    return row[0][0]


def _cell(cells: Sequence[str], position: int) -> str:
    return cells[position].strip() if position < len(cells) else ""
