"""The views: the contract that BI tools and `signals report` read. Each column is written down once, with its meaning.

The SQL is the common ground of SQLite and PostgreSQL.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from signals.store.kinds import Kind, kinds_of
from signals.store.tables import MOST_DAYS
from signals.types import (
    AveragePathRow,
    AverageRow,
    AverageTestRow,
    BreakKind,
    DayMark,
    EventRow,
    InstrumentRow,
    LinkRow,
    MarketDayRow,
    MentionRow,
    MoveNumbers,
    PriceBreakRow,
    RunRow,
    RunSumRow,
    SourceRow,
    SourceRunRow,
    Stage,
    StageRow,
    Status,
    UnscoredRow,
    UnusualSession,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class View:
    """A view: what a row is, the class of its rows, where it comes from, and its columns.

    A column is (name, expression, meaning). Each is a field of the row's class, whose type says what it holds.
    """

    name: str
    meaning: str
    row: type
    source: str
    columns: tuple[tuple[str, str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(name for name, _, _ in self.columns)

    def kind(self, column: str) -> Kind:
        """Return what a column holds: text, integer, real, date (a session) or instant (UTC)."""
        return kinds_of(self.row)[column]

    def sql(self) -> str:
        """Return the SELECT behind the view."""
        return "SELECT " + ",\n  ".join(f"{expression} AS {name}" for name, expression, _ in self.columns) + self.source


# The numbers of a move, as `MoveNumbers` defines them.
_MOVE = tuple((f.name, f"m.{f.name}", str(f.metadata["meaning"])) for f in fields(MoveNumbers))

_STUDY = (
    ("study", "w.study", "name of the study"),
    ("model", "COALESCE(m.model, w.model)", "return model of the study, or the one in its place and why"),
    ("event_window", "w.event_window", "event window: 0..1 in sessions from day zero, 0m..60m by the clock"),
    ("interval", "w.interval", "spacing of the bars"),
)

LINKS = View(
    "v_links",
    "an article x instrument x study x window",
    LinkRow,
    """
