from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers import RefusalReason, Resolver, linking_mention
from signals.types import Alias, Article, Instrument, Mention, Role, Scheme, Tag, TagKind
from tests.tickers.articles import APPLE, BARCLAYS, FORD, GAZPROM, IBM, VODAFONE, article, instrument

EVERYONE = (GAZPROM, IBM, APPLE, VODAFONE, FORD, BARCLAYS)
TEXT = st.lists(
    st.sampled_from(
        [
            *(
                "Gazprom",
                "Apple",
                "Ford",
                "Motor",
                "IBM",
                "Barclays",
                "the",
                "Fed",
                "A",
                "$GAZP",
                "$5B",
                "(MM:GAZP)",
                "it",
            ),
            *("(NYSE: IBM)", "<VOD.L>", "(NASDAQ:AAPL,", "VOD)", ":", "(", ")", "\n", "№", "GAZPROM", "e\u0301t"),
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map(" ".join)
ARTICLES = st.builds(
    lambda title, body, tags: article(title, body, *tags), TEXT, TEXT, st.lists(st.text(max_size=6), max_size=3)
)


def linked(mentions: tuple[Mention, ...]) -> dict[str, str]:
    return {mention.tag: mention.ticker for mention in mentions if mention.ticker}


def refused(mentions: tuple[Mention, ...]) -> dict[str, str]:
    return {mention.tag: mention.reason for mention in mentions if mention.ticker is None}


def in_text(text: str, *instruments: Instrument, on: str = "2015-01-21") -> tuple[Mention, ...]:
    return Resolver(instruments or EVERYONE).mentions(article("", text, on=on))


# --- codes in the text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tag", "ticker"),
    [
        ("as it (MM:GAZP) wants", "MM:GAZP", "GAZP"),
        ("as it (MOEX: GAZP) wants", "MOEX: GAZP", "GAZP"),
        ("the maker (NYSE: IBM) said", "NYSE: IBM", "IBM"),
        ("the maker (NYSE:IBM, up 3%) said", "NYSE:IBM", "IBM"),
        ("the maker NYSE:IBM said", "NYSE:IBM", "IBM"),
        ("the maker (NasdaqGS: AAPL) said", "NasdaqGS: AAPL", "AAPL"),
        ("the maker (formerly Computer, NASDAQ: AAPL) said", "NASDAQ: AAPL", "AAPL"),
        ("the carrier (LSE:VOD)", "LSE:VOD", "VOD"),
        ("the carrier (NYSE/LON: VOD)", "NYSE/LON: VOD", "VOD"),
        ("the producer <GAZP.MM> said", "GAZP.MM", "GAZP"),
        ("the producer (GAZP.MM) said", "GAZP.MM", "GAZP"),
        ("buying $GAZP.", "$GAZP", "GAZP"),
        ("buying $gazp!", "$gazp", "GAZP"),
    ],
)
def test_a_code_with_its_exchange_or_a_cashtag_is_linked(text: str, tag: str, ticker: str) -> None:
    (mention,) = in_text(text)
    assert (mention.tag, mention.ticker, mention.reason) == (tag, ticker, "")
    assert text[mention.start : mention.end] == tag


def test_several_codes_in_one_pair_of_brackets_are_each_a_tag() -> None:
    google = [instrument(ticker, "", "XNAS") for ticker in ("GOOG", "GOOGL")]
    assert linked(in_text("the group (NASDAQ: GOOG, GOOGL)", *google)) == {"NASDAQ: GOOG": "GOOG", "GOOGL": "GOOGL"}


@pytest.mark.parametrize("code", ["BRK.B", "BRK/B", "BRK-B"])
def test_a_class_of_share_is_written_in_several_ways(code: str) -> None:
    assert linked(in_text(f"(NYSE:{code})", instrument("BRK.B", ""))) == {f"NYSE:{code}": "BRK.B"}


@pytest.mark.parametrize(
    "text",
    [
        "the Fed met, and IT said ALL is well ON the NET with GAZP, F and A",
        "worth $5B or US$AAPL or $1.5M",
        "Note (to: A) and (D.C) and 12:30 ET",
        "on the NYSE: Apples fell",
    ],
)
def test_bare_tickers_money_and_words_are_not_tags(text: str) -> None:
    words = [instrument(ticker, f"{ticker} Holdings Company") for ticker in ("F", "IT", "ALL", "ON", "NET", "A", "B")]
    assert in_text(text, *words, GAZPROM) == ()


def test_a_name_that_is_only_the_ticker_never_matches_prose() -> None:
    assert in_text("The IT crowd at NET", instrument("IT", "IT"), instrument("NET", "NET Inc")) == ()


def test_an_exchange_is_not_the_company_of_that_name() -> None:
    nasdaq = instrument("NDAQ", "Nasdaq Inc", "XNAS")
    mentions = in_text("rates (NYSE:ICE) rose (Nasdaq:AAPL)", nasdaq)
    assert refused(mentions) == {"NYSE:ICE": RefusalReason.UNKNOWN_TAG, "Nasdaq:AAPL": RefusalReason.UNKNOWN_TAG}
    assert linked(mentions) == {}


def test_a_code_on_another_exchange_is_another_instrument() -> None:
    assert refused(in_text("(LSE:IBM)")) == {"LSE:IBM": RefusalReason.UNKNOWN_TAG}


def test_the_prefix_of_a_configured_alias_is_an_exchange_prefix() -> None:
    wheat = instrument("ZW", "", "XCBT", Alias("GRAIN:W", Scheme.EXCHANGE))
    assert linked(in_text("(GRAIN: W)", wheat)) == {"GRAIN: W": "ZW"}
    assert in_text("(GRAIN: W)", IBM) == ()


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Apple Inc.", "Apple shares"),
        ("Agilent Technologies, Inc.", "at Agilent Technologies today"),
        ("Gap, Inc. (The)", "at Gap, Inc."),
        ("PJSC Gazprom Neft", "and Gazprom Neft's"),
        ("ПАО Газпром", "и «Газпром» сообщил"),
        ("Nestlé S.A.", "when Nestlé said"),
        ("Merck & Co., Inc.", "while Merck fell"),
        ("AT&T Inc.", "for AT&T customers"),
        ("Lowe’s Companies, Inc.", "a Lowe's shop"),
        ("Bank of America Corporation", "the Bank of\nAmerica survey"),
        ("natural gas", "Natural Gas falls"),
    ],
)
def test_a_name_matches_with_or_without_its_legal_form(name: str, text: str) -> None:
    assert set(linked(in_text(text, instrument("XXX", name))).values()) == {"XXX"}


