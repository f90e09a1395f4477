"""A link -> every step and every number behind it, computed again from the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from signals import sessions
from signals.answers.explain_intraday import explain_intraday
from signals.app import App
from signals.errors import UnknownNameError
from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.assign import MarketClocks
from signals.pipeline.derive.cluster import story_place
from signals.pipeline.derive.currency import depends_on
from signals.pipeline.derive.daily import AlignedEvents, align_events
from signals.pipeline.derive.error_rates import first_day
from signals.pipeline.derive.links import verdict_inputs
from signals.pipeline.derive.panels import Markets
from signals.store import Connection, articles, bars, events, moves, queries
from signals.store.error_rates import error_rates_of
from signals.store.queries import LinkFilters
from signals.study.corrections import corrected
from signals.study.models import kappa_terms, sums_for
from signals.study.verdicts import rules
from signals.tickers import Resolver, relevance_steps
from signals.types import (
    ActionOnDay,
    BarRow,
    ErrorRate,
    Event,
    EventRow,
    Explanation,
    Instrument,
    KappaTerms,
    LinkExplanation,
    LinkRow,
    MentionExcerpt,
    MentionRow,
    PathStep,
    Stamp,
    Study,
    TickerExplanation,
    Verdict,
    Window,
    ZoneBasis,
    ZoneReading,
)

AROUND = 160  # characters of text on either side of a mention


def explain(app: App, link_id: str) -> Explanation:
    """Return everything behind the links that an id names: article[/ticker[/study[/window]]].

    Raises
    ------
    UnknownNameError
        There is no such link.
    """
    app.require_schema()
    with app.store.read() as db:
        return _explain(db, app.derived_by(db), link_id, app.now())


def _explain(db: Connection, plan: Plan, link_id: str, now: datetime) -> Explanation:
    article_id, ticker, study, window = (*link_id.split("/", 3), None, None, None)[:4]
    links = queries.links(db, LinkFilters(article_id=article_id, ticker=ticker, study=study, window=window))
    article = next(iter(articles.current_articles(db, [str(article_id)])), None)
    if not links or article is None:
        hint = "`signals report --ticker T --format csv` lists the ids in its first column."
        raise UnknownNameError("link", link_id, hint)
    run = RunContext(0, now)
    texts = {"title": article.article.title, "body": article.article.body}
    resolver = Resolver(plan.instruments)
    scores = resolver.scores(article.article)
    mentions = [
        MentionExcerpt(row, _excerpt(texts, row), str(scores.get((row.found_in, row.span_start, row.span_end), "")))
        for row in queries.mentions(db, article.article_id)
    ]
    features = resolver.features(article.article)
    return Explanation(
        article=article,
        story=story_place(db, article.article_id),
        mentions=mentions,
        tickers=[
            TickerExplanation(
                name,
                relevance_steps(features[name]) if name in features else "",
                _readings(db, plan, article.article.stamp, name, run),
                [_link(db, plan, link, run) for link in links if link.ticker == name],
            )
            for name in dict.fromkeys(link.ticker for link in links)
        ],
    )


def _excerpt(texts: Mapping[str, str], mention: MentionRow) -> str:
    """Return the text around a mention, which stands in >>> and <<<; nothing for a tag that stands in no text."""
    if mention.found_in not in texts:
        return ""
    text, start, end = texts[mention.found_in], mention.span_start, mention.span_end
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    return " ".join(f"{before}>>>{text[start:end]}<<<{after}".split())


def _readings(db: Connection, plan: Plan, stamp: Stamp, ticker: str, run: RunContext) -> list[ZoneReading]:
    """Return which session each reading of the stamp gives: that of its zone, then those of other plausible zones."""
    own = plan.by_ticker().get(ticker)
    if own is None:
        return []
    published = stamp.at.date()
    clock = MarketClocks(db, plan, run).of(own, published - timedelta(days=15), published)
    stamps = [stamp]
    if stamp.basis is not ZoneBasis.STATED:
        zones = (zone for zone in plan.plausible_zones if zone != stamp.zone)
        stamps += [replace(stamp, at=stamp.wall.replace(tzinfo=ZoneInfo(zone)), zone=zone) for zone in zones]
    stamps += stamp.others
    return [ZoneReading(s.zone, s.at.astimezone(UTC), sessions.day_zero(clock, s)) for s in stamps]


def _link(db: Connection, plan: Plan, link: LinkRow, run: RunContext) -> LinkExplanation:
    """Derive the numbers of one link again."""
    (event,) = events.events_by_id(db, [link.event_id])
    move = next(
        row
        for row in queries.event_moves(db, link.event_id)
        if (row.study, row.event_window) == (link.study, link.event_window)
    )
    explanation = LinkExplanation(
        link=link,
        move=move,
        rules=_rules(db, plan, link),
        estimation=None,
        kappa=None,
        error_rate=_error_rate(db, move),
        path=(),
        intraday=None,
    )
    own = plan.by_ticker().get(link.ticker)
    daily = next((study for study in plan.studies if study.name == link.study), None)
    if daily is not None and own is not None:
        part = _daily(db, plan, run, event, own, daily, move)
        return replace(explanation, path=part.path, estimation=part.estimation, kappa=part.kappa)
    intraday = next((study for study in plan.intraday if study.name == link.study), None)
    if intraday is not None and own is not None:
        derivation = explain_intraday(db, plan, run, event, intraday, move)
        if derivation is not None:
            return replace(
                explanation,
                intraday=derivation.path,
                estimation=derivation.estimation,
                kappa=derivation.kappa,
            )
    return explanation


def _error_rate(db: Connection, move: EventRow) -> ErrorRate | None:
    """Return what the chance and the q-value of a move were computed from."""
    block = first_day(move.day_zero), move.relevance_class
    rates = error_rates_of(db, move.study, move.event_window)
    return next((rate for rate in rates if (rate.first_day, rate.relevance_class) == block), None)


def _rules(db: Connection, plan: Plan, link: LinkRow) -> list[tuple[Verdict, str]]:
    """Return the verdict's rules up to the one that decides."""
    inputs = next(
        row
        for row in moves.link_inputs(db, [link.event_id])
        if (row.article_id, row.study, row.event_window) == (link.article_id, link.study, link.event_window)
    )
    return list(rules(verdict_inputs(inputs, plan.min_relevance), plan.q_level))


