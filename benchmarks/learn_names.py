"""Learn how the press uses words beside the names of companies, and write the figures that `signals` scores names by.

Usage: ``python benchmarks/learn_names.py DATA``, where DATA is the folder of real data with `archive/titles_*.parquet`.
It writes ``signals/tickers/word_figures.csv`` and prints the weights of ``signals/tickers/name_score.py``. Only the
titles with an even checksum are read, so that the others can judge.

The figures of a word, all natural logarithms of odds:

use
    Capitalised against small letters, inside sentences that are not in title case: how far the word is a name.
after, before
    How often the word follows (comes before) the name of a company against an ordinary word with a capital. Names are
    those single words of the list of names that are never written in small letters; ordinary words are those that are
    nearly always, as far as they begin titles or stand in title case. ``to cut`` is one word here.

The weights are those of a logistic regression on the headlines whose tickers vendors state, over the names that are
ordinary words.
"""

from __future__ import annotations

import csv
import math
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import tagging

from signals.tickers.common_words import COMMON_WORDS
from signals.tickers.legal_forms import without_legal_form
from signals.tickers.name_context import NameContext, is_title_case, name_context
from signals.tickers.name_score import neighbours, word_score

FIGURES = Path(__file__).parent.parent / "signals" / "tickers" / "word_figures.csv"
SENTENCES = Path(__file__).parent.parent / "tests" / "tickers" / "held_out_sentences.csv"
_OWN_WEIGHT = 5  # the vendors' headlines carry one ticker each, so that half of the names in them lack their label
_WORD = re.compile(r"[A-Za-z][A-Za-z&]*(?:'[a-z]+)?")
_MIN_USES, _MIN_BESIDE = 5, 8
_ORDINARY = 3.0  # log odds of use above which a word that no list calls ordinary is a name
_SMOOTHING = 5.0