FROM links l
JOIN event_assignments p ON p.article_id = l.article_id AND p.ticker = l.ticker
JOIN mentions n ON n.article_id = p.article_id AND n.mention_no = p.mention_no
JOIN articles a ON a.article_id = n.article_id AND a.revision = n.revision
JOIN events e ON e.event_id = l.event_id
JOIN instruments i ON i.ticker = l.ticker
JOIN study_windows w ON w.study = l.study AND w.event_window = l.event_window
JOIN story_articles s ON s.article_id = l.article_id
LEFT JOIN moves m ON m.event_id = l.event_id AND m.study = l.study AND m.event_window = l.event_window
  AND m.status = l.status""",
    (
        (
            "link_id",
            "l.article_id || '/' || l.ticker || '/' || l.study || '/' || l.event_window",
            "stable key of the link: article/ticker/study/window",
        ),
        ("ticker", "l.ticker", "the instrument's key"),
        ("mic", "i.mic", "market of the instrument (ISO 10383)"),
        ("currency", "i.currency", "currency of its prices"),
        ("instrument_name", "i.name", "its name"),
        ("article_id", "l.article_id", "key of the article"),
        ("source", "a.source", "news source, as named in the configuration"),
        ("publisher", "a.publisher", "agency or publisher that the article names"),
        ("site", "a.site", "where it stood; an agency's words stand on many sites"),
        ("authors", "a.authors", "names of its authors, separated by '; '; empty if the page names none"),
        ("title", "a.title", "headline"),
        ("url", "a.url", "address, where known"),
        ("published_at", "a.published_at", "publication instant; with precision day the first instant of that day"),
        ("published_precision", "a.published_precision", "instant, minute or day"),
        ("published_zone", "a.published_zone", "zone in which the stamp was read"),
        ("zone_basis", "a.zone_basis", "stated in the text, source = configured for the source, or assumed"),
        ("seen_at", "a.seen_at", "when this program, or its archive, first had the article"),
        ("withdrawn", "a.withdrawn", "gone (its page is no more), notice (it was taken back by one), or null"),
        ("tradable", "l.tradable", "1 if seen before a price in the window at which one could have entered"),
        ("tag", "n.tag", "the tag as written"),
        ("tag_kind", "n.tag_kind", "page_tag, inline, cashtag or name"),
        ("role", "n.role", "subject, mentioned, passing, source or boilerplate"),
        ("relevance", "n.relevance", "0..1, how much the article is about the instrument"),
        ("story_id", "s.story_id", "the story that the article is a copy or version of"),
        ("story_rank", "s.story_rank", "1 for its first copy"),
        ("event_id", "l.event_id", "instrument and day zero, or instrument and instant of publication"),
        ("day_zero", "e.day_zero", "first session able to react"),
        ("anchor", "p.anchor", "rule that chose it: in_session, pre_open, after_close, non_session, day_only"),
        (
            "day_zero_sensitive",
            "p.day_zero_sensitive",
            "1 if another plausible zone, or another reading or statement of its time, would give another session",
        ),
        *_STUDY,
        *_MOVE,
        ("articles_in_event", "e.articles_in_event", "articles that fall on the event"),
        ("stories_in_event", "e.stories_in_event", "stories that fall on the event"),
        ("confounded", "m.confounded", "1 if something shares the window that the abnormal return does not leave out"),
        ("confounders", "m.confounders", "other stories, ex-days and market-wide days in the window"),
        (
            "contains_pre_publication_move",
            "l.contains_pre_publication_move",
            "1 if the window's return began before publication",
        ),
        ("status", "l.status", Status.alternatives()),
        ("reason", "l.reason", "why it is not scored"),
        ("verdict", "l.verdict", Verdict.alternatives()),
        ("decides", "COALESCE(m.decides, 0)", "1 in the one study and window that its event is counted by"),
        ("run_id", "l.run_id", "run that wrote the link"),
        ("scored_at", "m.scored_at", "when the move was computed"),
    ),
)

_EVENT = (
    ("event_id", "e.event_id", "instrument and day zero, or instrument and instant of publication"),
    ("ticker", "e.ticker", "the instrument's key"),
    ("mic", "i.mic", "market of the instrument"),
    ("day_zero", "e.day_zero", "first session able to react"),
)

EVENTS = View(
    "v_events",
    "an event x study x window, the unit of inference",
    EventRow,
    """
FROM moves m
JOIN events e ON e.event_id = m.event_id
JOIN instruments i ON i.ticker = e.ticker
JOIN study_windows w ON w.study = m.study AND w.event_window = m.event_window""",
    (
        *_EVENT,
        *_STUDY,
        *_MOVE,
        ("residual_sigma", "m.residual_sigma", "residual standard deviation of the estimation window, behind t_stat"),
        ("kappa", "m.kappa", "standard deviation of car in one-session units, estimation error included"),
        ("noise", "m.noise", "standard deviation of the car of ordinary windows like this one"),
        ("first_session", "m.first_session", "first session of the window"),
        ("last_session", "m.last_session", "last session of the window"),
        ("price_source", "m.price_source", "source of the instrument's bars"),
        ("benchmark_source", "m.benchmark_source", "source of the benchmark's bars"),
        ("articles_in_event", "e.articles_in_event", "articles that fall on the event"),
        ("stories_in_event", "e.stories_in_event", "stories that fall on the event"),
        ("confounded", "m.confounded", "1 if something shares the window that the abnormal return does not leave out"),
        ("confounders", "m.confounders", "other stories, ex-days and market-wide days in the window"),
        ("status", "m.status", Status.alternatives()),
        ("reason", "m.reason", "why it is not scored"),
        ("reason_detail", "m.reason_detail", "the numbers behind the reason"),
        ("relevance_class", "e.relevance_class", "subject, mentioned or weak: how much its best article is about it"),
        ("verdict", "m.verdict", "of the event in this window, by its best article; see the verdicts of v_links"),
        ("event_verdict", "m.event_verdict", "the verdict in the study's deciding window"),
        ("decides", "m.decides", "1 in the one study and window that the event is counted by"),
        ("digest", "m.digest", "digest of the arrays that made the numbers"),
        ("run_id", "m.run_id", "run that computed the move"),
        ("scored_at", "m.scored_at", "when the move was computed"),
    ),
)

UNSCORED = View(
    "v_unscored",
    "an event x study x window that could not be scored, or not yet",
    UnscoredRow,
    """
