"""What the commands share: exit codes, kinds of options, and how results, progress and errors are written."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signals.errors import ConfigError
from signals.logs import escape_controls

if TYPE_CHECKING:
    from signals.app import App
    from signals.pipeline import Progress
    from signals.store.run_log import Tally

GARBAGE = 20_000  # new objects between two looks for cycles, for the usual 700: most of a night's are rows that stay
DONE, SOME_FAILED, USAGE, NOTHING_KNOWN = 0, 1, 2, 3

Line = tuple[str, str]


def say(sentence: str) -> None:
    """Say something that is not a result; its control characters are escaped."""
    click.echo(f"signals: {escape_controls(sentence)}", err=True)


class Day(click.ParamType[date]):
    """A date as people write it to programs."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2015-01-21", param, ctx)


class Name(click.ParamType[str]):
    """What something is called in the store."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, unless no database could take it: bytes of another encoding come as halves of characters."""
        text = str(value)
        if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
            self.fail(f"{text!r:.120} is not text in UTF-8", param, ctx)
        return text


class Instant(click.ParamType[datetime]):
    """An instant; one without a zone is in UTC."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an instant; write it as 2015-01-21T13:10:00Z", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def opened(context: click.Context) -> App:
    """Open the program that the global options name."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that wait for each other cost more than small products
    gc.disable()  # what is imported stays: looking through it again and again would cost a tenth of the start
    from signals.app import open_app

    gc.freeze()
    gc.set_threshold(GARBAGE)
    gc.enable()
    return open_app(context.obj["path"], context.obj["database"])


def show(lines: Iterable[Line]) -> None:
    """Print styled lines: colour on a terminal, plain text elsewhere or under NO_COLOR."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        click.echo("\n".join(text.rstrip() for text, _ in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for text, style in lines:
        console.print(Text(text, style=style), soft_wrap=True)


def print_lines(lines: Callable[[int], Iterable[Line]], output: Path | None) -> None:
    """Print what is made for a width: the terminal's, or 120 columns in a file or a pipe."""
    if output is None:
        wide = shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() or "COLUMNS" in os.environ else 120
        show(lines(wide))
    else:
        write("\n".join(text.rstrip() for text, _ in lines(120)) + "\n", output)


def write(text: str, output: Path | None) -> None:
    """Write a result to a file, or to stdout."""
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(str(output), f"cannot be written ({error.strerror}); name another --output") from None


def progress_of(context: click.Context) -> Progress | None:
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


def finish(context: click.Context, tally: Tally) -> int:
    """Say what a run did and return its exit code."""
    if sys.stderr.isatty() and context.obj["progress"]:
        click.echo("\r\033[K", err=True, nl=False)
    counts = [f"{n} {name}" for name, n in tally.counts().items() if n]
    if not context.obj["quiet"]:
        say(("; ".join(counts) if counts else "nothing new") + ". `signals status` tells the rest.")
    for failure in tally.failures[:10]:
        say(f"failed: {failure}")
    if len(tally.failures) > 10:
        say(f"and {len(tally.failures) - 10} more failures")
    return SOME_FAILED if tally.failures else DONE
