"""Compare what is read of whole pages with what general extractors read: title, instant and body, page by page.

    python -m benchmarks.page_readers [FOLDER]

The pages are those that `benchmarks.page_layouts` makes, half of which were held out, those of
``tests/news/publishers`` and, if a folder is given, its saved pages with the texts in the ``*.json`` beside them. The
package reads each page with the layouts of declared publishers and without. The extractors are trafilatura,
fast and full, and newspaper4k if it is installed. A body is compared by the words that it has in common with the right
one (F1). The exit code is 1 if the body of a page is worse than that of the best extractor by more than 0.02.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from benchmarks import page_layouts
from signals.news import open_source, publishers
from signals.news.documents import make_document
from signals.types import Article, NewsSpec

TOLERANCE = 0.02
SPEC = NewsSpec("pages", "page", path="*")
RECORDED = Path(__file__).resolve().parent.parent / "tests" / "news" / "publishers"
_WORD = re.compile(r"[぀-ヿ㐀-鿿]|[^\W぀-ヿ㐀-鿿]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gets from a page: its title, its instant, its body and the authors."""

    title: str = ""
    at: datetime | None = None
    body: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A page, its group, and what is right."""

    name: str
    group: str
    html: str
    right: Reading
    foreign: tuple[str, ...] = field(default=())


Reader = Callable[[str], Reading]


def body_f1(body: str, right: str) -> float:
    """Return the F1 of the words of a body."""
    words, expected = Counter(_WORD.findall(body.lower())), Counter(_WORD.findall(right.lower()))
    common = (words & expected).total()
    return 2 * common / (words.total() + expected.total()) if common else 0.0


# --- readers --------------------------------------------------------------------------------------------------------


def read_signals(text: str) -> Reading:
    """Read a page as the package does."""
    document = make_document(SPEC, "page.html", text.encode(), datetime.now(UTC))
    (outcome,) = open_source(SPEC, Path()).parse(document)
    if not isinstance(outcome, Article):
        return Reading()
    authors = getattr(outcome, "authors", ())
    return Reading(outcome.title, outcome.stamp.at, outcome.body, authors)


def undeclared(read: Reader) -> Reader:
    """Return a reader that knows no publisher's layout."""

    def general(text: str) -> Reading:
        declared, publishers.PUBLISHERS = publishers.PUBLISHERS, ()
        try:
            return read(text)
        finally:
            publishers.PUBLISHERS = declared

    return general


def read_trafilatura(fast: bool) -> Reader:
    """Return the reader of trafilatura."""

    def read(text: str) -> Reading:
        page = trafilatura.bare_extraction(text, fast=fast, include_comments=False, with_metadata=True)
        if page is None:
            return Reading()
        names = tuple(filter(None, (getattr(page, "author", None) or "").split("; ")))
        return Reading(getattr(page, "title", None) or "", None, getattr(page, "text", None) or "", names)

    return read


def read_newspaper(text: str) -> Reading:
    """Read a page with newspaper4k."""
    page = importlib.import_module("newspaper").Article(url="https://meridian.example/a/b.html")
    page.download(input_html=text)
    page.parse()
    at = page.publish_date
    return Reading(page.title, at and (at if at.tzinfo else at.replace(tzinfo=UTC)), page.text, tuple(page.authors))


def readers() -> Mapping[str, Reader]:
    """Return the readers by name, that of the package first."""
    result: dict[str, Reader] = {
        "signals": read_signals,
        "undeclared": undeclared(read_signals),
        "fast": read_trafilatura(True),
        "full": read_trafilatura(False),
    }
    if importlib.util.find_spec("newspaper"):
        result["newspaper"] = read_newspaper
    return result


# --- pages ----------------------------------------------------------------------------------------------------------


