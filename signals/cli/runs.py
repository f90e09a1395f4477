"""Commands that write the store: a night, its parts, and the scheduler."""

from __future__ import annotations

import logging
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signals.cli.common import DONE, Day, Instant, finish, opened, progress_of, say
from signals.errors import ConfigError

if TYPE_CHECKING:
    from signals.app import App


@click.command()
@click.option("--only", type=click.Choice(["ingest", "refresh", "score"]), help="One stroke alone.")
@click.option("--since", type=Day(), help="Derive again what is derived from articles published since this day.")
@click.option("--job", "name", help="The slot of this job of `schedule:` that is due, if it has not been done.")
@click.option(
    "--as-of", "as_of", type=Instant(), help="What a run at this instant would have given, in a store of its own."
)
@click.pass_context
def run(context: click.Context, only: str | None, since: Any, name: str | None, as_of: datetime | None) -> int:
    """Do one nightly pass: read news, refresh prices, score and link. Twice in a row changes nothing."""
    from signals.runs.run import STROKES, night, rebuild

    app = opened(context)
    progress = progress_of(context)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # systemd's stop is told apart from a kill in the ledger
    if name is not None:
        return _run_job(context, app, name)
    if as_of is not None:
        from signals.app import as_of_app

        past = as_of_app(app, as_of)
        code = finish(context, rebuild(past, None, progress))
        click.echo(past.config.database)
        return code
    code = finish(context, night(app, "manual", app.now(), (only,) if only else STROKES, progress))
    if since is not None:
        midnight = datetime(since.year, since.month, since.day, tzinfo=UTC)
        code = max(code, finish(context, rebuild(app, midnight, progress)))
    return code


def _run_job(context: click.Context, app: App, name: str) -> int:
    from signals.runs.scheduler import run_slot

    job = next((job for job in app.config.jobs if job.name == name), None)
    if job is None:
        known = ", ".join(job.name for job in app.config.jobs) or "none"
        raise ConfigError(str(app.config.path), f"schedule: no job is called {name!r:.120}; known: {known}")
    tally = run_slot(app, job, progress_of(context))
    if tally is None:
        say(f"{name}: its last slot has been done; `signals run` without --job does a night all the same")
        return DONE
    return finish(context, tally)


@click.command()
@click.option("--since", type=Day(), help="Only what is derived from articles published since this day.")
@click.pass_context
def rebuild(context: click.Context, since: Any) -> int:
    """Derive events, moves and links again from the facts, after a change of aliases, benchmarks or studies."""
    from signals.runs.run import rebuild as derive_again

    midnight = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None
    return finish(context, derive_again(opened(context), midnight, progress_of(context)))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Name of the news source in the configuration to read them as.")
@click.pass_context
def ingest(context: click.Context, files: tuple[Path, ...], source: str) -> int:
    """Read these files through a configured news source."""
    from signals.runs.run import ingest_files

    return finish(context, ingest_files(opened(context), files, source, progress_of(context)))


@click.command()
@click.pass_context
def schedule(context: click.Context) -> int:
    """Run the jobs of the configuration at their times until stopped."""
    from signals.runs.scheduler import serve

    logging.getLogger().setLevel(min(logging.getLogger().level, logging.INFO))
    serve(opened(context))
    return DONE
