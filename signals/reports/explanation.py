"""The derivation of the links of an article, step by step, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from math import isclose

from signals.reports.columns import INDENT, Column, heading, table_row
from signals.reports.format import (
    ANCHORS,
    Line,
    plain,
    plural,
    role_and_relevance,
    size,
    spaced,
    wrapped,
)
from signals.types import (
    ActionOnDay,
    BarRow,
    ErrorRate,
    EventRow,
    Explanation,
    IntradayPath,
    KappaTerms,
    LinkExplanation,
    MentionExcerpt,
    PathStep,
    Reason,
    Stamp,
    Status,
    StoryPlace,
    TickerExplanation,
    Verdict,
    ZoneBasis,
    ZoneReading,
)

_FORMULA = "(0.50 title + 0.25 (1 - first) + 0.25 count / (count + 2)) x (0.5 + 0.5 share)"
_BASES: Mapping[ZoneBasis, str] = {
    ZoneBasis.STATED: "stated in the text",
    ZoneBasis.SOURCE: "configured for the source",
    ZoneBasis.ASSUMED: "not stated anywhere, so UTC is assumed",
}
_DETAIL = 2 * INDENT


def explanation_lines(explanation: Explanation, width: int | None = None) -> Iterator[Line]:
    """Yield the derivation of the links of one article, in lines that fit a width if there is one."""
    for text, style in _lines(explanation):
        if width is None or len(text) <= width:
            yield text, style
        else:
            content = text.lstrip()
            yield from ((line, style) for line in wrapped(content, width, text[: -len(content)]))


def _lines(explanation: Explanation) -> Iterator[Line]:
    yield from _article_lines(explanation)
    yield "", ""
    yield "Tags", "bold"
    for mention in explanation.mentions:
        yield from _mention_lines(mention)
    for ticker in explanation.tickers:
        yield from _ticker_lines(ticker)
        for link in ticker.links:
            yield "", ""
            yield from _link_lines(link)


# --- the article ----------------------------------------------------------------------------------------------------


def _article_lines(explanation: Explanation) -> Iterator[Line]:
    stored = explanation.article
    article, stamp = stored.article, stored.article.stamp
    yield f"Article {stored.article_id} (revision {stored.revision})", "bold"
    yield f"{INDENT}{plain(article.title)}", ""
    site = f", on {plain(article.site)}" if article.site not in ("", article.publisher) else ""
    publisher = f"publisher {plain(article.publisher) or 'not named'}{site}"
    yield f"{INDENT}source {article.source}, {publisher}, key {plain(article.key)}", ""
    if article.authors:
        yield f"{INDENT}by {plain('; '.join(article.authors))}", ""
    yield f"{INDENT}published {_second(stamp.at)}, precision {stamp.precision}, from {plain(stamp.text)!r}", ""
    twice = "; the clock showed that time twice or never, so the earlier reading is taken" if stamp.ambiguous else ""
    yield f"{INDENT}time zone {stamp.zone}, {_BASES[stamp.basis]}{twice}", ""
    for other in stamp.others:
        yield f"{INDENT}{_other_stamp(stamp, other)}", ""
    yield f"{INDENT}first seen {_second(article.seen_at)}", ""
    yield f"{INDENT}{_story(explanation.story)}", ""


def _other_stamp(stamp: Stamp, other: Stamp) -> str:
    """Write another reading of a stamp, or another stamp of the same page."""
    if other.text == stamp.text:
        return f"it may also mean {_second(other.at)}, in {other.zone}"
    return f"the page also states {_second(other.at)}, precision {other.precision}, from {plain(other.text)!r}"


def _story(story: StoryPlace) -> str:
    if story.copies == 1:
        return "the only article of its story"
    place = f"copy {story.rank} of {story.copies} of story {story.story_id}"
    if story.copy_of is None:
        return f"{place}; no earlier copy"
    return f"{place}; it copies {story.copy_of}: {story.because}"


def _mention_lines(excerpted: MentionExcerpt) -> Iterator[Line]:
    mention = excerpted.mention
    count = f", {mention.occurrences} times" if mention.occurrences > 1 else ""
    tag = f"{INDENT}{spaced(mention.tag_kind)} {plain(mention.tag)!r} in {mention.found_in}{count}"
    if mention.ticker is None:
        alias = f" ({plain(mention.alias)})" if mention.alias else ""
        yield f"{tag}: refused, {spaced(mention.reason)}{alias}", "dim"
    else:
        matched = f"{mention.ticker} (alias {plain(mention.alias)})"
        yield f"{tag}: {matched}, {role_and_relevance(mention)}", ""
    if excerpted.excerpt:
        yield f"{_DETAIL}{plain(excerpted.excerpt)}", "dim"
    if excerpted.score:
        yield f"{_DETAIL}score of the name: {excerpted.score}", "dim"


# --- an instrument --------------------------------------------------------------------------------------------------


def _ticker_lines(ticker: TickerExplanation) -> Iterator[Line]:
    if ticker.relevance:
        yield "", ""
        yield f"{ticker.ticker}: relevance of the article", "bold"
        yield f"{INDENT}{_FORMULA}, less for lists, quotes and boilerplate", "dim"
        yield f"{INDENT}{ticker.relevance}", ""
    yield "", ""
    yield f"{ticker.ticker}: day zero, the first session that could react", "bold"
    for n, reading in enumerate(ticker.readings):
        yield f"{INDENT}{_reading(reading, is_alternative=n > 0)}", "dim" if n else ""


def _reading(reading: ZoneReading, is_alternative: bool) -> str:
    stamp = f"in {reading.zone}{' instead' if is_alternative else ''}: {_minute(reading.published_at)}"
    day = reading.day
    if day is None:
        return f"{stamp} -> no known session"
    hours = f"open {day.opens_at:%H:%M} to {day.closes_at:%H:%M} UTC"
    return f"{stamp} -> {day.session} ({hours}), {ANCHORS[day.anchor]}"


# --- a link ---------------------------------------------------------------------------------------------------------


def _link_lines(explanation: LinkExplanation) -> Iterator[Line]:
    link, move = explanation.link, explanation.move
    yield f"Link {link.link_id}: {Verdict(link.verdict).text}", "bold"
    if move.status == Status.SCORED:
        yield from _rule_lines(explanation)
    else:
        yield f"{INDENT}{move.status}, {spaced(move.reason)}: {Reason(move.reason).label.meaning}", ""
        yield f"{_DETAIL}{plain(move.reason_detail)}", ""
    if move.session_marks:
        yield f"{INDENT}sessions of the window: {move.session_marks}", ""
    yield from _model_lines(explanation)
    yield from _path_lines(explanation.path, move)
    if explanation.intraday is not None:
        yield from _intraday_lines(explanation.intraday, explanation)
    yield from _number_lines(explanation)
    if move.confounders:
        yield f"{INDENT}shares its window with: {plain(move.confounders)}", ""


def _rule_lines(explanation: LinkExplanation) -> Iterator[Line]:
    yield f"{INDENT}verdict: the first rule that applies", ""
    *others, (verdict, reason) = explanation.rules
    for other, why_not in others:
        yield f"{_DETAIL}{other.text}: no, {why_not}", "dim"
    yield f"{_DETAIL}{verdict.text}: yes, {reason}", verdict.label.style


def _model_lines(explanation: LinkExplanation) -> Iterator[Line]:
    move = explanation.move
    if explanation.estimation is not None and move.n_estimation is not None:
        first, last = explanation.estimation
        yield f"{INDENT}estimation window {first} to {last}: {plural(move.n_estimation, 'valid session')}", ""
    yield f"{INDENT}model {move.model}", ""
    if move.alpha is not None:
        slope = f" + {move.beta:.7f} x {move.benchmark}" if move.beta is not None else ""
        yield f"{_DETAIL}expected = {move.alpha:.10f}{slope}; residual s {move.residual_sigma:.10f}", ""


def _number_lines(explanation: LinkExplanation) -> Iterator[Line]:
    """Yield each number of a scored move with what it follows from."""
    move = explanation.move
    s, kappa, sigma, car, ret = move.residual_sigma, move.kappa, move.sigma, move.car, move.ret
    if s is None or kappa is None or sigma is None or car is None or ret is None:
        return
    yield f"{INDENT}move {ret:+.10f}", ""
    sum_of = "" if explanation.path and not _adds_up(explanation.path, move) else ", the sum of the abnormal returns"
    yield f"{INDENT}car {car:+.10f}{sum_of}", ""
    if explanation.kappa is not None:
        yield f"{INDENT}kappa = sqrt({_kappa(explanation.kappa)}) = {kappa:.10f}", ""
    else:
        yield f"{INDENT}kappa {kappa:.10f}, from the sessions of the window and the error of the coefficients", ""
    unit = "one session" if explanation.intraday is None else "such a window"
    yield f"{INDENT}sigma {sigma:.10f}, the expected standard deviation of {unit} when the window began", ""
    yield f"{INDENT}t = car / (s kappa) = {car:+.10f} / {s * kappa:.10f} = {move.t_stat:+.7f}", ""
    yield f"{INDENT}z = car / (sigma kappa) = {car:+.10f} / {sigma * kappa:.10f} = {move.z:+.7f}", ""
    yield f"{INDENT}p {move.p_value:.10f} ({_reference(move)})", ""
    if move.p_raw is not None:
        yield f"{INDENT}p of the return itself, without a benchmark: {move.p_raw:.10f}", ""
    yield from _error_rate_lines(move, explanation.error_rate)
    yield f"{INDENT}minimum detectable move {size(move.minimum_detectable)} (80% power)", ""


def _kappa(terms: KappaTerms) -> str:
    """Write the terms of kappa squared: sessions, the error of the mean, the error of the slope."""
    length, factor = terms.sessions, terms.factor
    parts = [f"{length}"]
    if terms.intercept:
        parts.append(f"{length}^2/{terms.n_estimation}")
    if factor is not None:
        distance = f"({factor.event_sum:.10f} - {length} x {factor.mean:.10f})"
        parts.append(f"{distance}^2/{factor.sum_of_squares:.10f}")
    return " + ".join(parts)


def _reference(move: EventRow) -> str:
    """Write what a p-value was counted among."""
    if not move.n_reference or move.p_value is None:
        return f"{move.p_method}: too few ordinary windows to compare with; Student's t with 4 degrees of freedom"
    beyond = round(move.p_value * (move.n_reference + 1)) - 1
    share = f"{beyond} of {move.n_reference} ordinary windows have a |z| at least as large"
    if move.p_method == "thin_among_all":
        share += "; few of them are of names that trade as thinly, so that p may be too small"
    return f"{move.p_method}: {share}; reference {move.reference_id}"


def _error_rate_lines(move: EventRow, rate: ErrorRate | None) -> Iterator[Line]:
    """Yield how likely a move is chance, and the share of chance among all calls, with what both follow from."""
    if rate is None or move.local_fdr is None or move.q_value is None:
        return
    earlier = f"{plural(rate.events, 'earlier event')} of class {rate.relevance_class} of this study and window"
    yield f"{INDENT}of {earlier}, until {rate.first_day}:", ""
    shape = f"p-values of the shape a {rate.a:.2f}, c {rate.c:.3f}"
    yield f"{_DETAIL}a share pi of {rate.pi:.6f} had an effect, with {shape}", ""
    yield f"{INDENT}chance {move.local_fdr:.10f}: how likely this move is one of an ordinary day", ""
    yield f"{INDENT}q {move.q_value:.10f}: the share of chance among all calls at this p or below", ""


# --- windows of whole sessions --------------------------------------------------------------------------------------


def _path_lines(path: Sequence[PathStep], move: EventRow) -> Iterator[Line]:
    """Yield the sessions of a window in columns, and where their closes come from."""
    if not path:
        return
    columns = _path_columns(move, with_model=_adds_up(path, move))
    yield heading(columns), "dim"
    for step in path:
        yield table_row(columns, step, _actions(step, move)), ""
    yield from _provenance_lines(move.ticker, [(str(step.session), step.bar) for step in path])
    if move.benchmark:
        yield from _provenance_lines(move.benchmark, [(str(step.session), step.benchmark_bar) for step in path])


def _adds_up(path: Sequence[PathStep], move: EventRow) -> bool:
    """Return whether the abnormal returns of the sessions add up to the car: not where the model has factors too."""
    return move.car is not None and isclose(sum(step.ar or 0.0 for step in path), move.car, abs_tol=1e-9)


def _path_columns(move: EventRow, with_model: bool) -> list[Column[PathStep]]:
    columns: list[Column[PathStep]] = [
        Column("session", -10, lambda step: str(step.session)),
        Column(move.ticker, max(len(move.ticker) + 2, 12), lambda step: _close(step.bar)),
    ]
    if move.benchmark:
        columns.append(
            Column(move.benchmark, max(len(move.benchmark) + 2, 12), lambda step: _close(step.benchmark_bar))
        )
    columns.append(Column("return", 15, lambda step: _exact(step.ret)))
    if move.benchmark and move.beta is not None:
        columns.append(Column("benchmark", 15, lambda step: _exact(step.benchmark_ret)))
    if with_model:
        columns.append(Column("expected", 15, lambda step: _exact(step.expected if step.ar is not None else None)))
        columns.append(Column("abnormal", 15, lambda step: _exact(step.ar)))
    return columns


def _close(bar: BarRow | None) -> str:
    return "no bar" if bar is None or bar.close is None else f"{bar.close:.10g}"


def _exact(value: float | None) -> str:
    return "" if value is None else f"{value:+.10f}"


def _actions(step: PathStep, move: EventRow) -> str:
    """Write the dividends and splits of a session."""
    own, benchmark = _action(step.action), _action(step.benchmark_action)
    return ", ".join(f"{name} {action}" for name, action in ((move.ticker, own), (move.benchmark, benchmark)) if action)


def _action(action: ActionOnDay | None) -> str:
    if action is None:
        return ""
    dividend = f"dividend {action.dividend:.10g}" if action.dividend else ""
    split = f"split {action.split:.10g}" if action.split != 1.0 else ""
    return " ".join(filter(None, (dividend, split)))


def _provenance_lines(name: str, bars: Sequence[tuple[str, BarRow | None]]) -> Iterator[Line]:
    """Yield the source of the bars and when they were fetched, in a line for each run of bars alike in both."""

    def provenance(entry: tuple[str, BarRow | None]) -> str:
        bar = entry[1]
        return "" if bar is None or bar.close is None else f"from {bar.source}, fetched {_minute(bar.fetched_at)}"

    runs = [(text, [label for label, _ in entries]) for text, entries in groupby(bars, key=provenance)]
    origins = [(text, labels) for text, labels in runs if text]
    for text, labels in origins:
        span = "" if len(origins) == 1 else f": {labels[0]} to {labels[-1]}"
        yield f"{_DETAIL}{name} {text}{span}", "dim"


# --- intraday windows -----------------------------------------------------------------------------------------------


def _intraday_lines(path: IntradayPath, explanation: LinkExplanation) -> Iterator[Line]:
    """Yield the bars that an intraday window lies between."""
    move = explanation.move
    yield f"{INDENT}published {_second(path.published_at)}; window {move.event_window}", ""
    yield f"{_DETAIL}from the price of {_minute(path.base_at)} to the price of {_minute(path.exit_at)}", ""
    for ticker, bars in ((move.ticker, path.bars), (move.benchmark, path.benchmark_bars)):
        for entry in bars:
            start = entry.bar.start.replace("T", " ")[:16]
            opened = f"open {entry.bar.open:g}, " if entry.bar.open else ""
            note = "; publication lies in it" if entry.straddles else ""
            yield f"{_DETAIL}{ticker} bar of {start} UTC  {opened}close {entry.bar.close:g}{note}", ""
    if path.between:
        yield f"{_DETAIL}and {plural(path.between, 'bar')} between them", "dim"
    if explanation.link.contains_pre_publication_move:
        yield f"{_DETAIL}part of the move came before publication", "yellow"
    if path.entry_at is not None:
        yield f"{_DETAIL}first price after publication: {_minute(path.entry_at)}", ""
    if move.car is not None:
        yield f"{INDENT}compared with the same time of day in the sessions of the estimation window", ""
        yield f"{_DETAIL}activity of the session up to the window: {path.activity:.2f} times the usual", ""


# --- instants -------------------------------------------------------------------------------------------------------


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _second(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
