"""What the docs promise is there, and what is there is documented."""

import re
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest

import bootstrap
import signals.news
import signals.prices
from signals.cli import COMMANDS as TABLE
from signals.cli import commands
from signals.config.presets import PRESETS
from signals.config.price_presets import PRICE_PRESETS
from signals.store.views import VIEWS
from signals.types import RETURN_MODELS, CsvDialect, NewsSpec, PriceSpec, Verdict
from tests.generated_docs import DOCS, PAGES

REFERENCE = (DOCS / "reference.md").read_text(encoding="utf-8")


def leaves() -> Iterator[tuple[str, click.Command]]:
    for name in TABLE:
        command = commands.load(name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", leaf) for inner, leaf in command.commands.items())
        else:
            yield name, command


COMMANDS = dict(leaves())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    section = re.search(rf"^### signals {name}\b.*?(?=^##)", REFERENCE + "\n##", re.MULTILINE | re.DOTALL)
    assert section, f"docs/reference.md has no section on {name}"
    for option in COMMANDS[name].params:
        written = option.opts[0] if isinstance(option, click.Option) else option.human_readable_name.upper()
        assert written in section[0]


def test_every_global_option_is_in_the_reference() -> None:
    for option in commands.params:
        assert f"`{option.opts[0]}" in REFERENCE, option.opts


def test_the_reference_names_no_other_command() -> None:
    assert set(re.findall(r"^### signals (.+?)$", REFERENCE, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", [*signals.news.KINDS, *signals.prices.KINDS, *RETURN_MODELS])
def test_every_kind_and_model_is_in_the_reference(name: str) -> None:
    assert f"`{name}`" in REFERENCE


# `dialect` is many keys, and `zones` is a `timezone` that is a list.
@pytest.mark.parametrize("key", ["preset", *(f.name for f in fields(NewsSpec) if f.name not in ("dialect", "zones"))])
def test_every_key_of_a_news_source_is_in_the_reference(key: str) -> None:
    assert f"`{key}`" in REFERENCE or f"`{key}:" in REFERENCE


# A source gets its listings from `instruments`.
@pytest.mark.parametrize("key", [f.name for f in fields(PriceSpec) if f.name not in ("dialect", "listings")])
def test_every_key_of_a_price_source_is_in_the_reference(key: str) -> None:
    assert f"`{key}`" in REFERENCE or f"`{key}:" in REFERENCE


@pytest.mark.parametrize("key", [f.name for f in fields(CsvDialect)])
def test_every_key_of_a_dialect_is_in_the_reference(key: str) -> None:
    assert f"`{key}`" in REFERENCE


def test_every_preset_is_in_the_table_of_vendors() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|", (DOCS / "vendors.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [*PRESETS, *PRICE_PRESETS]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_explained(verdict: Verdict) -> None:
    assert f"| `{verdict}` |" in (DOCS / "scoring.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RETURN_MODELS)
def test_every_model_has_its_formula(name: str) -> None:
    assert f"| `{name}` |" in (DOCS / "scoring.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_makes_of_it(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `python3 bootstrap.py docs`"


def test_the_recipes_name_files_that_exist() -> None:
    text = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"(?<![\w/])(?:signals|tests|docs|migrations)/[\w/.-]*\w", text)
    files = {path for path in paths if not re.search(r"NAME|NUMBER", path)}
    assert len(files) > 20
    assert [path for path in files if not (DOCS.parent / path).exists()] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md"])
def test_a_page_names_commands_of_the_script_only(name: str) -> None:
    text = (DOCS.parent / name).read_text(encoding="utf-8")
    names = set(re.findall(r"bootstrap\.py (\w+)", text))
    assert names
    assert names <= set(re.findall(r"bootstrap\.py (\w+)", str(bootstrap.__doc__)))


@pytest.mark.parametrize("view", VIEWS, ids=lambda v: v.name)
def test_every_column_has_a_meaning(view: object) -> None:
    assert all(meaning for _, _, meaning in view.columns)  # type: ignore[attr-defined]  # parametrize hides the type