FROM moves m
JOIN events e ON e.event_id = m.event_id
JOIN instruments i ON i.ticker = e.ticker
WHERE m.status <> 'scored'""",
    (
        *_EVENT,
        ("study", "m.study", "name of the study"),
        ("event_window", "m.event_window", "event window"),
        ("status", "m.status", "pending or unscored"),
        ("reason", "m.reason", "why"),
        ("reason_detail", "m.reason_detail", "the numbers behind the reason"),
        ("articles_in_event", "e.articles_in_event", "articles that wait for it"),
    ),
)

MOVES = View(
    "v_moves",
    "an unusual session of an instrument, with the stories that fall on it or none",
    UnusualSession,
    """
FROM session_moves s
JOIN instruments i ON i.ticker = s.ticker
LEFT JOIN events e ON e.ticker = s.ticker AND e.day_zero = s.session AND e.published_at IS NULL""",
    (
        ("ticker", "s.ticker", "the instrument's key"),
        ("mic", "i.mic", "market of the instrument"),
        ("instrument_name", "i.name", "its name"),
        ("session", "s.session", "the session"),
        ("study", "s.study", "study that measured it"),
        ("ret", "s.ret", "return of the session"),
        ("benchmark_ret", "s.benchmark_ret", "return of the benchmark"),
        ("ar", "s.ar", "abnormal return of the session"),
        ("market_part", "s.ret - s.ar", "part of the return that the model expected of the market"),
        ("peers_part", "s.peers_part", "part of the abnormal return that goes with the peers; null without peers"),
        ("own_part", "s.ar - s.peers_part", "rest of the abnormal return, the instrument's own; null without peers"),
        ("sigma", "s.sigma", "standard deviation of a one-session abnormal return"),
        ("z", "s.z", "ar in units of its conditional standard deviation"),
        ("p_value", "s.p_value", "how often ordinary days show a move at least this unusual"),
        ("p_method", "s.p_method", "how p_value was made"),
        ("event_id", "e.event_id", "the event on that session; null when no news is known"),
        ("articles", "COALESCE(e.articles_in_event, 0)", "articles that fall on it"),
        ("stories", "COALESCE(e.stories_in_event, 0)", "stories that fall on it"),
        ("explained", "CASE WHEN e.event_id IS NULL THEN 0 ELSE 1 END", "1 if a story falls on the session"),
    ),
)


def _average_key(table: str) -> tuple[tuple[str, str, str], ...]:
    """Return the columns that name an average, from one of its tables."""
    label = f"CASE WHEN {table}.group_kind = 'all' THEN 'all' ELSE {table}.group_kind || '=' || {table}.group_value END"
    return (
        ("event_group", label, "the group of events as the report names it: all, source=NAME or tag=TAG"),
        ("group_kind", f"{table}.group_kind", "what the events have in common: all, source or tag"),
        ("group_value", f"{table}.group_value", "the source or the tag; empty for all"),
    )


_TEST = "(SELECT {0} FROM average_tests t WHERE t.ticker = g.ticker AND t.group_kind = g.group_kind AND\n    "
_TEST += "t.group_value = g.group_value AND t.study = g.study AND t.event_window = g.event_window AND t.test = {1})"

AVERAGES = View(
    "v_averages",
    "what the events of an instrument, of one source or of one tag have in common under a study and window",
    AverageRow,
    """
