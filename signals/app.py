"""The composition root: a configuration becomes a store, sources, a plan and a clock. `answers` and `runs` use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from signals import news, prices
from signals.config import Config, from_json, load, to_json
from signals.errors import ConfigError, StoreError
from signals.pipeline import Plan
from signals.pipeline.config_mirror import listings
from signals.pipeline.plan_diff import plan_changes
from signals.readers.bounded import bounded_news, bounded_prices
from signals.readers.worker import Worker
from signals.store import Connection, Store, run_log, settings, wall_clock
from signals.types import NewsSource, NewsSpec, PriceSource


def utc_now() -> datetime:
    """Return the wall clock, to the millisecond that the store keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True, eq=False, repr=False)
class App:
    """A configured program. `now` is its clock. It has no text of its own, because a database URL holds a password."""

    config: Config
    store: Store
    now: Callable[[], datetime]

    @cached_property
    def plan(self) -> Plan:
        """What the configuration says of a derivation."""
        c = self.config
        return Plan(
            instruments=c.instruments,
            studies=c.studies,
            intraday=c.intraday,
            price_sources=tuple(spec.name for spec in c.prices),
            plausible_zones=c.plausible_zones,
            q_level=c.levels.q,
            min_relevance=c.levels.relevance,
            close_times={spec.name: spec.close_time for spec in c.prices if spec.close_time is not None},
            fx=c.fx,
            markets=c.markets,
        )

    @cached_property
    def plan_json(self) -> str:
        """The plan as a store keeps it."""
        return to_json(Plan, self.plan)

    def stored_plan(self, db: Connection) -> Plan | None:
        """Return the plan that the store was derived by; None before the first scoring, or of another program."""
        text = settings.get(db, settings.PLAN)
        return from_json(Plan, text) if text and run_log.last_scored(db) else None

    def derived_by(self, db: Connection) -> Plan:
        """Return the plan that the store was derived by, the configuration's if it was by none."""
        return self.stored_plan(db) or self.plan

    def plan_changes(self) -> list[str]:
        """Return what the configuration changes of the plan that the store was derived by."""
        with self.store.read() as db:
            stored = self.stored_plan(db)
        return [] if stored is None else plan_changes(stored, self.plan)

    def news_sources(self, worker: Worker | None = None) -> list[NewsSource]:
        """Open the news sources of the configuration; with a worker, what is large or from a network is read there."""
        return [self._news_source(spec, worker) for spec in self.config.news]

    def _news_source(self, spec: NewsSpec, worker: Worker | None) -> NewsSource:
        source = news.open_source(spec, self.config.root)
        return source if worker is None else bounded_news(source, spec, self.config.root, worker)

    def file_sources(self, name: str, files: Iterable[Path], worker: Worker | None = None) -> list[NewsSource]:
        """Open files, each as a news source that has the dialect of one in the configuration.

        Raises
        ------
        ConfigError
            The configuration has no source of that name.
        """
        specs = {spec.name: spec for spec in self.config.news}
        if name not in specs:
            raise ConfigError(str(self.config.path), f"news: no source is called {name!r}; known: {sorted(specs)}")
        read_as = [replace(specs[name], path=str(file.resolve()), url=None, urls=()) for file in files]
        return [self._news_source(spec, worker) for spec in read_as]

    def price_sources(self, worker: Worker | None = None) -> list[PriceSource]:
        """Open the price sources of the configuration, in the order of preference; with a worker as for news."""
        root = self.config.root
        specs = [replace(spec, listings=listings(self.plan, spec.name)) for spec in self.config.prices]
        opened = [(prices.open_source(spec, root), spec) for spec in specs]
        return [s if worker is None else bounded_prices(s, spec, root, worker) for s, spec in opened]

    def require_schema(self, upgrade: bool = False) -> None:
        """Make sure that the database has this program's tables and views.

        Raises
        ------
        StoreError
            They are older, and `upgrade` is off; or newer.
        """
        current, head = self.store.revisions()
        if current == head and self.store.has_current_views():
            return
        if not upgrade:
            states = {None: "has no signals tables yet", head: "has the views of another signals"}
            state = states.get(current, f"has the older schema {current}")
            raise StoreError(self.store.name, f"{state}; run `signals db upgrade`")
        self.store.upgrade()

    def require_clock(self) -> None:
        """Make sure that the clock shows no instant before a run of the store, whatever the schema of that is.

        Raises
        ------
        ClockError
            It does.
        """
        if self.store.revisions()[0] is not None:
            with self.store.read() as db:
                wall_clock.require_later(db, self.now())


def open_app(path: Path, database: str | None = None, now: Callable[[], datetime] = utc_now) -> App:
    """Read a configuration and open its store; the command line's options come first."""
    config = load(path, database)
    return App(config, Store(config.database), now)
