"""Precision, recall and rate of the tagging of real news, by issuer.

Usage: ``python benchmarks/tagging.py [DATA] [-v]``, where DATA is the folder of real data (default ``../shared/data``).
The ticker of a row is the truth and is hidden from the resolver. An issuer is all instruments whose names are equal
without their legal forms; a story is the rows that share date, headline and lead. Stories whose digest is odd are held
out: the rules were written on the others.

``tagging_verdicts.csv`` holds the verdicts of a person on 300 held-out stories: the digest of the story, the tickers
that it is about and those that it mentions. It was written before the resolver was run on them. ``-v`` lists the
differences.

``archive_verdicts.csv`` holds the verdicts of a person on titles of the archive: the digest of the title, its year, the
half (`teaching`: rules were written on its errors; `teaching 2`: held out until the rules were done, then three kinds
were mended on its errors; `held out`: its errors were not looked at; `earlier`: an older reading), how it was drawn
(`tagged`: among the titles that the program tags; `random`), the tickers of the names of 2015 that the title names as a
company, and the doubtful ones, which count neither way: a fund with the name of its manager, a former name, an event
named after a company. A unit or a product under the company's own name names the company, and so does the host of a
conference.
"""

from __future__ import annotations

import csv
import hashlib
import html
import re
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import ahocorasick
import pyarrow.parquet as pq

from signals.tickers import Resolver
from signals.tickers.aliases import instrument_aliases
from signals.tickers.matcher import Automaton, written_forms
from signals.tickers.normalise import normalise
from signals.types import Alias, Article, Instrument, Precision, Role, Scheme, Stamp, ZoneBasis

HERE = Path(__file__).parent
Issuers = Mapping[str, str]
Names = Mapping[str, Sequence[str]]  # of each issuer


@dataclass(frozen=True)
class Story:
    """A headline with its lead, and the tickers that its rows carry."""

    digest: str
    day: str
    title: str
    lead: str
    tickers: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        """Whether no rule was written on this story."""
        return int(self.digest, 16) % 2 == 1

    def article(self) -> Article:
        """Return the article that the resolver reads."""
        at = datetime.strptime(self.day, "%Y%m%d").replace(tzinfo=UTC)
        stamp = Stamp(self.day, at, at.replace(tzinfo=None), Precision.DAY, "UTC", ZoneBasis.ASSUMED)
        return Article("bench", self.digest, self.title, self.lead, stamp, at, self.digest)


# --- the data -------------------------------------------------------------------------------------------------------


def names_of_2015(data: Path) -> dict[str, str]:
    """Return ticker: name of the list of 2015."""
    lines = (data / "refs" / "pystock_symbols_20150323.txt").read_text(encoding="utf-8").splitlines()
    return {ticker: html.unescape(name) for ticker, name in (line.split("\t") for line in lines)}


