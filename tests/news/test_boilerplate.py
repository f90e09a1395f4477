import pytest

from signals.news import boilerplate


@pytest.mark.parametrize("line", ["Sign up now", "Get 50% off", "Skip to main content", "Accept all cookies"])
def test_invitations_are_banners(line: str) -> None:
    assert boilerplate.is_banner(line)


@pytest.mark.parametrize(("line", "is_byline"), [
    ("By Anna Petrova and Boris Ivanov", True), ("Автор: Анна Петрова", True), ("By May it will open", False),
])  # fmt: skip
def test_a_byline_names_persons(line: str, is_byline: bool) -> None:
    assert boilerplate.is_byline(line) is is_byline


def test_a_caption_credits_a_picture_and_a_copyright_notice_is_none() -> None:
    assert boilerplate.is_caption("© Reuters. A foundry")
    assert boilerplate.is_caption("Photo: a foundry")
    assert not boilerplate.is_caption("© 2019-2020 Meridian. All Rights Reserved.")
    assert boilerplate.ends_article("© 2019-2020 Meridian. All Rights Reserved.")


@pytest.mark.parametrize("line", ["Latest comments (12)", "Most read", "Risk Disclosure: trading", "Комментарии"])
def test_comments_and_disclosures_end_an_article(line: str) -> None:
    assert boilerplate.ends_article(line)


POINTERS = ["Read more", "Related Articles", "Читайте также", "Lesen Sie auch: Rye falls", "See also: Rye falls"]


@pytest.mark.parametrize("line", POINTERS)
def test_a_line_that_points_elsewhere_ends_an_article_unless_a_paragraph_follows(line: str) -> None:
    paragraph = "The foundry is the first in the north, and it will hire two hundred people by the spring."
    assert boilerplate.points_elsewhere(line)
    assert boilerplate.end_of_article([paragraph, line, "", "Rye falls", paragraph]) == 1
    assert boilerplate.end_of_article([paragraph, line, "", paragraph]) == 4


@pytest.mark.parametrize("line", ["Read more of it", "Related parties were paid.", "More on the plan was not said"])
def test_a_sentence_points_elsewhere_only_if_it_is_linked(line: str) -> None:
    assert not boilerplate.points_elsewhere(line)


@pytest.mark.parametrize("line", ["Comments by the minister moved shares", "Trending now in Leeds: steel", "Read it"])
def test_sentences_do_not_end_an_article(line: str) -> None:
    assert not boilerplate.ends_article(line)


def test_a_sign_off_names_reporters_and_editors() -> None:
    assert boilerplate.is_sign_off("(Reporting by Anna Petrova; Editing by Boris Ivanov)")
    assert not boilerplate.is_sign_off("Reporting rules changed")


@pytest.mark.parametrize(
    ("body", "source"),
    [
        ("LEEDS (Reuters) - Calder hires.", ("Reuters", "")),
        ("MOSCOW, May 3 /TASS/ - Calder hires.", ("TASS", "")),
        ("Investing.com -- Rye fell.", ("", "Investing.com")),
        ("Calder told Reuters that it hires.", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_dateline_names_an_agency_or_a_site(body: str, source: tuple[str, str]) -> None:
    assert boilerplate.dateline_source(body) == source


def test_agencies_and_sites_are_distinct() -> None:
    assert boilerplate.is_agency("Reuters")
    assert boilerplate.is_site("Investing.com")
    assert not boilerplate.is_agency("Investing.com")
    assert not boilerplate.is_site("Reuters")


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("WITHDRAWN-Calder Works hires", "Calder Works hires"),
        ("KILL: Calder Works hires", "Calder Works hires"),
        ("Mandatory Kill", "Mandatory Kill"),
        ("Calder withdrawn from the index", ""),
        ("Kill Bill returns", ""),
        ("Withdrawal of the Calder offer", ""),
    ],
)
def test_a_withdrawal_notice_names_its_headline(title: str, headline: str) -> None:
    assert boilerplate.withdrawn_headline(title) == headline
