"""Values made of configuration values, such as the plan that the store keeps, as JSON."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


def to_json(kind: type[T], value: T) -> str:
    """Return a dataclass value as JSON."""
    return TypeAdapter(kind).dump_json(value).decode()


def from_json(kind: type[T], text: str) -> T | None:
    """Read the JSON that `to_json` wrote; None where the dataclass has another shape by now."""
    try:
        return TypeAdapter(kind).validate_json(text)
    except ValidationError:
        return None
