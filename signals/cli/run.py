"""Commands that start a run: `signals run`, `signals rebuild` and `signals ingest`."""

from __future__ import annotations

import signal
from datetime import UTC, date, datetime
from pathlib import Path

import click

from signals.app import App
from signals.cli.context import finish, opened, progress_of
from signals.cli.options import Day, Instant
from signals.cli.output import DONE, say
from signals.config import DEFAULT_STAGES
from signals.errors import ConfigError
from signals.runs import run as runs
from signals.runs.as_of import derive_as_of
from signals.types import Stage


@click.command()
@click.option("--only", type=click.Choice([stage.value for stage in DEFAULT_STAGES]), help="One stage alone.")
@click.option("--since", type=Day(), help="Derive again what is derived from articles published since this day.")
@click.option("--job", "name", help="The slot of this job of `schedule:` that is due, if it has not been done.")
@click.option(
    "--as-of", "as_of", type=Instant(), help="What a run at this instant would have given, in a store of its own."
)
@click.pass_context
def run(context: click.Context, only: str | None, since: date | None, name: str | None, as_of: datetime | None) -> int:
    """Do one nightly pass: read news, refresh prices, score and link. Twice in a row changes nothing."""
    app = opened(context)
    progress = progress_of(context)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the run log then tells systemd's stop from a kill
    if name is not None:
        return _run_job(context, app, name)
    if as_of is not None:
        past, stats = derive_as_of(app, as_of, progress)
        code = finish(context, stats)
        click.echo(past.config.database)
        return code
    code = finish(context, runs.run(app, "manual", app.now(), (Stage(only),) if only else DEFAULT_STAGES, progress))
    if since is not None:
        code = max(code, finish(context, runs.rebuild(app, _midnight(since), progress)))
    return code


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _run_job(context: click.Context, app: App, name: str) -> int:
    from signals.runs.scheduler import run_slot  # start-up: only jobs need APScheduler

    job = next((job for job in app.config.jobs if job.name == name), None)
    if job is None:
        names = ", ".join(job.name for job in app.config.jobs) or "none"
        raise ConfigError(str(app.config.path), f"schedule: no job is called {name!r:.120}; known: {names}")
    stats = run_slot(app, job, progress_of(context))
    if stats is None:
        say(f"{name}: its last slot has been done; `signals run` without --job does a run all the same")
        return DONE
    return finish(context, stats)


@click.command()
@click.option("--since", type=Day(), help="Only what is derived from articles published since this day.")
@click.pass_context
def rebuild(context: click.Context, since: date | None) -> int:
    """Derive events, moves and links again from the facts, after a change of aliases, benchmarks or studies."""
    instant = _midnight(since) if since else None
    return finish(context, runs.rebuild(opened(context), instant, progress_of(context)))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Name of the news source in the configuration to read them as.")
@click.pass_context
def ingest(context: click.Context, files: tuple[Path, ...], source: str) -> int:
    """Read these files through a configured news source."""
    return finish(context, runs.ingest_files(opened(context), files, source, progress_of(context)))
