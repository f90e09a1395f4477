"""An explanation's numbers follow from what it prints."""

import itertools
import re
from math import sqrt

import pytest

from signals.app import App
from signals.reports.explanation import explanation_lines

NUMBER = r"([-+]?[\d.]+(?:e-?\d+)?)"


def printed(app: App, link_id: str) -> str:
    return "\n".join(text for text, _ in explanation_lines(app.explain(link_id)))


def numbers(pattern: str, text: str) -> list[float]:
    found = re.search(pattern.replace("#", NUMBER), text)
    assert found, pattern
    return [float(value) for value in found.groups()]


def scored(app: App) -> list[str]:
    links = [link for link in app.links({"study": "market"}) if link["status"] == "scored" and link["story_rank"] == 1]
    return [link["link_id"] for link in links][:: len(links) // 12]


@pytest.mark.parametrize("n", range(12))
def test_every_number_of_a_link_is_computed_again_from_the_text(demo_app: App, n: int) -> None:
    text = printed(demo_app, scored(demo_app)[n])
    alpha, beta, s = numbers(r"expected = # \+ # x \w+; residual s #", text)
    steps = re.findall(
        rf"close {NUMBER}(?: dividend {NUMBER})?(?: split {NUMBER})? \(.*?\), \w+ {NUMBER} \(.*?\)"
        rf"(?:\n +return {NUMBER}, benchmark {NUMBER}, expected {NUMBER}, abnormal {NUMBER})?",
        text,
    )
    assert len(steps) >= 2
    path, market = [], []
    for before, step in itertools.pairwise(steps):
        close, dividend, split, index, ret, benchmark, expected, abnormal = (float(v or 0) for v in step)
        assert ret == pytest.approx((split or 1) * (close + dividend) / float(before[0]) - 1, abs=2e-9)
        assert benchmark == pytest.approx(index / float(before[3]) - 1, abs=2e-9)
        assert expected == pytest.approx(alpha + beta * benchmark, abs=2e-9)
        assert abnormal == pytest.approx(ret - expected, abs=2e-9)
        path.append(abnormal)
        market.append(benchmark)
    (car,) = numbers("car # = the sum", text)
    assert car == pytest.approx(sum(path), abs=2e-9)
    length, again, observed, total, times, mean, sxx, kappa = numbers(
        r"kappa = sqrt\(# \+ #\^2/# \+ \(# - # x #\)\^2/#\) = #", text
    )
    assert (length, times, again) == (len(path),) * 3
    assert total == pytest.approx(sum(market), abs=2e-9)
    assert observed == numbers(r"estimation window .*: # valid", text)[0]
    assert kappa == pytest.approx(sqrt(length + length**2 / observed + (total - length * mean) ** 2 / sxx), rel=1e-6)
    (sigma,) = numbers("sigma #: what", text)
    assert numbers(r"t = .* = #\n", text)[0] == pytest.approx(car / (s * kappa), rel=1e-5)
    assert numbers(r"z = .* = #\n", text)[0] == pytest.approx(car / (sigma * kappa), rel=1e-5)


def test_p_is_the_count_and_q_the_list_s(demo_app: App) -> None:
    for link_id in scored(demo_app):
        text = printed(demo_app, link_id)
        (p,) = numbers(r"\n    p #", text)
        if "ordinary windows had" in text:
            beyond, of = numbers(r"# of # ordinary windows had", text)
            assert p == pytest.approx((beyond + 1) / (of + 1), abs=1e-9)
        q, least, size, rank = numbers(r"q # = # x # / #", text)
        assert q == pytest.approx(least * size / rank, abs=1e-9)
        assert least >= p - 1e-9


def test_the_text_that_matched_the_zone_and_the_rule_are_told(demo_app: App) -> None:
    text = printed(demo_app, demo_app.links({"ticker": "GAZP", "study": "market", "window": "0..0"})[-1]["link_id"])
    for part in (">>>MM:GAZP<<<", "zone Europe/London, known by: the configuration gives it", "rule: ", "fetched"):
        assert part in text


def test_relevance_is_worked_out_from_what_is_shown(demo_app: App) -> None:
    for link in demo_app.links({"study": "market", "window": "0..0"}):
        (worked,) = re.findall(r"about it\n.*\n    (.+) = (\d\.\d{4})\n", printed(demo_app, link["link_id"]))
        formula = re.sub(r"(0\.\d) \([a-z, ]+\)", r"\1", worked[0]).replace(" x ", " * ")
        assert eval(formula) == pytest.approx(float(worked[1]), abs=1e-3)
        assert float(worked[1]) == link["relevance"]
