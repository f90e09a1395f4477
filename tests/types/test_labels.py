"""The words of the product: each has a label with a meaning, and each can be reached."""

from itertools import product

import pytest

from signals.study.verdicts import WEAK_ROLES, Tie, VerdictInputs, verdict
from signals.types import Label, Reason, Role, Stage, Status, Verdict, Word

WORDS: tuple[type[Word], ...] = (Status, Reason, Verdict, Stage)


@pytest.mark.parametrize("words", WORDS)
def test_every_word_has_a_meaning_of_its_own(words: type[Word]) -> None:
    meanings = [word.label.meaning for word in words]
    assert all(meanings)
    assert len(set(meanings)) == len(meanings)


def test_a_word_without_a_label_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="Mood: 'calm' has no label"):

        class Mood(Word):
            HAPPY = "happy", Label("all is well")
            CALM = "calm"


@pytest.mark.parametrize("words", WORDS)
def test_a_word_is_its_stored_value(words: type[Word]) -> None:
    for word in words:
        assert words(word.value) is word
        assert word == word.value == str(word)
        assert word.text == word.value.replace("_", " ")


def test_the_alternatives_are_all_words_in_their_order() -> None:
    assert Status.alternatives() == "scored, pending or unscored"


@pytest.mark.parametrize("words", [Verdict])
def test_a_word_that_a_page_colours_has_a_colour_on_light_and_on_dark(words: type[Word]) -> None:
    colours = [colour for word in words for colour in (word.label.light, word.label.dark)]
    assert all(len(colour) == 7 and colour[0] == "#" for colour in colours)


def test_every_verdict_is_given_by_some_rule_and_no_other() -> None:
    flags = list(product((False, True), repeat=4))
    inputs = product(Status, flags, (None, 0.06), (None, 0.05, 0.01), (None, 0.001), (None, 0.001, 0.9))
    given = {
        verdict(VerdictInputs(status, "", Tie(weak, ""), early, benchmark, ret, car, p_raw, q_value, shared), 0.05)
        for status, (weak, early, benchmark, shared), ret, car, p_raw, q_value in inputs
    }
    assert given == set(Verdict)
    assert set(WEAK_ROLES) < set(Role)
