"""A group of commands that imports the module of a command only when that command is to run.

The listing, the completion of a shell and the suggestions for a misspelt command need names and first sentences alone,
which a table gives. A module of a command therefore imports what it needs at its top.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import NamedTuple

import click

GC_THRESHOLD = (
    20_000  # new objects between two collections, for the usual 700: most objects of a run are rows that stay
)


class Entry(NamedTuple):
    """A line of the table: the module that holds the command, and the first sentence of the command's help."""

    module: str
    help: str


class ReaderGoneError(Exception):
    """Whoever read stdout has left, as with ``| head``; click would end with an exit code of 1."""


class LazyGroup(click.Group):
    """A click group over a table of commands; `commands` holds placeholders with the help of the table."""

    def __init__(self, *args: object, table: dict[str, Entry], **attrs: object) -> None:
        super().__init__(*args, **attrs)  # type: ignore[arg-type]  # click types each of its two dozen options
        self.table = table
        for name, entry in table.items():
            self.add_command(click.Command(name, help=entry.help))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name, imported."""
        name, placeholder, rest = super().resolve_command(ctx, args)
        return name, self.load(name) if name and placeholder else None, rest

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise ReaderGoneError from None
        return result

    def load(self, name: str) -> click.Command:
        """Import a command of the table."""
        command: click.Command = getattr(_imported(self.table[name].module), name)
        return command


def _imported(module: str) -> object:
    """Import a module of the package with the settings that make a start short."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that wait for each other cost more than small products
    gc.disable()  # what is imported stays: searching it for cycles again and again would cost a tenth of the start
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.set_threshold(GC_THRESHOLD)
        gc.enable()
