"""The command line: results on stdout, everything else on stderr, one sentence per error, exit codes as documented.

A file per subject. The group imports the module of a command when it is to run (`lazy_group`), so that
``signals --help`` answers at once and the modules import at their top.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import click

from signals import __version__
from signals.cli.lazy_group import Entry, LazyGroup, ReaderGoneError
from signals.cli.output import DONE, USAGE, accept_any_text, say
from signals.errors import SignalsError
from signals.logs import configure
from signals.redacting import without_secrets

#: Every command: its module, where a function has its name, and the first sentence of its help.
COMMANDS = {
    "demo": Entry("signals.cli.demo", "Make a SIMULATED market and newsroom, do a run on it and print the GAZP "
                                      "report."),
    "init": Entry("signals.cli.init", "Write a commented config.yaml to start from; never over an existing one."),
    "add": Entry("signals.cli.add", "Add an instrument to the configuration: by ticker, ISIN or name, with a first "
                                    "fetch to prove it."),
    "run": Entry("signals.cli.run", "Do one nightly pass: read news, refresh prices, score and link."),
    "rebuild": Entry("signals.cli.run", "Derive events, moves and links again from the facts, after a change of "
                                        "aliases, benchmarks or studies."),
    "ingest": Entry("signals.cli.run", "Read these files through a configured news source."),
    "schedule": Entry("signals.cli.schedule", "Run the jobs of the configuration at their times until stopped."),
    "report": Entry("signals.cli.report", "List every link of a ticker: the article, the move, how unusual it was, and "
                                          "the verdict."),
    "moves": Entry("signals.cli.moves", "List the unusual sessions of instruments, each with the stories that fall on "
                                        "it or that no news is known."),
    "contrast": Entry("signals.cli.contrast", "Compare the moves of two groups of events: tickers, sources, tags, or "
                                              "before and after a date."),
    "explain": Entry("signals.cli.explain", "Derive one link step by step: LINK_ID is article/ticker/study/window, or "
                                            "only its beginning."),
    "status": Entry("signals.cli.status", "List the last runs, the sources, and what is pending or was refused and "
                                          "why."),
    "doctor": Entry("signals.cli.doctor", "List what is wrong with calendars, bars and sources, and what to do about "
                                          "each finding."),
    "publish": Entry("signals.cli.database", "Write a snapshot of the views for BI tools: a SQLite file of typed "
                                             "tables, and Parquet files."),
    "prune": Entry("signals.cli.database", "Drop bodies of old articles that link to nothing, and superseded articles, "
                                           "bars and actions."),
    "db": Entry("signals.cli.database", "Look after the database."),
}  # fmt: skip


@click.group(
    cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option("--config", "path", type=click.Path(path_type=Path), envvar="SIGNALS_CONFIG", default="config.yaml",
              show_default=True, help="Configuration file (or SIGNALS_CONFIG).")  # fmt: skip
@click.option(
    "--database", envvar="SIGNALS_DATABASE", help="Database URL, over the configuration's (or SIGNALS_DATABASE)."
)
@click.option("-v", "--verbose", count=True, help="Log more; twice for debugging.")
@click.option("-q", "--quiet", is_flag=True, help="Write nothing but results and errors.")
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    accept_any_text()
    try:
        code = commands.main(args=list(arguments) if arguments is not None else None, prog_name="signals",
                             standalone_mode=False)  # fmt: skip
    except click.Abort:
        say("Stopped; what had been finished is kept, and the next run goes on from there.")
        return 130
    except click.ClickException as error:
        say(f"{error.format_message()} (see `signals --help`)")
        return USAGE
    except SignalsError as error:
        say(str(error))
        return error.exit_code
    except (ReaderGoneError, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone, as with `| head`
        return DONE
    return code if isinstance(code, int) else DONE


def entry() -> None:
    """Run the command line as the console script and exit; the traceback of a bug is written without secrets."""
    sys.excepthook = _write_traceback
    sys.exit(main())


def _write_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(without_secrets("".join(traceback.format_exception(kind, error, trace))))
