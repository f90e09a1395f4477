"""What became of what arrived in a run, and how tables grew: sums that must agree, each of two independent sides."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What became of the items that a source gave in a run: records of articles, or bars.

    `arrived` is counted as they are read, `added` and `changed` are what the database has more than before, so that an
    item that is lost on the way shows.

    Attributes
    ----------
    same
        Items that said nothing new.
    refused
        Items that were not used, with their reason among the refusals or the rejected bars.
    withdrawn
        Pages that are no more.
    unstored
        Items that the database did not take; each is a failure.
    """

    arrived: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    withdrawn: int = 0
    unstored: int = 0

    def __add__(self, other: Self) -> Self:
        """Return the sum, kind by kind."""
        return type(self)(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def problem(self) -> str:
        """What does not add up, in one sentence; empty if all does."""
        parts = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "arrived"}
        total = sum(parts.values())
        if total == self.arrived:
            return ""
        kinds = ", ".join(f"{count:,} {name}" for name, count in parts.items())
        return (
            f"{self.arrived:,} items arrived and {total:,} are accounted for ({kinds}); the database did not "
            "keep what was written, run `signals doctor`"
        )


@dataclass(frozen=True, slots=True)
class RowChange:
    """How many rows a run added to a table and removed from it."""

    added: int = 0
    removed: int = 0

    def __add__(self, other: Self) -> Self:
        """Return the sum."""
        return type(self)(self.added + other.added, self.removed + other.removed)


@dataclass(frozen=True, slots=True)
class Turnover:
    """How many events, moves and links a derivation added and removed."""

    events: RowChange = RowChange()
    moves: RowChange = RowChange()
    links: RowChange = RowChange()

    def __add__(self, other: Self) -> Self:
        """Return the sum, kind by kind."""
        return type(self)(self.events + other.events, self.moves + other.moves, self.links + other.links)

    def of(self, kind: str) -> RowChange:
        """Return the change of a kind by its name."""
        return {"events": self.events, "moves": self.moves, "links": self.links}[kind]


@dataclass(frozen=True, slots=True)
class RowSum:
    """The rows of a kind before a derivation and after it, and what it did between."""

    kind: str
    before: int
    added: int
    removed: int
    after: int

    @property
    def problem(self) -> str:
        """What does not add up, in one sentence; empty if all does."""
        expected = self.before + self.added - self.removed
        if expected == self.after:
            return ""
        return (
            f"there were {self.before:,} {self.kind}, {self.added:,} were added and {self.removed:,} removed, and now "
            f"there are {self.after:,} in place of {expected:,}; run `signals rebuild`"
        )
