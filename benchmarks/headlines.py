"""Rate of tagging and clustering a hundred thousand headlines on one core, in memory and through the store.

Usage: ``python benchmarks/headlines.py [HEADLINES] [INSTRUMENTS]``. The newsroom is SIMULATED: a thousand headlines a
day of some six thousand companies, four in ten with a lead; results, ratings and lists made from templates, versions
and reprints, and columns whose headline recurs every day. The second half is the first with the companies shuffled, so
that both halves are the same work.

Two archives alternate, because the load of a machine varies: a new archive receives a batch of the first half, and an
archive with the whole first half receives the same batch of the second half. Each batch counts with the shortest of
three runs. The ratio of the halves holds on other machines; the rates do not.
"""

from __future__ import annotations

import gc
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from signals.pipeline.derive.match import Tagger, match
from signals.store import Store, articles, assignments
from signals.stories import HORIZON, ArticleText, MemoryArchive, fingerprint, recluster
from signals.tickers import Resolver
from signals.types import Article, Instrument, Precision, Stamp, ZoneBasis

DEFAULTS = ("100000", "6000")
BATCH = 2_000
WARM_UP = 10_000  # ten days, after which an archive drops as many articles as it adds
REPEAT = 3
START = datetime(2024, 1, 1, tzinfo=UTC)
PER_DAY = 1_000
SEED = 20240101

Work = Callable[[Sequence[Article]], None]

_SYLLABLES = "ba lo ri ken dor mal vi tes ona gar pel sum rex tor nal iva kur zen mo dal".split()  # noqa: SIM905
_VERBS = "buys sells opens closes expands delays reviews defends abandons restarts".split()  # noqa: SIM905
_THINGS = "mine plant refinery port pipeline smelter depot terminal brewery warehouse".split()  # noqa: SIM905
_PLACES = "Altai Bergen Cadiz Dakar Essen Fargo Ghent Hanko Izmir Jaffa".split()  # noqa: SIM905
_COLUMNS = ("Morning Market Movers", "Stocks Hitting 52-Week Highs", "Deals of the day", "Ten upgrades of the day")
_TEMPLATES = (
    "{name} Q{n} EPS ${a}.{b} vs ${c}.{b} Est, Sales ${d}M",
    "{other} Maintains {name} at Buy, Lowers PT from ${d} to ${a}{b}",
    "{name} Reports Quarter {n} Results",
)


def names(count: int, rng: random.Random) -> list[str]:
    """Return company names."""
    companies: dict[str, None] = {}
    while len(companies) < count:
        companies["".join(rng.choices(_SYLLABLES, k=3)).title() + " " + rng.choice(_SYLLABLES + _PLACES).title()] = None
    return list(companies)


