"""Normalised texts, and offsets into their sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers.normalise import NormalisedText, normalise


@pytest.mark.parametrize(
    ("source", "normalised"),
    [
        ("Nestle\u0301", "Nestlé"),
        ("ＡＡＰＬ", "AAPL"),
        ("Nor\ufb01eld", "Norfield"),
        ("Gaz\u00adprom", "Gazprom"),
        ("\u202bGazprom\u202c", "Gazprom"),
        ("Bank\u00a0of America", "Bank of America"),
        ("Praxair  Linde", "Praxair\tLinde"),
        ("one \n\n two", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\ttwo\x0bthree\u2028four", "one\ttwo three\nfour"),
        ("Ford \udc80 Motor", "Ford \udc80 Motor"),
        ("Lowe’s", "Lowe's"),
        ("Apple™ and H²O", "Apple™ and H²O"),
    ],
)
def test_a_text_is_normalised(source: str, normalised: str) -> None:
    assert normalise(source) == normalised


@given(st.text(alphabet=st.sampled_from("Ge\u0301 \n\u00a0\u00ad\u200bＡ’х\u0308й\u0438\u0306.")))
def test_source_offsets_are_in_order_and_each_character_comes_from_its_source_span(text: str) -> None:
    normalised = NormalisedText(text)
    offsets = [normalised.source_offset(n) for n in range(len(normalised.text) + 1)]
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    for n, character in enumerate(normalised.text):
        assert normalise(text[offsets[n] : offsets[n + 1]]) == character


@given(st.text())
def test_a_normalised_text_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_an_offset_after_an_accented_letter_is_after_its_marks() -> None:
    text = NormalisedText("Nestle\u0301 SA")
    assert text.source_offset(text.text.index(" ")) == len("Nestle\u0301")
