import pytest

from signals.news.articles import RejectedError
from signals.news.markup import linked_instruments, parse_html, parse_markup, visible_text
from signals.types import Scheme, Tag


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\r\n\r\n\r\n\r\nTwo  &amp; three.", "One.\n\nTwo & three."),
        ("<p>One.</p><p>Two<br>lines.</p>", "One.\n\nTwo\n\nlines."),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("3 < 4 and 5 > 2", "3 < 4 and 5 > 2"),
        ("Calderâ€™s <b>foundry</b>", "Calder’s foundry"),
        ("", ""),
    ],
    ids=["plain", "markup", "entities", "less than", "mojibake", "empty"],
)
def test_a_text_becomes_paragraphs(text: str, paragraphs: str) -> None:
    assert parse_markup(text) == (paragraphs, ())


@pytest.mark.parametrize(
    "hidden",
    ["<script>x()</script>", "<p hidden>x</p>", "<p style='display: none'>x</p>", "<div class='newsletter-box'>x</div>",
     "<span style='clip: rect(0 0 0 0)'>x</span>", "<figure><figcaption>x</figcaption></figure>", "<!-- x -->"],
)  # fmt: skip
def test_hidden_elements_and_decoration_are_left_out(hidden: str) -> None:
    assert visible_text(parse_html(f"<body><p>One.</p>{hidden}<p>Two.</p></body>")) == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("link", "tags"),
    [
        ("href='https://www.investing.com/equities/calder?x=1'", [Tag("equities/calder", Scheme.INVESTING)]),
        ("href='/commodities/us-rye' data-pairid='1'", [Tag("commodities/us-rye", Scheme.INVESTING)]),
        ("href='/commodities/us-rye'", []),
        ("href='https://finance.yahoo.com/quote/%5Egspc/'", [Tag("^GSPC", Scheme.YAHOO)]),
        ("href='https://finance.yahoo.com/quote/rub%3Dx?p=1'", [Tag("RUB=X", Scheme.YAHOO)]),
        ("href='https://meridian.example/equities/calder'", []),
    ],
)
def test_links_to_instruments_are_tags(link: str, tags: list[Tag]) -> None:
    assert list(linked_instruments(parse_html(f"<p><a {link}>x</a></p>").xpath("//a[@href]"))) == tags


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<p " + " ".join(f"a{n}=x" for n in range(5_000)) + ">x", "too_large"),
        ("<p>" * 100_001, "too_large"),
        ("<p>" + "x" * 5_000_000, "too_large"),
        ("", "empty"),
    ],
    ids=["attributes", "elements", "bytes", "empty"],
)
def test_markup_that_cannot_be_parsed_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(RejectedError) as rejected:
        parse_html(text)
    assert rejected.value.reason == reason


def test_an_xml_declaration_does_not_change_the_encoding_of_a_decoded_text() -> None:
    text = "<?xml version='1.0' encoding='koi8-r'?><html><body><p>Кальдер</p></body></html>"
    assert visible_text(parse_html(text)) == "Кальдер"
