"""An explanation's numbers follow from what it prints."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from math import sqrt

import pytest

from signals.answers.explain import explain
from signals.app import App
from signals.reports.explanation import explanation_lines
from signals.types import (
    ActionOnDay,
    Anchor,
    Article,
    BarRow,
    DayZero,
    ErrorRate,
    EventRow,
    Explanation,
    FactorTerms,
    IntradayBar,
    IntradayPath,
    KappaTerms,
    LinkExplanation,
    MentionExcerpt,
    MentionRow,
    PathStep,
    Precision,
    RelevanceClass,
    Stamp,
    StoredArticle,
    StoryPlace,
    TickerExplanation,
    Verdict,
    ZoneBasis,
    ZoneReading,
)
from tests.reports.examples import AT, LINK, MOVE
from tests.worlds import links_of

NUMBER = r"([-+]?[\d.]+(?:e-?\d+)?)"

STAMP = Stamp("21/01/2015, 13:10", AT, AT.replace(tzinfo=None), Precision.MINUTE, "Europe/London", ZoneBasis.SOURCE)
ARTICLE = Article("wire", "1", "Gazprom signs a pact", "", STAMP, AT, "digest", publisher="Reuters")
MENTION = MentionRow(
    article_id="abc", mention_no=1, source="wire", published_at=AT, title="", tag="MM:GAZP", tag_kind="inline",
    found_in="body", span_start=0, span_end=7, occurrences=2, ticker="GAZP", status="linked", reason="",
    alias="exchange: MM:GAZP", role="passing", relevance=0.15,
)  # fmt: skip
EXCERPT = MentionExcerpt(MENTION, "pact of (>>>MM:GAZP<<<)")
STORY = StoryPlace("abc", 1, 1, None, "")
KAPPA = KappaTerms(sessions=1, n_estimation=250, intercept=True, factor=None)
DAYS = date(2015, 1, 20), date(2015, 1, 21)
RATE = ErrorRate("market", "0..0", date(2015, 1, 11), RelevanceClass.SUBJECT, 0.125, 0.25, 0.001, 40)


def bar(close: float | None, start: str = "2015-01-21", source: str = "local", fetched: int = 1) -> BarRow:
    return BarRow(start, 99.0, None, None, close, None, source, datetime(2015, 2, fetched, tzinfo=UTC))


PATH = (
    PathStep(DAYS[0], bar(100), bar(200), ActionOnDay(0.0, 1.0), None, None, None, None, None),
    PathStep(DAYS[1], bar(103), bar(202), ActionOnDay(1.5, 2.0), None, 0.03, 0.01, 0.012, 0.018),
)


def explained(
    move: EventRow = MOVE,
    path: Sequence[PathStep] = PATH,
    intraday: IntradayPath | None = None,
    rate: ErrorRate | None = RATE,
    article: Article = ARTICLE,
    story: StoryPlace = STORY,
    mention: MentionExcerpt = EXCERPT,
    kappa: KappaTerms | None = KAPPA,
    before: int = 0,
) -> Explanation:
    """Explain one link of one article."""
    rules = [(Verdict.WEAK_TIE, "relevance 0.90 is not below 0.25"), (Verdict.NO_MOVE, "q 0.080 is above 0.05")]
    link = LinkExplanation(
        replace(LINK, verdict="no_move", contains_pre_publication_move=before), move, rules,
        (date(2014, 1, 8), date(2015, 1, 5)), kappa, rate, path, intraday,
    )  # fmt: skip
    day = DayZero(DAYS[1], Anchor.IN_SESSION, AT.replace(hour=7), AT.replace(hour=15))
    readings = [ZoneReading("Europe/London", AT, day), ZoneReading("UTC", AT, None)]
    ticker = TickerExplanation("GAZP", "0.5 x 1 = 0.5", readings, [link])
    return Explanation(StoredArticle("abc", 1, article), story, [mention], [ticker])


def text(explanation: Explanation, width: int | None = None) -> str:
    return "\n".join(line for line, _ in explanation_lines(explanation, width))


# --- the article ----------------------------------------------------------------------------------------------------


def test_other_readings_and_statements_of_the_time_are_written() -> None:
    later = STAMP.at.replace(hour=18)
    others = replace(STAMP, at=later, zone="UTC"), replace(STAMP, at=later, text="1:10 PM ET")
    written = text(explained(article=replace(ARTICLE, stamp=replace(STAMP, others=others))))
    assert "  it may also mean 2015-01-21 18:10:00 UTC, in UTC\n" in written
    assert "  the page also states 2015-01-21 18:10:00 UTC, precision minute, from '1:10 PM ET'\n" in written


def test_an_article_has_the_names_of_its_authors() -> None:
    stored = replace(explained().article, article=replace(ARTICLE, authors=("Jane Roe", "Ivo Marek")))
    assert "\n    by Jane Roe; Ivo Marek\n" in text(replace(explained(), article=stored))


def test_an_article_has_its_source_its_stamp_and_its_story() -> None:
    assert text(explained()).startswith(
        "Article abc (revision 1)\n"
        "    Gazprom signs a pact\n"
        "    source wire, publisher Reuters, key 1\n"
        "    published 2015-01-21 13:10:00 UTC, precision minute, from '21/01/2015, 13:10'\n"
        "    time zone Europe/London, configured for the source\n"
        "    first seen 2015-01-21 13:10:00 UTC\n"
        "    the only article of its story\n"
        "\n"
        "Tags\n"
        "    inline 'MM:GAZP' in body, 2 times: GAZP (alias exchange: MM:GAZP), passing mention, relevance 0.15\n"
        "        pact of (>>>MM:GAZP<<<)\n"
        "\n"
        "GAZP: relevance of the article\n"
    )


def test_a_site_beside_the_publisher_and_an_ambiguous_stamp_are_named() -> None:
    lines = text(explained(article=replace(ARTICLE, site="Investing.com", stamp=replace(STAMP, ambiguous=True))))
    assert "publisher Reuters, on Investing.com, key 1\n" in lines
    assert "the clock showed that time twice or never, so the earlier reading is taken\n" in lines
    assert "publisher not named, key" in text(explained(article=replace(ARTICLE, publisher="")))


@pytest.mark.parametrize(
    ("story", "line"),
    [
        (StoryPlace("abc", 1, 3, None, ""), "copy 1 of 3 of story abc; no earlier copy"),
        (StoryPlace("xyz", 2, 3, "xyz", "same title"), "copy 2 of 3 of story xyz; it copies xyz: same title"),
    ],
)
def test_a_copy_names_its_original(story: StoryPlace, line: str) -> None:
    assert f"\n    {line}\n" in text(explained(story=story))


def test_a_refused_tag_has_its_reason() -> None:
    refused = replace(MENTION, ticker=None, reason="ambiguous", alias="CLDA, CLDB", occurrences=1, role=None)
    lines = text(explained(mention=MentionExcerpt(refused, "")))
    assert "    inline 'MM:GAZP' in body: refused, ambiguous (CLDA, CLDB)\n\n" in lines
    bare = text(explained(mention=MentionExcerpt(replace(refused, alias=""), "")))
    assert "refused, ambiguous\n\n" in bare


def test_each_reading_of_the_stamp_gives_its_session() -> None:
    assert (
        "GAZP: day zero, the first session that could react\n"
        "    in Europe/London: 2015-01-21 13:10 UTC -> 2015-01-21 (open 07:10 to 15:10 UTC), "
        "published during the session\n"
        "    in UTC instead: 2015-01-21 13:10 UTC -> no known session\n"
    ) in text(explained())


def test_lines_fit_a_width_if_there_is_one() -> None:
    assert max(map(len, text(explained(), 80).splitlines())) <= 80
    assert text(explained(), 80).split() == text(explained()).split()


# --- a link ---------------------------------------------------------------------------------------------------------


def test_a_link_has_the_rules_of_its_verdict_and_its_numbers() -> None:
    row = "    2015-01-21         103         202  +0.0300000000  +0.0100000000  +0.0120000000  +0.0180000000"
    assert text(explained()).split("\n\n")[-1].splitlines() == [
        "Link abc/GAZP/market/0..0: no move",
        "    verdict: the first rule that applies",
        "        weak tie: no, relevance 0.90 is not below 0.25",
        "        no move: yes, q 0.080 is above 0.05",
        "    estimation window 2014-01-08 to 2015-01-05: 250 valid sessions",
        "    model market",
        "        expected = 0.0020000000 + 1.0000000 x IMOEX; residual s 0.0100000000",
        "    session           GAZP       IMOEX         return      benchmark       expected       abnormal",
        "    2015-01-20         100         200",
        f"{row}  GAZP dividend 1.5 split 2",
        "        GAZP from local, fetched 2015-02-01 00:00 UTC",
        "        IMOEX from local, fetched 2015-02-01 00:00 UTC",
        "    move +0.0300000000",
        "    car +0.0180000000, the sum of the abnormal returns",
        "    kappa = sqrt(1 + 1^2/250) = 1.2500000000",
        "    sigma 0.0080000000, the expected standard deviation of one session when the window began",
        "    t = car / (s kappa) = +0.0180000000 / 0.0125000000 = +1.4400000",
        "    z = car / (sigma kappa) = +0.0180000000 / 0.0100000000 = +1.8000000",
        "    p 0.0400000000 (pooled: 3 of 99 ordinary windows have a |z| at least as large; reference ref)",
        "    p of the return itself, without a benchmark: 0.0300000000",
        "    of 40 earlier events of class subject of this study and window, until 2015-01-11:",
        "        a share pi of 0.125000 had an effect, with p-values of the shape a 0.25, c 0.001",
        "    chance 0.6000000000: how likely this move is one of an ordinary day",
        "    q 0.2500000000: the share of chance among all calls at this p or below",
        "    minimum detectable move 2.70% (80% power)",
    ]


def test_abnormal_returns_that_do_not_add_up_to_the_car_are_not_printed() -> None:
    lines = text(explained(replace(MOVE, car=0.02, model="market + OIL")))
    assert "    car +0.0200000000\n" in lines
    assert "expected       abnormal" not in lines


def test_an_unscored_move_has_its_reason_and_its_detail() -> None:
    move = replace(
        MOVE, status="unscored", reason="no_bars", reason_detail="none on 2015-01-21", ret=None, car=None, alpha=None,
        n_estimation=None, session_marks="halted 2015-01-21", confounders="2 stories",
    )  # fmt: skip
    lines = text(explained(move, [replace(PATH[0], bar=None)])).split("\n\n")[-1].splitlines()
    assert lines[1:] == [
        "    unscored, no bars: the instrument has no bars for the window",
        "        none on 2015-01-21",
        "    sessions of the window: halted 2015-01-21",
        "    model market",
        "    session           GAZP       IMOEX         return      benchmark",
        "    2015-01-20      no bar         200",
        "        IMOEX from local, fetched 2015-02-01 00:00 UTC",
        "    shares its window with: 2 stories",
    ]


def test_bars_of_two_fetches_are_told_apart() -> None:
    path = [replace(PATH[0], bar=bar(100)), replace(PATH[1], bar=bar(103, fetched=2))]
    lines = text(explained(path=path))
    assert "        GAZP from local, fetched 2015-02-01 00:00 UTC: 2015-01-20 to 2015-01-20\n" in lines
    assert "        GAZP from local, fetched 2015-02-02 00:00 UTC: 2015-01-21 to 2015-01-21\n" in lines


def test_a_model_without_a_benchmark_has_no_column_for_it() -> None:
    move = replace(MOVE, benchmark=None, beta=None, model="constant-mean", car=0.018)
    lines = text(explained(move))
    assert "        expected = 0.0020000000; residual" in lines
    assert "    session           GAZP         return       expected       abnormal\n" in lines


def test_kappa_of_a_model_with_factors_is_not_worked_out() -> None:
    line = "    kappa 1.2500000000, from the sessions of the window and the error of the coefficients\n"
    assert line in text(explained(kappa=None))
    fixed = KappaTerms(2, 0, False, FactorTerms(mean=0.001, sum_of_squares=0.5, event_sum=0.02))
    formula = "kappa = sqrt(2 + (0.0200000000 - 2 x 0.0010000000)^2/0.5000000000) = "
    assert formula in text(explained(kappa=fixed))


def test_without_ordinary_windows_p_is_from_student_s_t() -> None:
    lines = text(explained(replace(MOVE, n_reference=0, p_method="student_t4")))
    assert "(student_t4: too few ordinary windows to compare with; Student's t with 4 degrees of freedom)" in lines


def test_a_p_value_of_thin_trading_says_what_it_is_counted_among() -> None:
    warning = "few of them are of names that trade as thinly, so that p may be too small"
    assert warning in text(explained(replace(MOVE, p_method="thin_among_all")))
    assert "(thin: " in text(explained(replace(MOVE, p_method="thin")))
    assert warning not in text(explained(replace(MOVE, p_method="thin")))


def test_what_was_not_computed_is_not_printed() -> None:
    assert "p of the return itself" not in text(explained(replace(MOVE, p_raw=None)))
    for without in (explained(rate=None), explained(replace(MOVE, local_fdr=None, q_value=None))):
        lines = text(without)
        assert "earlier event" not in lines
        assert re.search(r"\n    (chance|q) ", lines) is None


def test_an_intraday_window_has_its_bars() -> None:
    path = IntradayPath(
        published_at=AT, base_at=AT.replace(minute=0), entry_at=AT.replace(hour=14), exit_at=AT.replace(hour=15),
        bars=[IntradayBar(bar(148.1, "2015-01-21T12:00:00"), straddles=False),
              IntradayBar(replace(bar(149.2, "2015-01-21T13:00:00"), open=None), straddles=True)],
        between=1, benchmark_bars=[IntradayBar(bar(1570, "2015-01-21T12:00:00"), straddles=False)], activity=1.5,
    )  # fmt: skip
    lines = text(explained(replace(MOVE, event_window="0m..60m"), (), path, before=1)).splitlines()
    first = lines.index("    published 2015-01-21 13:10:00 UTC; window 0m..60m")
    assert lines[first + 1 : first + 10] == [
        "        from the price of 2015-01-21 13:00 UTC to the price of 2015-01-21 15:10 UTC",
        "        GAZP bar of 2015-01-21 12:00 UTC  open 99, close 148.1",
        "        GAZP bar of 2015-01-21 13:00 UTC  close 149.2; publication lies in it",
        "        IMOEX bar of 2015-01-21 12:00 UTC  open 99, close 1570",
        "        and 1 bar between them",
        "        part of the move came before publication",
        "        first price after publication: 2015-01-21 14:10 UTC",
        "    compared with the same time of day in the sessions of the estimation window",
        "        activity of the session up to the window: 1.50 times the usual",
    ]
    assert "    sigma 0.0080000000, the expected standard deviation of such a window when the window began" in lines


def test_an_unscored_intraday_window_has_its_bars_and_no_comparison() -> None:
    path = IntradayPath(AT, AT, None, AT, [], 0, [], 0.0)
    lines = text(explained(replace(MOVE, status="unscored", reason="no_bars", car=None), (), path)).splitlines()
    assert lines[-1] == "        from the price of 2015-01-21 13:10 UTC to the price of 2015-01-21 13:10 UTC"


# --- of a store: every number is computed again from the text -------------------------------------------------------


def printed(app: App, link_id: str) -> str:
    return text(explain(app, link_id))


def numbers(pattern: str, lines: str) -> list[float]:
    match = re.search(pattern.replace("#", NUMBER), lines)
    assert match, pattern
    return [float(value) for value in match.groups()]


def scored(app: App) -> list[str]:
    links = [link for link in links_of(app, study="market") if link.status == "scored" and link.story_rank == 1]
    return [link.link_id for link in links][:: len(links) // 12]


@pytest.mark.parametrize("n", range(12))
def test_every_number_of_a_link_is_computed_again_from_the_text(demo_app: App, n: int) -> None:
    lines = printed(demo_app, scored(demo_app)[n])
    alpha, beta, s = numbers(r"expected = # \+ # x \w+; residual s #", lines)
    steps = re.findall(
        rf"\n    \d{{4}}-\d\d-\d\d +{NUMBER} +{NUMBER}(?: +{NUMBER} +{NUMBER} +{NUMBER} +{NUMBER})?"
        rf"(?: +\w+(?: dividend {NUMBER})?(?: split {NUMBER})?)?(?= *\n)",
        lines,
    )
    assert len(steps) >= 2
    path, market = [], []
    for before, step in itertools.pairwise(steps):
        close, index, ret, benchmark, expected, abnormal, dividend, split = (float(v or 0) for v in step)
        assert ret == pytest.approx((split or 1) * (close + dividend) / float(before[0]) - 1, abs=2e-9)
        assert benchmark == pytest.approx(index / float(before[1]) - 1, abs=2e-9)
        assert expected == pytest.approx(alpha + beta * benchmark, abs=2e-9)
        assert abnormal == pytest.approx(ret - expected, abs=2e-9)
        path.append(abnormal)
        market.append(benchmark)
    (car,) = numbers("car #, the sum", lines)
    assert car == pytest.approx(sum(path), abs=2e-9)
    length, again, observed, total, times, mean, sxx, kappa = numbers(
        r"kappa = sqrt\(# \+ #\^2/# \+ \(# - # x #\)\^2/#\) = #", lines
    )
    assert (length, times, again) == (len(path),) * 3
    assert total == pytest.approx(sum(market), abs=2e-9)
    assert observed == numbers(r"estimation window .*: # valid", lines)[0]
    assert kappa == pytest.approx(sqrt(length + length**2 / observed + (total - length * mean) ** 2 / sxx), rel=1e-6)
    (sigma,) = numbers("sigma #, the", lines)
    assert numbers(r"t = .* = #\n", lines)[0] == pytest.approx(car / (s * kappa), rel=1e-5)
    assert numbers(r"z = .* = #\n", lines)[0] == pytest.approx(car / (sigma * kappa), rel=1e-5)


def test_p_is_a_count_and_chance_and_q_follow_from_what_was_fitted(demo_app: App) -> None:
    for link_id in scored(demo_app):
        lines = printed(demo_app, link_id)
        (p,) = numbers(r"\n    p #", lines)
        if "ordinary windows have" in lines:
            beyond, of = numbers(r"# of # ordinary windows have", lines)
            assert p == pytest.approx((beyond + 1) / (of + 1), abs=1e-9)
        pi, a, c = numbers(r"a share pi of # had an effect, with p-values of the shape a #, c #", lines)
        norm = (1 + c) ** a - c**a
        uninformative = 1 - pi + pi * a * (1 + c) ** (a - 1) / norm
        density = 1 - pi + pi * a * (p + c) ** (a - 1) / norm
        below = (1 - pi) * p + pi * ((p + c) ** a - c**a) / norm
        assert numbers(r"\n    chance #: ", lines)[0] == pytest.approx(min(1, uninformative / density), abs=1e-6)
        assert numbers(r"\n    q #: ", lines)[0] == pytest.approx(min(1, uninformative * p / below), abs=1e-6)


def test_the_relevance_is_computed_again_from_the_text(demo_app: App) -> None:
    for link in links_of(demo_app, study="market", window="0..0"):
        ((formula, value),) = re.findall(
            r"relevance of the article\n.*\n    (.+) = (\d\.\d{4})\n", printed(demo_app, link.link_id)
        )
        formula = re.sub(r"(0\.\d) \([a-z, ]+\)", r"\1", formula).replace(" x ", " * ")
        assert eval(formula) == pytest.approx(float(value), abs=1e-3)
        assert float(value) == link.relevance


def test_a_name_that_was_scored_is_shown_with_its_figures() -> None:
    assert "score of the name: use -2.8, total +0.18" in text(
        explained(mention=replace(EXCERPT, score="use -2.8, total +0.18"))
    )
    assert "score of the name" not in text(explained())
