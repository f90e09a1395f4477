"""How each built-in kind of news source is made to serve the same items, for the contract suite in `test_contract.py`.

A new kind needs an entry in `CASES`. The part of a name after a dash distinguishes several cases of one kind.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from html import escape
from importlib import import_module
from pathlib import Path

import pytest

from signals.types import CsvDialect, NewsSpec
from tests.loopback import Answer, site
from tests.news.newsroom import spec
from tests.news.yahoo_news import NewsVendor

HTML, RSS = {"Content-Type": "text/html"}, {"Content-Type": "application/rss+xml"}


@dataclass(frozen=True)
class Item:
    """One article to be served. Its instrument is a link in its body, which all kinds can carry."""

    number: int
    title: str = "Calder Works hires"
    body: str = "The foundry in Leeds will hire two hundred people by the spring, its director said on Monday."
    date: str = "2020-02-03T09:15:00Z"
    symbol: str = "CLD"

    @property
    def url(self) -> str:
        return f"https://meridian.example/{self.number}"

    @property
    def markup(self) -> str:
        return f'<p>{self.body}</p><p>See <a href="https://finance.yahoo.com/quote/{self.symbol}">its shares</a>.</p>'

    @property
    def record(self) -> dict[str, str]:
        return {
            "id": f"n{self.number}", "url": self.url, "title": self.title, "published_at": self.date,
            "body": self.markup,
        }  # fmt: skip


@dataclass(frozen=True)
class Outlet:
    """A source's entry in the configuration, and a function that replaces the items that it serves."""

    spec: NewsSpec
    publish: Callable[[Sequence[Item]], None]


def page(item: Item) -> str:
    """Return the page of an item."""
    head = f"<meta property='article:published_time' content='{item.date}'><link rel='canonical' href='{item.url}'>"
    return (
        f"<html><head>{head}<title>{item.title}</title></head>"
        f"<body><article><h1>{item.title}</h1>{item.markup}</article></body></html>"
    )


def feed(items: Sequence[Item]) -> str:
    """Return the RSS feed of some items."""
    entries = "".join(
        f"<item><guid>n{i.number}</guid><title>{i.title}</title><pubDate>{i.date}</pubDate><link>{i.url}</link>"
        f"<description>{escape(i.markup)}</description></item>"
        for i in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Meridian</title>{entries}</channel></rss>'


def json_feed(items: Sequence[Item]) -> bytes:
    entries = [
        {"id": f"n{i.number}", "url": i.url, "title": i.title, "date_published": i.date, "content_html": i.markup}
        for i in items
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Meridian", "items": entries}
    return json.dumps(feed).encode()


def submissions(items: Sequence[Item]) -> bytes:
    """Return the submissions of a filer for each item, whose name is the title."""
    return json.dumps([
        {"cik": "1", "name": i.title, "filings": {"recent": {
            "accessionNumber": [f"0000000001-20-{i.number:06}"], "form": [""], "primaryDocument": [str(i.number)],
            "acceptanceDateTime": [i.date.replace("Z", "+00:00")], "primaryDocDescription": [i.markup]}}}
        for i in items
    ]).encode()  # fmt: skip


@contextmanager
def saved_pages(folder: Path) -> Iterator[Outlet]:
    def publish(items: Sequence[Item]) -> None:
        for path in folder.glob("*.html"):
            path.unlink()
        for item in items:
            (folder / f"{item.number}.html").write_text(page(item), encoding="utf-8")

    yield Outlet(spec("page", path="*.html"), publish)


@contextmanager
def listed_pages(folder: Path) -> Iterator[Outlet]:
    with site() as served:

        def publish(items: Sequence[Item]) -> None:
            served.answers = {f"/{i.number}": Answer(page(i).encode(), 200, HTML) for i in items}

        urls = tuple(f"{served.url}/{number}" for number in (1, 2, 3))
        yield Outlet(spec("page", path=None, urls=urls, delay=0.0, robots=False), publish)


def archive(kind: str, encode: Callable[[Sequence[Item]], bytes]) -> Callable[[Path], AbstractContextManager[Outlet]]:
    """Return the case of a source over one file."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Outlet]:
        path = folder / f"news.{kind}"

        def publish(items: Sequence[Item]) -> None:
            path.write_bytes(encode(items))

        yield Outlet(spec(kind, CsvDialect(), path=path.name), publish)

    return opened


def csv_rows(items: Sequence[Item]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([list(Item(0).record), *(list(item.record.values()) for item in items)])
    return file.getvalue().encode()


def json_lines(items: Sequence[Item]) -> bytes:
    return "".join(json.dumps(item.record) + "\n" for item in items).encode()


def parquet(items: Sequence[Item]) -> bytes:
    arrow, files, written = pytest.importorskip("pyarrow"), import_module("pyarrow.parquet"), io.BytesIO()
    files.write_table(arrow.Table.from_pylist([item.record for item in items]), written)
    return written.getvalue()


@contextmanager
def served_feed(folder: Path) -> Iterator[Outlet]:
    with site() as served:

        def publish(items: Sequence[Item]) -> None:
            served.answers = {"/rss": Answer(feed(items).encode(), 200, RSS)}

        url = f"{served.url}/rss"
        yield Outlet(spec("feed", CsvDialect(), path=None, url=url, delay=0.0, robots=False), publish)


@contextmanager
def served_submissions(folder: Path) -> Iterator[Outlet]:
    with site() as served:

        def publish(items: Sequence[Item]) -> None:
            served.answers = {"/submissions/CIK0000000001.json": Answer(submissions(items))}

        entry = spec("edgar", CsvDialect(), path=None, symbols=("1",), base_url=served.url, delay=0.1, robots=False)
        yield Outlet(replace(entry, user_agent="Jane Doe jane@meridian.example"), publish)


@contextmanager
def yahoo(folder: Path) -> Iterator[Outlet]:
    vendor = NewsVendor()

    def publish(items: Sequence[Item]) -> None:
        vendor.items["CLD"] = [
            {"id": f"n{i.number}", "content": {
                "title": i.title, "summary": i.markup, "pubDate": i.date, "canonicalUrl": {"url": i.url}}}
            for i in items
        ]  # fmt: skip

    with vendor.serving():
        entry = spec("yahoo", CsvDialect(), path=None, symbols=("CLD",), base_url=vendor.url)
        yield Outlet(replace(entry, timeout=60.0, delay=0.0), publish)


CASES: dict[str, Callable[[Path], AbstractContextManager[Outlet]]] = {
    "page": saved_pages,
    "page-http": listed_pages,
    "csv": archive("csv", csv_rows),
    "json": archive("json", lambda items: json.dumps([item.record for item in items], indent=2).encode()),
    "jsonl": archive("jsonl", json_lines),
    "parquet": archive("parquet", parquet),
    "feed": archive("feed", lambda items: feed(items).encode()),
    "feed-json": archive("feed", json_feed),
    "feed-http": served_feed,
    "edgar": archive("edgar", submissions),
    "edgar-http": served_submissions,
    "yahoo": yahoo,
}