@pytest.mark.parametrize("text", ["the apple tree", "Applebee and Pineapple", "write to info@Apple.com", "APPLE"])
def test_a_name_matches_whole_words_in_its_own_case(text: str) -> None:
    assert in_text(text, APPLE) == ()


def test_a_headline_in_capitals_matches_in_any_case() -> None:
    (mention,) = Resolver([APPLE]).mentions(article("APPLE RAISES PRICES"))
    assert (mention.tag, mention.ticker) == ("APPLE", "AAPL")


def test_the_longest_name_wins() -> None:
    neft = instrument("SIBN", "Gazprom Neft", "MISX")
    assert linked(in_text("Gazprom Neft rose", GAZPROM, neft)) == {"Gazprom Neft": "SIBN"}
    assert linked(in_text("Gazprom and Gazprom Neft", GAZPROM, neft)) == {"Gazprom": "GAZP", "Gazprom Neft": "SIBN"}


def test_a_name_that_several_instruments_share_is_refused_with_the_candidates() -> None:
    group = [GAZPROM, instrument("SIBN", "Gazprom Neft", "MISX", "Gazprom"), instrument("RTGZ", "PJSC Gazprom", "MISX")]
    (mention,) = in_text("Gazprom rose, said Gazprom", *group)
    assert (mention.ticker, mention.reason, mention.count) == (None, RefusalReason.AMBIGUOUS, 2)
    assert all(instrument.ticker in mention.alias for instrument in group)
    assert (mention.role, mention.relevance) == (None, None)


def test_a_weak_alias_needs_its_context() -> None:
    novagold = instrument("NG", "NovaGold Resources Inc", "XASE", Alias("Nova", strong=False, context=("gold mine",)))
    assert refused(in_text("A Nova in the sky", novagold)) == {"Nova": RefusalReason.NO_CONTEXT}
    assert linked(in_text("Nova opened a Gold  mine", novagold)) == {"Nova": "NG"}
    assert linked(in_text("NovaGold Resources rose. Nova said", novagold)) == {"NovaGold Resources": "NG", "Nova": "NG"}


def test_a_short_name_that_is_a_common_word_needs_context() -> None:
    target = instrument("TGT", "Target Corporation")
    assert refused(in_text("Raises Price Target to $88", target)) == {"Target": RefusalReason.NO_CONTEXT}
    assert set(linked(in_text("Target Corporation said that Target", target)).values()) == {"TGT"}


def test_offsets_are_into_the_source_text_in_any_unicode_form() -> None:
    decomposed = unicodedata.normalize("NFD", "Für Nestlé gilt")
    (mention,) = in_text(decomposed, instrument("NESN", "Nestlé S.A.", "XSWX"))
    assert mention.ticker == "NESN"
    assert decomposed[mention.start : mention.end] == mention.tag == unicodedata.normalize("NFD", "Nestlé")


# --- dates ----------------------------------------------------------------------------------------------------------


