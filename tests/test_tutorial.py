"""The README and the tutorial, tried as a new user would."""

import re
import shlex
from pathlib import Path

import pytest

from signals.cli import main

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (.+)$", TUTORIAL, re.MULTILINE)


def test_the_commands_of_the_tutorial_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIGNALS_CONFIG", raising=False)
    link = ""
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        if program == "cd":
            monkeypatch.chdir(arguments[0])
            continue
        assert main([link if argument == "LINK_ID" else argument for argument in arguments]) == 0, command
        if Path("gazp.csv").exists():
            link = Path("gazp.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    output = capsys.readouterr().out
    assert "moves called a move" in output
    assert "estimation window" in output
    assert {path.name for path in Path().iterdir()} >= {"gazp.html", "pages", "snapshot", "mine"}


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md", "docs/bi.md", "docs/python.md", "docs/scoring.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target
