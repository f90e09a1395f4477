"""How the commands write: exit codes, results on stdout, sentences on stderr."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from signals import durable
from signals.errors import ConfigError
from signals.logs import escape_controls
from signals.redacting import without_secrets


def accept_any_text() -> None:
    """Let stdout and stderr escape what their encoding does not have, in place of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


DONE, SOME_FAILED, USAGE = 0, 1, 2

Line = tuple[str, str]


def say(sentence: str) -> None:
    """Write a sentence that is not a result to stderr, without the control characters of files and servers."""
    click.echo(f"signals: {escape_controls(without_secrets(sentence))}", err=True)


def show(lines: Iterable[Line]) -> None:
    """Print styled lines: colour on a terminal, plain text elsewhere or under NO_COLOR."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        click.echo("\n".join(text.rstrip() for text, _ in lines))
        return
    from rich import console, text  # start-up: only a terminal needs rich

    terminal = console.Console(highlight=False)
    for line, style in lines:
        terminal.print(text.Text(line, style=style), soft_wrap=True)


def print_lines(lines: Callable[[int], Iterable[Line]], output: Path | None) -> None:
    """Print what is made for a width: the terminal's, or 120 columns in a file or a pipe."""
    if output is None:
        wide = shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() or "COLUMNS" in os.environ else 120
        show(lines(wide))
    else:
        write("\n".join(text.rstrip() for text, _ in lines(120)) + "\n", output)


def write(text: str, output: Path | None) -> None:
    """Write a result to a file, or to stdout.

    Raises
    ------
    ConfigError
        The file cannot be written.
    """
    if output is None:
        sys.stdout.flush()
        if sys.stdout.isatty():
            sys.stdout.write(text)
        else:  # JSON, CSV and HTML are UTF-8, whatever the terminal of their reader would take
            sys.stdout.buffer.write(text.encode("utf-8"))
        return
    try:
        durable.write_text(output, text)
    except OSError as error:
        problem = f"cannot be written ({error.strerror}); free some disk space, or name another --output"
        raise ConfigError(str(output), problem) from None