# --- windows of whole sessions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _DailyDerivation:
    path: list[PathStep]
    estimation: tuple[date, date] | None
    kappa: KappaTerms | None


def _daily(
    db: Connection, plan: Plan, run: RunContext, event: Event, own: Instrument, study: Study, move: EventRow
) -> _DailyDerivation:
    others = depends_on(plan)[own.ticker]
    members = {own.ticker: own, **{i.ticker: i for i in plan.instruments if i.ticker in others}}
    markets = Markets(db, replace(plan, instruments=tuple(members.values())), run, narrowed=True)
    aligned = next(align_events(markets, [event], members))
    window, panel = Window.parse(move.event_window), aligned.market.panel
    sums = sums_for(panel, study, aligned.market.event_days)
    return _DailyDerivation(
        _path(db, aligned, move, window, own, members.get(own.benchmark or "")),
        _estimation_span(aligned, study),
        kappa_terms(panel, sums, study, window, aligned.instrument, aligned.day_zero),
    )


def _estimation_span(aligned: AlignedEvents, study: Study) -> tuple[date, date] | None:
    end, days = int(aligned.day_zero[0]) - study.gap, aligned.sessions
    return (days[max(end - study.estimation, 0)].item(), days[end - 1].item()) if end > 0 else None


def _path(
    db: Connection,
    aligned: AlignedEvents,
    move: EventRow,
    window: Window,
    own: Instrument,
    benchmark: Instrument | None,
) -> list[PathStep]:
    """Return the sessions of a window and the one before it."""
    first, last = aligned.columns(0, window)
    columns = range(max(first - 1, 0), min(last + 1, len(aligned.sessions)))
    days = [aligned.sessions[c].item() for c in columns]
    own_facts = _Facts.read(db, own, move.price_source, days)
    benchmark_facts = _Facts.read(db, benchmark, move.benchmark_source, days)
    row, panel = aligned.instrument[0], aligned.market.panel
    steps = []
    for column, day in zip(columns, days, strict=True):
        ret, market = float(panel.ret[row, column]), float(panel.benchmark[row, column])
        inside = first <= column <= last
        expected = _expected(move, market) if inside else None
        steps.append(
            PathStep(
                session=day,
                bar=own_facts.bars.get(day.isoformat()),
                benchmark_bar=benchmark_facts.bars.get(day.isoformat()),
                action=own_facts.actions.get(day),
                benchmark_action=benchmark_facts.actions.get(day),
                ret=ret if inside and np.isfinite(ret) else None,
                benchmark_ret=market if inside and np.isfinite(market) else None,
                expected=expected,
                ar=ret - expected if expected is not None and np.isfinite(ret) else None,
            )
        )
    return steps


def _expected(move: EventRow, market: float) -> float | None:
    """Return what the model expected of a session."""
    if move.alpha is None:
        return None
    return move.alpha + (move.beta * market if move.beta is not None else 0.0)


def _scaled(row: BarRow, factor: float) -> BarRow:
    opens, high, low, close = (p if p is None else p * factor for p in (row.open, row.high, row.low, row.close))
    return replace(row, open=opens, high=high, low=low, close=close)


@dataclass(frozen=True, slots=True)
class _Facts:
    """Bars by their start with the user's corrections, and dividends and splits by ex-date as they enter a return."""

    bars: Mapping[str, BarRow]
    actions: Mapping[date, ActionOnDay]

    @classmethod
    def read(cls, db: Connection, own: Instrument | None, source: str | None, days: Sequence[date]) -> _Facts:
        if own is None or source is None or not days:
            return cls({}, {})
        raw = bars.load_bars(db, own.ticker, source, "1d", days[0], days[-1])
        stored = corrected(raw, own.corrections)
        scales = zip(raw.start.astype("datetime64[D]").astype(str).tolist(), stored.close / raw.close, strict=True)
        scale = {day: float(factor) for day, factor in scales if factor != 1.0}
        rows = {
            row.start: _scaled(row, scale[row.start]) if row.start in scale else row
            for row in queries.bars_between(db, own.ticker, source, days[0], days[-1])
        }
        splits = np.ones(len(stored.split)) if stored.split_adjusted else stored.split  # where the vendor applied it
        dates = stored.action_date.astype("datetime64[D]").tolist()
        values = map(ActionOnDay, stored.dividend.tolist(), splits.tolist())
        return cls(rows, dict(zip(dates, values, strict=True)))
