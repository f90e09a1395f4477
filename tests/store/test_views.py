"""The views: what SQL gives, the classes of their rows and the data dictionary list the same columns and words."""

from dataclasses import dataclass, fields, replace

import pytest
from sqlalchemy import text

from signals.store import Store
from signals.store.kinds import kinds_of
from signals.store.queries import select_view
from signals.store.views import EVENTS, LINKS, VIEWS, View, dictionary
from signals.types import MoveNumbers, Stage, Status, Verdict
from tests.store.samples import linked


def unmatched_columns(view: View) -> set[str]:
    """Return the columns that a view has and its row class has not, or the other way round."""
    return set(view.names) ^ set(kinds_of(view.row))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_has_the_fields_of_its_row_class_and_knows_their_kinds(view: View) -> None:
    assert unmatched_columns(view) == set()
    assert len(set(view.names)) == len(view.names)
    assert all(view.kind(name) for name in view.names)


def test_a_column_without_a_field_is_noticed_and_so_is_a_field_without_a_column() -> None:
    wider = replace(LINKS, columns=(*LINKS.columns, ("mood", "'calm'", "how it felt")))
    assert unmatched_columns(wider) == {"mood"}
    assert unmatched_columns(replace(LINKS, columns=LINKS.columns[1:])) == {LINKS.names[0]}
    with pytest.raises(KeyError, match="mood"):
        wider.kind("mood")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_the_database_has_the_columns_of_the_view(store: Store, view: View) -> None:
    with store.write() as db:
        linked(db, "Gazprom builds")
        assert tuple(db.execute(text(f"SELECT * FROM {view.name}")).keys()) == view.names
        rows: list[object] = select_view(db, view, view.row)
    assert all(isinstance(row, view.row) for row in rows)


@pytest.mark.parametrize("view", [LINKS, EVENTS], ids=lambda view: view.name)
def test_a_view_of_moves_has_every_number_of_a_move(view: View) -> None:
    assert {f.name for f in fields(MoveNumbers)} <= set(view.names)


@dataclass(frozen=True)
class Pair:
    one: int
    two: str | None


def test_the_sql_of_a_view_is_its_columns_under_their_names() -> None:
    view = View("v_pair", "a pair", Pair, "\nFROM pairs p", (("one", "p.a", "first"), ("two", "p.b", "second")))
    assert view.sql() == "SELECT p.a AS one,\n  p.b AS two\nFROM pairs p"
    assert (view.names, view.kind("one"), view.kind("two")) == (("one", "two"), "integer", "text")


# --- the data dictionary --------------------------------------------------------------------------------------------

MEANING_OF = {(view.name, name): meaning for view in VIEWS for name, _, meaning in view.columns}


def test_the_dictionary_has_every_column_with_its_kind_and_meaning() -> None:
    text = dictionary()
    for view in VIEWS:
        section = text.partition(f"## {view.name}\n")[2].partition("\n## ")[0]
        assert f"A row is {view.meaning}." in section
        for name, _, meaning in view.columns:
            assert f"| `{name}` | {view.kind(name)} | {meaning} |" in section
            assert meaning


@pytest.mark.parametrize(
    ("view", "column", "words"),
    [
        ("v_links", "verdict", Verdict), ("v_links", "status", Status), ("v_events", "status", Status),
        ("v_stages", "stage", Stage),
    ],
)  # fmt: skip
def test_the_dictionary_lists_every_word_that_a_column_can_have(
    view: str, column: str, words: type[Verdict] | type[Status] | type[Stage]
) -> None:
    meaning = MEANING_OF[view, column].replace(" or ", ", ")
    assert meaning.split(", ") == [word.value for word in words]
    assert MEANING_OF[view, column] in dictionary()
