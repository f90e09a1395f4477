"""The composition root: a configuration becomes a store, sources and a clock, and the questions one can ask of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from signals import news, prices
from signals.config import Config, from_json, load, to_json
from signals.errors import ConfigError, StoreError, UnknownNameError
from signals.pipeline import Plan, Progress, Stamped
from signals.pipeline.plan_diff import changes
from signals.store import Connection, Store, queries, run_log, settings, status
from signals.store.copy_all import Content, move
from signals.types import NewsSource, PriceSource

if TYPE_CHECKING:
    from signals.store.snapshot import Published

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the wall clock, to the millisecond that the store keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True, eq=False)
class App:
    """A configured program. `now` is its clock."""

    config: Config
    store: Store
    now: Callable[[], datetime]

    @cached_property
    def plan(self) -> Plan:
        """What a night works with."""
        c = self.config
        return Plan(
            c.instruments,
            c.studies,
            c.intraday,
            tuple(spec.name for spec in c.prices),
            c.plausible_zones,
            c.levels.q,
            c.levels.relevance,
            {spec.name: spec.close_time for spec in c.prices if spec.close_time is not None},
            c.fx,
        )

    def news_sources(self) -> list[NewsSource]:
        """Open the news sources of the configuration."""
        return [news.open_source(spec, self.config.root) for spec in self.config.news]

    def price_sources(self) -> list[PriceSource]:
        """Open the price sources of the configuration, in the order of preference."""
        return [prices.open_source(spec, self.config.root) for spec in self.config.prices]

    # --- writing ----------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Bring the schema up to date, and make sure that the markets of the configuration are known."""
        from signals.pipeline.config_mirror import instrument_rows

        self.current_schema(upgrade=self.store.is_sqlite)
        instrument_rows(self.plan)

    def current_schema(self, upgrade: bool = False) -> None:
        """Make sure that the database has this program's schema.

        Raises
        ------
        StoreError
            It has an older one, and `upgrade` is off; or a newer one.
        """
        current, head = self.store.revisions()
        if current == head:
            return
        if not upgrade:
            state = "has no signals tables yet" if current is None else f"has the older schema {current}"
            raise StoreError(self.store.name, f"{state}; run `signals db upgrade`")
        self.store.upgrade()

    def work(self, strokes: Sequence[str], run: Stamped, tally: run_log.Tally, progress: Progress) -> None:
        """Do strokes in their order."""
        from signals.pipeline.derive.score_stage import score
        from signals.pipeline.ingest import ingest
        from signals.pipeline.refresh import refresh

        if "ingest" in strokes:
            with self._stroke("ingest", run, tally):
                ingest(self.store, self.news_sources(), run, tally, progress)
        if "refresh" in strokes:
            with self._stroke("refresh", run, tally):
                refresh(self.store, self.price_sources(), self.plan, run, tally, progress)
        if "score" in strokes:
            with self._stroke("score", run, tally):
                score(self.store, self._plan_to_go_on_by(), run, tally, progress)
        if "publish" in strokes:
            with self._stroke("publish", run, tally):
                self.publish()

    def rebuild(self, since: datetime | None, run: Stamped, tally: run_log.Tally, progress: Progress) -> None:
        """Derive again from the facts whatever is derived from articles published since an instant, or from all."""
        from signals.pipeline.rebuild import rebuild

        with self._stroke("score", run, tally):
            rebuild(self.store, self.plan, since, run, tally, progress, to_json(Plan, self.plan))

    def _plan_to_go_on_by(self) -> Plan:
        """Return the plan that the store was derived by; a store that knows none takes the configuration's."""
        with self.store.write() as db:
            kept = self._kept_plan(db)
            if kept is None:
                settings.put(db, settings.PLAN, to_json(Plan, self.plan))
                return self.plan
        different = changes(kept, self.plan)
        if different:
            log.warning("the configuration has changed since the rows were derived (%s); the night goes on by the "
                        "earlier one until `signals rebuild`", ", ".join(different[:5]))  # fmt: skip
        return kept

    def _kept_plan(self, db: Connection) -> Plan | None:
        written = settings.get(db, settings.PLAN)
        kept: Plan | None = from_json(Plan, written) if written and run_log.last_scored(db) else None
        return kept

    def plan_changes(self) -> list[str]:
        """Return what the configuration changes of the plan that the store was derived by."""
        with self.store.read() as db:
            kept = self._kept_plan(db)
        return [] if kept is None else changes(kept, self.plan)

    def prune(self, before: datetime) -> dict[str, int]:
        """Drop what is older than an instant and no link needs; returns how many rows of each kind."""
        from signals.store.pruning import prune

        self.current_schema()
        with self.store.lock():
            with self.store.write() as db:
                dropped = prune(db, before)
            self.store.vacuum()
        return dropped

    def ingest_files(
        self, files: Sequence[Path], source: str, run: Stamped, tally: run_log.Tally, progress: Progress
    ) -> None:
        """Read files through one news source of the configuration."""
        from signals.pipeline.ingest import ingest

        specs = {spec.name: spec for spec in self.config.news}
        if source not in specs:
            raise ConfigError(str(self.config.path), f"news: no source is called {source!r}; known: {sorted(specs)}")
        opened = [
            news.open_source(replace(specs[source], path=str(file.resolve()), url=None, urls=()), self.config.root)
            for file in files
        ]
        with self._stroke("ingest", run, tally):
            ingest(self.store, opened, run, tally, progress)

    @contextmanager
    def _stroke(self, name: str, run: Stamped, tally: run_log.Tally) -> Iterator[None]:
        """Keep a stroke's beginning, its counts and its end in the ledger."""
        before = tally.counts()
        with self.store.write() as db:
            run_log.begin_stroke(db, run.run_id, name, self.now())
        yield
        with self.store.write() as db:
            run_log.finish_stroke(db, run.run_id, name, before, tally.counts(), self.now())

    def copy_store(self, url: str) -> tuple[list[Content], str]:
        """Copy the whole store into an empty database; returns what each table of both holds, and its name."""
        self.current_schema()
        target = Store(url)
        with self.store.lock(), target.lock():
            target.upgrade()
            return move(self.store, target), target.name

    # --- reading ----------------------------------------------------------------------------------------------------

    def report(self, ticker: str, filters: Mapping[str, Any]) -> dict[str, Any]:
        """Return what `signals report` tells of a ticker.

        Raises
        ------
        UnknownNameError
            Nothing is known about the ticker.
        """
        from signals.answers.averages import aggregates

        now = self.now()
        self.current_schema()
        with self.store.read() as db:
            about = self._known_instrument(db, ticker)
            links = queries.links(db, {"ticker": ticker, **filters})
            plan = self._kept_plan(db) or self.plan
            return {
                "ticker": ticker,
                "instrument": {k: about[k] for k in ("name", "mic", "timezone", "currency", "kind", "benchmark")},
                "as_of": now,
                "coverage": {
                    **{k: about[k] for k in ("first_bar", "last_bar", "articles", "links")},
                    **queries.freshness(db, ticker),
                },
                "base_rate": about if about["measured_sessions"] is not None else None,
                "aggregates": aggregates(db, plan, links, now),
                "links": links,
                "unusual": queries.unusual(db, {"ticker": ticker}),
                "unscored": queries.unscored(db, ticker),
                "refused_tags": queries.refused_beside(db, ticker),
            }

    def chart(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the charts of a report need: prices, and the paths around its events."""
        from signals.answers.charts import chart

        with self.store.read() as db:
            return chart(db, self._kept_plan(db) or self.plan, found["ticker"], found["links"], found["as_of"])

    def overview(self, study: str | None = None, window: str | None = None) -> list[dict[str, Any]]:
        """Return every instrument that has links, with how many of its events moved and the strongest move."""
        self.current_schema()
        first = self.config.studies[0] if self.config.studies else None
        windows = [str(w) for w in first.windows] if first else []
        shown = "0..0" if "0..0" in windows else next(iter(windows), "")
        with self.store.read() as db:
            return queries.overview(db, study or (first.name if first else ""), window or shown)

    def links(self, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return rows of v_links, newest first."""
        self.current_schema()
        with self.store.read() as db:
            return queries.links(db, filters)

    def links_of(self, ticker: str, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the links of a report alone, without what it averages and adds; raises as `report` does."""
        self.current_schema()
        with self.store.read() as db:
            self._known_instrument(db, ticker)
            return queries.links(db, {"ticker": ticker, **filters})

    def moves(self, ticker: str | None, since: date | None, unexplained: bool) -> dict[str, Any]:
        """Return what `signals moves` tells: unusual sessions with their stories, and how often there are such.

        Raises
        ------
        UnknownNameError
            Nothing is known about the ticker.
        """
        self.current_schema()
        with self.store.read() as db:
            if ticker is not None:
                self._known_instrument(db, ticker)
            wanted = {"ticker": ticker, "since": since, "explained": 0 if unexplained else None}
            rates = queries.base_rates(db, ticker)
            return {"as_of": self.now(), "base_rates": rates, "moves": queries.unusual(db, wanted)}

    @staticmethod
    def _known_instrument(db: Connection, ticker: str) -> dict[str, Any]:
        about = queries.instrument(db, ticker)
        if about is None:
            known = [row["ticker"] for row in queries.instruments(db)]
            raise UnknownNameError("ticker", ticker, _known("tickers", known))
        return about

    def link_columns(self) -> tuple[str, ...]:
        """Return the columns of v_links in order."""
        return queries.link_columns()

    def move_columns(self) -> tuple[str, ...]:
        """Return the columns of v_moves in order."""
        return queries.move_columns()

    def publish(self, folder: Path | None = None) -> Published:
        """Write a snapshot of the views for BI tools, into the configuration's `publish` folder unless one is named."""
        import signals
        from signals.store.snapshot import publish

        self.current_schema()
        return publish(self.store, folder or self.config.root / self.config.publish, self.now(), signals.__version__)

    def explain(self, link_id: str) -> dict[str, Any]:
        """Return everything behind the links that an id names: article[/ticker[/study[/window]]].

        Raises
        ------
        UnknownNameError
            There is no such link.
        """
        from signals.answers.explain import explain

        self.current_schema()
        with self.store.read() as db:
            return explain(db, self._kept_plan(db) or self.plan, link_id, self.now())

    def status(self) -> dict[str, list[dict[str, Any]]]:
        """Return what `signals status` tells."""
        self.current_schema()
        with self.store.read() as db:
            return {**status.status(db, self.now()), "changes": [{"what": what} for what in self.plan_changes()]}


def open_app(path: Path, database: str | None = None, now: Callable[[], datetime] = utc_now) -> App:
    """Read a configuration and open its store; the command line's options come first."""
    config = load(path, database)
    return App(config, Store(config.database), now)


def as_of_app(app: App, instant: datetime) -> App:
    """Return a program whose clock stands at an instant and whose store, made anew, holds what was known then.

    The store is a SQLite file named after the instant, beside the configuration; derive it with `night.rebuild`.
    """
    from signals.store.copy_as_of import copy_known

    app.current_schema()
    with app.store.read() as db:
        pruned = settings.get(db, settings.PRUNED)
    if pruned is not None and instant < datetime.fromisoformat(pruned):
        raise StoreError(app.store.name, f"was pruned of facts before {pruned[:10]}; name a later instant")
    name = f"as-of-{instant:%Y%m%dT%H%M%SZ}.db"
    path = app.config.root / name
    for old in app.config.root.glob(name + "*"):
        old.unlink()
    url = f"sqlite:///{path}"
    past = Store(url)
    past.upgrade()
    copy_known(app.store, past, instant)
    return App(replace(app.config, database=url), past, lambda: instant)


def _known(what: str, names: Sequence[str]) -> str:
    if not names:
        return f"No {what} are known yet; run `signals run` first."
    shown = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    return f"Known {what}: {shown}."
