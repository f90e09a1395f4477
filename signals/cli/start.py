"""Commands for a beginning: a simulated world, and a configuration to start from."""

from __future__ import annotations

from pathlib import Path

import click

from signals.cli.common import DONE, finish, progress_of, show
from signals.errors import ConfigError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="signals-demo", metavar="[DIR]")
@click.option("--seed", default=7, show_default=True, help="Another seed makes another world.")
@click.pass_context
def demo(context: click.Context, folder: Path, seed: int) -> int:
    """Make a SIMULATED market and newsroom, run a night on it and print the GAZP report."""
    from signals.cli.demo import show_demo

    return show_demo(folder, seed, show, lambda tally: finish(context, tally), progress_of(context))


@click.command()
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