def test_an_alias_counts_on_its_valid_days() -> None:
    old = instrument("META", "Meta Platforms, Inc.", "XNAS", Alias("$FB", Scheme.CASHTAG, valid_to=date(2022, 6, 8)))
    assert linked(in_text("$FB", old, on="2022-06-08")) == {"$FB": "META"}
    (mention,) = in_text("$FB", old, on="2022-06-09")
    assert (mention.ticker, mention.reason) == (None, RefusalReason.ALIAS_NOT_VALID)
    assert "META" in mention.alias
    assert "2022-06-08" in mention.alias


def test_a_dated_alias_replaces_the_implied_one() -> None:
    uso = instrument("USO", "", "ARCX", Alias("USO", Scheme.CASHTAG, valid_from=date(2006, 4, 10)))
    assert refused(in_text("$USO", uso, on="2005-01-03")) == {"$USO": RefusalReason.ALIAS_NOT_VALID}


def test_a_reused_ticker_is_linked_to_its_holder_on_that_day() -> None:
    before = instrument("FBC", "", "XNYS", Alias("FB", Scheme.PAGE_TAG, valid_to=date(2012, 5, 17)))
    after = instrument("META", "", "XNAS", Alias("FB", Scheme.PAGE_TAG, valid_from=date(2012, 5, 18)))
    resolver = Resolver([before, after])
    assert linked(resolver.mentions(article("", "", "FB", on="2010-01-04"))) == {"FB": "FBC"}
    assert linked(resolver.mentions(article("", "", "FB", on="2015-01-05"))) == {"FB": "META"}


# --- page tags ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "ticker"),
    [
        ("GAZP", "GAZP"),
        ("GAZPq", "GAZP"),
        ("GAZP.MM", "GAZP"),
        ("GAZP.ME", "GAZP"),
        ("$GAZP", "GAZP"),
        ("MOEX:GAZP", "GAZP"),
        (Tag("/equities/gazprom_rts/", Scheme.INVESTING), "GAZP"),
        (Tag("NYSE:IBM", Scheme.EXCHANGE), "IBM"),
        (Tag("RU0007661625", Scheme.ISIN), "GAZP"),
    ],
)
def test_a_page_tag_is_looked_up_under_its_scheme_or_under_all(tag: str | Tag, ticker: str) -> None:
    gazprom = instrument(
        "GAZP",
        "Gazprom",
        "MISX",
        Alias("GAZPq", Scheme.RIC),
        Alias("/equities/gazprom_rts", Scheme.INVESTING),
        Alias("RU0007661625", Scheme.ISIN),
    )
    (mention,) = Resolver([gazprom, IBM]).mentions(article("A headline", "", tag))
    assert (mention.ticker, mention.kind, mention.where, mention.start) == (ticker, TagKind.PAGE_TAG, "tags", -1)


@pytest.mark.parametrize("tag", ["NG", "GAZPq", "gazpq", "NYSE:ICE", ""])
def test_an_unknown_page_tag_is_refused(tag: str) -> None:
    (mention,) = Resolver(EVERYONE).mentions(article("A headline", "", tag))
    assert (mention.tag, mention.ticker, mention.reason) == (tag, None, RefusalReason.UNKNOWN_TAG)


# --- one mention per tag, one mention per link ----------------------------------------------------------------------


def test_a_tag_that_occurs_several_times_is_one_mention_with_its_first_place() -> None:
    mentions = Resolver([APPLE]).mentions(
        article("Apple rises", "Shares of Apple (NASDAQ: AAPL), or Apple. NASDAQ:AAPL")
    )
    assert [(m.tag, m.where, m.start, m.count) for m in mentions] == [
        ("Apple", "title", 0, 3),
        ("NASDAQ: AAPL", "body", 17, 2),
    ]


def test_the_kinds_of_mentions_have_a_priority() -> None:
    body = "$AAPL of Apple (NASDAQ: AAPL)"
    mentions = Resolver([APPLE]).mentions(article("Apple rises", body, "AAPL"))
    order = []
    while mention := linking_mention(mentions, "AAPL"):
        order.append(mention.kind)
        mentions = tuple(m for m in mentions if m is not mention)
    assert order == [TagKind.INLINE, TagKind.CASHTAG, TagKind.NAME, TagKind.PAGE_TAG]


# --- features and excerpts ------------------------------------------------------------------------------------------


def test_the_features_of_an_article_are_per_instrument() -> None:
    features = Resolver([APPLE, FORD]).features(article("Apple rises", "Ford Motor fell. Apple said so."))
    assert features.keys() == {"AAPL", "F"}
    assert (features["AAPL"].in_title, features["AAPL"].count, features["F"].count) == (True, 2, 1)


