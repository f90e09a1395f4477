"""The command line: results on stdout, everything else on stderr, one sentence per error, exit codes as documented.

Heavy imports happen inside the commands, so that ``signals --help`` answers at once.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signals import __version__
from signals.errors import ConfigError, SignalsError

if TYPE_CHECKING:
    from signals.app import App
    from signals.pipeline import Progress
    from signals.store.ledger import Tally

DONE, SOME_FAILED, USAGE, NOTHING_KNOWN = 0, 1, 2, 3

Line = tuple[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        code = commands.main(args=list(arguments) if arguments is not None else None, prog_name="signals",
                             standalone_mode=False)  # fmt: skip
    except click.exceptions.Exit as stopped:
        return stopped.exit_code
    except click.Abort:
        _say("Stopped; what had been finished is kept, and the next run goes on from there.")
        return 130
    except click.ClickException as error:
        _say(f"{error.format_message()} (see `signals --help`)")
        return USAGE
    except SignalsError as error:
        _say(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone, as with `| head`
        return DONE
    return code if isinstance(code, int) else DONE


def entry() -> None:
    """Be the console script."""
    sys.exit(main())


def _say(sentence: str) -> None:
    click.echo(f"signals: {sentence}", err=True)


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2015-01-21", param, ctx)


class _Instant(click.ParamType[datetime]):
    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an instant; write it as 2015-01-21T13:10:00Z", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--config", "path", type=click.Path(path_type=Path), envvar="SIGNALS_CONFIG", default="config.yaml",
              show_default=True, help="Configuration file (or SIGNALS_CONFIG).")  # fmt: skip
@click.option(
    "--database", envvar="SIGNALS_DATABASE", help="Database URL, over the configuration's (or SIGNALS_DATABASE)."
)
@click.option("-v", "--verbose", count=True, help="Say more; twice for debugging.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("--no-progress", is_flag=True, help="Plain log lines in place of a progress line.")
@click.version_option(__version__, message="signals %(version)s")
@click.pass_context
def commands(
    context: click.Context, path: Path, database: str | None, verbose: int, quiet: bool, no_progress: bool
) -> None:
    """Tie news articles to the price moves they may have caused, and say how sure that is."""
    level = logging.ERROR if quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr, force=True
    )
    context.obj = {"path": path, "database": database, "quiet": quiet, "progress": not (no_progress or quiet)}


def _open(context: click.Context) -> App:
    from signals.app import open_app

    return open_app(context.obj["path"], context.obj["database"])


# --- output ---------------------------------------------------------------------------------------------------------


def _show(lines: Iterable[Line]) -> None:
    """Print styled lines: colour on a terminal, plain text elsewhere or under NO_COLOR."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        click.echo("\n".join(text.rstrip() for text, _ in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for text, style in lines:
        console.print(Text(text, style=style), soft_wrap=True)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(str(output), f"cannot be written ({error.strerror}); name another --output") from None


def _progress(context: click.Context) -> Progress | None:
    """Return a one-line progress display on a terminal; log lines otherwise."""
    if not context.obj["progress"]:
        return None
    on_terminal = sys.stderr.isatty()
    last = [0.0]

    def show(what: str, done: int, of: int) -> None:
        if on_terminal and time.monotonic() - last[0] > 0.1:
            last[0] = time.monotonic()
            click.echo(f"\r\033[K{what} {done}" + (f"/{of}" if of else ""), err=True, nl=False)

    return show


def _finish(context: click.Context, tally: Tally) -> int:
    """Say what a run did and return its exit code."""
    if sys.stderr.isatty() and context.obj["progress"]:
        click.echo("\r\033[K", err=True, nl=False)
    counts = [f"{n} {name}" for name, n in tally.counts().items() if n]
    if not context.obj["quiet"]:
        _say(("; ".join(counts) if counts else "nothing new") + ". `signals status` tells the rest.")
    for failure in tally.failures[:10]:
        _say(f"failed: {failure}")
    if len(tally.failures) > 10:
        _say(f"and {len(tally.failures) - 10} more failures")
    return SOME_FAILED if tally.failures else DONE


# --- commands -------------------------------------------------------------------------------------------------------


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="signals-demo", metavar="[DIR]")
@click.option("--seed", default=7, show_default=True, help="Another seed makes another world.")
@click.pass_context
def demo(context: click.Context, folder: Path, seed: int) -> int:
    """Make a SIMULATED market and newsroom, run a night on it and print the GAZP report."""
    from signals.tour import show_demo

    return show_demo(folder, seed, _show, lambda tally: _finish(context, tally), _progress(context))


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
def init(folder: Path) -> int:
    """Write a commented config.yaml to start from; never over an existing one."""
    from signals.config import example

    target = folder / "config.yaml"
    if target.exists():
        raise ConfigError(str(target), "exists already; remove it first, or name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_text(example(), encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            str(target), f"cannot be written ({error.strerror}); name a folder you may write in"
        ) from None
    click.echo(f"{target}: edit it, then `signals --config {target} run`")
    return DONE