FROM averages g
JOIN instruments i ON i.ticker = g.ticker
JOIN study_windows w ON w.study = g.study AND w.event_window = g.event_window""",
    (
        ("ticker", "g.ticker", "the instrument's key"),
        ("mic", "i.mic", "market of the instrument"),
        ("instrument_name", "i.name", "its name"),
        *_average_key("g"),
        ("study", "g.study", "name of the study"),
        ("model", "w.model", "return model of the study"),
        ("event_window", "g.event_window", "event window: 0..1 in sessions from day zero, 0m..60m by the clock"),
        ("interval", "w.interval", "spacing of the bars"),
        ("events", "g.events", f"events with a complete abnormal return, among the newest {MOST_DAYS} days zero"),
        ("ret", "g.ret", "mean return"),
        ("caar", "g.caar", "mean cumulative abnormal return"),
        ("mean_correlation", "g.mean_correlation", "mean correlation of the abnormal returns over all pairs of events"),
        ("test", "g.default_test", "the test to quote: adjusted_bmp, or adjusted_rank of similar events on one date"),
        ("statistic", _TEST.format("t.statistic", "g.default_test"), "statistic of that test"),
        ("p_value", _TEST.format("t.p_value", "g.default_test"), "its two-sided p-value; null if it has no result"),
        ("reason", _TEST.format("t.reason", "g.default_test"), "why it has no result"),
        ("p_adjusted_bmp", _TEST.format("t.p_value", "'adjusted_bmp'"), "p-value of the adjusted BMP test"),
        ("p_adjusted_rank", _TEST.format("t.p_value", "'adjusted_rank'"), "p-value of the adjusted rank test"),
        ("p_rank", _TEST.format("t.p_value", "'rank'"), "p-value of the rank test"),
    ),
)

AVERAGE_TESTS = View(
    "v_average_tests",
    "a test of an average of v_averages",
    AverageTestRow,
    """
FROM average_tests t
JOIN averages g ON g.ticker = t.ticker AND g.group_kind = t.group_kind AND g.group_value = t.group_value
  AND g.study = t.study AND g.event_window = t.event_window
JOIN instruments i ON i.ticker = t.ticker
JOIN study_windows w ON w.study = t.study AND w.event_window = t.event_window""",
    (
        ("ticker", "t.ticker", "the instrument's key"),
        *_average_key("t"),
        ("study", "t.study", "name of the study"),
        ("event_window", "t.event_window", "event window"),
        ("test", "t.test", "name of the test (docs/scoring.md)"),
        ("is_default", "CASE WHEN t.test = g.default_test THEN 1 ELSE 0 END", "1 for the test to quote"),
        ("statistic", "t.statistic", "its statistic"),
        ("p_value", "t.p_value", "its two-sided p-value"),
        ("events", "t.events", "events that it uses"),
        ("reason", "t.reason", "why it has no result"),
    ),
)

AVERAGE_PATHS = View(
    "v_average_paths",
    "the average abnormal return of one session of a window of v_averages",
    AveragePathRow,
    """
FROM average_paths s
JOIN instruments i ON i.ticker = s.ticker
JOIN study_windows w ON w.study = s.study AND w.event_window = s.event_window""",
    (
        ("ticker", "s.ticker", "the instrument's key"),
        *_average_key("s"),
        ("study", "s.study", "name of the study"),
        ("event_window", "s.event_window", "event window"),
        ("session_no", "s.session_no", "session of the window, from 0"),
        ("aar", "s.aar", "mean abnormal return over the events that have one on it"),
        ("events", "s.events", "how many have one"),
    ),
)

MENTIONS = View(
    "v_mentions",
    "a tag found in an article, linked or refused",
    MentionRow,
    """
