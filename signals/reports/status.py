"""The state of a store as `signals status` prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeVar

from signals.reports.columns import INDENT
from signals.reports.format import (
    SEPARATOR,
    Line,
    chance,
    percent,
    plain,
    plural,
    probability,
    size,
    spaced,
    wrapped,
)
from signals.types import (
    ArrivalCount,
    Disagreement,
    EventCount,
    GapCount,
    LeftAlone,
    MarketDays,
    MovedEvent,
    PendingCount,
    PriceBreak,
    ProgressRow,
    QuarantineCount,
    Reason,
    RefusalCount,
    RefusedTagCount,
    RunRow,
    SchedulerRow,
    SourceRow,
    Status,
    StatusReport,
    Totals,
    UnassignedCount,
    UnscoredCount,
    Verdict,
    VerdictCount,
    spans_of,
)

Row = TypeVar("Row")
Counted = TypeVar("Counted", EventCount, VerdictCount)

_FAILED_STATES = ("failed", "killed")
#: The counts of a run, each with its noun for one and for many.
_COUNTS: Sequence[tuple[str, str, str]] = (
    ("articles", "article", "articles"),
    ("bars", "bar", "bars"),
    ("moves", "move", "moves"),
    ("links", "link", "links"),
    ("refused", "refused item", "refused items"),
    ("failures", "failure", "failures"),
    ("gaps", "instrument with missing bars", "instruments with missing bars"),
)
#: What became of items beside those that are new, each with its words.
_ARRIVED = (
    ("changed", "changed"), ("same", "as before"), ("refused", "refused"), ("withdrawn", "withdrawn"),
    ("unstored", "not stored"),
)  # fmt: skip
_COUNT_WIDTH = 8


def status_lines(status: StatusReport, width: int = 120) -> Iterator[Line]:
    """Yield the state of a store: the last runs, what is pending, what was refused and why, what fails since when."""

    def section(title: str, rows: Iterable[Row], line: Callable[[Row], str]) -> Iterator[Line]:
        return _section(title, ((line(row), "") for row in rows), width)

    yield _totals(status.totals), "bold"
    yield from section("Configuration changes that need `signals rebuild`", status.changes, plain)
    yield from section("Schedulers", status.schedulers, _scheduler)
    yield from _section("Last runs", ((_run(row), _state_style(row.state)) for row in status.runs), width)
    yield from section("Where the run is", [status.progress] if status.progress else [], _progress)
    yield from section("New articles", status.arrived, _arrival)
    yield from _section("New or changed events", map(_new_events, _in_order(status.linked)), width)
    yield from _section("New moves", ((line, "") for line in _moved(status.moved)), width)
    yield from section("Pending", status.pending, _pending)
    unmatched = [f"{status.unmatched:>{_COUNT_WIDTH},} to be matched by the next run"] if status.unmatched else []
    yield from section("Articles that wait for a run", unmatched, str)
    yield from section("Articles that wait for a session", status.unassigned, _unassigned)
    yield from _section("Sources", ((_source(row), _state_style(row.state)) for row in status.sources), width)
    yield from section("Hosts that are left alone", status.left_alone, _left_alone)
    yield from section("Missing bars", _missing(status.gaps), str)
    yield from section("Days on which bars and calendar disagree", status.market_days, _market_days)
    yield from section("Prices that jump like a split or a change of unit", status.price_breaks, _price_break)
    yield from section("Unscored events", status.unscored, _unscored)
    yield from section("Refused items", status.refusals, _refusal)
    yield from section("Refused tags", status.refused_tags, _refused_tag)
    yield from section("Rejected bars", status.quarantine, _rejected)
    yield from section("Price sources that disagree", status.disagreements, _disagreement)
    yield from _section("All events", map(_all_events, _in_order(status.events)), width)


def _section(title: str, lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Yield a title and its lines, and nothing if there are none."""
    for n, (text, style) in enumerate(lines):
        if n == 0:
            yield "", ""
            yield title, "bold"
        hanging = " " * (_COUNT_WIDTH + 1) if text.startswith(" ") else INDENT
        yield from ((line, style) for line in wrapped(text, width, INDENT, hanging))


def _count(count: int, text: str) -> str:
    return f"{count:>{_COUNT_WIDTH},} {text}"


def _totals(totals: Totals) -> str:
    counts = (
        plural(totals.articles, "article"),
        plural(totals.instruments, "instrument"),
        plural(totals.events, "event"),
        plural(totals.links, "link"),
    )
    return SEPARATOR.join(counts)


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _state_style(state: str) -> str:
    return "red" if state in _FAILED_STATES else ""


# --- runs and what they wrote ---------------------------------------------------------------------------------------


def _scheduler(row: SchedulerRow) -> str:
    following = f"; next job {plain(row.next_job)} at {_at(row.next_at)}" if row.next_at else ""
    return f"{plain(row.name)}: last sign of life {_at(row.beat_at)}{following}"


def _run(row: RunRow) -> str:
    duration = "" if row.seconds is None else f" in {row.seconds:.0f} s"
    attempt = f", attempt {row.attempt}" if row.attempt > 1 else ""
    counts = [plural(getattr(row, name), one, many) for name, one, many in _COUNTS if getattr(row, name)]
    error = f": {plain(row.error)}" if row.error else ""
    outcome = f"{row.state}{duration}{attempt}: {', '.join(counts) or 'nothing new'}{error}"
    return f"#{row.run_id} {plain(row.job)}, {_at(row.started_at)}, {outcome}"