def reuters_rows(data: Path) -> Iterator[list[str]]:
    """Yield ticker, name, date, title, lead, type."""
    for path in sorted((data / "news" / "reuters_2018_06").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.reader(file, quoting=csv.QUOTE_NONE)


def reuters_stories(rows: Iterable[Sequence[str]]) -> list[Story]:
    """Return the stories of rows: one per headline, lead and day."""
    tickers: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for ticker, _, day, title, lead, *_ in rows:
        tickers[day, title, lead].add(ticker.strip())
    return [
        Story(hashlib.sha256("\n".join(key).encode()).hexdigest()[:12], *key, tuple(sorted(of_story)))
        for key, of_story in tickers.items()
    ]


def headlines(data: Path) -> list[Story]:
    """Return the Benzinga headlines with a ticker."""
    with (data / "news" / "benzinga_headlines_10k.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["stock"] and re.match(r"\d{4}-\d\d-\d\d", row["date"] or "")]
    tickers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        tickers[row["date"][:10].replace("-", ""), row["title"]].add(row["stock"])
    return [
        Story(hashlib.sha256((day + title).encode()).hexdigest()[:12], day, title, "", tuple(sorted(of_story)))
        for (day, title), of_story in tickers.items()
    ]


def wheat_articles(data: Path) -> list[Story]:
    """Return the articles on wheat futures without markup."""
    with (data / "news" / "investing_com_wheat_15.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    bodies = [html.unescape(re.sub(r"<br>|</p>", "\n", row["article"])) for row in rows]
    return [
        Story(f"{n:012x}", "20150601", row["news_one"], re.sub(r"<[^>]*>", "", body), ())
        for n, (row, body) in enumerate(zip(rows, bodies, strict=True))
    ]


def in_plain_text(stories: Sequence[Story]) -> list[Story]:
    """Return the bodies in ASCII with a line per paragraph, four joined: 10,000 characters each."""
    bodies = [story.lead.encode("ascii", "ignore").decode() for story in stories]
    tidy = ["\n\n".join(" ".join(line.split()) for line in body.splitlines() if line.strip()) for body in bodies]
    return [replace(stories[n], lead="\n\n".join(tidy[n : n + 4])) for n in range(0, len(tidy), 4)]


def universe(names: Mapping[str, str], later: Mapping[str, str]) -> tuple[list[Instrument], Issuers]:
    """Return an instrument per ticker, and ticker: issuer, where tickers that share a name share their issuer."""
    names_of = {t: [n for n in (names.get(t), later.get(t)) if n] for t in {**names, **later}}
    issuer: dict[str, str] = {}
    for ticker, own_names in names_of.items():
        key = next((issuer[name] for name in map(_folded, own_names) if name in issuer), ticker)
        issuer.update({_folded(name): key for name in own_names})
    issuers = {ticker: issuer[_folded(own_names[-1])] for ticker, own_names in names_of.items()}
    instruments = [
        Instrument(ticker, first, "XNYS", "USD", aliases=tuple(map(Alias, others)), issuer=issuers[ticker])
        for ticker, (first, *others) in names_of.items()
    ]
    return instruments, issuers


def _folded(name: str) -> str:
    return re.sub(r"\W+", "", _bare(name).casefold())


# --- quality --------------------------------------------------------------------------------------------------------

_LEGAL_END = re.compile(
    r"[\s,]+(?:\(.*\)|inc|incorporated|corp|corporation|co|company|companies|ltd|limited|plc|llc|lp|ag|se|sa|spa|nv|ab|asa"
    r"|as|group|holdings?|adr|ord|&|\.com)\.?$",
    re.IGNORECASE,
)


def is_named_in(story: Story, names: Iterable[str]) -> bool:
    """Return whether the text holds one of the names without its legal form, by a search independent of the program."""
    text = f" {_spelled(story.title)} {_spelled(story.lead)} "
    return any(f" {_spelled(_bare(name))} " in text for name in names)


def _bare(name: str) -> str:
    short = name.strip().removeprefix("The ")
    while (cut := _LEGAL_END.sub("", short)) != short and len(cut) > 1:
        short = cut
    return short


def _spelled(text: str) -> str:
    return " ".join(re.sub(r"[^\w&]+", " ", re.sub(r"'s\b|’s\b|\.", "", text)).split())


def tagged(resolver: Resolver, story: Story, issuers: Issuers) -> dict[str, Role]:
    """Return issuer: role of the linked mentions of a story."""
    mentions = resolver.mentions(story.article())
    return {issuers[m.ticker]: m.role for m in mentions if m.ticker is not None and m.role is not None}


@dataclass
class Score:
    """Counts of pairs of story and issuer: of the rows, named in the text, linked by the resolver, and of both."""

    truth: int = 0
    named: int = 0
    linked: int = 0
    hits: int = 0
    named_hits: int = 0

    def line(self) -> str:
        """Return the counts and rates as one line."""
        return (
            f"pairs {self.truth}, named {self.named} ({self.named / self.truth:.1%}); linked {self.linked}; "
            f"recall of all {self.hits / self.truth:.3f}, of the named {self.named_hits / max(self.named, 1):.3f}; "
            f"precision against the rows {self.hits / max(self.linked, 1):.3f}"
        )


def against_rows(
    title: str, stories: Sequence[Story], resolver: Resolver, issuers: Issuers, names: Mapping[str, Sequence[str]]
) -> None:
    """Print recall and precision with the tickers of the rows as the truth."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    roles: Counter[tuple[Role, bool]] = Counter()
    for story in stories:
        truth = {issuers[t] for t in story.tickers if t in issuers}
        if not truth:
            continue
        named = {issuer for issuer in truth if is_named_in(story, names[issuer])}
        linked = tagged(resolver, story, issuers)
        roles.update((role, issuer in truth) for issuer, role in linked.items())
        for part in ("all", "held out" if story.held_out else "seen"):
            score = scores[part]
            score.truth += len(truth)
            score.named += len(named)
            score.linked += len(linked)
            score.hits += len(truth & linked.keys())
            score.named_hits += len(named & linked.keys())
    print(f"\n{title}: {len(stories)} stories")
    for part, score in sorted(scores.items()):
        print(f"  {part:9} {score.line()}")
    for role in Role:
        right, wrong = roles[role, True], roles[role, False]
        if right + wrong:
            print(f"  {role:11} {right + wrong:5} linked, {right / (right + wrong):.3f} of them on the story's rows")


def against_verdicts(stories: Sequence[Story], resolver: Resolver, issuers: Issuers) -> None:
    """Print precision and recall on the stories that a person read, by role."""
    by_digest = {story.digest: story for story in stories}
    right = linked_in_all = named = 0
    roles: Counter[tuple[str, str]] = Counter()
    for row in verdicts("tagging_verdicts.csv"):
        story = by_digest[row["story"]]
        read = {issuers[t]: "subject" for t in row["subject"].split()}
        read |= {issuers[t]: "mentioned" for t in row["mentioned"].split()}
        linked = tagged(resolver, story, issuers)
        named += len(read)
        linked_in_all += len(linked)
        right += len(read.keys() & linked.keys())
        roles.update((role, read.get(issuer, "not named")) for issuer, role in linked.items())
        if "-v" in sys.argv:
            for issuer in sorted(linked.keys() - read.keys()):
                print(f"  ? {story.digest} {issuer} {linked[issuer]}")
            for issuer in sorted(read.keys() - linked.keys()):
                print(f"  - {story.digest} {issuer} {read[issuer]}")
    print(f"\n300 stories read by a person: precision {right / linked_in_all:.3f} ({right} of {linked_in_all}), "
          f"recall {right / named:.3f} of {named} named")  # fmt: skip
    for role in Role:
        counts = {verdict: roles[role, verdict] for verdict in ("subject", "mentioned", "not named")}
        if any(counts.values()):
            print(f"  {role:11} read as " + ", ".join(f"{verdict} {n}" for verdict, n in counts.items()))


def against_headlines(stories: Sequence[Story], resolver: Resolver, issuers: Issuers, names: Names) -> None:
    """Print precision and recall on the headlines alone of the stories that a person read."""
    by_digest = {story.digest: replace(story, lead="") for story in stories}
    right = linked_in_all = hits = named = 0
    for row in verdicts("tagging_verdicts.csv"):
        story = by_digest[row["story"]]
        read = {issuers[t] for t in (row["subject"] + " " + row["mentioned"]).split()}
        in_title = {issuer for issuer in read if is_named_in(story, names[issuer])}
        linked = tagged(resolver, story, issuers).keys()
        named, hits = named + len(in_title), hits + len(in_title & linked)
        linked_in_all, right = linked_in_all + len(linked), right + len(read & linked)
    print(f"  their headlines alone: precision {right / linked_in_all:.3f} ({right} of {linked_in_all}), "
          f"recall {hits / named:.3f} of {named} named in full")  # fmt: skip


def archive_titles(data: Path, digests: Set[str]) -> dict[str, str]:
    """Return digest: title of the titles of the archive that have a verdict."""
    titles: dict[str, str] = {}
    for path in sorted((data / "archive").glob("titles_*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(columns=["title"]):
            for title in batch.column(0).to_pylist():
                for text in {title or "", (title or "").strip()}:
                    if (digest := hashlib.sha256(text.encode()).hexdigest()[:12]) in digests:
                        titles[digest] = text
    return titles


def against_archive(data: Path, resolver: Resolver, issuers: Issuers) -> None:
    """Print precision and recall on the titles of the archive that a person read, by half, draw and year."""
    rows = verdicts("archive_verdicts.csv")
    titles = archive_titles(data, {row["title"] for row in rows})
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["title"] not in titles:
            continue
        story = Story(row["title"], f"{row['year'] or 2010}0601", titles[row["title"]], "", ())
        named = {issuers[t] for t in row["named"].split()}
        linked = tagged(resolver, story, issuers).keys() - {issuers[t] for t in row["doubtful"].split()}
        if "-v" in sys.argv and not row["half"].startswith("held out"):
            for issuer in sorted(linked ^ named):
                print(f"  {'?' if issuer in linked else '-'} {row['title']} {issuer}")
        for part in ("all", row["drawn"], row["year"]):
            counts[row["half"], part].update(titles=1, linked=len(linked), named=len(named), right=len(named & linked))
    print("\ntitles of the archive read by a person, with the names of 2015 alone")
    for (half, part), n in sorted(counts.items()):
        if part:
            print(f"  {half:10} {part:7} {n['titles']:4} titles: precision {n['right'] / max(n['linked'], 1):.3f} of "
                  f"{n['linked']} linked, recall {n['right'] / max(n['named'], 1):.3f} of {n['named']}")  # fmt: skip


def verdicts(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of verdicts."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def on_wheat(stories: Sequence[Story], instruments: Sequence[Instrument]) -> None:
    """Print the companies linked in articles that name hardly any, and the number of articles that name each crop."""
    companies = Counter(m.tag for s in stories for m in Resolver(instruments).mentions(s.article()) if m.ticker)
    print(f"\n{len(stories)} articles on wheat futures: companies linked {dict(companies)}")
    crops = [Instrument(t, f"US {t.lower()}", "XCBT", "USD", "future") for t in ("WHEAT", "CORN", "SOYBEANS")]
    named = Counter(m.ticker for s in stories for m in Resolver(crops).mentions(s.article()))
    print(f"  articles that name each crop: {dict(named)}")


# --- speed ----------------------------------------------------------------------------------------------------------


def seconds(work: Callable[[], object], repeat: int = 5) -> float:
    """Return the shortest of a few timings in processor time, because other processes may be running."""
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def speed(title: str, stories: Sequence[Story], instruments: Sequence[Instrument]) -> None:
    """Print the rates of the bare automaton, of the search for names and of whole mentions over the same text."""
    resolver = Resolver(instruments)
    aliases = {text for i in instruments for (scheme, text), _ in instrument_aliases(i) if scheme is Scheme.NAME}
    names = Automaton(aliases)
    articles = [story.article() for story in stories]
    texts = [normalise(text) for story in stories for text in (story.title, story.lead)]
    bare = ahocorasick.Automaton()
    for form in {form for name in aliases for form in written_forms(name)}:
        bare.add_word(form, form)
    bare.make_automaton()
    size = sum(map(len, texts)) / 1e6
    mentions = sum(len(resolver.mentions(article)) for article in articles)
    rates = {
        "bare automaton": size / seconds(lambda: [deque(bare.iter(text), 0) for text in texts]),
        "names matched": size / seconds(lambda: [deque(names.find(text, any_case=False), 0) for text in texts]),
        "articles tagged": size / seconds(lambda: [resolver.mentions(article) for article in articles]),
    }
    print(f"\n{title}: {len(articles)} texts, {size:.2f} M characters, {mentions / size / 1000:.2f} mentions per 1,000")
    for label, rate in rates.items():
        print(f"  {label:15} {rate:6.2f} M characters/s, {rate / rates['bare automaton']:.2f} of the bare automaton")
    print(f"  {rates['articles tagged'] * len(articles) / size:,.0f} texts tagged a second")


def main() -> None:
    """Print every table."""
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    data = folders[0] if folders else HERE.parent.parent / "shared" / "data"
    rows = list(reuters_rows(data))
    old, later = names_of_2015(data), {row[0].strip(): row[1].strip() for row in rows}
    for title, own_year in (("with the names of 2015 alone", {}), ("with those of the rows' own year too", later)):
        instruments, issuers = universe(old, own_year)
        start = time.perf_counter()
        resolver = Resolver(instruments)
        print(f"\n=== {len(instruments)} instruments {title}; built in {time.perf_counter() - start:.1f} s")
        names: defaultdict[str, list[str]] = defaultdict(list)
        for i in instruments:
            names[issuers[i.ticker]] += [i.name, *(alias.text for alias in i.aliases)]
        stories = reuters_stories(rows)
        against_rows("Reuters, June 2018", stories, resolver, issuers, names)
        if not own_year:
            against_archive(data, resolver, issuers)
    against_verdicts(stories, resolver, issuers)
    against_headlines(stories, resolver, issuers, names)
    against_rows("Benzinga headlines", headlines(data), resolver, issuers, names)
    on_wheat(wheat_articles(data), instruments)
    speed("Articles as saved", wheat_articles(data) * 10, instruments)
    speed("Articles in plain text", in_plain_text(wheat_articles(data) * 10), instruments)
    speed("Reuters headlines with their leads", stories, instruments)
    speed("Benzinga headlines", headlines(data), instruments)


if __name__ == "__main__":
    main()