FROM mentions n
JOIN articles a ON a.article_id = n.article_id AND a.revision = n.revision""",
    (
        ("article_id", "n.article_id", "key of the article"),
        ("mention_no", "n.mention_no", "number of the mention within the article"),
        ("source", "a.source", "news source"),
        ("published_at", "a.published_at", "publication instant"),
        ("title", "a.title", "headline"),
        ("tag", "n.tag", "the tag as written"),
        ("tag_kind", "n.tag_kind", "page_tag, inline, cashtag or name"),
        ("found_in", "n.found_in", "title, body or tags"),
        ("span_start", "n.span_start", "offset of its first occurrence; -1 for page tags"),
        ("span_end", "n.span_end", "end of its first occurrence"),
        ("occurrences", "n.occurrences", "how often it stands there"),
        ("ticker", "n.ticker", "instrument it was tied to; null when refused"),
        ("status", "CASE WHEN n.ticker IS NULL THEN 'refused' ELSE 'linked' END", "linked or refused"),
        ("reason", "n.reason", "why it was refused"),
        ("alias", "n.alias", "spelling that matched, or the candidates"),
        ("role", "n.role", "what the instrument is to the article"),
        ("relevance", "n.relevance", "0..1"),
    ),
)

INSTRUMENTS = View(
    "v_instruments",
    "an instrument with its coverage and its base rate",
    InstrumentRow,
    "\nFROM instruments i\nLEFT JOIN base_rates r ON r.ticker = i.ticker",
    (
        ("ticker", "i.ticker", "the instrument's key"),
        ("name", "i.name", "its name"),
        ("mic", "i.mic", "its market"),
        ("timezone", "i.timezone", "zone of the market"),
        ("currency", "i.currency", "currency of its prices"),
        ("kind", "i.kind", "equity, index, future ..."),
        ("benchmark", "i.benchmark", "its benchmark"),
        (
            "first_bar",
            "(SELECT MIN(b.start) FROM bars b WHERE b.ticker = i.ticker AND b.superseded_at IS NULL)",
            "start of the first bar",
        ),
        (
            "last_bar",
            "(SELECT MAX(b.start) FROM bars b WHERE b.ticker = i.ticker AND b.superseded_at IS NULL)",
            "start of the last bar",
        ),
        (
            "articles",
            "(SELECT COUNT(DISTINCT n.article_id) FROM mentions n WHERE n.ticker = i.ticker)",
            "articles that name it",
        ),
        ("links", "(SELECT COUNT(*) FROM links l WHERE l.ticker = i.ticker)", "links"),
        ("measured_sessions", "r.sessions", "sessions with enough history before them to be measured"),
        ("first_measured", "r.first_session", "the first of them"),
        ("last_measured", "r.last_session", "the last of them"),
        (
            "unusual_sessions",
            "(SELECT COUNT(*) FROM session_moves s WHERE s.ticker = i.ticker)",
            "unusual ones among them (v_moves)",
        ),
        (
            "unexplained_sessions",
            """(SELECT COUNT(*) FROM session_moves s WHERE s.ticker = i.ticker AND NOT EXISTS (
      SELECT 1 FROM events e WHERE e.ticker = s.ticker AND e.day_zero = s.session))""",
            "unusual ones on which no known story falls",
        ),
        ("typical_ret", "r.typical_ret", "absolute return that half of the last 250 measured sessions exceed"),
        ("large_ret", "r.large_ret", "absolute return that one in twenty of them exceeds"),
        ("typical_ar", "r.typical_ar", "absolute abnormal return that half of them exceed"),
        ("large_ar", "r.large_ar", "absolute abnormal return that one in twenty of them exceeds"),
    ),
)

RUNS = View(
    "v_runs",
    "a run",
    RunRow,
    "\nFROM runs r",
    (
        ("run_id", "r.run_id", "number of the run"),
        ("job", "r.job", "job of the schedule, or manual"),
        ("slot", "r.slot", "instant that the run stands for"),
        ("attempt", "r.attempt", "1 for the first try at the slot"),
        ("state", "r.state", "running, done, failed or killed"),
        ("started_at", "r.started_at", "when it began"),
        ("finished_at", "r.finished_at", "when it ended"),
        ("version", "r.version", "version of the program"),
        ("articles", "r.articles", "articles that were new or changed"),
        ("refused", "r.refused", "items refused for the first time"),
        ("bars", "r.bars", "bars that were new or changed"),
        ("moves", "r.moves", "moves written"),
        ("links", "r.links", "links written"),
        ("failures", "r.failures", "sources or items that failed"),
        ("error", "r.error", "what ended it"),
        ("gaps", "r.gaps", "instruments that lacked bars for sessions of the last sixty days when it ended"),
        ("seconds", "r.seconds", "how long it took"),
    ),
)

STAGES = View(
    "v_stages",
    "a stage of a run",
    StageRow,
    "\nFROM stage_runs s\nJOIN runs r ON r.run_id = s.run_id",
    (
        ("run_id", "s.run_id", "number of the run"),
        ("job", "r.job", "job of the schedule, or manual"),
        ("slot", "r.slot", "instant that the run stands for"),
        ("stage", "s.stage", Stage.alternatives()),
        ("started_at", "s.started_at", "when it began"),
        ("finished_at", "s.finished_at", "when it ended; null where the run was killed or failed in it"),
        ("articles", "s.articles", "articles that were new or changed"),
        ("refused", "s.refused", "items refused for the first time"),
        ("bars", "s.bars", "bars that were new or changed"),
        ("moves", "s.moves", "moves written"),
        ("links", "s.links", "links written"),
        ("failures", "s.failures", "sources or items that failed"),
    ),
)

_SUM_OF_PARTS = "s.added + s.changed + s.same + s.refused + s.withdrawn + s.unstored"

SOURCE_RUNS = View(
    "v_source_runs",
    "a source in a run: what arrived, and what became of it",
    SourceRunRow,
    "\nFROM source_runs s\nJOIN runs r ON r.run_id = s.run_id",
    (
        ("run_id", "s.run_id", "number of the run"),
        ("job", "r.job", "job of the schedule, or manual"),
        ("slot", "r.slot", "instant that the run stands for"),
        ("room", "s.room", "news, prices, or derived for what could not be derived"),
        ("source", "s.source", "name in the configuration"),
        ("arrived", "s.arrived", "records of articles and pages that are gone, or bars"),
        ("added", "s.added", "articles or bars that the database has more than before"),
        ("changed", "s.changed", "revisions of articles, or corrected bars"),
        ("same", "s.same", "those that said nothing new"),
        ("refused", "s.refused", "those that were refused or rejected"),
        ("withdrawn", "s.withdrawn", "pages that are no more"),
        ("unstored", "s.unstored", "those that could not be stored; the next run tries again"),
        ("agree", f"CASE WHEN s.arrived = {_SUM_OF_PARTS} THEN 1 ELSE 0 END", "1 if what arrived is all accounted for"),
        ("failed", "s.failed", "items that failed"),
        ("reason", "s.reason", "kind of the first failure"),
        ("detail", "s.detail", "sentence of the first failure"),
    ),
)

RUN_SUMS = View(
    "v_run_sums",
    "a kind of derived rows in a run: before + added - removed = after",
    RunSumRow,
    "\nFROM run_rows s\nJOIN runs r ON r.run_id = s.run_id",
    (
        ("run_id", "s.run_id", "number of the run"),
        ("job", "r.job", "job of the schedule, or manual"),
        ("slot", "r.slot", "instant that the run stands for"),
        ("kind", "s.kind", "events, moves or links"),
        ("before", "s.before", "rows as the run before left them"),
        ("added", "s.added", "rows that the run added"),
        ("removed", "s.removed", "rows that it removed"),
        ("after", "s.after", "rows at its end"),
        ("agree", "CASE WHEN s.before + s.added - s.removed = s.after THEN 1 ELSE 0 END", "1 if the sum is right"),
    ),
)

MARKET_DAYS = View(
    "v_market_days",
    "a day on which the bars of a market disagree with its calendar or lack the benchmark",
    MarketDayRow,
    "\nFROM market_days d",
    (
        ("mic", "d.mic", "the market"),
        ("benchmark", "NULLIF(d.benchmark, '')", "benchmark of its instruments"),
        ("day", "d.day", "the day"),
        ("mark", "d.mark", "; ".join(f"{mark.value}: {mark.label.meaning}" for mark in DayMark)),
    ),
)

PRICE_BREAKS = View(
    "v_price_breaks",
    "a jump of a price that a split or a change of unit explains better than news; no window that holds it is scored",
    PriceBreakRow,
    "\nFROM price_breaks b",
    (
        ("ticker", "b.ticker", "the instrument"),
        ("source", "b.source", "source of the price"),
        ("day", "b.day", "the session"),
        ("kind", "b.kind", "; ".join(f"{kind.value}: {kind.label.meaning}" for kind in BreakKind)),
        ("ret", "b.ret", "return from close to close by the source's prices and splits"),
        ("split", "b.split", "the source's split of that day, new shares per old one, 1 if none"),
    ),
)

SOURCES = View(
    "v_sources",
    "a news or price source with its state",
    SourceRow,
    """