def titles(data: Path) -> Iterator[str]:
    """Yield the titles of the half that teaches."""
    for path in sorted((data / "archive").glob("titles_*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(columns=["title"]):
            for title in batch.column(0).to_pylist():
                if title and zlib.crc32(title.encode()) % 2 == 0 and not title.lstrip().startswith("REG"):
                    yield title.strip()


def uses(lines: list[tuple[str, bool]]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word stands in small letters and with a capital, inside sentences."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for title, in_title_case in lines:
        if not in_title_case:
            for word in _WORD.findall(title)[1:]:
                if word.islower():
                    small[word] += 1
                elif word[0].isupper() and (word[1:].islower() or len(word) == 1):
                    capital[word.lower()] += 1
    return small, capital


def single_names(data: Path, small: Counter[str], capital: Counter[str]) -> set[str]:
    """Return the single words of the list of names that are never written in small letters."""
    shortest = {without_legal_form(name)[-1] for name in tagging.names_of_2015(data).values()}
    words = {name for name in shortest if name.isalpha() and len(name) > 3}
    return {w for w in words if w.lower() not in COMMON_WORDS and small[w.lower()] <= 0.02 * capital[w.lower()]}


def beside(
    lines: list[tuple[str, bool]], names: set[str], ordinary: set[str]
) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """Return, for after and before, the counts of words beside names and beside ordinary words."""
    counts = {part: (Counter[str](), Counter[str]()) for part in ("after", "before")}
    for title, in_title_case in lines:
        for match in _WORD.finditer(title):
            word = match[0].removesuffix("'s")
            start, end = match.start(), match.start() + len(word)
            is_name = word in names
            if not is_name and not (word[0].isupper() and word.lower() in ordinary and (in_title_case or start == 0)):
                continue
            before, after = neighbours(title, start, end)
            if before != "^":  # names begin titles more often, because ordinary words are taken from title case
                counts["before"][not is_name][before] += 1
            for phrase in after:
                counts["after"][not is_name][phrase] += 1
    return counts


def log_odds(pair: tuple[Counter[str], Counter[str]]) -> dict[str, float]:
    """Return the smoothed log odds of each word that is frequent enough."""
    name, other = pair
    n, m = name.total(), other.total()
    scale = n / m
    words = [w for w in name.keys() | other.keys() if name[w] + other[w] * scale >= _MIN_BESIDE]
    return {w: math.log((name[w] + _SMOOTHING) / (other[w] * scale + _SMOOTHING)) for w in words}


def write_figures(data: Path) -> None:
    """Write the figures of every word that has one."""
    lines = [(title, is_title_case(title)) for title in titles(data)]
    small, capital = uses(lines)
    names = single_names(data, small, capital)
    listed = {without_legal_form(name)[-1].lower() for name in tagging.names_of_2015(data).values()}
    ordinary = {w for w in COMMON_WORDS - listed if small[w] > 20 and small[w] > 4 * capital[w]}
    print(f"{len(lines)} titles, {len(names)} names, {len(ordinary)} ordinary words")
    counts = beside(lines, names, ordinary)
    after, before = log_odds(counts["after"]), log_odds(counts["before"])
    use = {w: math.log((capital[w] + 1) / (small[w] + 1)) for w in small.keys() | COMMON_WORDS}
    use = {
        w: u for w, u in use.items() if w in COMMON_WORDS or (small[w] >= _MIN_USES and u < _ORDINARY and len(w) > 2)
    }
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        file.write(
            "# Written by benchmarks/learn_names.py: log odds of use as a name, after a name and before a name.\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "use", "after", "before"))
        for word in sorted(use.keys() | after.keys() | before.keys()):
            writer.writerow((word, *(f"{t[word]:.1f}" if word in t else "" for t in (use, after, before))))


def main() -> None:
    """Write the figures; with the figures, learn the weights."""
    data = Path(sys.argv[1])
    if "-w" not in sys.argv:
        write_figures(data)
    learn_weights(data)


def learn_weights(data: Path) -> None:
    """Print the weights of a logistic regression on labelled headlines whose digest is even."""
    instruments, _ = tagging.universe(
        tagging.names_of_2015(data), {row[0].strip(): row[1].strip() for row in tagging.reuters_rows(data)}
    )
    tickers: dict[str, set[str]] = {}
    for i in instruments:
        for name in (i.name, *(a.text for a in i.aliases)):
            word = without_legal_form(name)[-1]
            if word.isalpha() and word.lower() in COMMON_WORDS and word[0].isupper():
                tickers.setdefault(word, set()).add(i.ticker)
    rows: list[tuple[float, ...]] = []
    learned: list[int] = []
    held_out: list[int] = []
    labels: list[bool] = []
    contexts: dict[NameContext, Counter[bool]] = {}
    stories = [*tagging.reuters_stories(tagging.reuters_rows(data)), *tagging.headlines(data)]
    for story in stories:
        for match in _WORD.finditer(story.title):
            word = match[0].removesuffix("'s")
            if word in tickers:
                context = name_context(
                    story.title, match.start(), match.start() + len(word), is_title_case(story.title)
                )
                contexts.setdefault(context, Counter())[not tickers[word].isdisjoint(story.tickers)] += 1
                named, capital = context is NameContext.NAMED, context is NameContext.CAPITAL
                if context in (NameContext.BOUND, NameContext.OTHER, NameContext.LEGAL_FORM):
                    continue
                rows.append(word_score(story.title, match.start(), match.start() + len(word)).parts(named, capital))
                (held_out if story.held_out else learned).append(len(labels))
                labels.append(not tickers[word].isdisjoint(story.tickers))
    own = list(_own_sentences())
    rows += [parts for parts, _ in own] * _OWN_WEIGHT
    learned += range(len(labels), len(labels) + len(own) * _OWN_WEIGHT)
    labels += [label for _, label in own] * _OWN_WEIGHT
    x = np.column_stack([np.ones(len(rows)), np.array(rows)])
    y = np.array(labels, float)
    weights = _logistic(x[learned], y[learned])
    if "-v" in sys.argv:
        print("the context alone: " + ", ".join(f"{c} {k[True]}/{k.total()}" for c, k in sorted(contexts.items())))
    print(f"weights {np.round(weights, 2)}")
    for part, chosen in (("learned", learned), ("held out", held_out)):
        positive, true = x[chosen] @ weights > 0, y[chosen] > 0.5
        by_rule = (x[chosen, 4] + x[chosen, 5]) > 0
        for judge, mask in (("score", positive), ("rules alone", by_rule)):
            print(
                f"{part}, {judge}: {len(chosen)} names, "
                f"precision {true[mask].mean():.3f}, recall {mask[true].mean():.3f}"
            )


def _own_sentences() -> Iterator[tuple[tuple[float, ...], bool]]:
    """Yield the figures and the label of each name in the half of the project's own sentences that may teach."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            word = without_legal_form(row["universe_name"])[-1]
            start = row["title"].find(word)
            if zlib.crc32(row["title"].encode()) % 2 or start < 0 or not word.isalpha():
                continue
            end = start + len(word)
            context = name_context(row["title"], start, end, is_title_case(row["title"]))
            named, capital = context is NameContext.NAMED, context is NameContext.CAPITAL
            if word.lower() in COMMON_WORDS and (named or capital or context is NameContext.NEUTRAL):
                yield word_score(row["title"], start, end).parts(named, capital), row["named"] == "yes"


def _logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression with a small ridge, by Newton's method."""
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x.T * (p * (1 - p))) @ x + 0.5 * np.eye(x.shape[1])
        weights += np.linalg.solve(hessian, x.T @ (y - p) - 0.5 * weights)
    return weights


if __name__ == "__main__":
    main()