def test_an_article_without_tags_has_neither_mentions_nor_features_nor_excerpts() -> None:
    resolver, page = Resolver([APPLE]), article("Weather", "It rains.")
    assert (resolver.mentions(page), resolver.features(page), resolver.excerpts(page)) == ((), {}, [])


def test_excerpts_are_the_names_of_the_body_and_the_context_words_of_their_aliases() -> None:
    nova = instrument("NG", "NovaGold Resources Inc", "XASE", Alias("Nova", strong=False, context=("gold mine",)))
    body = "A Gold mine of No\u00adva, or a gold pit (NYSE:X)."
    spans = Resolver([nova]).excerpts(article("Nova", body))
    assert [body[start:end] for start, end in spans] == ["Gold mine", "No\u00adva", "NYSE:X"]


@given(ARTICLES)
def test_excerpts_are_sorted_spans_of_the_body_and_hold_the_first_place_of_every_mention(page: Article) -> None:
    resolver = Resolver(EVERYONE)
    spans = resolver.excerpts(page)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(page.body) for start, end in spans)
    assert {(m.start, m.end) for m in resolver.mentions(page) if m.where == "body"} <= set(spans)


# --- the example page -----------------------------------------------------------------------------------------------

EXAMPLE = article(
    "Russia says North Korea sent positive signal on Kim visit in May",
    "\n\n".join(
        [
            "MOSCOW - Russia received a signal from North Korea after its leader was invited, a minister said.",
            "The trip would be his first foreign visit since taking the helm of the east Asian state.",
            "Asked at a news conference about the response, the minister replied that the first signal was positive.",
            "Russia, as a permanent member of the council, has the power to strike down any such move.",
            "Moscow also needs help in boosting gas exports as Gazprom (MM:GAZP) wants to build a pipeline.",
            "The minister has previously said that the North is ready to resume the stalled talks.",
        ]
    ),
    "NG",
    "GAZPq",
)


def test_gazprom_named_once_far_down_a_page_on_korea_is_a_passing_mention() -> None:
    mentions = Resolver(EVERYONE).mentions(EXAMPLE)
    mention = linking_mention(mentions, "GAZP")
    assert mention is not None
    assert (mention.tag, mention.kind, mention.role) == ("MM:GAZP", TagKind.INLINE, Role.PASSING)
    assert mention.alias == "exchange: MM:GAZP"
    assert mention.relevance is not None
    assert mention.relevance < 0.25
    assert refused(mentions) == {"NG": RefusalReason.UNKNOWN_TAG, "GAZPq": RefusalReason.UNKNOWN_TAG}


def test_it_stays_a_passing_mention_if_the_page_tag_is_configured() -> None:
    tagged = instrument("GAZP", "Gazprom", "MISX", Alias("GAZPq", Scheme.PAGE_TAG))
    roles = {mention.role for mention in Resolver([tagged]).mentions(EXAMPLE) if mention.ticker}
    assert roles == {Role.PASSING}


def test_the_saved_page_gives_the_same(shared_data: Path) -> None:
    (page,) = (shared_data / "seed").glob("*.txt")
    text = page.read_text(encoding="utf-8")
    title = "Russia says North Korea sent positive signal on Kim visit in May"
    body = text[text.index("MOSCOW (Reuters)") : text.index("Latest comments")]
    mentions = Resolver(EVERYONE).mentions(article(title, body, "NG", "GAZPq"))
    mention = linking_mention(mentions, "GAZP")
    assert mention is not None
    assert (mention.tag, mention.kind, mention.role) == ("MM:GAZP", TagKind.INLINE, Role.PASSING)
    assert set(refused(mentions)) == {"NG", "GAZPq"}


# --- invariants -----------------------------------------------------------------------------------------------------


@given(ARTICLES)
def test_every_mention_quotes_its_text_or_tag(page: Article) -> None:
    for mention in Resolver(EVERYONE).mentions(page):
        assert mention.count >= 1
        assert (mention.ticker is None) == bool(mention.reason) == (mention.relevance is None)
        if mention.where == "tags":
            assert mention.tag in [tag.text for tag in page.tags]
        else:
            text = page.title if mention.where == "title" else page.body
            assert 0 <= mention.start < mention.end <= len(text)
            assert text[mention.start : mention.end] == mention.tag


@given(ARTICLES)
def test_unrelated_aliases_and_their_order_change_nothing(page: Article) -> None:
    others = [instrument(f"QQ{n}", f"Zyx{n} Unrelated Co", "XTKS", f"Wvu {n}") for n in range(20)]

    def matched(*instruments: Instrument) -> list[tuple[str, str | None, str, int]]:
        return [(m.tag, m.ticker, m.where, m.count) for m in Resolver(instruments).mentions(page)]

    assert matched(*EVERYONE) == matched(*others, *EVERYONE) == matched(*reversed(EVERYONE), *others)
