"""Answers with the numbers of one article, for tests that need no store."""

from dataclasses import replace
from datetime import UTC, date, datetime

from signals.types import (
    Average,
    AverageTest,
    EventRow,
    Freshness,
    InstrumentRow,
    LinkRow,
    RefusedTag,
    Report,
    StoryRow,
    UnscoredRow,
    UnusualSession,
)

AT = datetime(2015, 1, 21, 13, 10, tzinfo=UTC)

LINK = LinkRow(
    link_id="abc/GAZP/market/0..0", ticker="GAZP", mic="MISX", currency="RUB", instrument_name="Gazprom",
    article_id="abc", source="simulated", publisher="Simulated Newsroom", site="", authors="Jane Roe",
    title="Gazprom signs a pact",
    url="https://example.org/1", published_at=AT, published_precision="minute", published_zone="Europe/London",
    zone_basis="source", seen_at=AT, withdrawn=None, tradable=1, tag="MM:GAZP", tag_kind="inline", role="passing",
    relevance=0.15, story_id="abc", story_rank=1, event_id="GAZP@2015-01-21", day_zero=date(2015, 1, 21),
    anchor="in_session", day_zero_sensitive=1, study="market", model="market", event_window="0..0", interval="1d",
    articles_in_event=1, stories_in_event=1, confounded=0, confounders="", contains_pre_publication_move=0,
    status="scored", reason="", verdict="weak_tie", decides=1, run_id=1, scored_at=AT, ret=0.0209,
    benchmark_ret=0.03, car=-0.0116, t_stat=-1.3, p_value=0.194, p_raw=0.06, local_fdr=0.85, q_value=0.6,
)  # fmt: skip

NOT_SCORED = replace(
    LINK, status="unscored", reason="no_bars", verdict="not_scored", ret=None, benchmark_ret=None, car=None,
    t_stat=None, p_value=None, p_raw=None, local_fdr=None, q_value=None,
)  # fmt: skip

INSTRUMENT = InstrumentRow(
    ticker="GAZP", name="Gazprom", mic="MISX", timezone="Europe/Moscow", currency="RUB", kind="equity",
    benchmark="IMOEX", first_bar="2006-01-24", last_bar="2015-01-21T18:00:00", articles=1, links=1,
    measured_sessions=2100, first_measured=date(2007, 1, 24), last_measured=date(2015, 1, 21), unusual_sessions=21,
    unexplained_sessions=20, typical_ret=0.011, large_ret=0.041, typical_ar=0.007, large_ar=0.026,
)  # fmt: skip

REPORT = Report(
    ticker="GAZP",
    instrument=INSTRUMENT,
    as_of=datetime(2015, 1, 22, tzinfo=UTC),
    freshness=Freshness(news_to=AT, last_run=datetime(2015, 1, 22, tzinfo=UTC)),
    averages=(),
    links=(LINK,),
    unusual=(),
    unscored=(),
    refused_tags=(RefusedTag("NG", "unknown_tag", "", 1, "abc"),),
)

UNSCORED = UnscoredRow(
    event_id="GAZP@2015-01-21", ticker="GAZP", mic="MISX", day_zero=date(2015, 1, 21), study="market",
    event_window="0..5", status="pending", reason="window_open", reason_detail="until 2015-01-28 has closed",
    articles_in_event=1,
)  # fmt: skip

AVERAGE = Average(
    group="all", study="market", event_window="0..0", events=7, ret=0.01, caar=0.02, aar=(0.02,), counts=(7,),
    mean_correlation=0.0, default="adjusted_bmp",
    tests=(AverageTest("adjusted_bmp", 1.3, 0.2, 7, ""), AverageTest("rank", 1.0, 0.3, 7, "")),
)  # fmt: skip

STORY = StoryRow(
    event_id="GAZP@2015-01-21", story_id="abc", story_rank=1, article_id="abc", published_at=AT,
    published_precision="minute", published_zone="Europe/London", source="simulated", publisher="", role="subject",
    title="Gazprom signs a pact", url="https://example.org/1", relevance=0.8, copies=3,
)  # fmt: skip

SESSION = UnusualSession(
    ticker="GAZP", mic="MISX", instrument_name="Gazprom", session=date(2015, 1, 21), study="market", ret=0.0209,
    benchmark_ret=0.03, ar=-0.0116, market_part=0.0325, peers_part=-0.002, own_part=-0.0096,
    sigma=0.01, z=-1.2, p_value=0.004, p_method="pooled", event_id="GAZP@2015-01-21",
    articles=3, stories=1, explained=1, news=(STORY,),
)  # fmt: skip

MOVE = EventRow(
    event_id="GAZP@2015-01-21", ticker="GAZP", mic="MISX", day_zero=date(2015, 1, 21), study="market", model="market",
    event_window="0..0", interval="1d", residual_sigma=0.01, kappa=1.25, noise=1.0, first_session=date(2015, 1, 21),
    last_session=date(2015, 1, 21), price_source="local", benchmark_source="local", articles_in_event=1,
    stories_in_event=1, confounded=0, confounders="", status="scored", reason="", reason_detail="",
    relevance_class="subject", verdict="no_move", event_verdict="no_move", decides=1, digest="", run_id=1, scored_at=AT,
    ret=0.03, benchmark="IMOEX", benchmark_ret=0.01, car=0.018, sigma=0.008, t_stat=1.44, z=1.8, p_value=0.04,
    p_method="pooled", p_raw=0.03, local_fdr=0.6, q_value=0.25, q_basis="40 subject events before 2015-01-11",
    alpha=0.002, minimum_detectable=0.027, reference_id="ref", beta=1.0, n_estimation=250, n_reference=99,
)  # fmt: skip
