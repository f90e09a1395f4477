"""Read the body of a page from its elements: the blocks of text in the element that holds most of the prose.

A block is a run of text between block elements or line breaks. Blocks in what surrounds an article (menus, comments,
related stories, forms, notices on cookies) are left out, unless that element holds the headline or most of the prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise, takewhile

from lxml import etree

from signals.news import boilerplate
from signals.news.articles import clean_line, repair_mojibake
from signals.news.markup import INLINE, Element, is_hidden

_REMOVED = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "button", "select", "textarea",
    "figure", "figcaption", "head", "audio", "video", "picture", "option", "input", "amp-ad", "amp-sidebar", "dialog",
})  # fmt: skip
_BREAKING = frozenset({"figure", "iframe", "video", "audio", "object"})
_AROUND = frozenset({"nav", "aside", "footer", "form", "menu"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXT_TAGS = frozenset({"p", "li", "td", "th", "blockquote", "pre", "dd", "dt", *_HEADINGS})
_OUTER = frozenset({"html", "body", "main", "article"})
# The words of class names and ids, as in: article-comments, relatedStories.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FOREIGN = frozenset({
    "comment", "comments", "disqus", "livefyre", "respond", "cookie", "cookies", "consent", "gdpr", "onetrust",
    "newsletter", "signup", "outbrain", "taboola", "breadcrumb", "breadcrumbs", "share", "sharing", "social", "advert",
    "advertisement", "sponsored", "byline", "caption", "captions", "pagination", "pager", "menu", "topmenu", "navbar",
    "nav", "navigation", "footer", "sidebar", "carousel", "masthead", "toolbar", "bio", "copyright", "recirc",
    "recirculation", "subscribe", "subscription", "syndication", "modal", "popup", "flyout", "disclosure",
    "disclosures", "disclaimer", "disclaimers", "overlay", "regwall", "offers", "pricing", "warning",
})  # fmt: skip
#: Words that name an article's own lead as well: their elements are left out only if a large part of them is linked.
_FOREIGN_IF_LINKED = frozenset({
    "related", "recommended", "recommendations", "recommendation", "popular", "trending", "promo", "promoted", "teaser",
    "teasers", "card", "cards", "more", "widget", "latest", "tags", "topics", "author", "readmore", "most", "rail",
})  # fmt: skip
_LINKED_SHARE, _MOST = 0.3, 0.5
_PROSE_LENGTH, _CONTAINED = 50, 0.75
# How many headlines and invitations are looked at, so that the time stays in proportion to the size of the page.
_MAX_PLACES = 20
# The characters of prose that an article has at least, or the share of a page, and the blocks of a teaser at most.
_ENOUGH, _PART, _TEASER_BLOCKS = 250, 0.3, 4
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_INVITATION, _BEGINNING, _BOX = 160, 25, 0.3
# A time, a date or a number that stands alone.
_CLOCK = re.compile(r"[\d\s:.,/|-]+(?:[ap]\.?m\.?|GMT|UTC|[A-Z]{2,4})?", re.IGNORECASE)
_SENTENCES = re.compile(r"[.!?…]\s+")
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text on a page.

    Attributes
    ----------
    element
        The block element that holds the text.
    linked
        The share of the text that is in links.
    size
        The length of the text; a character of a script without spaces counts as three.
    around
        The elements that surround articles and hold the text, outermost first.
    """

    text: str
    element: Element
    linked: float
    size: int
    around: tuple[Element, ...]

    @property
    def is_prose(self) -> bool:
        """Whether the text is long enough for a sentence and mostly not linked."""
        return self.linked < _LINKED_SHARE and self.size >= _PROSE_LENGTH


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the article; it is not certain if it stands outside the element that holds most of the prose."""

    text: str
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class BlockReading:
    """The paragraphs of the article on a page, and the lines of the page that belong to no article.

    These are links, and hidden text in another language. There are no paragraphs if the page has no prose.
    """

    passages: tuple[Passage, ...]
    others: frozenset[str]


def read_blocks(root: Element, title: str) -> BlockReading:
    """Return the paragraphs of the article on a page and the lines that belong to no article."""
    title = title.casefold()
    blocks = list(_blocks(root))
    linked = [block for block in blocks if block.linked > _MOST]
    links = (link for element in {block.element for block in linked} for link in element.iter("a"))
    others = {block.text for block in linked} | {clean_line(link.text_content()) for link in links}
    others.update(_translations(root))
    passages = tuple(_article(_own(blocks, title), title)) or _without_scripts(root, title)
    return BlockReading(passages, frozenset(others))


def _without_scripts(root: Element, title: str) -> tuple[Passage, ...]:
    """Return the paragraphs of an article that a page shows only to readers without scripts."""
    for node in islice(root.iter("noscript"), _MAX_PLACES):
        blocks = list(_blocks(node))
        if sum(block.size for block in blocks if block.is_prose) >= _ENOUGH:
            return tuple(_article(_own(blocks, title), title))
    return ()


def _translations(root: Element) -> Iterator[str]:
    """Yield the lines of a page that are hidden and in another language than the page."""
    language = _language(root)
    for node in root.xpath("/html/body//*[@lang]")[:_MAX_PLACES] if language else ():
        if _language(node) != language and is_hidden(node):
            yield from (" ".join(line.split()) for line in node.xpath(".//text()"))


def _language(node: Element) -> str:
    """Return the language that an element states, without its region."""
    return str(node.get("lang", "")).partition("-")[0].lower()


def _article(blocks: Sequence[Block], title: str) -> Iterator[Passage]:
    """Yield the paragraphs of the article among the blocks."""
    blocks = _outside_teasers(_with_headline(blocks, title))
    start = _start(blocks, title)
    blocks = _until_end(blocks[start:]) if start else blocks
    prose = [block for block in blocks if block.is_prose]
    if not prose:
        return
    container = _container(prose)
    members = frozenset(container.iter())
    inside = [n for n, block in enumerate(blocks) if block.element in members]
    # What stands between the headline and the text may belong to it: a summary, the first paragraphs.
    above = blocks[: inside[0]] if start else []
    below = takewhile(lambda block: _continues(block, container), blocks[inside[-1] + 1 :])
    blocks = [*above, *(blocks[n] for n in inside), *below]
    chosen = _select(_outside_boxes(_until_next_article(blocks), container), title)
    yield from _passages(chosen, members)


def _continues(block: Block, container: Element) -> bool:
    """Return whether a block right below the text may belong to it: a sentence that stands in no box of its own."""
    is_sentence = block.element.tag == "p" and block.is_prose and not block.linked
    return is_sentence and any(outer is block.element.getparent() for outer in container.iterancestors())


# --- blocks ---------------------------------------------------------------------------------------------------------


def _blocks(root: Element) -> Iterator[Block]:
    """Yield the blocks of text in the order of the page."""
    parts: list[str] = []
    linked = links = 0
    owner: Element = root
    owners: list[Element] = [root]
    around: list[Element] = []

    def finish() -> Iterator[Block]:
        nonlocal linked
        text = "".join(parts)
        if not text.isspace() and (text := clean_line(repair_mojibake(text))):
            size = len(text) + 2 * len(_WIDE.findall(text))
            yield Block(text, owner, min(linked / len(text), 1.0), size, tuple(around))
        parts.clear()
        linked = 0

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        text = node.tail if event != "start" else node.text
        if event == "start":
            if node is not root and ((node.tag in _REMOVED and not _frames_table(node)) or is_hidden(node)):
                if node.tag in _BREAKING:
                    yield from finish()
                walk.skip_subtree()
                continue
            if node.tag not in INLINE:
                yield from finish()
                owners.append(node)
                owner = node
                if _is_around(node):
                    around.append(node)
            links += node.tag == "a"
        elif event == "end":
            if node.tag not in INLINE:
                if node.tag not in _REMOVED:
                    yield from finish()
                if owners[-1] is node:
                    owners.pop()
                    owner = owners[-1]
                if around and around[-1] is node:
                    around.pop()
            links -= node.tag == "a" and links > 0
        if text and (event == "start" or node is not root):
            parts.append(text)
            linked += len(text.strip()) if links else 0
    yield from finish()


def _frames_table(node: Element) -> bool:
    """Return whether an element is a figure that holds a table."""
    return node.tag == "figure" and next(node.iter("table"), None) is not None


def _is_around(node: Element) -> bool:
    """Return whether an element surrounds articles, by its tag, its class or its id."""
    if node.tag in _AROUND:
        return True
    names = f"{node.get('class', '')} {node.get('id', '')}"
    if node.tag in _OUTER or names == " ":
        return False
    words = {word.lower() for word in _WORD.findall(names[:500])}
    return bool(words & _FOREIGN) or bool(words & _FOREIGN_IF_LINKED)


def _is_foreign(node: Element) -> bool:
    words = {word.lower() for word in _WORD.findall(f"{node.get('class', '')} {node.get('id', '')}"[:500])}
    return node.tag in _AROUND or bool(words & _FOREIGN)


def _own(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks that are not in elements around the article."""
    total = sum(block.size for block in blocks if block.is_prose)
    size: Counter[Element] = Counter()
    prose: Counter[Element] = Counter()
    linked: Counter[Element] = Counter()
    pardoned: set[Element] = set()
    for block in blocks:
        for node in block.around:
            size[node] += block.size
            prose[node] += block.size if block.is_prose else 0
            linked[node] += int(block.size * block.linked)
        if block.text.casefold() == title and block.element.tag in _HEADINGS:
            pardoned.update(block.around)
    for node, amount in size.items():
        is_linked = linked[node] > _LINKED_SHARE * amount
        names = _is_foreign(node)
        pardoned |= {node} if (not names and not is_linked) else set()
        words = f"{node.get('class', '')} {node.get('id', '')}".lower()
        discussion = any(word in words for word in ("comment", "disqus", "cookie", "consent", "gdpr"))
        pardoned |= {node} if prose[node] > _MOST * total and not is_linked and not discussion else set()
    return [block for block in blocks if pardoned.issuperset(block.around)]


