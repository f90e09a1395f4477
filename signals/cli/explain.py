"""`signals explain`: every step behind one link."""

from __future__ import annotations

from pathlib import Path

import click

from signals.answers import explain as answers
from signals.cli.context import opened
from signals.cli.options import Name
from signals.cli.output import DONE, print_lines, write
from signals.reports.explanation import explanation_lines
from signals.reports.page.explanation_page import explanation_page


@click.command()
@click.argument("link_id", type=Name())
@click.option("--format", "form", type=click.Choice(["text", "html"]), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def explain(context: click.Context, link_id: str, form: str, output: Path | None) -> int:
    """Derive one link step by step: LINK_ID is article/ticker/study/window, or only its beginning."""
    answer = answers.explain(opened(context), link_id)
    if form == "html":
        write(explanation_page(answer), output)
    else:
        print_lines(lambda width: explanation_lines(answer, width), output)
    return DONE
