"""A link -> every step and every number behind it, computed again from the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from signals import sessions
from signals.answers.explain_intraday import replay
from signals.errors import UnknownNameError
from signals.pipeline import Plan, Stamped
from signals.pipeline.derive.assign import MarketClocks
from signals.pipeline.derive.cluster import explained
from signals.pipeline.derive.currency import leant_on
from signals.pipeline.derive.daily import Laid, lay
from signals.pipeline.derive.links import tie_of
from signals.pipeline.derive.panels import Markets
from signals.store import Connection, articles, bars, events, moves, queries
from signals.study.models import kappa_terms, sums_for
from signals.study.verdicts import rules
from signals.tickers import Resolver, relevance_steps
from signals.types import Instrument, Stamp, Study, Window

AROUND = 160  # characters of text shown on either side of a mention


def explain(db: Connection, plan: Plan, link_id: str, now: datetime) -> dict[str, Any]:
    """Return what is behind the links that an id names: article[/ticker[/study[/window]]].

    Raises
    ------
    UnknownNameError
        There is no such link.
    """
    names = ("article_id", "ticker", "study", "window")
    links = queries.links(db, dict(zip(names, link_id.split("/", 3), strict=False)))
    article = next(iter(articles.current_articles(db, [link_id.split("/")[0]])), None)
    if not links or article is None:
        hint = "`signals report --ticker T --format csv` lists the ids in its first column."
        raise UnknownNameError("link", link_id, hint)
    run = Stamped(0, now)
    mentions = queries.mentions(db, article.article_id)
    texts = {"title": article.article.title, "body": article.article.body}
    for mention in mentions:
        mention["excerpt"] = _excerpt(texts[mention["found_in"]], mention) if mention["found_in"] in texts else ""
    tickers = list(dict.fromkeys(link["ticker"] for link in links))
    features = Resolver(plan.instruments).features(article.article)
    return {
        "article": article,
        "story": explained(db, article.article_id),
        "mentions": mentions,
        "tickers": [
            {
                "ticker": ticker,
                "relevance": relevance_steps(features[ticker]) if ticker in features else "",
                "placing": _placing(db, plan, article.article.stamp, ticker, run),
                "links": [
                    {"link": link, **_derivation(db, plan, link, run)} for link in links if link["ticker"] == ticker
                ],
            }
            for ticker in tickers
        ],
    }


def _excerpt(text: str, mention: dict[str, Any]) -> str:
    start, end = mention["span_start"], mention["span_end"]
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    return " ".join(f"{before}>>>{text[start:end]}<<<{after}".split())


def _placing(db: Connection, plan: Plan, stamp: Stamp, ticker: str, run: Stamped) -> list[dict[str, Any]]:
    """Say which session each reading of the stamp gives."""
    own = _instrument(plan, ticker)
    if own is None:
        return []
    published = stamp.at.date()
    clock = MarketClocks(db, plan, run).of(own, published - timedelta(days=15), published)
    readings = [(stamp.zone, stamp)]
    if stamp.basis != "stated":
        readings += [
            (zone, Stamp(stamp.text, stamp.wall.replace(tzinfo=ZoneInfo(zone)), stamp.wall, stamp.precision, zone,
                         stamp.basis))
            for zone in plan.plausible_zones
            if zone != stamp.zone
        ]  # fmt: skip
    placed = []
    for zone, read in readings:
        day = sessions.day_zero(clock, read)
        placed.append({"zone": zone, "published_at": read.at.astimezone(UTC), "day": day, "market_zone": clock.zone})
    return placed


def _instrument(plan: Plan, ticker: str) -> Instrument | None:
    return next((i for i in plan.instruments if i.ticker == ticker), None)


def _derivation(db: Connection, plan: Plan, link: dict[str, Any], run: Stamped) -> dict[str, Any]:
    """Derive the numbers of one link again, session by session."""
    event = events.event_rows(db, [link["event_id"]])[0]
    study = next((s for s in plan.studies if s.name == link["study"]), None)
    judged = next(
        list(rules(tie_of(row), plan.q_level, plan.min_relevance))
        for row in moves.ties(db, [link["event_id"]])
        if (row.article_id, row.study, row.event_window) == (link["article_id"], link["study"], link["event_window"])
    )
    move = next(
        row
        for row in queries.events(db, link["event_id"])
        if (row["study"], row["event_window"]) == (link["study"], link["event_window"])
    )
    path: list[dict[str, Any]] = []
    estimation = kappa = replayed = None
    by_the_clock = next((s for s in plan.intraday if s.name == link["study"]), None)
    own = _instrument(plan, link["ticker"])
    if study is not None and own is not None:
        others = leant_on(plan)[own.ticker]
        needed = {own.ticker: own, **{i.ticker: i for i in plan.instruments if i.ticker in others}}
        markets = Markets(db, replace(plan, instruments=tuple(needed.values())), run)
        laid = next(iter(lay(markets, [event], needed)))
        path = _path(db, laid, move, Window.parse(link["event_window"]), own)
        estimation = _estimation_span(laid, study)
        sums = sums_for(laid.market.panel, study, laid.market.event_days)
        window = Window.parse(link["event_window"])
        kappa = kappa_terms(laid.market.panel, sums, study, window, laid.instrument, laid.day_zero)
    elif by_the_clock is not None and own is not None:
        replayed = replay(db, plan, run, event, by_the_clock, move)
        estimation, kappa = (replayed["estimation"], replayed["kappa"]) if replayed else (None, None)
    scope = queries.scope(db, move) if move["q_scope"] else []
    return {
        "move": move,
        "rules": judged,
        "path": path,
        "estimation": estimation,
        "kappa": kappa,
        "scope": scope,
        "replay": replayed,
    }


def _estimation_span(laid: Laid, study: Study) -> tuple[Any, Any] | None:
    end = int(laid.day_zero[0]) - study.gap
    return (laid.sessions[max(end - study.estimation, 0)].item(), laid.sessions[end - 1].item()) if end > 0 else None


def _path(db: Connection, laid: Laid, move: dict[str, Any], window: Window, own: Instrument) -> list[dict[str, Any]]:
    first, last = laid.columns(0, window)
    columns = range(max(first - 1, 0), min(last + 1, len(laid.sessions)))
    days = [laid.sessions[c].item() for c in columns]
    series = ((move["ticker"], move["price_source"]), (own.benchmark, move["benchmark_source"]))
    closes = [_closes(db, ticker, source, days) for ticker, source in series]
    actions = [_actions(db, ticker, source, days) for ticker, source in series]
    steps = []
    for column, day in zip(columns, days, strict=True):
        row = laid.instrument[0]
        ret, market = float(laid.market.panel.ret[row, column]), float(laid.market.panel.benchmark[row, column])
        alpha, beta = move["alpha"], move["beta"]
        expected = None if alpha is None else alpha + (beta * market if beta is not None else 0.0)
        inside = first <= column <= last
        steps.append(
            {
                "session": day,
                "bar": closes[0].get(day.isoformat()),
                "benchmark_bar": closes[1].get(day.isoformat()),
                "actions": actions[0].get(day, {}),
                "benchmark_actions": actions[1].get(day, {}),
                "ret": ret if inside and np.isfinite(ret) else None,
                "benchmark_ret": market if inside and np.isfinite(market) else None,
                "expected": expected if inside else None,
                "ar": ret - expected if inside and expected is not None and np.isfinite(ret) else None,
            }
        )
    return steps


def _closes(db: Connection, ticker: str | None, source: str | None, days: list[Any]) -> dict[str, dict[str, Any]]:
    if ticker is None or source is None or not days:
        return {}
    return {row["start"]: row for row in queries.bars_between(db, ticker, source, days[0], days[-1])}


def _actions(db: Connection, ticker: str | None, source: str | None, days: list[Any]) -> dict[Any, dict[str, float]]:
    """Return dividends and splits by ex-date, as they enter a return: no split where the vendor has applied it."""
    if ticker is None or source is None or not days:
        return {}
    known = bars.load_bars(db, ticker, source, "1d", days[0], days[-1])
    splits = np.ones(len(known.split)) if known.split_adjusted else known.split
    dates = known.action_date.astype("datetime64[D]").tolist()
    listed = zip(dates, known.dividend.tolist(), splits.tolist(), strict=True)
    return {day: {"dividend": dividend, "split": split} for day, dividend, split in listed}
