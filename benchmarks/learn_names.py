"""Learn how the press uses words beside the names of companies, and write the figures that `signals` scores names by.

Usage: ``python benchmarks/learn_names.py DATA``, where DATA is the folder of real data with `archive/titles_*.parquet`.
It writes ``word_figures.csv`` and ``name_figures.csv`` of ``signals/tickers`` and prints the weights of
``name_score.py``. Only the titles with an even checksum are read, so that the others can judge.

The figures of a word, all natural logarithms of odds:

use
    Capitalised against small letters, inside sentences that are not in title case: how far the word is a name.
after, before
    How often the word follows (comes before) the name of a company against an ordinary word with a capital. Names are
    those single words of the list of names that are never written in small letters; ordinary words are those that are
    nearly always, as far as they begin titles or stand in title case. ``to cut`` is one word here.

``signals/tickers/name_figures.csv`` holds, for the words that are names, how often the words beside them show a
company, and which words come before and after them as parts of one name.

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

from benchmarks import tagging
from signals.tickers.common_words import COMMON_WORDS, FIRST_NAMES
from signals.tickers.legal_forms import without_legal_form
from signals.tickers.name_context import NOT_PART_OF_NAMES, NameContext, is_title_case, name_context
from signals.tickers.name_score import is_name_alone, neighbours, word_score

FIGURES = Path(__file__).parent.parent / "signals" / "tickers" / "word_figures.csv"
NAME_FIGURES = FIGURES.with_name("name_figures.csv")
SENTENCES = Path(__file__).parent.parent / "tests" / "tickers" / "held_out_sentences.csv"
_OWN_WEIGHT = 5  # the vendors' headlines carry one ticker each, so that half of the names in them lack their label
_WORD = re.compile(r"[A-Za-z][A-Za-z&]*(?:'[a-z]+)?")
_MIN_USES, _MIN_BESIDE, _MIN_PHRASE = 5, 8, 2
_ORDINARY = 3.0  # log odds of use above which a word that no list calls ordinary is a name
_SMOOTHING = 5.0
_PART = re.compile(r"[A-Za-z][\w&]*(?:[-.][A-Za-z]\w*)*")
_COUNTRY_LIST = """
    argentina argentine australia austria austrian belgian belgium brazil britain british canada canadian chile china
    chinese colombia croatia czech danish denmark dutch egypt finland finnish france french german germany greece greek
    hungary iceland india indian indonesia ireland irish israel israeli italian italy japan japanese kazakhstan korea
    korean kuwait malaysia mexican mexico netherlands nigeria norway norwegian peru philippines poland polish portugal
    qatar romania russia russian saudi singapore slovenia spain spanish sweden swedish swiss switzerland taiwan thai
    thailand turkey turkish u.k u.s uae uk ukraine us venezuela vietnam
