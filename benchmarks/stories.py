"""Accuracy of the clustering of stories, on archives and on pairs that were labelled by hand.

Usage: ``python benchmarks/stories.py [--reuters FOLDER] [--headlines FILE] [--labels FILE] [--sample]``. Without
arguments it reads the archives of ../shared/data/news and the labels beside this file, which are ids and verdicts only:

    same   an editor would file them as one story: a version, a reprint, the news rewritten under another headline
    other  two stories
    open   a report rewritten during the day (a market wrap), or the next step of an affair: not counted

The thresholds of `signals/stories/copies.py` were chosen on the half ``choose``; the half ``report`` measures them.
``--sample`` draws the pairs again and prints their text, to be labelled anew.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from signals.stories import ArticleText, cluster, fingerprint

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "news"
LABELS = Path(__file__).with_name("story_pairs.csv")
HORIZON = timedelta(days=3)
SEED = 20180601
TARGET = 0.98

# Pairs are sampled by the share of words in common: (kind, from, to, number of pairs).
REUTERS_STRATA = (
    ("day", 0, 0.2, 40), ("day", 0.2, 0.4, 60), ("day", 0.4, 0.6, 60), ("day", 0.6, 0.8, 45), ("day", 0.8, 1.01, 30),
    ("near", 0.35, 0.6, 30), ("near", 0.6, 1.01, 30),
)  # fmt: skip
HEADLINE_STRATA = (
    ("day", 0, 0.3, 15), ("day", 0.3, 0.5, 40), ("day", 0.5, 0.7, 40), ("day", 0.7, 1.01, 25), ("near", 0.4, 0.6, 20),
    ("near", 0.6, 0.8, 30), ("near", 0.8, 1.01, 30), ("equal", 0, 2, 25),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An article of an archive with the tickers of its rows."""

    at: datetime
    title: str
    lead: str
    tickers: set[str] = field(default_factory=set)


Archive = Mapping[str, Row]
Strata = Iterable[tuple[str, float, float, int]]


