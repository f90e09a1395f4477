"""What a column holds, read off the type of the field that it becomes: one rule for tables, views and snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Literal, get_args, get_type_hints

Kind = Literal["text", "integer", "real", "date", "instant"]

_KINDS: Mapping[object, Kind] = {str: "text", int: "integer", float: "real", date: "date", datetime: "instant"}


def kinds_of(row: type) -> Mapping[str, Kind]:
    """Return the kind of every field of a dataclass: text, integer, real, date (a session) or instant (UTC).

    Fields of other types, which no column can hold, are left out.
    """
    return _kinds_of(row)


@cache
def _kinds_of(row: type) -> Mapping[str, Kind]:
    hints = get_type_hints(row)
    plain = {f.name: _without_none(hints[f.name]) for f in fields(row)}
    return {name: _KINDS[hint] for name, hint in plain.items() if hint in _KINDS}


def _without_none(hint: object) -> object:
    options = [option for option in get_args(hint) if option is not NoneType]
    return options[0] if len(options) == 1 and NoneType in get_args(hint) else hint
