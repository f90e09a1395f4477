"""The parts of the layouts: head, menu, paragraphs, teasers, footer."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import timedelta, timezone

from benchmarks.page_stories import Story, Surroundings


def head(story: Story, extra: str = "") -> str:
    """Return the head of a page, with the time of the story in one of the ways in which publishers state it."""
    at, later = story.at, story.at + timedelta(hours=26)
    eastern = at.astimezone(timezone(timedelta(hours=-5)))
    pages = [{"@type": "WebPage", "name": "Meridian", "datePublished": "2011-04-05T06:07:08Z"}]
    article = {"@type": "ReportageNewsArticle", "headline": story.title, "dateModified": later.isoformat()}
    graph = {"@context": "https://schema.org", "@graph": [*pages, article | {"datePublished": eastern.isoformat()}]}
    ways: list[list[tuple[str, str, str]]] = [
        [("property", "article:published_time", at.isoformat())],
        [("property", "article:published_time", eastern.isoformat()),
         ("property", "article:modified_time", later.isoformat())],
        [],
        [("property", "og:updated_time", later.isoformat()), ("name", "parsely-pub-date", f"{at:%Y-%m-%dT%H:%M:%SZ}")],
        [("itemprop", "dateModified", later.isoformat()), ("itemprop", "datePublished", eastern.isoformat())],
        [("name", "date", f"{at:%a, %d %b %Y %H:%M:%S} GMT")],
    ]  # fmt: skip
    stated = ways[story.way % len(ways)]
    script = "" if stated else f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    return "".join(f'<meta {key}="{name}" content="{text}">' for key, name, text in stated) + script + extra


def ld(story: Story, **more: object) -> str:
    """Return the JSON-LD of a story, with other properties if they are named."""
    people = [{"@type": "Person", "name": name} for name in story.authors]
    data: dict[str, object]
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "author": people}
    data |= {"datePublished": story.at.isoformat(), "publisher": {"@type": "Organization", "name": "Meridian"}, **more}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def p(lines: Sequence[str], attributes: str = "") -> str:
    """Return lines as paragraphs."""
    return "".join(f"<p{attributes}>{html.escape(line, quote=False)}</p>" for line in lines)


def each(lines: Sequence[str], pattern: str) -> str:
    """Return each line in a pattern; `{n}` is its number."""
    return "".join(pattern.format(line, n=n) for n, line in enumerate(lines, 1))


def h1(story: Story) -> str:
    """Return the headline."""
    return f"<h1>{story.title}</h1>"


def by(story: Story) -> str:
    """Return a byline."""
    return f'<div class="byline">By {" and ".join(story.authors)}</div>'


def menu(items: int = 8) -> str:
    """Return the header of the site with its menu."""
    names = [
        "Markets",
        "World",
        "Business",
        "Technology",
        "Opinion",
        "Sport",
        "Weather",
        "Video",
        "Podcasts",
        "Archive",
    ]
    links = "".join(f'<li><a href="/s/{n}">{names[n % 10]}{n // 10 or ""}</a></li>' for n in range(items))
    return f'<header><nav><ul>{links}</ul></nav><a href="/login">Sign in</a></header>'


def footer() -> str:
    """Return the footer of the site."""
    links = "".join(f'<a href="/{n}">{n}</a> ' for n in ("About us", "Contact", "Privacy", "Terms of use"))
    return f"<footer><div>{links}</div><p>© 2024 Meridian. All rights reserved.</p></footer>"


def links(around: Surroundings, item: str = '<li><a href="/t/{n}">{0}</a></li>') -> str:
    """Return the teasers of other stories as links."""
    return each(around.teasers, item)
