"""Prices from delimited or Parquet files, one per symbol or one for many, in whatever dialect the entry declares."""

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

from signals.errors import NotFoundError, UnavailableError, UnreadableError
from signals.prices import actions, clock, delimited, gates, parquet
from signals.types import Bars, Floats, History, PriceSpec, Quarantined, Times

_PRICES = ("open", "high", "low", "close", "volume")
_ACTIONS = ("dividend", "split")

# What `columns` and `actions.columns` may name.
COLUMNS = ("symbol", "date", *_PRICES, *_ACTIONS, "adjusted_close")
ACTION_COLUMNS = ("symbol", "ex_date", *_ACTIONS)

Line = tuple[int, list[str]]
Columns = Mapping[str, str | int]


class _Sheet(NamedTuple):
    """A file by symbol: where its columns stand, how many cells a whole row has, and the rows with line numbers."""

    where: Mapping[str, int]
    width: int
    lines: Mapping[str, list[Line]]

    def of(self, symbol: str) -> list[Line]:
        """Return the symbol's rows; in a file for many also those that are too short to say whose they are."""
        if "symbol" not in self.where:
            return self.lines[""]
        return self.lines[symbol] + self.lines[""] if symbol in self.lines else []


class _Read(NamedTuple):
    """Rows as columns, with the moments as written."""

    moments: Sequence[datetime]
    values: Mapping[str, Floats]
    refused: tuple[Quarantined, ...]


