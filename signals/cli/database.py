"""Commands that look after the database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from signals.cli.context import opened, progress_of
from signals.cli.options import Day
from signals.cli.output import DONE, SOME_FAILED, say
from signals.runs import maintenance
from signals.runs.run import repair_clock as repair


@click.command()
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Folder, over the configuration's.")
@click.pass_context
def publish(context: click.Context, output: Path | None) -> int:
    """Write a snapshot of the views for BI tools: a SQLite file of typed tables, and Parquet files."""
    published = maintenance.publish(opened(context), output)
    for file in published.files:
        rows = published.rows.get(file.stem)
        click.echo(f"{file}" + (f": {rows} rows" if rows is not None else ""))
    return DONE


@click.command()
@click.option("--before", type=Day(), required=True, help="Drop what is older than this day.")
@click.pass_context
def prune(context: click.Context, before: date) -> int:
    """Drop bodies of old articles that link to nothing, and superseded articles, bars and actions."""
    dropped = maintenance.prune(opened(context), datetime(before.year, before.month, before.day, tzinfo=UTC))
    for what, rows in dropped.items():
        click.echo(f"{rows:>12,} {what}")
    return DONE


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_context
def upgrade(context: click.Context) -> int:
    """Bring the database to this program's schema."""
    app = opened(context)
    with app.store.lock():
        upgraded = app.store.upgrade()
    click.echo(f"{app.store.name}: " + ("upgraded" if upgraded else "is up to date"))
    return DONE


@db.command()
@click.pass_context
def check(context: click.Context) -> int:
    """Check that the database has this program's schema and is sound."""
    app = opened(context)
    app.require_schema()
    problems = app.store.problems()
    for problem in problems:
        say(f"{app.store.name}: {problem}")
    if not problems:
        click.echo(f"{app.store.name}: schema {app.store.revisions()[0]}, sound")
    return SOME_FAILED if problems else DONE


@db.command("repair-clock")
@click.option("--sure", is_flag=True, help="The clock is right now, although the store has bars of later days.")
@click.pass_context
def repair_clock(context: click.Context, sure: bool) -> int:
    """Take back what runs learned while the clock was ahead, and derive everything again."""
    counts = repair(opened(context), sure, progress_of(context))
    for what, rows in counts.items():
        click.echo(f"{rows:>12,} {what}")
    click.echo("the next run reads and asks for it again" if counts else "no run began after now; nothing was done")
    return DONE


@db.command()
@click.argument("target", metavar="URL")
@click.pass_context
def copy(context: click.Context, target: str) -> int:
    """Copy the whole store into the empty database at URL, and prove that every row arrived."""
    app = opened(context)
    contents, name = maintenance.copy_store(app, target)
    for content in contents:
        click.echo(f"{content.rows:>12,} {content.checksum} {content.table}")
    click.echo(f"{name}: holds the rows of {app.store.name}; name it in `database:` to go on there")
    return DONE