def made() -> Iterator[Case]:
    """Yield the pages that the layouts make."""
    for page in page_layouts.pages():
        names_them = any(mark in page.html for mark in ('"author"', "byline", "| By "))
        authors = page.story.authors if names_them else ()
        right = Reading(page.story.title, page.story.at, "\n".join(page.body), authors)
        yield Case(page.name, "held out" if page.held_out else "developed on", page.html, right, page.foreign)


def recorded() -> Iterator[Case]:
    """Yield the pages of the declared publishers."""
    for path in sorted(RECORDED.glob("*.html")):
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        at = datetime.fromisoformat(expected["published_at"])
        right = Reading(expected["title"], at, "\n".join(expected["body"]))
        yield Case(path.stem, "publishers", path.read_text(encoding="utf-8"), right)


def saved(folder: Path) -> Iterator[Case]:
    """Yield the saved pages of a folder; each publisher's JSON file gives their texts in the order of the pages."""
    for path in sorted(folder.glob("*.json")):
        expected = list(json.loads(path.read_text(encoding="utf-8")).values())
        for page, item in zip(sorted(folder.glob(f"{path.stem}_*.html.gz")), expected, strict=True):
            at = datetime.fromisoformat(item["publishing_date"])
            text = gzip.decompress(page.read_bytes()).decode("utf-8")
            sections = [s["headline"] + s["paragraphs"] for s in item["body"]["sections"]]
            body = "\n".join([*item["body"]["summary"], *(line for lines in sections for line in lines)])
            yield Case(page.name.split(".")[0], "saved", text, Reading(item["title"], at, body, tuple(item["authors"])))


# --- the comparison -------------------------------------------------------------------------------------------------


def compare(cases: Sequence[Case]) -> int:
    """Print each page and each group; return the number of pages on which an extractor is better."""
    by_name = readers()
    worse = 0
    totals: dict[str, list[list[float]]] = {}
    print(f"{'page':<30}" + "".join(f"{name:>11}" for name in by_name) + "  remarks (of the package)")
    for case in cases:
        readings = {name: _read(reader, case.html) for name, reader in by_name.items()}
        scores = [body_f1(reading.body, case.right.body) for reading in readings.values()]
        remarks = _remarks(readings["signals"], case)
        if min(scores[:2]) < max(scores[2:]) - TOLERANCE:
            worse += 1
            remarks.insert(0, "WORSE")
        row = [*scores, *(float(r.title == case.right.title) for r in readings.values())]
        row += [float(r.at == case.right.at) for r in readings.values()]
        row += [float(set(r.authors) == set(case.right.authors)) for r in readings.values()]
        totals.setdefault(case.group, []).append(row)
        print(f"{case.name:<30}" + "".join(f"{score:11.3f}" for score in scores) + "  " + ", ".join(remarks))
    for group, rows in totals.items():
        means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        for n, what in enumerate(("body F1", "title", "instant", "authors")):
            part = means[n * len(by_name) : (n + 1) * len(by_name)]
            print(f"{group + ' (' + str(len(rows)) + '), ' + what:<30}" + "".join(f"{mean:11.3f}" for mean in part))
    return worse


def _read(reader: Reader, text: str) -> Reading:
    try:
        return reader(text)
    except Exception as error:  # an extractor that fails on a page has read nothing of it
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return Reading()


def _remarks(reading: Reading, case: Case) -> list[str]:
    remarks = [f"{sum(text in reading.body for text in case.foreign)} foreign"]
    if not any(text in reading.body for text in case.foreign):
        remarks.clear()
    if reading.title != case.right.title:
        remarks.append(f"title {reading.title!r}")
    if reading.at != case.right.at:
        remarks.append(f"instant {reading.at}")
    return remarks


def main() -> int:
    """Run the comparison and return the exit code."""
    cases = [*made(), *recorded(), *(case for folder in map(Path, sys.argv[1:]) for case in saved(folder))]
    worse = compare(cases)
    print(f"{len(cases)} pages; on {worse} the body is worse than that of the best extractor by more than {TOLERANCE}")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