@commands.command()
@click.option("--only", type=click.Choice(["ingest", "refresh", "score"]), help="One stroke alone.")
@click.option("--since", type=_Day(), help="Derive again what is derived from articles published since this day.")
@click.option(
    "--as-of", "as_of", type=_Instant(), help="What a run at this instant would have given, in a store of its own."
)
@click.pass_context
def run(context: click.Context, only: str | None, since: Any, as_of: datetime | None) -> int:
    """Do one nightly pass: read news, refresh prices, score and link. Twice in a row changes nothing."""
    from signals.night import STROKES, night, rebuild

    app = _open(context)
    progress = _progress(context)
    if as_of is not None:
        from signals.app import as_of_app

        past = as_of_app(app, as_of)
        code = _finish(context, rebuild(past, None, progress))
        click.echo(past.config.database)
        return code
    code = _finish(context, night(app, "manual", app.now(), (only,) if only else STROKES, progress))
    if since is not None:
        midnight = datetime(since.year, since.month, since.day, tzinfo=UTC)
        code = max(code, _finish(context, rebuild(app, midnight, progress)))
    return code


@commands.command()
@click.option("--since", type=_Day(), help="Only what is derived from articles published since this day.")
@click.pass_context
def rebuild(context: click.Context, since: Any) -> int:
    """Derive events, moves and links again from the facts, after a change of aliases, benchmarks or studies."""
    from signals.night import rebuild as derive_again

    midnight = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None
    return _finish(context, derive_again(_open(context), midnight, _progress(context)))


@commands.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Name of the news source in the configuration to read them as.")
@click.pass_context
def ingest(context: click.Context, files: tuple[Path, ...], source: str) -> int:
    """Read these files through a configured news source."""
    from signals.night import ingest_files

    return _finish(context, ingest_files(_open(context), files, source, _progress(context)))


@commands.command()
@click.pass_context
def schedule(context: click.Context) -> int:
    """Run the jobs of the configuration at their times until stopped."""
    from signals.schedule import serve

    logging.getLogger().setLevel(min(logging.getLogger().level, logging.INFO))
    serve(_open(context))
    return DONE


@commands.command()
@click.option("--ticker", required=True)
@click.option("--since", type=_Day(), help="First day zero.")
@click.option("--until", type=_Day(), help="Last day zero.")
@click.option("--study", help="One study only.")
@click.option("--window", help="One event window only, such as 0..1.")
@click.option("--min-relevance", type=float, help="Leave out articles that are less about it.")
@click.option("--as-of", "as_of", type=_Instant(), help="What was known at this instant.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def report(
    context: click.Context, /, ticker: str, as_of: datetime | None, form: str, output: Path | None, **filters: Any
) -> int:
    """Tell every link of a ticker: the article, the move, how unusual it was, and the verdict."""
    app = _open(context)
    if as_of is not None:
        from signals.app import as_of_app
        from signals.night import rebuild

        app = as_of_app(app, as_of)
        rebuild(app, None, _progress(context))
    found = app.report(ticker, filters)
    if form == "table" and output is None:
        from signals.reports.table import report_lines

        _show(report_lines(found, shutil.get_terminal_size((120, 40)).columns))
    else:
        _write(_rendered(found, form, app.link_columns()), output)
    return DONE


def _rendered(found: dict[str, Any], form: str, columns: Sequence[str]) -> str:
    from signals.reports import machine, table

    if form == "json":
        return machine.to_json(found)
    if form == "csv":
        return machine.to_csv(found["links"], columns)
    return "\n".join(text.rstrip() for text, _ in table.report_lines(found, 120)) + "\n"


@commands.command()
@click.argument("link_id")
@click.pass_context
def explain(context: click.Context, link_id: str) -> int:
    """Derive one link step by step: LINK_ID is article/ticker/study/window, or only its beginning."""
    from signals.reports.explanation import explanation_lines

    _show(explanation_lines(_open(context).explain(link_id)))
    return DONE


@commands.command()
@click.pass_context
def status(context: click.Context) -> int:
    """Tell the last runs, the sources, and what is pending or was refused and why."""
    from signals.reports.morning import status_lines

    _show(status_lines(_open(context).status()))
    return DONE


@commands.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_context
def upgrade(context: click.Context) -> int:
    """Bring the database to this program's schema."""
    app = _open(context)
    done = app.store.upgrade()
    click.echo(f"{app.store.name}: " + ("upgraded" if done else "is up to date"))
    return DONE


@db.command()
@click.pass_context
def check(context: click.Context) -> int:
    """Tell whether the database has this program's schema and is sound."""
    app = _open(context)
    app.current_schema()
    problems = app.store.problems()
    for problem in problems:
        _say(f"{app.store.name}: {problem}")
    if not problems:
        click.echo(f"{app.store.name}: schema {app.store.revisions()[0]}, sound")
    return SOME_FAILED if problems else DONE
