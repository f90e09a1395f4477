"""`signals init`: a configuration to start from."""

from __future__ import annotations

from pathlib import Path

import click

from signals import durable
from signals.cli.output import DONE
from signals.config import example
from signals.errors import ConfigError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
def init(folder: Path) -> int:
    """Write a commented config.yaml to start from; never over an existing one."""
    target = folder / "config.yaml"
    if target.exists():
        raise ConfigError(str(target), "exists already; remove it first, or name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        durable.write_text(target, example())
    except OSError as error:
        raise ConfigError(
            str(target), f"cannot be written ({error.strerror}); name a folder you may write in"
        ) from None
    click.echo(f"{target}: edit it, then `signals --config {target} run`")
    return DONE
