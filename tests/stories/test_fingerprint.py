"""The bare headline of an article, the words of its lead, and the keys that bring candidates together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.stories import Fingerprint, band_keys, fingerprint, headline_key
from tests.stories.articles import LEAD, OTHER_LEAD, REWRITTEN_LEAD


@pytest.mark.parametrize(
    "title",
    [
        "Gazprom's exports fall 3%",
        "UPDATE 2-Gazprom's exports fall 3%",
        "Update 2-Gazprom's exports fall 3%",
        "RPT-UPDATE 1-Gazprom's exports fall 3%",
        "RPT-FOCUS-Gazprom's exports fall 3%",
        "WRAPUP 4-Gazprom's exports fall 3%",
        "CORRECTED-UPDATE 1-Gazprom's exports fall 3%",
        "CORRECTION FROM SOURCE: Gazprom's exports fall 3%",
        "EXCLUSIVE: Gazprom's exports fall 3%",
        "BRIEF-Gazprom’s exports fall 3%",
        "RT @wire: Gazprom's exports fall 3% https://t.example/x1",
        "(Update) Gazprom's exports fall 3%",
        "Gazprom's exports fall 3% (Corrected)",
        "Gazprom's exports fall 3% - Reuters",
        "Gazprom's exports fall 3 pct: sources",
        "  GAZPROM'S  EXPORTS FALL 3%! ",
    ],
)
def test_copies_of_a_headline_share_a_key(title: str) -> None:
    assert headline_key(title) == "gazprom exports fall 3"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("T-Mobile falls", "Mobile falls"),
        ("U.S.-China talks resume", "China talks resume"),
        ("Gazprom falls 3%", "Gazprom falls 5%"),
        ("Focus shifts to Gazprom", "Shifts to Gazprom"),
        ("Shares of Reuters", "Shares of"),
    ],
)
def test_different_headlines_have_different_keys(one: str, other: str) -> None:
    assert headline_key(one) != headline_key(other)


def test_only_the_first_thousand_characters_of_a_headline_are_read() -> None:
    assert headline_key("Baikal " * 5_000) == headline_key("Baikal " * 500)


def test_a_headline_of_a_prefix_alone_keeps_its_words() -> None:
    assert headline_key("UPDATE 1-") == "update 1"


@pytest.mark.parametrize(
    ("title", "is_version"),
    [
        ("UPDATE 1-Baikal rises", True),
        ("RPT-Baikal rises", True),
        ("RT @wire: Baikal rises", True),
        ("Baikal rises (Corrected)", True),
        ("EXCLUSIVE-Baikal rises", False),
        ("Update of the week", False),
        ("Baikal rises", False),
    ],
)
def test_a_headline_marked_as_a_version_is_recognised(title: str, is_version: bool) -> None:
    assert fingerprint(title).version is is_version


def test_a_headline_is_split_into_stems_figures_and_dates() -> None:
    parts = fingerprint("Baikal's subsidised mine earned $3.65 bln on Monday, 2nd-best of Q2")
    assert parts.words == {"baikal", "subsid", "mine", "earned", "best"}
    assert parts.figures == {"3.65e9", "2"}
    assert parts.calendar == {"mon", "q2"}


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Pays $1,250.5 mln", "pays 1250.5 million"),
        ("Платит 1,5 млрд", "платит 1.5 billion"),
        ("Pays 3 pct or 3 percent", "pays 3 or 3"),
        ("Second exec on Wall St.", "2 executive on wall street"),
        ("AT&T and U.S. labour", "att and us labour"),
    ],
)
def test_figures_and_abbreviations_have_one_spelling(title: str, key: str) -> None:
    assert headline_key(title) == key


def test_a_lead_shows_hashes_figures_and_weekdays_but_no_words() -> None:
    lead = fingerprint("", LEAD)
    assert not {"baikal", "copper", "shares"} & set(lead.lead.split())
    assert "1.25e9" in lead.lead_figures
    assert lead.lead_weekdays == {"fri"}
    assert len(lead.lead_words) > 15


def test_an_editors_note_is_no_part_of_a_lead() -> None:
    assert fingerprint("", f"(Adds comment of the chief executive) {LEAD}") == fingerprint("", LEAD)


def test_an_article_without_words_has_no_band_keys() -> None:
    assert band_keys(fingerprint("...")) == frozenset()


def test_a_copy_shares_a_band_key_and_another_story_does_not() -> None:
    keys = band_keys(fingerprint("Baikal buys Lena mine", LEAD))
    assert keys & band_keys(fingerprint("Contest for copper ends", LEAD[:150]))
    assert keys & band_keys(fingerprint("Mine of Lena goes to Baikal", ""))
    assert not keys & band_keys(fingerprint("Railway keeps its tariffs", OTHER_LEAD))


TITLES = st.sampled_from(["Baikal buys Lena mine", "Reports results", "Shares fall 3 pct", ""]) | st.text(max_size=40)


@given(TITLES, st.sampled_from(["", LEAD, REWRITTEN_LEAD]))
def test_a_stored_fingerprint_equals_the_computed_one(title: str, body: str) -> None:
    computed = fingerprint(title, body)
    stored = Fingerprint(computed.headline, computed.lead, computed.version)
    assert (stored.words, stored.figures, stored.calendar) == (computed.words, computed.figures, computed.calendar)
    assert band_keys(stored) == band_keys(computed)


@given(TITLES)
def test_an_article_has_band_keys_exactly_if_its_headline_has_a_word_or_figure(title: str) -> None:
    assert bool(headline_key(title)) == bool(band_keys(fingerprint(title)))
