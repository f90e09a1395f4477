"""How single publishers build their pages: a small declaration each, for what the general rules would have to guess.

A publisher is known by its host. Its layouts are tried from the newest on, and where none fits any more the page is
read as any other: a stale declaration costs precision and breaks nothing. Each layout has a page of its kind, made by
this project, under tests/news/publishers; a layout without one fails the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from signals.net.addresses import host_of


def _has(name: str) -> str:
    """Write the XPath condition that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a publisher's article pages were built on a day.

    Attributes
    ----------
    seen
        The day of a page that was built so; a publisher's later layout has a later one.
    body
        XPath of the article's paragraphs. A page that has none of them was not built so.
    beside
        XPath of what may stand with them: a summary, subheadings.
    """

    seen: date
    body: str
    beside: str = ""

    @property
    def name(self) -> str:
        """The month when it was seen."""
        return f"{self.seen:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher: its name, its hosts (subdomains included), its layouts from the oldest on.

    `imprint` is what its pages say of their owner in their last lines, for pages that were saved as text.
    """

    name: str
    hosts: tuple[str, ...]
    layouts: tuple[Layout, ...] = ()
    imprint: str = ""


PUBLISHERS: tuple[Publisher, ...] = (
    Publisher(
        "Business Insider",
        ("businessinsider.com",),
        (
            Layout(
                date(2024, 2, 14),
                f"//div[{_has('content-lock-content')} or {_has('slide-layout')}]//p[not(ancestor::figure)]",
                f"//ul[{_has('summary-list')}]/li|//h2[{_has('slide-title-text')}]",
            ),
            Layout(
                date(2025, 4, 1),
                f"//section[{_has('post-body-content')}]/p",
                f"//div[{_has('post-summary-bullets')}]//li|//section[{_has('post-body-content')}]/h2",
            ),
        ),
    ),
    Publisher(
        "CNBC",
        ("cnbc.com",),
        (
            Layout(
                date(2023, 4, 28),
                f"//div[{_has('ArticleBody-articleBody')}]/div[{_has('group')}]/p",
                f"//h2[{_has('ArticleBody-subtitle')}]",
            ),
        ),
    ),
    Publisher("Investing.com", ("investing.com",), imprint="Fusion Media"),
    Publisher(
        "Kommersant",
        ("kommersant.ru",),
        (
            Layout(
                date(2025, 5, 14),
                f"//div[{_has('article_text_wrapper')}]/p[{_has('doc__text')} or {_has('doc__thought')}]"
                f"[not({_has('document_authors')})]",
                f"//*[{_has('doc_header__subheader')}]",
            ),
        ),
    ),
    Publisher(
        "Reuters",
        ("reuters.com",),
        (
            Layout(date(2023, 5, 16), "//p[starts-with(@data-testid, 'paragraph-')]"),
            Layout(
                date(2024, 3, 7),
                "//div[@data-testid='ArticleBody']//*[starts-with(@data-testid, 'paragraph-')]",
                "//div[@data-testid='ArticleBody']//h2[@data-testid='Heading']",
            ),
        ),
    ),
)


def of_url(url: str) -> Publisher | None:
    """Return the publisher whose host an address names."""
    host = host_of(url)
    return next((p for p in PUBLISHERS for own in p.hosts if host == own or host.endswith("." + own)), None)


def of_imprint(lines: Iterable[str]) -> str:
    """Return the name of the publisher whose imprint stands in the lines under an article, or nothing."""
    marks = [p for p in PUBLISHERS if p.imprint]
    return next((p.name for line in lines for p in marks if p.imprint in line), "")


def paragraphs(publisher: Publisher, root: Any) -> Sequence[Any]:
    """Return the elements of the article's text in the order of the page, by the newest layout that fits it.

    None fits any more where the answer is empty.
    """
    for layout in reversed(publisher.layouts):
        if root.xpath(layout.body):
            return list(root.xpath(f"{layout.body}|{layout.beside}" if layout.beside else layout.body))
    return ()
