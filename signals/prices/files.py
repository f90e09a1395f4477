"""Prices from files, one per symbol or one for many, in the dialect that the entry declares."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path, PurePath
from stat import S_ISDIR, S_ISREG
from zoneinfo import ZoneInfo

import numpy as np

from signals.errors import ConfigError, NotFoundError, UnavailableError, UnreadableError, missing_library
from signals.prices import actions, bar_dates, delimited, excel, json_table, local_time, parquet, screening, unpack
from signals.prices.actions import Actions
from signals.prices.file_rows import ColumnLookup, FileRows, ParsedRows, SymbolRows, parse
from signals.prices.header import header_names
from signals.prices.intervals import DAY, interval_seconds
from signals.prices.text_table import Columns, Table
from signals.types import QUOTED_UNITS, Bars, Floats, History, Listing, PriceSpec, Times, quoted_unit

_PRICES = ("open", "high", "low", "close", "volume")
_ACTIONS = ("dividend", "split")

# The keys of `columns` and of `actions.columns`.
COLUMNS = ("symbol", "date", *_PRICES, *_ACTIONS, "adjusted_close", "currency", "time")
ACTION_COLUMNS = ("symbol", "ex_date", *_ACTIONS, "currency")

_CODE = re.compile("|".join(["[A-Z]{3}", *QUOTED_UNITS]))
_LIBRARIES = {parquet.SUFFIX: "pyarrow", **dict.fromkeys(excel.ENDINGS, "openpyxl")}


class FileSource:
    """A `PriceSource` over files.

    `scale` multiplies prices and dividends, `volume_scale` volumes. A series is read and screened whole, then cut to
    the requested span, so that the span does not change how a bar is treated. Prices in a unit such as pence become
    prices in its currency. The rows of the last file stay in
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
        self._rows: dict[str, tuple[tuple[Path, str], FileRows]] = {}
        columns = spec.dialect.columns
        names = [key for key in COLUMNS if key != "time" or not self._daily or key in columns]
        self._lookup = ColumnLookup(names, ("date", "close"), columns, spec.synonyms)
        own = spec.actions.columns if spec.actions else {}
        self._action_lookup = ColumnLookup(ACTION_COLUMNS, ("ex_date",), own, {})

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
        entry = repr((replace(self._spec, listings={}), self._spec.listings.get(symbol)))
        parts = [entry, *map(self._digest, files)]
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()

    def path(self, symbol: str) -> str:
        """Return the path of the file of a symbol."""
        return str(self._file(self._path, symbol))

    def size(self, symbol: str) -> int:
        """Return the bytes of the files of a symbol."""
        files = [self._file(template, symbol) for template in (self._path, self._actions_path) if template]
        size = 0
        for path in files:
            with suppress(OSError):  # what is wrong with it is said when it is read
                size += path.stat().st_size
        return size

    def is_packed(self, symbol: str) -> bool:
        """Return whether the file of a symbol may hold more than its size says."""
        return self._file(self._path, symbol).suffix.lower() in unpack.ENDINGS

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
        rows = self._rows_of(self._path, path, symbol, self._lookup)
        table = self._parse(path, symbol, rows, "date")
        starts = self._starts(path, symbol, table.times)
        factor, currency = self._unit(path, symbol, table)
        missing = np.full(len(starts), np.nan)
        opens, highs, lows, closes = (
            table.values.get(name, missing) * self._spec.scale * factor for name in _PRICES[:4]
        )
        volumes = table.values.get("volume", missing) * self._spec.volume_scale
        days, dividends, splits = self._actions(symbol, table, starts, factor)
        bars = Bars(
            symbol, self.name, self.interval, starts, opens, highs, lows, closes, volumes, days, dividends, splits, now,
            currency, split_adjusted=bool(self._spec.split_adjusted),
        )  # fmt: skip
        screened = screening.screen(bars, now, self._spec.duplicates)
        whole = replace(screened, quarantined=table.unreadable + screened.quarantined)
        return screening.span(whole, first, last, self._sessions(symbol, whole.bars.start))

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
            status = path.stat()
            if not S_ISREG(status.st_mode) and not S_ISDIR(
                status.st_mode
            ):  # to open a pipe would wait for whoever writes into it
                raise ValueError("it is no regular file; put a file there, or correct `path`")
            state = (status.st_size, status.st_mtime_ns)
            if path not in self._digests or self._digests[path][0] != state:
                self._digests[path] = state, hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        return self._digests[path][1]

    def _rows_of(self, template: str, path: Path, symbol: str, lookup: ColumnLookup) -> SymbolRows:
        """Return the rows of a symbol; reads the file unless it is the last one read and has not changed."""
        key = (path, self._digest(path))
        if template not in self._rows or self._rows[template][0] != key:
            by_symbol = "{symbol}" not in template or "symbol" in lookup.columns
            alone = len(self._spec.listings) == 1
            with self._reading(path):
                self._rows[template] = key, FileRows(self._table(path, lookup), lookup, by_symbol, alone)
        rows = self._rows[template][1]
        with self._reading(path):
            chosen = rows.of(symbol)
        if chosen.lines or lookup is not self._lookup:
            return chosen
        if rows.has_symbols:
            part = "column" if rows.has_column_per_symbol else "row"
            raise NotFoundError(self.name, symbol, f"{path} has no {part} for it; check the spelling under `symbols`")
        raise UnreadableError(self.name, str(path), "it has a header and no rows; export it again")

    def _table(self, path: Path, lookup: ColumnLookup) -> Table:
        payload, ending = unpack.unpacked(path.read_bytes(), path.name)
        dialect = self._spec.dialect
        names = header_names(lookup.columns, lookup.synonyms, *lookup.required[:2])
        if ending in _LIBRARIES and not _is_installed(ending):
            raise ValueError(missing_library(f"a file in {ending}", _LIBRARIES[ending]))
        if ending == parquet.SUFFIX:
            return parquet.read(payload, dialect)
        if ending in excel.ENDINGS:
            return excel.read(payload, dialect, names)
        if ending in json_table.ENDINGS or payload.lstrip()[:1] in (b"{", b"["):
            return json_table.read(payload, dialect, self._spec.records)
        return delimited.read(payload, dialect, names)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _parse(self, path: Path, symbol: str, rows: SymbolRows, date_key: str) -> ParsedRows:
        with self._reading(path):
            return parse(rows, self._spec.dialect, date_key, symbol, self.name)

    def _starts(self, path: Path, symbol: str, times: Sequence[datetime]) -> Times:
        if self._daily:
            with self._reading(path):
                return bar_dates.session_dates(times, self._zone, self._spec.listings.get(symbol))
        if self._zone is None and any(at.tzinfo is None for at in times):
            raise UnreadableError(
                self.name, str(path), f"{self.interval} bars have times without a zone; set `timezone` to an IANA name"
            )
        starts = local_time.to_utc(times, self._zone)
        if all(at.time() == time.min for at in times) and len(np.unique(starts)) < len(starts):
            raise UnreadableError(
                self.name, str(path), f"{self.interval} bars have no time of day; name its column as `columns.time`"
            )
        return starts

    def _sessions(self, symbol: str, starts: Times) -> Times:
        """Return the local date of each bar."""
        listing = self._spec.listings.get(symbol)
        zone = self._zone or (ZoneInfo(listing.zone) if listing else None)
        if self._daily or zone is None:
            return starts.astype("datetime64[D]")
        return local_time.local_dates(starts, zone)

    def _unit(self, path: Path, symbol: str, table: ParsedRows) -> tuple[Floats, str | None]:
        """Return what a price of each row is multiplied by for being in a unit of a currency, and that currency."""
        listing = self._spec.listings.get(symbol, Listing(""))
        named = quoted_unit(listing.quoted_in)
        # A column of words, such as "US Dollar", says nothing that can be compared.
        if not any(table.currencies) or not all(map(_CODE.fullmatch, filter(None, table.currencies))):
            factor = 1.0 if table.is_minor else named.per_unit
            return np.full(len(table.times), factor), named.currency or None
        units = {code: quoted_unit(code) for code in set(table.currencies)}
        currencies = sorted({unit.currency for unit in units.values() if unit.currency})
        if len(currencies) > 1:
            raise UnreadableError(
                self.name, str(path), f"the prices of {symbol} are in {' and '.join(currencies)}; give one currency"
            )
        codes = [code for code in table.currencies if code]
        usual = max(sorted(units.keys() - {""}), key=codes.count)  # of a row that names none
        factors = [1.0 if table.is_minor else units[code or usual].per_unit for code in table.currencies]
        return np.array(factors), currencies[0]

    # --- dividends and splits ---------------------------------------------------------------------------------------

    def _actions(self, symbol: str, prices: ParsedRows, starts: Times, factor: Floats) -> Actions:
        """Return dividends and splits from their own file, their columns, or the adjusted closes."""
        table, days = prices, None
        if self._spec.actions and self._actions_path:
            path = self._file(self._actions_path, symbol)
            rows = self._rows_of(self._actions_path, path, symbol, self._action_lookup)
            if not rows.lines:
                return actions.no_actions()
            table = self._parse(path, symbol, rows, "ex_date")
            if table.unreadable:
                raise UnreadableError(self.name, str(path), f"{table.unreadable[0].detail}; correct the row")
            listing = self._spec.listings.get(symbol)
            any_day = replace(listing, weekdays_only=False) if listing else None
            days = bar_dates.session_dates(table.times, self._zone, any_day).astype("datetime64[D]")
            # Dividends are in the unit of the prices unless they name their own.
            own, _ = self._unit(path, symbol, table)
            factor = own if any(table.currencies) or table.is_minor else np.full(len(days), factor[-1])
        if not table.values.keys() & {*_ACTIONS, "adjusted_close"}:
            return actions.no_actions()
        days = self._sessions(symbol, starts) if days is None else days
        if not table.values.keys() & set(_ACTIONS):
            return self._implied(days, table, factor * self._spec.scale)
        dividend = np.nan_to_num(table.values.get("dividend", np.zeros(len(days))) * self._spec.scale * factor)
        split = np.nan_to_num(table.values.get("split", np.ones(len(days))), nan=1.0)
        return actions.merge(days, dividend, np.where(split == 0, 1.0, split))

    def _implied(self, days: Times, table: ParsedRows, factor: Floats) -> Actions:
        """Return the actions that adjusted closes imply, judged by the numbers as the file has them."""
        close, adjusted = table.values["close"], table.values["adjusted_close"]
        has_splits = not self._spec.split_adjusted
        if not len(days) or (factor != factor[0]).any():
            return actions.implied(days, close * factor, adjusted * factor, has_splits)
        implied = actions.implied(days, close, adjusted, has_splits)
        return implied._replace(dividend=implied.dividend * factor[0])


