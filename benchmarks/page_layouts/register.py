"""The register of layouts, and the pages that they make of the stories of a seed."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.page_layouts.parts import head
from benchmarks.page_stories import Story, Surroundings, surroundings, write_story


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what a reader must get from it.

    Attributes
    ----------
    foreign
        Texts that do not belong to the body.
    is_day
        Whether the page states the day of the story and no time.
    """

    name: str
    held_out: bool
    html: str
    story: Story
    body: tuple[str, ...]
    foreign: tuple[str, ...]
    is_day: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What a layout makes: the elements in the body of the page, what is read there, and the head if it is special."""

    body: str
    read: tuple[str, ...]
    head: str | None = None
    is_day: bool = False


Layout = Callable[[Story, Surroundings], Content]
_LAYOUTS: list[tuple[str, bool, str, int, Layout]] = []


def layout(*, held_out: bool, language: str = "en", paragraphs: int = 8) -> Callable[[Layout], Layout]:
    """Register a layout."""

    def register(make: Layout) -> Layout:
        _LAYOUTS.append((make.__name__.removeprefix("_"), held_out, language, paragraphs, make))
        return make

    return register


def pages(seed: int = 0) -> list[Page]:
    """Return one page of each layout; another seed gives other stories, lengths, teasers and ways to state the time."""
    return [_page(seed, *each) for each in _LAYOUTS]


def _page(seed: int, name: str, held_out: bool, language: str, paragraphs: int, make: Layout) -> Page:
    story = write_story(f"{name} {seed}", paragraphs, language, vary=seed > 0)
    around = surroundings(f"{name} {seed}", vary=seed > 0)
    content = make(story, around)
    top = head(story) if content.head is None else content.head
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(story.title)}'
        f" | Meridian</title>{top}</head><body>{content.body}</body></html>"
    )
    return Page(name, held_out, text, story, content.read, (*around.teasers, *around.remarks), content.is_day)