def identity(*parts: str) -> str:
    """Return an id from which the text cannot be read."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().lower()[:12]


def reuters(folder: Path) -> dict[str, Row]:
    """Read files of ticker, name, YYYYMMDD, title, lead; a text under several tickers is one article."""
    rows: dict[str, Row] = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for ticker, _, day, title, lead, *_ in csv.reader(lines):
                at = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) + timedelta(days=1, milliseconds=-1)
                key = identity(day, title.strip(), lead.strip())
                rows.setdefault(key, Row(at, title.strip(), lead.strip())).tickers.add(ticker)
    return rows


def headlines(file: Path) -> dict[str, Row]:
    """Read a file of title, date and stock; rows without a readable date are left out."""
    rows: dict[str, Row] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            try:
                at = datetime.fromisoformat(row["date"])
            except (TypeError, ValueError):
                continue
            key = identity(row["date"], row["title"].strip())
            rows.setdefault(key, Row(at, row["title"].strip(), "")).tickers.add(row["stock"])
    return rows


def stories(archive: Archive) -> dict[str, str]:
    """Return the story of each article of an archive."""
    texts = (ArticleText(row.at, key, fingerprint(row.title, row.lead)) for key, row in archive.items())
    return {member.article_id: member.story_id for member in cluster(texts)}


_DESK = re.compile(r"^(?:[A-Z]+(?: \d+)?-)+")


def bare(title: str) -> str:
    """Return a headline without desk prefix, case and punctuation, by a rule independent of the program."""
    return " ".join(re.findall(r"\w+", _DESK.sub("", title).casefold()))


def versions(archive: Archive) -> Iterator[tuple[str, str, bool]]:
    """Yield pairs with an equal bare headline within the horizon, and whether both are of one day."""
    by_headline: defaultdict[str, list[str]] = defaultdict(list)
    for key, row in archive.items():
        by_headline[bare(row.title)].append(key)
    for headline, keys in by_headline.items():
        for one, other in combinations(keys, 2):
            a, b = archive[one].at, archive[other].at
            if headline and abs(a - b) <= HORIZON:
                yield one, other, a.date() == b.date()


# --- the labelled pairs ---------------------------------------------------------------------------------------------


def half(one: str, other: str) -> str:
    """Return the half that a pair belongs to."""
    return ("choose", "report")[hashlib.blake2b((one + other).encode(), digest_size=1).digest()[0] % 2]


def sample(
    archive: Archive, strata: Iterable[tuple[str, float, float, int]], rng: random.Random
) -> list[tuple[str, str]]:
    """Return pairs by kind and similarity: of one ticker and day, of three days, of one headline on different days."""
    pools: defaultdict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for share, one, other in _pairs(archive):
        a, b = archive[one], archive[other]
        same = bare(a.title) == bare(b.title)
        if not (same and a.at.date() == b.at.date()):  # `versions` counts all of those
            day = a.tickers & b.tickers and a.at.date() == b.at.date()
            pools["equal" if same else "day" if day else "near"].append((share, one, other))
    pairs: list[tuple[str, str]] = []
    for kind, low, high, count in strata:
        pool = sorted(pair for pair in pools[kind] if low <= pair[0] < high)
        pairs += [(one, other) for _, one, other in rng.sample(pool, min(count, len(pool)))]
    return pairs


def _pairs(archive: Archive) -> Iterator[tuple[float, str, str]]:
    order = sorted(archive, key=lambda key: (archive[key].at, key))
    words = {key: tuple(set(re.findall(r"\w+", t.casefold())) for t in (_DESK.sub("", row.title), row.lead))
             for key, row in archive.items()}  # fmt: skip
    for n, other in enumerate(order):
        for one in reversed(order[:n]):
            if archive[other].at - archive[one].at > HORIZON:
                break
            shares = [len(a & b) / len(a | b) for a, b in zip(words[one], words[other], strict=True) if a and b]
            yield max(shares, default=0.0), one, other


def print_sample(archives: Mapping[str, tuple[Archive, Strata]]) -> None:
    """Print the sampled pairs with their ids, to be labelled."""
    rng = random.Random(SEED)
    for name, (archive, strata) in archives.items():
        for one, other in sample(archive, strata, rng):
            shared = ",".join(sorted(archive[one].tickers & archive[other].tickers))
            print(f"{name} {one} {other} {half(one, other)} {shared}")
            for key in (one, other):
                row = archive[key]
                print(f"    {row.at:%Y-%m-%d %H:%M} {row.title} | {row.lead[:150]}")


# --- the figures ----------------------------------------------------------------------------------------------------


def share(hits: int, of: int) -> str:
    """Return a rate and its counts as text."""
    return f"{hits / of:.4f}  ({hits} of {of})" if of else "none"


def judge_versions(name: str, archive: Archive, story_of: Mapping[str, str]) -> bool:
    """Print the share of the pairs with an equal headline that are one story; return whether it meets the target."""
    counted = Counter((one_day, story_of[a] == story_of[b]) for a, b, one_day in versions(archive))
    day, later = ((counted[same, True], counted[same, True] + counted[same, False]) for same in (True, False))
    print(f"{name}: {len(archive)} articles, {len(set(story_of.values()))} stories")
    print(f"    one headline, its prefix aside, on one day: together    {share(*day)}")
    print(f"    one headline on other days, columns of each day among them   {share(*later)}")
    return not day[1] or day[0] / day[1] >= TARGET


def judge_labels(archive: Archive, story_of: Mapping[str, str], labels: Iterable[Mapping[str, str]]) -> bool:
    """Print the share of labelled pairs clustered as labelled, by half; return whether it meets the target."""
    passed = True
    pairs = [row for row in labels if row["one"] in archive and row["other"] in archive]
    for part in ("choose", "report"):
        counted = Counter(
            (row["verdict"], story_of[row["one"]] == story_of[row["other"]])
            for row in pairs
            if half(row["one"], row["other"]) == part
        )
        apart = counted["other", False], counted["other", False] + counted["other", True]
        together = counted["same", True], counted["same", True] + counted["same", False]
        print(f"    labelled pairs, {part}: different stories apart   {share(*apart)}")
        print(f"    labelled pairs, {part}: copies together           {share(*together)}")
        print(f"    labelled pairs, {part}: neither ({counted['open', True] + counted['open', False]})")
        passed &= part == "choose" or not apart[1] or apart[0] / apart[1] >= TARGET
    return passed


def main() -> int:
    """Print the figures; return 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--reuters", type=Path, default=SHARED / "reuters_2018_06")
    options.add_argument("--headlines", type=Path, default=SHARED / "benzinga_headlines_10k.csv")
    options.add_argument("--labels", type=Path, default=LABELS)
    options.add_argument("--sample", action="store_true")
    arguments = options.parse_args()
    archives = {
        "reuters": (reuters(arguments.reuters), REUTERS_STRATA),
        "headlines": (headlines(arguments.headlines) if arguments.headlines.exists() else {}, HEADLINE_STRATA),
    }
    if arguments.sample:
        print_sample(archives)
        return 0
    with arguments.labels.open(encoding="utf-8", newline="") as lines:
        labels = list(csv.DictReader(lines))
    passed = True
    for name, (archive, _) in archives.items():
        story_of = stories(archive)
        passed &= judge_versions(name, archive, story_of)
        passed &= judge_labels(archive, story_of, labels)
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
