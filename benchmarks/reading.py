"""Compare what is read of whole pages with what general extractors read: title, instant and body, page by page.

    python -m benchmarks.reading [--newspaper PYTHON] [--seeds N] [FOLDER]

The pages are those that `benchmarks.page_layouts` makes of the stories of some seeds (0 to N - 1; 6), of whose layouts
some were held out, those of ``tests/news/publishers`` and, if a folder is given, its saved pages with the texts in the
``*.json`` beside them. The package reads each page with the layouts of declared publishers and without. The extractors
are trafilatura, fast and full, and newspaper4k, which needs an interpreter of its own, because it is no dependency of
the project::

    python -m venv /tmp/newspaper && /tmp/newspaper/bin/pip install 'newspaper4k[all]' lxml_html_clean
    python -m benchmarks.reading --newspaper /tmp/newspaper/bin/python

A body is compared by the words that it has in common with the right one (F1). An instant counts 1 if it is right to the
minute, and 0.5 if only its day is, which is all that trafilatura gives. The rows are the pages of seed 0, and every
page on which the package is worse. It is worse if it refuses the page, or has a body that is worse than that of the
best extractor by more than 0.02, or a title or an instant that is worse. Exit code 1 if there is such a page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from benchmarks import page_layouts
from benchmarks.page_readers import Reading, readers

TOLERANCE = 0.02
OWN = ("signals", "undeclared")
RECORDED = Path(__file__).resolve().parent.parent / "tests" / "news" / "publishers"
MEASURES = ("body F1", "title", "instant", "authors")
_WORD = re.compile(r"[぀-ヿ㐀-鿿]|[^\W぀-ヿ㐀-鿿]+")


@dataclass(frozen=True, slots=True)
class Case:
    """A page, its group, and what is right; `foreign` are texts that do not belong to its body."""

    name: str
    group: str
    html: str
    right: Reading
    foreign: tuple[str, ...] = field(default=())
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Scores:
    """How well a page was read, by the measures of `MEASURES`."""

    body: float
    title: float
    instant: float
    authors: float


# --- measures -------------------------------------------------------------------------------------------------------


def body_f1(body: str, right: str) -> float:
    """Return the F1 of the words of a body."""
    words, expected = Counter(_WORD.findall(body.lower())), Counter(_WORD.findall(right.lower()))
    common = (words & expected).total()
    return 2 * common / (words.total() + expected.total()) if common else 0.0


def instant_score(reading: Reading, right: Reading) -> float:
    """Return 1 for the right minute, or the day if the page states no more, 0.5 for the day by any clock, else 0."""
    at, expected = reading.at, right.at
    if at is None or expected is None:
        return float(at == expected)
    if not isinstance(expected, datetime):
        return float((at.date() if isinstance(at, datetime) else at) == expected)
    if isinstance(at, datetime):
        if at.replace(second=0, microsecond=0) == expected.replace(second=0, microsecond=0):
            return 1.0
        at = at.date()
    return 0.5 if abs(at - expected.date()).days <= (at != expected.date()) else 0.0


def scores_of(reading: Reading, right: Reading) -> Scores:
    """Return the scores of a reading."""
    return Scores(
        body_f1(reading.body, right.body),
        float(" ".join(reading.title.split()) == right.title),
        instant_score(reading, right),
        float(set(reading.authors) == set(right.authors)),
    )


# --- pages ----------------------------------------------------------------------------------------------------------


def made(seed: int) -> Iterator[Case]:
    """Yield the pages that the layouts make of the stories of a seed."""
    for page in page_layouts.pages(seed):
        names_them = any(mark in page.html for mark in ('"author"', "byline", "| By "))
        authors = page.story.authors if names_them else ()
        at = page.story.at.date() if page.is_day else page.story.at
        right = Reading(page.story.title, at, "\n".join(page.body), authors)
        group = "held out" if page.held_out else "developed on"
        yield Case(page.name, group, page.html, right, page.foreign, seed)


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


def compare(cases: Sequence[Case], newspaper: str | None) -> int:
    """Print each page and each group; return the number of pages on which the package is worse."""
    by_name = readers(newspaper)
    worse = 0
    totals: dict[str, list[list[Scores]]] = {}
    print(f"{'page (seed)':<40}" + "".join(f"{name:>11}" for name in by_name) + "  remarks (of the package)")
    for case in cases:
        readings = {name: reader(case.html) for name, reader in by_name.items()}
        scores = {name: scores_of(reading, case.right) for name, reading in readings.items()}
        totals.setdefault(case.group, []).append(list(scores.values()))
        faults = _faults(readings, scores)
        worse += bool(faults)
        if faults or not case.seed:
            row = "".join(f"{each.body:11.3f}" for each in scores.values())
            print(f"{f'{case.name} ({case.seed})':<40}{row}  " + ", ".join([*faults, *_remarks(readings, case)]))
    for group, rows in totals.items():
        for n, measure in enumerate(MEASURES):
            columns = [
                [(s.body, s.title, s.instant, s.authors)[n] for s in column] for column in zip(*rows, strict=True)
            ]
            means = "".join(f"{sum(column) / len(column):11.3f}" for column in columns)
            print(f"{f'{group} ({len(rows)}), {measure}':<40}{means}")
    return worse


def _faults(readings: Mapping[str, Reading], scores: Mapping[str, Scores]) -> list[str]:
    """Return in what the package is worse than the best extractor on a page."""
    own, others = [scores[name] for name in OWN], [each for name, each in scores.items() if name not in OWN]
    faults = ["REFUSED"] if any(readings[name].refused for name in OWN) else []
    if min(s.body for s in own) < max(s.body for s in others) - TOLERANCE:
        faults.append("WORSE BODY")
    if min(s.title for s in own) < max(s.title for s in others):
        faults.append("WORSE TITLE")
    if min(s.instant for s in own) < max(s.instant for s in others):
        faults.append("WORSE INSTANT")
    return faults


def _remarks(readings: Mapping[str, Reading], case: Case) -> list[str]:
    reading = readings["undeclared"]
    foreign = sum(text in reading.body for text in case.foreign)
    remarks = [reading.refused] if reading.refused else []
    remarks += [f"{foreign} foreign"] if foreign else []
    remarks += [f"title {reading.title!r}"] if " ".join(reading.title.split()) != case.right.title else []
    remarks += [f"instant {reading.at} for {case.right.at}"] if instant_score(reading, case.right) < 1 else []
    return remarks


def main() -> int:
    """Run the comparison and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("folder", nargs="*", type=Path)
    parser.add_argument("--newspaper", help="an interpreter that has newspaper4k")
    parser.add_argument("--seeds", type=int, default=6)
    options = parser.parse_args()
    cases = [case for seed in range(options.seeds) for case in made(seed)]
    cases += [*recorded(), *(case for folder in options.folder for case in saved(folder))]
    worse = compare(cases, options.newspaper)
    layouts = len(page_layouts.pages())
    print(f"{len(cases)} pages, {layouts} layouts; on {worse} the package is worse than the best extractor")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