def _progress(row: ProgressRow) -> str:
    count = f" ({row.done:,} of {row.total:,} done)" if row.total else ""
    return f"#{row.run_id} {row.stage}: {plain(row.doing)}{count}, since {row.since:%Y-%m-%d %H:%M:%S} UTC"


def _arrival(row: ArrivalCount) -> str:
    parts = [f"{getattr(row, name):,} {text}" for name, text in _ARRIVED if getattr(row, name)]
    of_them = f" ({', '.join(parts)})" if parts else ""
    return _count(row.written, f"of {plural(row.items, 'item')} from {row.source}{of_them}")


def _in_order(rows: Sequence[Counted]) -> list[Counted]:
    """Return counts in the order in which people read verdicts."""
    order = list(Verdict)
    return sorted(rows, key=lambda row: order.index(Verdict(row.verdict)))


def _new_events(row: VerdictCount) -> Line:
    verdict = Verdict(row.verdict)
    among = f"{plural(row.articles, 'article')}, {plural(row.tickers, 'instrument')}"
    return _count(row.events, f"{verdict.text} ({among})"), verdict.label.style


def _all_events(row: EventCount) -> Line:
    verdict = Verdict(row.verdict)
    status = "" if row.status == Status.SCORED else f" ({row.status})"
    return _count(row.events, f"{verdict.text}{status}"), verdict.label.style


def _moved(rows: Iterable[MovedEvent]) -> Iterator[str]:
    """Yield each event with its first headline, then its move."""
    for row in rows:
        more = f" (and {plural(row.articles - 1, 'more article')})" if row.articles > 1 else ""
        yield f"{plain(row.ticker)} {row.day_zero}: {plain(row.title)}{more}"
        numbers = f"move {percent(row.ret)}, abnormal {percent(row.car)}, chance {chance(row.local_fdr)}"
        yield f"{INDENT}{numbers}, q {probability(row.q_value)} (study {row.study}, window {row.event_window})"


# --- what is pending ------------------------------------------------------------------------------------------------


def _pending(row: PendingCount) -> str:
    if row.last_session is None:
        wait = "until a session that is not known yet"
    elif row.reason == Reason.WINDOW_OPEN:
        wait = f"until {row.last_session} has closed"
    else:
        wait = plain(row.example)
    return _count(row.events, f"{'event' if row.events == 1 else 'events'}: {spaced(row.reason)}, {wait}")


def _unassigned(row: UnassignedCount) -> str:
    return _count(row.articles, f"of {row.ticker}, published from {_at(row.published_at)}")


def _unscored(row: UnscoredCount) -> str:
    return _count(row.events, f"{spaced(row.reason)}, for example: {plain(row.example)}")


# --- sources --------------------------------------------------------------------------------------------------------


def _source(row: SourceRow) -> str:
    name = f"{row.room:<7}{row.source:<20}"
    if row.state not in _FAILED_STATES:
        return f"{name} {row.state}, {plural(row.items, 'item')}"
    since = _at(row.failed_since) if row.failed_since else "its first run"
    failure = f"{plural(row.failed, 'item')}, {spaced(row.reason or '')}"
    return f"{name} {row.state} since {since} ({failure}): {plain(row.detail)}"


def _left_alone(row: LeftAlone) -> str:
    until = f" until {_at(row.until)}" if row.until else ""
    return f"{plain(row.host)}{until}: {plain(row.why)}"


def _missing(rows: Iterable[GapCount]) -> Iterator[str]:
    """Yield the sessions without bars, with the instruments that lack the same ones."""
    by_span: dict[tuple[int, date, date], list[str]] = {}
    for row in rows:
        by_span.setdefault((row.sessions, row.session, row.last_session), []).append(plain(row.ticker))
    for (sessions, first, last), tickers in by_span.items():
        span = f"{first}" if sessions == 1 else f"{first} to {last}"
        yield f"{plural(sessions, 'session')}, {span}: {', '.join(tickers)}"


def _market_days(row: MarketDays) -> str:
    market = f"{row.mic} by {plain(row.benchmark)}" if row.benchmark else row.mic
    return f"{market}, {spaced(row.mark.value)}: {spans_of(row.days)}"


def _price_break(row: PriceBreak) -> str:
    ticker, source = plain(row.ticker), plain(row.source)
    return f"{row.day} {ticker} from {source}: {row.ret:+.1%}, like {row.kind.label.meaning}"


def _refusal(row: RefusalCount) -> str:
    item, detail = plain(row.example), plain(row.detail)
    place, colon, rest = detail.partition(": ")
    detail = rest if colon and item.endswith(place) else detail
    return _count(row.items, f"{row.source}: {spaced(row.reason)}, for example {item}: {detail}")


def _refused_tag(row: RefusedTagCount) -> str:
    return _count(row.tags, f"{spaced(row.reason)} ({row.different:,} different, for example {plain(row.example)!r})")


def _rejected(row: QuarantineCount) -> str:
    return _count(
        row.bars, f"{row.ticker} from {row.source}: {spaced(row.reason)}, for example {row.example}: {row.detail}"
    )


def _disagreement(row: Disagreement) -> str:
    first, last = row.starts[0], row.starts[-1]
    span = first if first == last else f"{first} to {last}"
    bars = f"{plural(len(row.starts), 'bar')} of {row.interval}"
    return f"{row.ticker}: {row.source} and {row.other} differ by up to {size(row.largest)} on {bars}, {span}"