def _check(spec: PriceSpec) -> None:
    where = f"prices[{spec.name}]"
    if not spec.path:
        raise ConfigError(f"{where}.path", "is missing; name the file, with {symbol} if there are many")
    for key, path in (("path", spec.path), ("actions.path", spec.actions.path if spec.actions else "")):
        ending = PurePath(path).suffix.lower()
        if ending in _LIBRARIES and not _is_installed(ending):
            purpose = "a Parquet file" if ending == parquet.SUFFIX else "an Excel file"
            raise ConfigError(f"{where}.{key}", missing_library(purpose, _LIBRARIES[ending]))
    if len(spec.dialect.delimiter) != 1:
        raise ConfigError(f"{where}.delimiter", f"{spec.dialect.delimiter!r} is not one character")
    if spec.dialect.thousands == spec.dialect.decimal:
        raise ConfigError(f"{where}.thousands", f"{spec.dialect.thousands!r} is `decimal` too; set both")
    _check_columns(f"{where}.columns", spec.dialect.columns, COLUMNS)
    _check_columns(f"{where}.synonyms", dict.fromkeys(spec.synonyms, ""), COLUMNS)
    _check_columns(f"{where}.actions.columns", spec.actions.columns if spec.actions else {}, ACTION_COLUMNS)


def _check_columns(where: str, columns: Columns, names: Sequence[str]) -> None:
    for key in columns:
        if key not in names:
            raise ConfigError(f"{where}.{key}", f"this key is unknown; known keys: {', '.join(names)}")


def _is_installed(ending: str) -> bool:
    return parquet.installed() if ending == parquet.SUFFIX else excel.installed()