# --- the article among the blocks -----------------------------------------------------------------------------------


def _with_headline(blocks: Sequence[Block], title: str) -> Sequence[Block]:
    """Return the blocks of the ``article`` element that holds the headline and paragraphs; all blocks if none does."""
    enough = min(_ENOUGH, _PART * sum(block.size for block in blocks if block.is_prose))
    headlines = (block for block in blocks if block.text.casefold() == title)
    for headline in islice(headlines, _MAX_PLACES):
        outer = next(headline.element.iterancestors("article"), None)
        members = frozenset(() if outer is None else outer.iter())
        inside = [block for block in blocks if block.element in members]
        prose = [block.size for block in inside if block.is_prose]
        if len(prose) > 1 and sum(prose) >= enough:
            return inside
    return blocks


def _outside_teasers(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that are no summary of another article, which stands below a linked headline in a small box."""
    boxes = Counter(block.element.getparent() for block in blocks)
    result: list[Block] = list(blocks[:1])
    for above, block in pairwise(blocks):
        box = block.element.getparent()
        is_headline = above.linked > _MOST and above.element.tag in _HEADINGS
        if not (is_headline and above.element.getparent() is box and boxes[box] <= _TEASER_BLOCKS):
            result.append(block)
    return result


def _start(blocks: Sequence[Block], title: str) -> int:
    """Return the position below the headline; 0 if most of the prose stands above it or it is not on the page."""
    total = sum(block.size for block in blocks if block.is_prose)
    above = 0
    for n, block in enumerate(blocks):
        if block.text.casefold() == title and not block.linked:
            return n + 1 if above <= _MOST * total else 0
        above += block.size if block.is_prose else 0
    return 0


def _container(prose: Sequence[Block]) -> Element:
    """Return the innermost element that holds most of the prose."""
    mass: Counter[Element] = Counter()
    depth: dict[Element, int] = {}
    sizes: Counter[Element] = Counter()
    for block in prose:
        sizes[block.element] += block.size
    for element, size in sizes.items():
        chain = [element, *element.iterancestors()]
        for n, node in enumerate(chain):
            mass[node] += size
            depth[node] = len(chain) - n
    total = sum(block.size for block in prose)
    inner = [node for node, amount in mass.items() if amount >= _CONTAINED * total]
    return max(inner, key=lambda node: depth[node])


def _until_end(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks down to the line that ends the article; all blocks if none does below enough prose."""
    prose = 0
    for n, block in enumerate(blocks):
        if prose >= _ENOUGH and boilerplate.ends_article(block.text):
            return blocks[: n + 1]
        prose += block.size if block.is_prose else 0
    return blocks


def _until_next_article(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks above the headline of another article on the same page."""
    result: list[Block] = []
    prose = 0
    for block in blocks:
        if block.element.tag == "h1" and prose > 1 and next(block.element.iterancestors("article"), None) is not None:
            break
        prose += block.is_prose
        result.append(block)
    return result


def _outside_boxes(blocks: Sequence[Block], container: Element) -> list[Block]:
    """Return the blocks that are not in a box with an invitation, as in: Sign up for our letter."""
    boxes: set[Element] = set()
    large: set[Element] = set()
    total = sum(block.size for block in blocks)
    for block in (block for block in blocks if _is_invitation(block.text)):
        box = block.element if block.element.tag not in _TEXT_TAGS else block.element.getparent()
        if block.element in boxes or box in large or len(large) > _MAX_PLACES:
            boxes.add(block.element)
            continue
        members = frozenset(box.iter())
        size = sum(each.size for each in blocks if each.element in members)
        if container in members or size > _BOX * total:
            large.add(box)
            boxes.add(block.element)
        else:
            boxes |= members
    return [block for block in blocks if block.element not in boxes]


def _is_invitation(text: str) -> bool:
    """Return whether a sentence of a short text begins with an invitation, or it has one and is no sentence."""
    if len(text) > _INVITATION or not boilerplate.is_banner(text):
        return False
    begins = boilerplate.is_banner(text[:_BEGINNING]) or any(map(boilerplate.begins_as_banner, _SENTENCES.split(text)))
    return begins or not _SENTENCE_END.search(text)


def _select(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks that are paragraphs, headings above paragraphs, items or cells."""
    at = [n for n, block in enumerate(blocks) if block.is_prose]
    result: list[Block] = []
    for n, block in enumerate(blocks):
        pointer = block.linked > 0 and boilerplate.points_elsewhere(block.text, linked=True)
        if block.text.casefold() == title or block.linked > _MOST or pointer:
            continue
        before = not at or n < at[0]
        below = blocks[n + 1] if n + 1 < len(blocks) else None
        if block.element.tag in _HEADINGS and (below is None or below.linked > _MOST):
            continue
        is_end = boilerplate.ends_article(block.text) or boilerplate.points_elsewhere(block.text)
        if before and block.element.tag == "h1":
            continue
        if is_end or block.is_prose or _is_short_text(block, before):
            result.append(block)
    return result


def _is_short_text(block: Block, before: bool) -> bool:
    """Return whether a block without the length of prose belongs to the text, by its element and its position.

    Above the first paragraph sentences, headings, items and cells count, and below it all elements of text.
    """
    tag = block.element.tag
    if boilerplate.is_byline(block.text):
        return False
    if next(block.element.iterancestors("tr"), None) is not None:
        return True
    if _CLOCK.fullmatch(block.text):
        return False
    if tag in ("li", "dd", "dt", "blockquote") or _SENTENCE_END.search(block.text):
        return True
    return tag in _HEADINGS or (not before and tag in _TEXT_TAGS)


def _passages(blocks: Sequence[Block], members: frozenset[Element]) -> Iterator[Passage]:
    """Yield the texts of blocks; the short cells of one row of a table are one text."""
    for row, group in groupby(blocks, key=_row):
        passages = [Passage(block.text, _is_certain(block, members)) for block in group]
        if row is not None:
            yield Passage(" ".join(passage.text for passage in passages), passages[0].is_certain)
        else:
            yield from passages


def _is_certain(block: Block, members: frozenset[Element]) -> bool:
    """Return whether a block is in the container and no short line; what ends the article counts wherever it is."""
    is_line = block.element.tag == "p" and not block.is_prose and _row(block) is None
    is_line = is_line and not _SENTENCE_END.search(block.text)
    return (block.element in members and not is_line) or boilerplate.ends_article(block.text)


def _row(block: Block) -> Element | None:
    """Return the row of a short cell."""
    return next(block.element.iterancestors("tr"), None) if block.size < _PROSE_LENGTH else None
