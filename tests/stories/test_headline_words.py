"""Word lists of headlines agree with the way in which they are read."""

from __future__ import annotations

from signals.stories import headline_words as words


def test_every_scale_has_an_exponent() -> None:
    assert set(words.SCALES.values()) == words.EXPONENTS.keys()


def test_all_words_are_written_as_tokens_are() -> None:
    lists = (words.SCALES, words.NUMERALS, words.ABBREVIATIONS, words.CALENDAR_WORDS, words.STOP_WORDS)
    assert all(word == word.casefold() for group in lists for word in group)


def test_frequent_stems_are_no_longer_than_a_stem() -> None:
    assert all(len(stem) <= words.STEM_LENGTH for stem in words.FREQUENT_STEMS)


def test_weekdays_are_calendar_words_and_may_and_march_are_not() -> None:
    assert words.WEEKDAYS < words.CALENDAR_WORDS
    assert not {"may", "march"} & words.CALENDAR_WORDS


def test_a_credit_is_the_agency_at_the_end_of_a_headline() -> None:
    assert words.CREDIT.search("Baikal rises - Reuters")
    assert words.CREDIT.search("Baikal rises: sources")
    assert not words.CREDIT.search("Shares of Reuters")
