"""The explanation of a link: every number computed again from the facts."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import yaml

from signals.answers.explain import explain
from signals.app import App
from signals.errors import StoreError, UnknownNameError
from signals.pipeline.derive.error_rates import groups_of
from signals.runs.run import rebuild
from signals.types import ActionOnDay, LinkExplanation, LinkRow, StoredArticle, Verdict, ZoneBasis
from tests.worlds import NOW, app_at, links_of, run, small


def scored(app: App, **filters: str) -> list[LinkRow]:
    return [link for link in links_of(app, **filters) if link.status == "scored"]


def explained(app: App, link: LinkRow) -> LinkExplanation:
    (ticker,) = explain(app, link.link_id).tickers
    (explanation,) = ticker.links
    assert explanation.link == link
    return explanation


# --- which links ----------------------------------------------------------------------------------------------------


def test_an_id_names_all_links_of_an_article_or_fewer(demo_app: App) -> None:
    link = scored(demo_app)[0]
    for filters in (
        {"article_id": link.article_id},
        {"article_id": link.article_id, "ticker": link.ticker},
        {"article_id": link.article_id, "ticker": link.ticker, "study": link.study},
        {"article_id": link.article_id, "ticker": link.ticker, "study": link.study, "window": link.event_window},
    ):
        explanation = explain(demo_app, "/".join(filters.values()))
        rows = [row.link.link_id for ticker in explanation.tickers for row in ticker.links]
        assert sorted(rows) == sorted(row.link_id for row in links_of(demo_app, **filters))


@pytest.mark.parametrize("link_id", ["", "nope", "nope/GAZP/market/0..0"])
def test_an_unknown_id_is_an_error_that_says_where_ids_are_listed(demo_app: App, link_id: str) -> None:
    with pytest.raises(UnknownNameError, match="--format csv` lists the ids"):
        explain(demo_app, link_id)


def test_a_store_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="signals db upgrade"):
        explain(small(tmp_path), "any")


# --- the numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(0, 60, 12))
def test_the_path_adds_up_to_the_move(demo_app: App, n: int) -> None:
    link = scored(demo_app)[n]
    explanation = explained(demo_app, link)
    before, *inside = explanation.path
    assert (before.ret, before.expected, before.ar) == (None, None, None)
    assert (inside[0].session, inside[-1].session) == (explanation.move.first_session, explanation.move.last_session)
    assert sum(step.ar for step in inside if step.ar is not None) == pytest.approx(link.car, abs=1e-12)
    compounded = 1.0
    for step in inside:
        assert step.ret is not None
        compounded *= 1 + step.ret
    assert compounded - 1 == pytest.approx(link.ret, abs=1e-12)
    assert all(step.bar is not None and step.bar.close is not None for step in explanation.path)


def test_the_expected_return_is_that_of_the_model(demo_app: App) -> None:
    for study in demo_app.plan.studies:
        link = scored(demo_app, study=study.name)[0]
        explanation = explained(demo_app, link)
        assert link.alpha is not None
        for step in explanation.path[1:]:
            market = (link.beta or 0.0) * (step.benchmark_ret or 0.0)
            assert step.expected == pytest.approx(link.alpha + market)


def test_kappa_and_the_estimation_window_are_those_of_the_move(demo_app: App) -> None:
    explanation = explained(demo_app, scored(demo_app, study="market", window="0..0")[0])
    terms, n = explanation.kappa, explanation.move.n_estimation
    assert terms is not None
    assert terms.factor is not None
    d = terms.factor.event_sum - terms.sessions * terms.factor.mean
    squared = terms.sessions + terms.sessions**2 / terms.n_estimation + d**2 / terms.factor.sum_of_squares
    assert squared**0.5 == pytest.approx(explanation.move.kappa)
    assert (terms.sessions, terms.n_estimation) == (1, n)
    assert explanation.estimation is not None
    first, last = explanation.estimation
    assert first < last < explanation.link.day_zero


def test_the_error_rate_is_that_of_the_chance_and_the_q_value(demo_app: App) -> None:
    for link in scored(demo_app)[::10]:
        explanation = explained(demo_app, link)
        rate, p = explanation.error_rate, link.p_value
        assert rate is not None
        assert p is not None
        assert (rate.study, rate.event_window) == (link.study, link.event_window)
        assert rate.relevance_class == explanation.move.relevance_class
        assert timedelta(0) <= link.day_zero - rate.first_day < timedelta(days=28)
        groups = groups_of(rate)
        of_move = groups.local_fdr(np.array([p]))[0], groups.q_values(np.array([p]))[0]
        assert (link.local_fdr, link.q_value) == of_move


def test_the_rules_end_with_the_verdict(demo_app: App) -> None:
    links = {link.verdict: link for link in links_of(demo_app)}
    assert links.keys() == set(Verdict) - {Verdict.EARLY_MOVE}  # no news of the demo was out before it was published
    for verdict, link in links.items():
        rules = explained(demo_app, link).rules
        assert rules[-1][0] == verdict
        assert all(words for _, words in rules)


def test_a_link_without_a_score_has_no_expected_return_and_prints_no_chance(demo_app: App) -> None:
    link = next(link for link in links_of(demo_app) if link.status == "pending")
    explanation = explained(demo_app, link)
    assert (explanation.move.local_fdr, explanation.move.q_value, explanation.move.q_basis) == (None, None, None)
    assert all(step.expected is None for step in explanation.path)


def test_a_dividend_in_the_window_is_that_of_the_store(tmp_path: Path) -> None:
    at = NOW - timedelta(days=40)
    app = small(tmp_path, [(at, "Acme opens a plant")])
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    written["prices"][0]["actions"] = {
        "path": "{symbol}-actions.csv", "columns": {"ex_date": "day", "dividend": "paid", "split": "split"}
    }  # fmt: skip
    app.config.path.write_text(yaml.safe_dump(written), encoding="utf-8")
    run(app)
    day = links_of(app)[0].day_zero
    for symbol, paid, split in (("ACME", 0.5, 1), ("AEX", 0, 2)):
        text = f"day,paid,split\n{day},{paid},{split}\n"
        (tmp_path / f"{symbol}-actions.csv").write_text(text, encoding="utf-8")
    app = app_at(app.config.path, NOW + timedelta(hours=1))
    run(app)
    _, step = explained(app, links_of(app, window="0..0")[0]).path
    assert (step.action, step.benchmark_action) == (ActionOnDay(0.5, 1.0), ActionOnDay(0.0, 2.0))


# --- the article ----------------------------------------------------------------------------------------------------


def test_a_mention_in_the_text_has_the_words_around_it(demo_app: App) -> None:
    found_in = set()
    for article_id in sorted({link.article_id for link in links_of(demo_app)})[::8]:
        explanation = explain(demo_app, article_id)
        assert isinstance(explanation.article, StoredArticle)
        assert explanation.article.article_id == article_id
        for row in explanation.mentions:
            found_in.add(row.mention.found_in)
            in_text = row.mention.found_in in ("title", "body")
            assert (">>>" in row.excerpt and "<<<" in row.excerpt) == in_text
            assert row.excerpt or not in_text
    assert {"title", "body"} <= found_in


def test_the_relevance_formula_ends_in_the_relevance_of_the_link(demo_app: App) -> None:
    for link in scored(demo_app)[:10]:
        (ticker,) = explain(demo_app, link.link_id).tickers
        assert ticker.relevance.endswith(f"= {link.relevance:.4f}")


def test_a_stamp_with_its_zone_has_one_reading_and_others_one_per_plausible_zone(demo_app: App) -> None:
    for link in scored(demo_app)[::25]:
        (ticker,) = explain(demo_app, link.link_id).tickers
        own, *others = ticker.readings
        assert own.day is not None
        assert (own.zone, own.day.session) == (link.published_zone, link.day_zero) or link.story_rank > 1
        zones = [zone for zone in demo_app.plan.plausible_zones if zone != link.published_zone]
        assert [reading.zone for reading in others] == ([] if link.zone_basis == ZoneBasis.STATED else zones)
        sessions = {reading.day.session for reading in ticker.readings if reading.day is not None}
        assert (len(sessions) > 1) == bool(link.day_zero_sensitive)


# --- an instrument that left the plan, and one without bars ----------------------------------------------------------


def test_a_link_of_an_instrument_that_left_the_plan_still_has_its_move(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW - timedelta(days=9), "Acme opens a plant")])
    run(app)
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    del written["instruments"]["ACME"]
    app.config.path.write_text(yaml.safe_dump(written), encoding="utf-8")
    app = app_at(app.config.path)
    rebuild(app, NOW)
    link = links_of(app, window="0..0")[0]
    (ticker,) = explain(app, link.link_id).tickers
    assert (list(ticker.readings), ticker.relevance) == ([], "")
    (explanation,) = ticker.links
    assert (explanation.move.car, list(explanation.path), explanation.intraday) == (link.car, [], None)


def test_an_instrument_of_a_market_without_bars_has_no_path(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW - timedelta(days=40), "Acme opens a plant")])
    (tmp_path / "ACME.csv").unlink()
    run(app)
    link = links_of(app, window="0..0")[0]
    explanation = explained(app, link)
    assert (link.status, link.reason) == ("unscored", "no_bars")
    assert [(step.bar, step.action, step.ret) for step in explanation.path] == []
    assert (explanation.move.price_source, explanation.estimation, explanation.kappa) == (None, None, None)
