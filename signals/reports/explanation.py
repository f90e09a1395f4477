"""One link, derived step by step, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from signals.reports.format import Line, number, percent, plain


def explanation_lines(found: Mapping[str, Any]) -> Iterator[Line]:
    """Yield the derivation of the links of one article."""
    article = found["article"].article
    stamp = article.stamp
    yield f"Article {found['article'].article_id} (revision {found['article'].revision})", "bold"
    yield f"    {plain(article.title)}", ""
    stood = f", on {plain(article.site)}" if article.site not in ("", article.publisher) else ""
    whose = f"publisher {plain(article.publisher) or 'not named'}{stood}"
    yield f"    source {article.source}, {whose}, key {plain(article.key)}", ""
    yield f"    stamp {plain(stamp.text)!r}, precision {stamp.precision}: {stamp.at:%Y-%m-%d %H:%M:%S} UTC", ""
    twice = "; the clock showed that time twice or never, and the earlier reading is taken" if stamp.ambiguous else ""
    yield f"    zone {stamp.zone}, known by: {_BASIS[stamp.basis]}{twice}", ""
    yield f"    first seen {article.seen_at:%Y-%m-%d %H:%M:%S} UTC", ""
    yield f"    {_story(found['story'])}", ""
    yield "", ""
    yield "Tags found", "bold"
    for mention in found["mentions"]:
        yield from _mention_lines(mention)
    for one in found["tickers"]:
        yield "", ""
        if one["relevance"]:
            yield f"{one['ticker']}: how much the article is about it", "bold"
            formula = "(0.50 title + 0.25 (1 - first) + 0.25 count / (count + 2)) x (0.5 + 0.5 share)"
            yield f"    {formula}, less for lists, quotes and boilerplate", "dim"
            yield f"    {one['relevance']}", ""
            yield "", ""
        yield f"{one['ticker']}: which session could react first", "bold"
        yield from _placing_lines(one["placing"])
        for derivation in one["links"]:
            yield "", ""
            yield from _link_lines(derivation)


def _story(story: Mapping[str, Any]) -> str:
    if story["copies"] == 1:
        return "a story of its own: no copies are known"
    place = f"number {story['rank']} of the {story['copies']} copies of story {story['story_id']}"
    return f"{place}; it copies {story['of']}: {story['because']}" if story["of"] else f"{place}, the first one"


_BASIS = {
    "stated": "the text states it",
    "source": "the configuration gives it for this source",
    "assumed": "nothing states it; UTC is assumed",
}


def _mention_lines(mention: Mapping[str, Any]) -> Iterator[Line]:
    count = f", {mention['occurrences']} times" if mention["occurrences"] > 1 else ""
    head = f"    {mention['tag_kind']} {plain(mention['tag'])!r} in {mention['found_in']}{count}"
    if mention["status"] == "refused":
        alias = f" ({plain(mention['alias'])})" if mention["alias"] else ""
        yield f"{head}: refused, {mention['reason']}{alias}", "dim"
    else:
        tied = f"{head} -> {mention['ticker']} by {plain(mention['alias'])}"
        yield f"{tied}: {mention['role']}, relevance {number(mention['relevance'])}", ""
    if mention["excerpt"]:
        yield f"        {plain(mention['excerpt'])}", "dim"


def _placing_lines(placing: list[Mapping[str, Any]]) -> Iterator[Line]:
    for n, reading in enumerate(placing):
        day, text = reading["day"], f"{reading['published_at']:%Y-%m-%d %H:%M} UTC"
        where = f"read in {reading['zone']}: {text}" if n == 0 else f"had it been {reading['zone']}: {text}"
        if day is None:
            yield f"    {where} -> no session known", ""
        else:
            hours = f"open {day.opens_at:%H:%M} to {day.closes_at:%H:%M} UTC"
            yield f"    {where} -> {day.session} {day.anchor} ({hours})", "" if n == 0 else "dim"


def _link_lines(derivation: Mapping[str, Any]) -> Iterator[Line]:
    link, move = derivation["link"], derivation["move"]
    yield f"Link {link['link_id']}: {link['verdict']}", "bold"
    *passed, (_, reason) = derivation["rules"]
    yield f"    by the rule: {reason}", ""
    for other, why_not in passed:
        yield f"        not {other}: {why_not}", "dim"
    if move["status"] != "scored":
        yield f"    {move['status']}: {move['reason']}: {move['reason_detail']}", ""
    if move["session_marks"]:
        yield f"    sessions of the window: {move['session_marks']}", ""
    if derivation["estimation"] is not None and move["n_estimation"] is not None:
        first, last = derivation["estimation"]
        yield f"    estimation window {first} to {last}: {move['n_estimation']} valid sessions", ""
    if derivation["replay"] is not None:
        yield f"    model {move['model']}", ""
    if move["alpha"] is not None:
        slope = f" + {move['beta']:.7f} x {move['benchmark']}" if move["beta"] is not None else ""
        yield f"    model: expected = {move['alpha']:.10f}{slope}; residual s {move['residual_sigma']:.10f}", ""
    for step in derivation["path"]:
        yield from _step_lines(step, move)
    if derivation["replay"] is not None:
        yield from _replay_lines(derivation["replay"], move, link)
    if move["car"] is not None:
        yield from _number_lines(derivation, move)
    if move["confounders"]:
        yield f"    shares its window with: {plain(move['confounders'])}", ""


def _number_lines(derivation: Mapping[str, Any], move: Mapping[str, Any]) -> Iterator[Line]:
    s, kappa, sigma = move["residual_sigma"], move["kappa"], move["sigma"]
    yield f"    move {move['ret']:+.10f}, car {move['car']:+.10f} = the sum of the abnormal returns", ""
    if derivation["kappa"] is not None:
        yield f"    kappa = sqrt({_kappa(derivation['kappa'])}) = {kappa:.10f}", ""
    else:
        yield f"    kappa {kappa:.10f}: sessions of the window and the error of the estimated coefficients", ""
    yield f"    t = car / (s kappa) = {move['car']:+.10f} / {s * kappa:.10f} = {move['t_stat']:+.7f}", ""
    yield f"    z = car / (sigma kappa) = {move['car']:+.10f} / {sigma * kappa:.10f} = {move['z']:+.7f}", ""
    unit = "one session" if derivation["replay"] is None else "such a window"
    yield f"        sigma {sigma:.10f}: what {unit} was expected to vary by when the window began", ""
    yield f"    p {move['p_value']:.10f} {_method(move)}", ""
    yield f"    q {_q(derivation['scope'], move)}", ""
    yield f"    a car of {percent(move['minimum_detectable'])} would be found four times in five", ""


def _kappa(terms: Mapping[str, float]) -> str:
    """Write the terms of kappa squared: sessions, the error of the mean, the error of the slope."""
    length, n = terms["K"], terms["n"]
    parts = [f"{length:g}"]
    if terms["estimated"]:
        parts.append(f"{length:g}^2/{n:g}")
    if "sxx" in terms:
        parts.append(f"({terms['sum']:.10f} - {length:g} x {terms['mean']:.10f})^2/{terms['sxx']:.10f}")
    return " + ".join(parts)


def _q(scope: Sequence[float], move: Mapping[str, Any]) -> str:
    """Write a q-value with the p-value of the list that decides it (Benjamini and Hochberg)."""
    if move["q_value"] is None:
        return "not known"
    over = f"over the {move['q_m']} scored events of {move['q_scope']}"
    candidates = [(p * len(scope) / rank, p, rank) for rank, p in enumerate(scope, 1) if p >= move["p_value"]]
    value, p, rank = min(candidates, default=(move["q_value"], move["p_value"], 1))
    if len(scope) != move["q_m"] or abs(value - move["q_value"]) > 1e-12:
        return f"{move['q_value']:.10f} {over}"
    return f"{move['q_value']:.10f} = {p:.10f} x {len(scope)} / {rank} {over}"


def _replay_lines(found: Mapping[str, Any], move: Mapping[str, Any], link: Mapping[str, Any]) -> Iterator[Line]:
    """Yield the bars of a window by the clock."""
    base, end = found["base_at"], found["exit_at"]
    yield f"    published {found['published_at']:%Y-%m-%d %H:%M:%S} UTC; window {move['event_window']}:", ""
    yield f"        from the last price struck by {base:%Y-%m-%d %H:%M} to that of {end:%Y-%m-%d %H:%M} UTC", ""
    for ticker, bars in ((move["ticker"], found["bars"]), (move["benchmark"], found["benchmark_bars"])):
        for bar in bars:
            straddles = ": publication lies in it" if bar["straddles"] else ""
            prices = f"open {bar['open']:g}, close {bar['close']:g}" if bar["open"] else f"close {bar['close']:g}"
            yield f"        {ticker} bar of {bar['start'].replace('T', ' ')[:16]} UTC  {prices}{straddles}", ""
    if found["between"]:
        yield f"        and {found['between']} bars between", "dim"
    if link["contains_pre_publication_move"]:
        yield "        part of the move came before publication", "yellow"
    if found["entry_at"] is not None:
        yield f"        the first price after publication was struck at {found['entry_at']:%Y-%m-%d %H:%M} UTC", ""
    if move["car"] is not None:
        yield "    compared with the same time of the sessions of the estimation window", ""
        yield f"        the session so far was {found['stir']:.2f} times as lively as usual when the window began", ""


def _step_lines(step: Mapping[str, Any], move: Mapping[str, Any]) -> Iterator[Line]:
    own = _close(step["bar"], step["actions"], "close")
    other = (
        _close(step["benchmark_bar"], step["benchmark_actions"], str(move["benchmark"])) if move["benchmark"] else ""
    )
    yield f"    {step['session']}  {own}" + (f", {other}" if other else ""), ""
    if step["ret"] is not None:
        line = f"                return {step['ret']:+.10f}"
        if step["benchmark_ret"] is not None and move["beta"] is not None:
            line += f", benchmark {step['benchmark_ret']:+.10f}"
        if step["ar"] is not None:
            line += f", expected {step['expected']:+.10f}, abnormal {step['ar']:+.10f}"
        yield line, ""


def _close(bar: Mapping[str, Any] | None, actions: Mapping[str, float], name: str) -> str:
    if bar is None or bar["close"] is None:
        return f"{name} no bar"
    fetched = f"{bar['source']}, fetched {bar['fetched_at']:%Y-%m-%d %H:%M} UTC"
    dividend = f" dividend {actions['dividend']:.10g}" if actions.get("dividend") else ""
    split = f" split {actions['split']:.10g}" if actions.get("split", 1.0) != 1.0 else ""
    return f"{name} {bar['close']:.10g}{dividend}{split} ({fetched})"


def _method(move: Mapping[str, Any]) -> str:
    if not move["n_reference"]:
        return f"({move['p_method']}: too few ordinary windows to compare with; Student's t with 4 degrees of freedom)"
    beyond = round(move["p_value"] * (move["n_reference"] + 1)) - 1
    told = f"{beyond} of {move['n_reference']} ordinary windows had a |z| at least as large"
    return f"({move['p_method']}: {told}; reference {move['reference_id']})"
