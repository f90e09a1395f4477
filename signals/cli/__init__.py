"""The command line: results on stdout, everything else on stderr, one sentence per error, exit codes as documented.

A file per kind of command. Heavy imports happen inside the commands, so that ``signals --help`` answers at once.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from signals import __version__
from signals.cli.answers import doctor, explain, moves, report, status
from signals.cli.common import DONE, USAGE, say
from signals.cli.database import db, prune, publish
from signals.cli.runs import ingest, rebuild, run, schedule
from signals.cli.start import demo, init
from signals.errors import SignalsError
from signals.logs import configure


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--config", "path", type=click.Path(path_type=Path), envvar="SIGNALS_CONFIG", default="config.yaml",
              show_default=True, help="Configuration file (or SIGNALS_CONFIG).")  # fmt: skip
@click.option(
    "--database", envvar="SIGNALS_DATABASE", help="Database URL, over the configuration's (or SIGNALS_DATABASE)."
)
@click.option("-v", "--verbose", count=True, help="Say more; twice for debugging.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("--no-progress", is_flag=True, help="Plain log lines in place of a progress line.")
@click.option("--log", type=click.Choice(["text", "json"]), envvar="SIGNALS_LOG", default="text", show_default=True,
              help="How log lines are written (or SIGNALS_LOG).")  # fmt: skip
@click.version_option(__version__, message="signals %(version)s")
@click.pass_context
def commands(
    context: click.Context, path: Path, database: str | None, verbose: int, quiet: bool, no_progress: bool, log: str
) -> None:
    """Tie news articles to the price moves they may have caused, and say how sure that is."""
    level = logging.ERROR if quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    configure(level, log == "json")
    context.obj = {"path": path, "database": database, "quiet": quiet, "progress": not (no_progress or quiet)}


for _command in (
    demo,
    init,
    run,
    rebuild,
    ingest,
    schedule,
    report,
    moves,
    explain,
    status,
    doctor,
    publish,
    prune,
    db,
):
    commands.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        code = commands.main(args=list(arguments) if arguments is not None else None, prog_name="signals",
                             standalone_mode=False)  # fmt: skip
    except click.exceptions.Exit as stopped:
        return stopped.exit_code
    except click.Abort:
        say("Stopped; what had been finished is kept, and the next run goes on from there.")
        return 130
    except click.ClickException as error:
        say(f"{error.format_message()} (see `signals --help`)")
        return USAGE
    except SignalsError as error:
        say(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone, as with `| head`
        return DONE
    return code if isinstance(code, int) else DONE


def entry() -> None:
    """Be the console script."""
    sys.exit(main())