def newsroom(count: int, companies: Sequence[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield titles and bodies in chronological order."""
    recent: list[tuple[str, str]] = []
    for n in range(count):
        kind = rng.random()
        if kind < 0.01:
            yield _COLUMNS[n % len(_COLUMNS)], ""
        elif kind < 0.3 and recent:
            title, body = rng.choice(recent[-400:])
            yield rng.choice((f"UPDATE {n % 5 + 1}-{title}", f"RPT-{title}", f"{title}, sources say", title)), body
        elif kind < 0.55:
            figures = {key: rng.randrange(1, 99) for key in "abcd"}
            template = rng.choice(_TEMPLATES)
            yield template.format(name=rng.choice(companies), other=rng.choice(companies), n=n % 4 + 1, **figures), ""
        else:
            fresh = _story(rng, companies)
            recent.append(fresh)
            yield fresh


def _story(rng: random.Random, companies: Sequence[str]) -> tuple[str, str]:
    one, other = rng.sample(companies, 2)
    what = f"{rng.choice(_VERBS)} its {rng.choice(_THINGS)} in {rng.choice(_PLACES)}"
    title = f"{one} {what} after talks with {other}"
    if rng.random() > 0.6:
        return title, ""
    words = " ".join(f"{rng.choice(_SYLLABLES)}{rng.choice(_SYLLABLES)}{rng.choice(_SYLLABLES)}" for _ in range(35))
    return title, f"{one} {what} for ${rng.randrange(1, 900)} million, the company said. {words}."


def both_halves(count: int, companies: Sequence[str], seed: int) -> list[tuple[str, str]]:
    """Return titles and bodies of the warm-up, of the first half, and of an equal half on other companies."""
    size = WARM_UP + count // 2
    first = list(newsroom(size, companies, random.Random(seed)))
    others = random.Random(seed + 1).sample(companies, len(companies))
    return first + list(newsroom(size, others, random.Random(seed)))[WARM_UP:]


def to_articles(rows: Iterable[tuple[str, str]]) -> list[Article]:
    """Return articles with these titles and bodies."""
    simulated = []
    for n, (title, body) in enumerate(rows):
        at = START + n * timedelta(days=1) / PER_DAY
        stamp = Stamp(at.isoformat(), at, at.replace(tzinfo=None), Precision.INSTANT, "UTC", ZoneBasis.STATED)
        simulated.append(Article("simulated", f"{n:07}", title, body, stamp, at, f"{n:07}"))
    return simulated


def in_memory(resolver: Resolver) -> Work:
    """Return work that tags and clusters without a database, in an archive of the articles within reach."""
    archive = MemoryArchive()

    def work(batch: Sequence[Article]) -> None:
        archive.drop_before(batch[0].stamp.at - 2 * HORIZON)  # as far back as a story may begin that the batch can join
        texts = [ArticleText(a.stamp.at, a.key, fingerprint(a.title, a.body)) for a in batch]
        archive.add(texts)
        archive.stories |= recluster([text.article_id for text in texts], archive)
        for article in batch:
            resolver.mentions(article)

    return work


def in_store(store: Store, instruments: Sequence[Instrument]) -> Work:
    """Return work that stores, tags and clusters in a new database on disk, as a run does."""
    store.upgrade()
    tagger = Tagger(instruments)
    tagger.resolver  # noqa: B018 - made before the clock starts

    def work(batch: Sequence[Article]) -> None:
        with store.write() as db:
            fresh = articles.save_articles(db, batch, START)
            assignments.enqueue(db, [a.article_id for a in fresh])
        with store.write() as db:
            match(db, tagger, lambda *_: None)

    return work


def halves(begin: Callable[[], Work], sample: Sequence[Article]) -> list[tuple[float, float]]:
    """Return, per batch, its time in a new archive, and the time of its equal in one with the first half."""
    new, grown = begin(), begin()
    middle = (WARM_UP + len(sample)) // 2
    for work, end in ((new, WARM_UP), (grown, middle)):
        for batch in batches(sample[:end]):
            work(batch)
    times = []
    for n, (one, other) in enumerate(zip(batches(sample[WARM_UP:middle]), batches(sample[middle:]), strict=True)):
        turns = [(new, one), (grown, other)]
        durations = {work: timed(work, batch) for work, batch in (turns if n % 2 else reversed(turns))}
        times.append((durations[new], durations[grown]))
    return times


def batches(part: Sequence[Article]) -> list[Sequence[Article]]:
    """Return articles in the batches of a run."""
    return [part[i : i + BATCH] for i in range(0, len(part), BATCH)]


def timed(work: Work, batch: Sequence[Article]) -> float:
    """Return the processor seconds of one batch, after a garbage collection."""
    gc.collect()
    start = time.process_time()
    work(batch)
    return time.process_time() - start


def megabytes() -> float:
    """Return the peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print the rates; return 1 if the second half takes longer than the first."""
    count, instruments = (int(argument) for argument in [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]])
    companies = names(instruments, random.Random(SEED))
    sample = to_articles(both_halves(count, companies, SEED))
    listed = [Instrument(f"X{n:05}", name, "XNYS", "USD") for n, name in enumerate(companies)]
    resolver = Resolver(listed)
    gc.freeze()  # keep the collector away from the sample
    print(f"{count:,} simulated headlines, {instruments:,} instruments; {megabytes():,.0f} MB before")
    passed = True
    with tempfile.TemporaryDirectory() as folder:
        stores = (Store(f"sqlite:///{Path(folder) / f'{n}.db'}") for n in itertools.count())
        ways: list[tuple[str, Callable[[], Work]]] = [
            ("in memory", lambda: in_memory(resolver)),
            ("through the store", lambda: in_store(next(stores), listed)),
        ]
        for name, begin in ways:
            runs = [halves(begin, sample) for _ in range(REPEAT)]
            best = [map(min, zip(*batch, strict=True)) for batch in zip(*runs, strict=True)]
            first, second = map(sum, zip(*best, strict=True))
            rate = count / (first + second)
            ratio = second / first
            passed &= ratio <= 1.0
            times = f"{first:6.1f} s, then {second:6.1f} s: {ratio:.3f} of the first"
            print(f"{name:<20}{rate:>8,.0f} headlines/s   {times}   {megabytes():,.0f} MB at most", flush=True)
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
