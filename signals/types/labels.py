"""The words of the product, each with its label: statuses, reasons, verdicts and stages.

A member cannot be made without its label, so that the terminal, the page, the views, the demo and the docs know every
word that the program can store. The order of the members is the order in which people read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, slots=True)
class Label:
    """How a word is shown.

    Attributes
    ----------
    meaning
        What it says, for the docs and the dictionary of the views.
    style
        Its style on a terminal, as rich names styles.
    light, dark
        Its colour on a light and on a dark page, as CSS writes it; as text it has a contrast of at least 4.5 to 1.
    shape
        Its mark on a chart: circle, ring, square or diamond.
    """

    meaning: str
    style: str = ""
    light: str = "inherit"
    dark: str = "inherit"
    shape: str = "circle"


class Word(StrEnum):
    """A stored word with a label."""

    label: Label

    def __new__(cls, value: str, label: Label | None = None) -> Self:
        """Make a member of its stored value and its label; raises TypeError without a label."""
        if label is None:
            raise TypeError(f"{cls.__name__}: {value!r} has no label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @property
    def text(self) -> str:
        """The word as people read it: `market wide` for ``market_wide``."""
        return self.value.replace("_", " ")

    @classmethod
    def alternatives(cls) -> str:
        """Return all members in their order, as in ``scored, pending or unscored``."""
        *others, last = (member.value for member in cls)
        return f"{', '.join(others)} or {last}"


class Status(Word):
    """Whether an event is scored under a study and window."""

    SCORED = "scored", Label("it has a p-value")
    PENDING = "pending", Label("the window is still running, or its bars have not arrived")
    UNSCORED = "unscored", Label("it will have no p-value unless the facts change")


class Reason(Word):
    """Why an event has no score."""

    WINDOW_OPEN = "window_open", Label("the last session of the window has not closed")
    AWAITING_BARS = "awaiting_bars", Label("the window has ended and its bars have not arrived")
    SHORT_HISTORY = "short_history", Label("the estimation window has fewer valid sessions than the study requires")
    NO_BARS = "no_bars", Label("the instrument has no bars for the window")
    HALTED = "halted", Label("the window holds sessions on which the instrument was not traded")
    NO_BENCHMARK = "no_benchmark", Label("the study compares with a benchmark and the instrument names none")
    BENCHMARK_BARS = "benchmark_bars", Label("the benchmark has no bars for the window")
    FACTOR_BARS = "factor_bars", Label("a factor of the study has no bars for the window")
    DAY_ONLY = "day_only", Label("the articles give a day and no hour, so the window may begin before the news")
    DEGENERATE = "degenerate", Label("the returns of the estimation window do not vary")
    CURRENCY = "currency", Label("instrument and benchmark are in two currencies without a rate between them")
    BEYOND_SESSION = "beyond_session", Label("an intraday window would leave its session")
    UNIT_BREAK = "unit_break", Label("a price jumps as at a split or a change of unit, in the window")
    ODD_HOURS = "odd_hours", Label("the session closed at an unusual hour, so no other session compares with it")


class TableReason(Word):
    """Why an event of a user's own table has no score, beside the words of `Reason`; none of these is stored."""

    NO_TICKER = "no_ticker", Label("the row of the event has no ticker")
    NO_DAY_ZERO = "no_day_zero", Label("the row of the event has no day zero")


class Verdict(Word):
    """One word a trader can filter on; `signals.study.verdicts` has the rules."""

    MOVE = (
        "move",
        Label(
            "unusual, about the instrument, and nothing else explains it", "bold green", "#0b7a53", "#3fc78f", "diamond"
        ),
    )
    CONFOUNDED = (
        "confounded",
        Label("unusual, and something else shares the window", "yellow", "#a84b08", "#f0a048", "square"),
    )
    EARLY_MOVE = (
        "early_move",
        Label("unusual before the news was out: a warning, no signal", "magenta", "#7c3f9e", "#c79be0", "square"),
    )
    MARKET_WIDE = (
        "market_wide",
        Label("the return is unusual, and most of it is what the model expected", "cyan", "#2563a8", "#6ea8e8"),
    )
    NO_MOVE = "no_move", Label("not unusual", "", "#4b5563", "#b3bac4")
    WEAK_TIE = "weak_tie", Label("hardly about the instrument, or a late copy", "dim", "#646b77", "#8b94a0", "ring")
    NOT_SCORED = "not_scored", Label("the event has no score", "dim", "#646b77", "#8b94a0", "ring")


class DayMark(Word):
    """What bars say of a day that its market's calendar or its benchmark does not."""

    SHUT = "shut", Label("a session of the calendar on which no instrument has a bar; it counts as none")
    ADDED = "added", Label("a session that the calendar does not list; most instruments printed a price")
    STRAY = "stray", Label("bars on a day that is no session; they are not used")
    NO_BENCHMARK_BAR = "no_benchmark_bar", Label("a session on which the benchmark has no bar; its return is missing")


class BreakKind(Word):
    """What a jump of a price most likely is, if no news explains it."""

    SPLIT = "split", Label("a split or a consolidation that the source does not name")
    SPLIT_TWICE = "split_twice", Label("a split that the prices hold, or do not, against what the source says")
    UNIT = "unit", Label("a change of unit, such as pence and pounds")
    SPIKE = "spike", Label("a jump that is undone within three sessions")


class Stage(Word):
    """A stage of a run."""

    INGEST = "ingest", Label("read news")
    REFRESH = "refresh", Label("refresh prices")
    SCORE = "score", Label("derive events, moves and links")
    PUBLISH = "publish", Label("write a snapshot for BI tools")
