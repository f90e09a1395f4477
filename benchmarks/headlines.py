"""A hundred thousand headlines tagged and clustered on one core, in memory and through the store, half by half.

Usage: ``python benchmarks/headlines.py [HEADLINES] [INSTRUMENTS]``. The newsroom is SIMULATED: a thousand headlines a
day of some six thousand companies, four in ten with a lead; results, ratings and lists made from templates, versions
and reprints, and columns whose headline recurs every day. The second half is the first with the companies shuffled, so
that both are the same work.

What else a machine does comes and goes, so two archives take turns: one that is new gets a batch of the first half, and
one that has the whole first half gets the same batch of the second, now one before the other and now after it. Each
batch counts with the shortest of three runs. The ratios are what counts: they hold on another machine.
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

from signals.pipeline.derive.match import match
from signals.store import Store, articles, assignments
from signals.stories import HORIZON, ArticleText, MemoryArchive, fingerprint, recluster
from signals.tickers import Resolver
from signals.types import Article, Instrument, Precision, Stamp, ZoneBasis

DEFAULTS = ("100000", "6000")
BATCH = 2_000
WARM = 10_000  # ten days: an archive that holds and forgets what it does for good
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
    """Make company names."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(_SYLLABLES, k=3)).title() + " " + rng.choice(_SYLLABLES + _PLACES).title()] = None
    return list(found)


def newsroom(count: int, companies: Sequence[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield titles and bodies in the order of time."""
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
    """Make titles and bodies of days that give a full horizon, of a half, and of a half like it on other companies."""
    begun = WARM + count // 2
    first = list(newsroom(begun, companies, random.Random(seed)))
    others = random.Random(seed + 1).sample(companies, len(companies))
    return first + list(newsroom(begun, others, random.Random(seed)))[WARM:]


def written(rows: Iterable[tuple[str, str]]) -> list[Article]:
    """Make articles of titles and bodies."""
    found = []
    for n, (title, body) in enumerate(rows):
        at = START + n * timedelta(days=1) / PER_DAY
        stamp = Stamp(at.isoformat(), at, at.replace(tzinfo=None), Precision.INSTANT, "UTC", ZoneBasis.STATED)
        found.append(Article("simulated", f"{n:07}", title, body, stamp, at, f"{n:07}"))
    return found


def in_memory(resolver: Resolver) -> Work:
    """Tag and cluster without a database, knowing what can still matter."""
    archive = MemoryArchive()

    def work(batch: Sequence[Article]) -> None:
        archive.drop_before(batch[0].stamp.at - 2 * HORIZON)  # as far back as a story may begin that the batch can join
        texts = [ArticleText(a.stamp.at, a.key, fingerprint(a.title, a.body)) for a in batch]
        archive.add(texts)
        archive.stories |= recluster([text.article_id for text in texts], archive)
        for article in batch:
            resolver.mentions(article)

    return work


def in_store(store: Store, resolver: Resolver) -> Work:
    """Keep, tag and cluster in a new database on disk, as a night does."""
    store.upgrade()

    def work(batch: Sequence[Article]) -> None:
        with store.write() as db:
            fresh = articles.save_articles(db, batch, START)
            assignments.wait(db, [a.article_id for a in fresh])
        with store.write() as db:
            match(db, resolver, lambda *_: None)

    return work


def halves(begin: Callable[[], Work], found: Sequence[Article]) -> list[tuple[float, float]]:
    """Time each batch of the first half in a new archive, and the same of the second in one that has the first half."""
    new, grown = begin(), begin()
    middle = (WARM + len(found)) // 2
    for work, days in ((new, WARM), (grown, middle)):
        for batch in batches(found[:days]):
            work(batch)
    times = []
    for n, (one, other) in enumerate(zip(batches(found[WARM:middle]), batches(found[middle:]), strict=True)):
        turns = [(new, one), (grown, other)]
        taken = {work: timed(work, batch) for work, batch in (turns if n % 2 else reversed(turns))}
        times.append((taken[new], taken[grown]))
    return times


def batches(part: Sequence[Article]) -> list[Sequence[Article]]:
    """Cut articles into what one night takes."""
    return [part[i : i + BATCH] for i in range(0, len(part), BATCH)]


def timed(work: Work, batch: Sequence[Article]) -> float:
    """Time one batch, in processor seconds of this process; the garbage of others is taken out before."""
    gc.collect()
    start = time.process_time()
    work(batch)
    return time.process_time() - start


def megabytes() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print the figures; exit 1 where the second half takes longer than the first."""
    count, instruments = (int(given) for given in [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]])
    companies = names(instruments, random.Random(SEED))
    found = written(both_halves(count, companies, SEED))
    resolver = Resolver([Instrument(f"X{n:05}", name, "XNYS", "USD") for n, name in enumerate(companies)])
    gc.freeze()  # the articles to come are no garbage
    print(f"{count:,} simulated headlines, {instruments:,} instruments; {megabytes():,.0f} MB before")
    passed = True
    with tempfile.TemporaryDirectory() as folder:
        stores = (Store(f"sqlite:///{Path(folder) / f'{n}.db'}") for n in itertools.count())
        ways: list[tuple[str, Callable[[], Work]]] = [
            ("in memory", lambda: in_memory(resolver)),
            ("through the store", lambda: in_store(next(stores), resolver)),
        ]
        for name, begin in ways:
            runs = [halves(begin, found) for _ in range(REPEAT)]
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
