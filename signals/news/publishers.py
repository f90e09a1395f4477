"""The page layouts of single publishers, declared in a few lines each.

A publisher is identified by its host. Its layouts are tried from the newest to the oldest; a page that fits none is
parsed by the general rules, so an outdated declaration costs accuracy and breaks nothing. Each layout has a test page
under tests/news/publishers, written for this project; a layout without one fails the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from signals.net.addresses import host_of


def _class(name: str) -> str:
    """Return the XPath condition that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a publisher's article pages at one time.

    Attributes
    ----------
    seen
        The day of a page with this layout; a later layout of the same publisher has a later day.
    body
        XPath of the article's paragraphs. It matches nothing on a page with another layout.
    beside
        XPath of elements that belong to the text as well: a summary, subheadings.
    """

    seen: date
    body: str
    beside: str = ""

    @property
    def name(self) -> str:
        """The month of `seen`."""
        return f"{self.seen:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher: its name, its hosts (subdomains included), and its layouts from the oldest to the newest.

    `imprint` is the owner's name in the last lines of its pages, which identifies a page saved as text.
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
                f"//div[{_class('content-lock-content')} or {_class('slide-layout')}]//p[not(ancestor::figure)]",
                f"//ul[{_class('summary-list')}]/li|//h2[{_class('slide-title-text')}]",
            ),
            Layout(
                date(2025, 4, 1),
                f"//section[{_class('post-body-content')}]/p",
                f"//div[{_class('post-summary-bullets')}]//li|//section[{_class('post-body-content')}]/h2",
            ),
        ),
    ),
    Publisher(
        "CNBC",
        ("cnbc.com",),
        (
            Layout(
                date(2023, 4, 28),
                f"//div[{_class('ArticleBody-articleBody')}]/div[{_class('group')}]/p",
                f"//h2[{_class('ArticleBody-subtitle')}]",
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
                f"//div[{_class('article_text_wrapper')}]/p[{_class('doc__text')} or {_class('doc__thought')}]"
                f"[not({_class('document_authors')})]",
                f"//*[{_class('doc_header__subheader')}]",
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
    """Return the publisher of a URL's host; None if it is not declared."""
    host = host_of(url)
    return next((p for p in PUBLISHERS for own in p.hosts if host == own or host.endswith("." + own)), None)


def of_imprint(lines: Iterable[str]) -> str:
    """Return the name of the publisher whose imprint is in the lines below an article; empty if there is none."""
    with_imprint = [p for p in PUBLISHERS if p.imprint]
    return next((p.name for line in lines for p in with_imprint if p.imprint in line), "")


# Any: the elements are those of lxml, which ships without types.
def paragraphs(publisher: Publisher, root: Any) -> Sequence[Any]:
    """Return the elements of the article's text in the order of the page, by the newest layout that fits.

    The result is empty if no layout fits.
    """
    for layout in reversed(publisher.layouts):
        if root.xpath(layout.body):
            return list(root.xpath(f"{layout.body}|{layout.beside}" if layout.beside else layout.body))
    return ()
