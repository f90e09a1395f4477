"""Tagging of repetitive texts."""

from __future__ import annotations

from hypothesis import given, settings

from tests.tickers.hostile import Repetition, examine_tags, repeated


@settings(max_examples=200)
@given(repeated())
def test_every_tag_of_a_repetitive_text_is_in_the_text(repetition: Repetition) -> None:
    examine_tags(repetition, 2_000)