"""
_COUNTRIES = frozenset(_COUNTRY_LIST.split())
_MIN_NAME, _MIN_COMPANY = 20, 0.05  # occurrences of a word with a capital, and the share of them beside company words
_MIN_SHARE, _MIN_PAIR, _MAX_PARTS = 0.02, 3, 8  # of the words that make one name with it


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


def phrase_uses(data: Path, lines: list[tuple[str, bool]]) -> dict[str, float]:
    """Return the use of listed names of two or three words that titles also write in small letters."""
    heads = {
        " ".join(words[:n]).lower()
        for name in tagging.names_of_2015(data).values()
        for words in (without_legal_form(name)[-1].split(),)
        for n in (2, 3)
        if len(words) >= n
    }
    small, capital = Counter[str](), Counter[str]()
    for title, in_title_case in lines:
        words = [] if in_title_case else _WORD.findall(title)
        for n in (2, 3):
            for start in range(len(words) - n + 1):
                part = words[start : start + n]
                if (phrase := " ".join(part).lower()) in heads:
                    (small if all(map(str.islower, part)) else capital)[phrase] += 1
    return {p: math.log((capital[p] + 1) / (n + 1)) for p, n in small.items() if n >= _MIN_PHRASE}


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
    of_phrases = phrase_uses(data, lines)
    use = {
        w: u for w, u in use.items() if w in COMMON_WORDS or (small[w] >= _MIN_USES and u < _ORDINARY and len(w) > 2)
    }
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        file.write(
            "# Written by benchmarks/learn_names.py: log odds of use as a name, after a name and before a name.\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "use", "after", "before"))
        use |= of_phrases
        for word in sorted(use.keys() | after.keys() | before.keys()):
            writer.writerow((word, *(f"{t[word]:.1f}" if word in t else "" for t in (use, after, before))))


def write_name_figures(data: Path) -> None:
    """Write, for each word that is a name, its count, its share beside words of companies, and its parts.

    The first names before it count together, as ``*``.
    """
    count, company = Counter[str](), Counter[str]()
    heads: dict[str, Counter[str]] = {}
    nexts: dict[str, Counter[str]] = {}
    pairs = ordinary_pairs(data)
    for title in titles(data):
        parts, in_title_case = list(_PART.finditer(title)), is_title_case(title)
        for n, part in enumerate(parts):
            word = part[0].lower()
            pair = f"{word} {parts[n + 1][0].lower()}" if n + 1 < len(parts) else ""
            if pair in pairs and title[part.end() : parts[n + 1].end()] == f" {parts[n + 1][0].capitalize()}":
                _count_after(title, parts, n + 1, pair, count, company, nexts)
            if not part[0][0].isupper() or not (is_name_alone(word) or (n and not in_title_case)):
                continue
            _count_after(title, parts, n, word, count, company, nexts)
            gap = title[parts[n - 1].end() : part.start()] if n else ""
            if gap == " " or (gap == "-" and not parts[n - 1][0].isupper()):  # UPDATE 1-MOVES-UBS
                head = parts[n - 1][0].lower()
                inside = n > 1 and not in_title_case and head not in NOT_PART_OF_NAMES
                if parts[n - 1][0][0].isupper() and (is_name_alone(head) or head in FIRST_NAMES or inside):
                    heads.setdefault(word, Counter())["*" if head in FIRST_NAMES else head] += head not in _COUNTRIES
    with NAME_FIGURES.open("w", encoding="utf-8", newline="") as file:
        file.write("# Written by benchmarks/learn_names.py: per cent beside company words, and of words in one name.\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "count", "company", "heads", "nexts"))
        for word, n in sorted(count.items()):
            if n >= _MIN_NAME and company[word] >= _MIN_COMPANY * n:
                both = (_shares(c.get(word, Counter()), n) for c in (heads, nexts))
                writer.writerow((word, n, round(100 * company[word] / n), *both))


def _count_after(
    title: str,
    parts: list[re.Match[str]],
    n: int,
    name: str,
    count: Counter[str],
    company: Counter[str],
    nexts: dict[str, Counter[str]],
) -> None:
    """Count a name that ends with the part `n`, and what follows it."""
    count[name] += 1
    end = parts[n].end()
    if title.startswith(("'s ", "' "), end):
        company[name] += 1
    elif n + 1 < len(parts) and (gap := title[end : parts[n + 1].start()]) in (" ", " & "):
        follower = parts[n + 1][0]
        if gap == " " and follower.lower() in NOT_PART_OF_NAMES:
            company[name] += 1
        elif follower[0].isupper():
            nexts.setdefault(name, Counter())[f"{gap.strip()} {follower}".strip().lower()] += 1


def ordinary_pairs(data: Path) -> set[str]:
    """Return the pairs of ordinary words with which listed names begin."""
    names = (without_legal_form(name)[-1].lower().split() for name in tagging.names_of_2015(data).values())
    return {" ".join(words[:2]) for words in names if len(words) > 2 and not any(map(is_name_alone, words[:2]))}


def _shares(parts: Counter[str], total: int) -> str:
    """Return the parts that are frequent enough, with their shares in per cent."""
    frequent = [(p, n) for p, n in parts.most_common(_MAX_PARTS) if n >= max(_MIN_PAIR, _MIN_SHARE * total)]
    return "|".join(f"{part}:{round(100 * n / total)}" for part, n in frequent)


def main() -> None:
    """Write the figures; with the figures, learn the weights."""
    data = Path(sys.argv[1])
    if "-w" not in sys.argv:
        write_figures(data)
        write_name_figures(data)
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