FROM source_runs s
JOIN runs r ON r.run_id = s.run_id
WHERE s.run_id = (SELECT MAX(x.run_id) FROM source_runs x WHERE x.room = s.room AND x.source = s.source)""",
    (
        ("room", "s.room", "news, prices, or derived for what could not be derived"),
        ("source", "s.source", "name in the configuration"),
        ("state", "CASE WHEN s.failed = 0 THEN 'ok' ELSE 'failed' END", "ok or failed"),
        ("items", "s.items", "items of its last run"),
        ("written", "s.written", "articles or bars of its last run that were new or changed"),
        ("failed", "s.failed", "items that failed in its last run"),
        ("reason", "s.reason", "kind of the first failure"),
        ("detail", "s.detail", "sentence of the first failure"),
        ("last_run_at", "r.started_at", "its last run"),
        (
            "last_ok_at",
            """(SELECT MAX(o.started_at) FROM source_runs y JOIN runs o ON o.run_id = y.run_id
    WHERE y.room = s.room AND y.source = s.source AND y.failed = 0)""",
            "its last run without a failure",
        ),
        (
            "failed_since",
            """(SELECT MIN(f.started_at) FROM source_runs y JOIN runs f ON f.run_id = y.run_id
    WHERE y.room = s.room AND y.source = s.source AND y.failed > 0 AND NOT EXISTS (
      SELECT 1 FROM source_runs z WHERE z.room = y.room AND z.source = y.source AND z.failed = 0
        AND z.run_id > y.run_id))""",
            "first of the failures that still last",
        ),
    ),
)

VIEWS = (
    LINKS, EVENTS, UNSCORED, AVERAGES, AVERAGE_TESTS, AVERAGE_PATHS, MOVES, MENTIONS, INSTRUMENTS,
    MARKET_DAYS, PRICE_BREAKS, RUNS, STAGES, SOURCES, SOURCE_RUNS, RUN_SUMS,
)  # fmt: skip


_INTRODUCTION = """# The views

One row per line below; the first sentence says what a row is. Returns are decimals. A date is a session, an instant is
UTC; on SQLite both are ISO-8601 text, whose order is their order in time.
"""


def dictionary() -> str:
    """Return the data dictionary of all views as Markdown."""
    parts = [_INTRODUCTION]
    for view in VIEWS:
        rows = "\n".join(f"| `{name}` | {view.kind(name)} | {meaning} |" for name, _, meaning in view.columns)
        head = "| column | type | meaning |\n|---|---|---|"
        parts.append(f"## {view.name}\n\nA row is {view.meaning}.\n\n{head}\n{rows}\n")
    return "\n".join(parts)