class FileSource:
    """A `PriceSource` over files.

    `scale` multiplies prices and dividends, `volume_scale` volumes. A series is read and judged whole, then cut to
    the span asked for, so that a bar is treated alike whatever the span. The last file read is kept: one file for
    many symbols is read once.
    """

    def __init__(self, spec: PriceSpec, root: Path) -> None:
        self._spec = spec
        self._path = str(root / (spec.path or ""))
        self._actions_path = str(root / spec.actions.path) if spec.actions else None
        self._zone = ZoneInfo(spec.dialect.timezone) if spec.dialect.timezone else None
        self._daily = gates.seconds(spec.interval) >= gates.DAY
        self._digests: dict[Path, tuple[tuple[int, int], str]] = {}
        self._sheets: dict[str, tuple[tuple[Path, str], _Sheet]] = {}

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
        """One: the last file read is kept."""
        return 1

    def serves_from(self, now: datetime) -> None:  # noqa: ARG002 - the protocol gives the time
        """Return None: a file is read whole."""
        return

    def version(self, symbol: str) -> str:
        """Return a digest of the files behind `symbol` and of how they are to be read."""
        files = [self._file(template, symbol) for template in (self._path, self._actions_path) if template]
        parts = [repr(self._spec), *map(self._digest, files)]
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        NotFoundError
            There is no file, or no row, for the symbol.
        UnavailableError
            The one file for all symbols is not there, or may not be read.
        UnreadableError
            The file is not what the dialect says it is.
        """
        path = self._file(self._path, symbol)
        sheet = self._sheet(self._path, path, self._spec.dialect.columns, COLUMNS, ("date", "close"))
        lines = sheet.of(symbol)
        if not lines and "symbol" not in sheet.where:
            raise UnreadableError(self.name, str(path), "it has a header and no rows; export it again")
        if not lines:
            raise NotFoundError(self.name, symbol, f"{path} has no row for it; check the spelling under `symbols`")
        read = self._read(path, symbol, sheet, lines, "date")
        starts = self._starts(path, read.moments)
        missing = np.full(len(starts), np.nan)
        opens, highs, lows, closes = (read.values.get(name, missing) * self._spec.scale for name in _PRICES[:4])
        volumes = read.values.get("volume", missing) * self._spec.volume_scale
        days, dividends, splits = self._actions(symbol, read)
        bars = Bars(
            symbol, self.name, self.interval, starts, opens, highs, lows, closes, volumes, days, dividends, splits, now,
            split_adjusted=bool(self._spec.split_adjusted),
        )  # fmt: skip
        screened = gates.screen(bars, now, self._spec.duplicates)
        whole = replace(screened, quarantined=read.refused + screened.quarantined)
        return gates.span(whole, first, last, self._sessions(whole.bars.start))

    # --- files ------------------------------------------------------------------------------------------------------

    def _file(self, template: str, symbol: str) -> Path:
        if "{symbol}" in template and (".." in symbol or any(c in symbol for c in "/\\\0") or not symbol.strip()):
            raise NotFoundError(
                self.name, symbol, "this spelling cannot be part of a file's name; correct it under `symbols`"
            )
        return Path(template.replace("{symbol}", symbol))

    @contextmanager
    def _reading(self, path: Path) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            one_for_many = str(path) in (self._path, self._actions_path)
            kind = UnavailableError if one_for_many else NotFoundError
            raise kind(self.name, str(path), "there is no such file; put it there, or correct `path`") from None
        except OSError as error:
            raise UnavailableError(self.name, str(path), f"it cannot be read ({error.strerror})") from None
        except ValueError as error:
            raise UnreadableError(self.name, str(path), str(error)) from None

    def _digest(self, path: Path) -> str:
        with self._reading(path):
            stat = path.stat()
            stamp = (stat.st_size, stat.st_mtime_ns)
            if path not in self._digests or self._digests[path][0] != stamp:
                self._digests[path] = stamp, hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        return self._digests[path][1]

    def _sheet(
        self, template: str, path: Path, columns: Columns, known: Sequence[str], needed: Sequence[str]
    ) -> _Sheet:
        """Read a file by symbol, unless it is the last one read and has not changed."""
        key = (path, self._digest(path))
        if template not in self._sheets or self._sheets[template][0] != key:
            by_symbol = "{symbol}" not in template or "symbol" in columns
            with self._reading(path):
                table = self._table(path)
                wanted = [name for name in known if by_symbol or name != "symbol"]
                where = delimited.locate(table, columns, wanted, [*needed, "symbol"] if by_symbol else needed)
            lines: dict[str, list[Line]] = {"": []}
            for line in table.rows:
                name = line[1][where["symbol"]].strip() if by_symbol and len(line[1]) > where["symbol"] else ""
                lines.setdefault(name, []).append(line)
            self._sheets[template] = key, _Sheet(where, table.width, lines)
        return self._sheets[template][1]

    def _table(self, path: Path) -> delimited.Table:
        if path.suffix == parquet.ENDING:
            return parquet.read(path.read_bytes(), self._spec.dialect)
        return delimited.read(path.read_bytes(), path.suffix, self._spec.dialect)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _read(self, path: Path, symbol: str, sheet: _Sheet, lines: Sequence[Line], dates: str) -> _Read:
        """Turn rows into columns, refusing those that cannot be read."""
        dialect = self._spec.dialect
        whole, wrong = [], []
        for line in lines:
            cells = line[1]
            if len(cells) < sheet.width or any(cells[sheet.width :]):
                wrong.append((line, f"{len(cells)} cells, not {sheet.width}"))
            else:
                whole.append(line)
        moments, faults = delimited.moments([cells[sheet.where[dates]] for _, cells in whole], dialect)
        values: dict[str, Floats] = {}
        for key in sheet.where.keys() - {dates, "symbol"}:
            column, bad = delimited.numbers([cells[sheet.where[key]] for _, cells in whole], dialect)
            values[key] = np.array(column, dtype=np.float64)
            faults |= bad
        wrong += [(whole[n], problem) for n, problem in faults.items()]
        if 2 * len(wrong) > len(lines):
            (number, _), problem = min(wrong, key=_line_number)
            raise UnreadableError(
                self.name, str(path), f"line {number}: {problem}; {len(wrong)} of {len(lines)} rows cannot be read"
            )
        refused = tuple(
            Quarantined(symbol, self.name, _cell(cells, sheet.where[dates]), "unreadable", f"line {number}: {problem}")
            for (number, cells), problem in sorted(wrong, key=_line_number)
        )
        sound = [n for n in range(len(whole)) if n not in faults]
        written = [moment for n in sound if (moment := moments[n])]
        return _Read(written, {key: column[sound] for key, column in values.items()}, refused)

    def _starts(self, path: Path, moments: Sequence[datetime]) -> Times:
        if self._daily:
            naive = [moment.replace(tzinfo=None) if moment.tzinfo else moment for moment in moments]
            return np.array(naive, dtype="datetime64[s]")
        if self._zone is None and any(moment.tzinfo is None for moment in moments):
            raise UnreadableError(
                self.name, str(path), f"{self.interval} bars carry times without a zone; set `timezone` to an IANA name"
            )
        return clock.utc(moments, self._zone)

    def _sessions(self, starts: Times) -> Times:
        """Return the local date of each bar."""
        if self._daily or self._zone is None:
            return starts.astype("datetime64[D]")
        return clock.dates(starts, self._zone)

    # --- dividends and splits ---------------------------------------------------------------------------------------

    def _actions(self, symbol: str, prices: _Read) -> tuple[Times, Floats, Floats]:
        """Take dividends and splits from their own file, their columns, or what the adjusted closes imply."""
        read = prices
        if self._spec.actions and self._actions_path:
            path = self._file(self._actions_path, symbol)
            sheet = self._sheet(self._actions_path, path, self._spec.actions.columns, ACTION_COLUMNS, ("ex_date",))
            read = self._read(path, symbol, sheet, sheet.of(symbol), "ex_date")
            if read.refused:
                raise UnreadableError(self.name, str(path), f"{read.refused[0].detail}; correct the row")
        if not read.values.keys() & {*_ACTIONS, "adjusted_close"}:
            return actions.none()
        days = np.array([moment.date() for moment in read.moments], dtype="datetime64[D]")
        scaled = {key: column * self._spec.scale for key, column in read.values.items()}
        if read is prices and "adjusted_close" in scaled and not scaled.keys() & set(_ACTIONS):
            return actions.implied(days, scaled["close"], scaled["adjusted_close"])
        dividend = np.nan_to_num(scaled.get("dividend", np.zeros(len(days))))
        split = np.nan_to_num(read.values.get("split", np.ones(len(days))), nan=1.0)
        return actions.merged(days, dividend, np.where(split == 0, 1.0, split))


def _line_number(wrong: tuple[Line, str]) -> int:
    return wrong[0][0]


def _cell(cells: Sequence[str], position: int) -> str:
    return cells[position].strip() if position < len(cells) else ""
