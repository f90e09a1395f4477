"""Where an outside text enters the program: each reader, with the place in its input that a hostile text can take."""

from __future__ import annotations

import gzip
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from signals.errors import SourceError
from signals.net.politeness import Robots
from signals.news.articles import MAX_MARKUP_BYTES
from signals.prices import open_search
from signals.prices import open_source as open_prices
from signals.stories import fingerprint
from signals.tickers import Resolver
from signals.types import Article, CsvDialect, Listing, NewsSpec, PriceSpec
from signals.types.identity import headline_words, plain_address
from tests.news.newsroom import NOW, parse, spec
from tests.tickers.articles import APPLE, BARCLAYS, FORD, GAZPROM, IBM, VODAFONE, article, instrument

DATA_BYTES = 20_000_000  # the usual `max_bytes`
ROBOTS_BYTES = 512_000
SPAN = (date(1990, 1, 1), date(2026, 12, 31))
Payload = Any  # bytes of a file or a reply, or a text: each reader takes its own


@dataclass(frozen=True, slots=True)
class Place:
    """A reader, and how a text comes to stand in a place of what it reads; at most `limit` characters."""

    name: str
    limit: int
    make: Callable[[str], Payload]
    read: Callable[[Payload], object]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


# --- news -----------------------------------------------------------------------------------------------------------

_WITH_SENTENCE = "<p>Calder Works opened a foundry in Leeds on Monday, its first in the north.</p>"
_HEAD = "<html><head><meta property='article:published_time' content='{}'><title>{}</title>{}</head><body>{}"
_PAGES = {
    "raw": "{}",
    "after a root": "<html>{}",
    "title": _HEAD.format("2020-02-03", "{}", "", "x"),
    "date": _HEAD.format("{}", "x", "", "x"),
    "heading": _HEAD.format("2020-02-03", "", "", "<h1>{}</h1>"),
    "body": _HEAD.format("2020-02-03", "Calder hires", "", _WITH_SENTENCE + "<p>{}"),
    "attribute": _HEAD.format("2020-02-03", "x", "", "<p title='{}'>x"),
    "link": _HEAD.format("2020-02-03", "x", "", "<p><a href='https://finance.yahoo.com/quote/{}'>x</a>"),
    "class": _HEAD.format("2020-02-03", "x", "", "<p class='{}' style='{}'>x"),
    "author": _HEAD.format("2020-02-03", "x", "<meta name='author' content='{}'>", "x"),
    "keywords": _HEAD.format("2020-02-03", "x", "<meta name='keywords' content='{}'>", "x"),
    "canonical": _HEAD.format("2020-02-03", "x", "<link rel='canonical' href='{}'>", "x"),
    "JSON-LD": _HEAD.format("2020-02-03", "x", '<script type="application/ld+json">{}</script>', "x"),
    "script": _HEAD.format("2020-02-03", "x", "", "<script>window.x = {}</script>"),
    "visible date": "<html><h1>Calder hires</h1><time>{}</time><p>x",
    "date line": "<html><h1>Calder hires</h1><p>Published {}</p><p>x",
    "byline": "<html><h1>Calder hires</h1><p>3 Feb 2020</p><p class=byline>By {}</p><p>x",
}
_TEXTS = {
    "raw": "{}",
    "title": "{}\n\nPublished 03/02/2020, 09:15\nA line.\n",
    "date": "Calder hires\n\nPublished {}\nA line.\n",
    "body": "Calder hires\n\nPublished 03/02/2020, 09:15\n{}",
}


def _rss(title: str = "x", stamp: str = "2020-02-03", text: str = "x", more: str = "") -> str:
    item = f"<item><title>{title}</title><pubDate>{stamp}</pubDate><description>{text}</description>{more}</item>"
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>{item}</channel></rss>"


_FEEDS = {
    "raw": "{}",
    "RSS, after the root": "<rss version='2.0'>{}",
    "RSS, before the root": "{}<rss version='2.0'>",
    "RSS, title": _rss("{}"),
    "RSS, date": _rss(stamp="{}"),
    "RSS, text": _rss(text="{}"),
    "RSS, section": _rss(text="<![CDATA[{}]]>"),
    "RSS, key": _rss(more="<guid>{}</guid>"),
    "RSS, link": _rss(more="<link>{}</link>"),
    "RSS, author": _rss(more="<author>{}</author>"),
    "RSS, no title": _rss("", text="{}"),
    "Atom, text": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title><updated>2020-02-03</updated>"
    "<content type='html'>{}</content></entry></feed>",
    "sitemap": "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>{}</loc><news:news>"
    "<news:title>{}</news:title></news:news></url></urlset>",
    "sitemap, after the root": "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{}",
}


def _record(**values: str) -> dict[str, str]:
    return {"title": "Calder hires", "published_at": "2020-02-03T09:15:00Z", "body": "x", "tags": "CLD", **values}


def _reader(news_spec: NewsSpec, origin: str) -> Callable[[bytes], object]:
    def read(payload: bytes) -> object:
        return parse(news_spec, payload, origin)

    return read


def news_places() -> Iterator[Place]:
    """Yield the places of pages, texts, feeds and archives of news."""
    dialect = CsvDialect(timezone="Europe/London", dayfirst=True)
    large = {"max_bytes": 10**9}
    page = _reader(spec("page", dialect, path="inbox/*", **large), "inbox/x.html")
    feed = _reader(spec("feed", dialect, path="feed.xml", **large), "feed.xml")
    for name, pattern in _PAGES.items():
        yield Place(f"page: {name}", MAX_MARKUP_BYTES, lambda t, p=pattern: _bytes(p.replace("{}", t)), page)  # type: ignore[misc]
    text = _reader(spec("page", dialect, path="inbox/*", **large), "inbox/x.txt")
    for name, pattern in _TEXTS.items():
        yield Place(f"text: {name}", MAX_MARKUP_BYTES, lambda t, p=pattern: _bytes(p.replace("{}", t)), text)  # type: ignore[misc]
    for name, pattern in _FEEDS.items():
        yield Place(f"feed: {name}", MAX_MARKUP_BYTES, lambda t, p=pattern: _bytes(p.replace("{}", t)), feed)  # type: ignore[misc]
    yield Place("feed: JSON, text", MAX_MARKUP_BYTES, _json_feed, feed)
    columns = CsvDialect(columns={"tags": "tags", "body": "body"}, timezone="Europe/London")
    kinds = {"json": spec("json", columns, path="x.json"), "jsonl": spec("jsonl", columns, path="x.jsonl")}
    for kind, news_spec in kinds.items():
        read = _reader(news_spec, f"x.{kind}")
        yield Place(f"{kind}: raw", DATA_BYTES, _bytes, read)
        for key in _record():
            yield Place(
                f"{kind}: {key}", DATA_BYTES, lambda t, k=key: _bytes(json.dumps([_record(**{k: t})])[1:-1]), read
            )  # type: ignore[misc]
    csv = _reader(spec("csv", columns, path="x.csv"), "x.csv")
    header = "title,published_at,tags,body\n"
    rows = {
        "raw": "{}", "after a header": header + "{}", "title": header + '"{}",2020-02-03,CLD,x\n',
        "date": header + 'x,"{}",CLD,x\n', "tags": header + 'x,2020-02-03,"{}",x\n',
        "body": header + 'x,2020-02-03,CLD,"{}"\n',
    }  # fmt: skip
    for name, pattern in rows.items():
        yield Place(f"csv: {name}", DATA_BYTES, lambda t, p=pattern: _bytes(p.replace("{}", t)), csv)  # type: ignore[misc]
    yield Place(
        "parquet: body", DATA_BYTES, _parquet_news, _reader(spec("parquet", columns, path="x.parquet"), "x.parquet")
    )
    yield from _vendor_places()


def _vendor_places() -> Iterator[Place]:
    edgar = _reader(spec("edgar", CsvDialect(), path="filings/*"), "filings/x.json")
    yield Place("edgar: raw", DATA_BYTES, _bytes, edgar)
    yield Place("edgar: cells", DATA_BYTES, _submission, edgar)
    entry = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>8-K - {} (42) (Filer)</title><id>"
        "0000000042-24-000001</id><updated>2020-02-03T09:15:00Z</updated></entry></feed>"
    )
    yield Place("edgar: current", MAX_MARKUP_BYTES, lambda t: _bytes(entry.replace("{}", t)), edgar)
    yahoo = _reader(NewsSpec("test", "yahoo", symbols=("X",)), "yahoo:X")
    yield Place("yahoo news: raw", DATA_BYTES, _bytes, yahoo)
    for key in ("title", "pubDate", "summary"):
        yield Place(f"yahoo news: {key}", DATA_BYTES, lambda t, k=key: _yahoo_item(k, t), yahoo)  # type: ignore[misc]


def _json_feed(text: str) -> bytes:
    item = {"title": "x", "date_published": "2020-02-03", "content_html": text}
    return _bytes(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [item]}))


def _yahoo_item(key: str, text: str) -> bytes:
    content = {"title": "x", "pubDate": "2020-02-03T09:15:00Z", "summary": "x", key: text}
    return _bytes(json.dumps([{"id": "1", "content": content}]))


def _submission(text: str) -> bytes:
    recent = {
        "accessionNumber": ["1"], "acceptanceDateTime": ["2024-06-05T20:05:30Z"], "form": ["8-K"], "items": [text],
        "primaryDocDescription": [text],
    }  # fmt: skip
    return _bytes(json.dumps({"cik": "42", "name": text, "filings": {"recent": recent}}))


def _parquet(columns: dict[str, list[object]]) -> bytes:
    arrow, writer, file = import_module("pyarrow"), import_module("pyarrow.parquet"), io.BytesIO()
    writer.write_table(arrow.table(columns), file)
    return file.getvalue()


def _clean(text: str) -> str:
    """Return a text without the halves of surrogate pairs, which no file of Arrow or Excel holds."""
    return text.encode("utf-8", "replace").decode()


def _parquet_news(text: str) -> bytes:
    return _parquet({key: [_clean(value)] for key, value in _record(body=text, tags=text).items()})


# --- prices ---------------------------------------------------------------------------------------------------------


def price_places(root: Path) -> Iterator[Place]:
    """Yield the places of price files; they are written below `root`."""

    def reading(path: str, **settings: Any) -> Callable[[bytes], object]:
        price_spec = PriceSpec("local", "csv", path=path, listings={"X": Listing("UTC")}, **settings)

        def read(payload: bytes) -> object:
            (root / path.replace("{symbol}", "X")).write_bytes(payload)
            with suppress(SourceError):
                return open_prices(price_spec, root).history("X", *SPAN, NOW)

        return read

    rows = {
        "raw": "{}", "header": "date,close,{}\n2024-06-03,1\n", "after a header": "date,close\n{}",
        "date": 'date,close\n"{}",1\n', "close": 'date,close\n2024-06-03,"{}"\n',
        "a row each": "date,close\n2024-06-03,1\n{}",
    }  # fmt: skip
    for ending in ("csv", "txt"):
        for name, pattern in rows.items():
            yield Place(
                f"prices, {ending}: {name}",
                DATA_BYTES,
                lambda t, p=pattern: _bytes(p.replace("{}", t)),
                reading("{symbol}." + ending),
            )  # type: ignore[misc]
    yield Place(
        "prices, many: symbol",
        DATA_BYTES,
        lambda t: _bytes(f'symbol,date,close\n"{t}",2024-06-03,1\n'),
        reading("all.csv"),
    )
    yield Place(
        "prices, wide: header", DATA_BYTES, lambda t: _bytes(f"date,X,{t}\n2024-06-03,1\n"), reading("wide.csv")
    )
    cells = {"raw": "{}", "date": '[{"date": "{}", "close": 1}]', "close": '[{"date": "2024-06-03", "close": "{}"}]',
             "names": '[{"date": "2024-06-03", "{}": 1}]'}  # fmt: skip
    for name, pattern in cells.items():
        yield Place(f"prices, json: {name}", DATA_BYTES, lambda t, p=pattern: _in_json(p, t), reading("{symbol}.json"))  # type: ignore[misc]
    meta = CsvDialect(delimiter="\t")
    yield Place(
        "prices, MetaTrader",
        DATA_BYTES,
        lambda t: _bytes(f"<DATE>\t<CLOSE>\n{t}"),
        reading("m_{symbol}.csv", dialect=meta),
    )
    yield Place(
        "prices, gz", DATA_BYTES, lambda t: gzip.compress(_bytes("date,close\n" + t), 1), reading("{symbol}.csv.gz")
    )
    yield Place("prices, zip", DATA_BYTES, _zipped, reading("{symbol}.zip"))
    yield Place(
        "prices, parquet: close",
        DATA_BYTES,
        lambda t: _parquet({"date": ["2024-06-03"], "close": [_clean(t)]}),
        reading("{symbol}.parquet"),
    )
    yield Place("prices, excel: sheet", DATA_BYTES, _sheet, reading("{symbol}.xlsx"))


def _in_json(pattern: str, text: str) -> bytes:
    return _bytes(pattern.replace("{}", text if pattern == "{}" else json.dumps(text)[1:-1]))


def _zipped(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.csv", _bytes("date,close\n" + text))
    return file.getvalue()


def _sheet(text: str) -> bytes:
    """Return a sheet in whose XML a text stands among the rows."""
    book, file = import_module("openpyxl").Workbook(), io.BytesIO()
    for row in (["date", "close"], ["2024-06-03", 1], ["2024-06-04", "here"]):
        book.active.append(row)
    book.save(file)
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"here", _bytes(text)))
    return out.getvalue()


# --- replies of vendors ---------------------------------------------------------------------------------------------


@contextmanager
def served() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Serve one body to whatever is asked; gives the address, and the body under ``body``."""
    reply = {"body": b""}

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply["body"])))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(reply["body"])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", reply
    finally:
        server.shutdown()
        server.server_close()


def _iss(cell: str, count: int = 1) -> bytes:
    """Return a reply that has every table, so that it answers every request."""
    board = ["TQBR", "stock", "shares", 57, "2000-01-01", "2026-12-31", 1, "SUR"]
    names = [
        "boardid",
        "engine",
        "market",
        "board_group_id",
        "history_from",
        "history_till",
        "is_primary",
        "currencyid",
    ]
    tables = {
        "boards": (names, [board]),
        "history": (["TRADEDATE", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME"], [[cell, 1, 1, 1, 1, 1]] * count),
        "history.cursor": (["TOTAL"], [[count]]),
        "dividends": (["registryclosedate", "value", "currencyid"], [["2024-06-03", 1, cell]] * count),
        "splits": (["tradedate", "before", "after"], []),
        "securities": (
            ["secid", "shortname", "name", "isin", "is_traded", "group"],
            [[cell, cell, cell, cell, 1, "stock_shares"]] * count,
        ),
    }  # fmt: skip
    return _bytes(json.dumps({name: {"columns": columns, "data": data} for name, (columns, data) in tables.items()}))


def _chart(cell: str) -> bytes:
    quote = {name: [1.0] for name in ("open", "high", "low", "close", "volume")}
    result = {"meta": {"currency": cell, "exchangeTimezoneName": cell}, "timestamp": [1717372800],
              "indicators": {"quote": [quote], "adjclose": [{"adjclose": [1.0]}]}}  # fmt: skip
    return _bytes(json.dumps({"chart": {"result": [result], "error": None}}))


def vendor_places(address: str, reply: dict[str, bytes]) -> Iterator[Place]:
    """Yield the places of the replies of ISS and Yahoo, which are asked over loopback."""

    def asking(kind: str) -> Callable[[bytes], object]:
        price_spec = PriceSpec("vendor", kind, base_url=address, delay=0, listings={"X": Listing("UTC")})

        def read(payload: bytes) -> object:
            reply["body"] = payload
            source = import_module(f"signals.prices.{kind}")
            opened = (source.MoexSource if kind == "moex" else source.YahooSource)(price_spec, sleep=lambda _: None)
            with suppress(SourceError):
                return opened.history("X", date(2024, 1, 1), date(2024, 12, 31), NOW)

        return read

    def searching(kind: str) -> Callable[[bytes], object]:
        search_spec = PriceSpec("vendor", kind, base_url=address, delay=0)

        def read(payload: bytes) -> object:
            reply["body"] = payload
            with suppress(SourceError):
                return list(open_search(search_spec).search("X"))

        return read

    yield Place("ISS: raw", DATA_BYTES, _bytes, asking("moex"))
    yield Place("ISS: a cell", DATA_BYTES, _iss, asking("moex"))
    yield Place("ISS: rows", DATA_BYTES, lambda t: _iss("2024-06-03", len(t) // 100), asking("moex"))
    yield Place("ISS: search", DATA_BYTES, _iss, searching("moex"))
    yield Place("Yahoo: raw", DATA_BYTES, _bytes, asking("yahoo"))
    yield Place("Yahoo: a cell", DATA_BYTES, _chart, asking("yahoo"))


# --- texts ----------------------------------------------------------------------------------------------------------

_INSTRUMENTS = (
    APPLE, BARCLAYS, FORD, GAZPROM, IBM, VODAFONE, instrument("TGT", "Target Corporation"),
    instrument("GE", "General Electric Company"), instrument("NYX", "NYSE Euronext"), instrument("AON", "Aon plc"),
    instrument("A", "Agilent Technologies"),
)  # fmt: skip


def text_places() -> Iterator[Place]:
    """Yield the places of articles as they are tagged and compared, and of robots.txt."""
    resolver = Resolver(_INSTRUMENTS)

    def tag(one: Article) -> object:
        return resolver.mentions(one), resolver.excerpts(one), resolver.features(one)

    limit = MAX_MARKUP_BYTES
    yield Place("tagging: title", limit, lambda t: article(t, ""), tag)
    yield Place("tagging: body", limit, lambda t: article("Apple hires", t), tag)
    yield Place("tagging: body with names", limit, lambda t: article("Apple", f"Apple said{t}Ford Motor{t}IBM"), tag)
    yield Place("stories: title", limit, lambda t: t, fingerprint)
    yield Place("stories: body", limit, lambda t: t, lambda t: fingerprint("x", t))
    yield Place("identity: title", limit, lambda t: t, headline_words)
    yield Place("identity: address", limit, lambda t: f"http://a.b/{t}", plain_address)
    yield Place("robots.txt", ROBOTS_BYTES, lambda t: t, _robots)
    yield Place("robots.txt: rule", ROBOTS_BYTES, lambda t: f"User-agent: *\nDisallow: /{t}", _robots)


def _robots(text: str) -> object:
    rules = Robots(text, "signals/1")
    return rules.allows("https://a.b/" + "a/" * 1000), rules.delay(1.0)


@contextmanager
def places() -> Iterator[list[Place]]:
    """Give every place; files and a server of replies exist until the end."""
    with TemporaryDirectory() as folder, served() as (address, reply):
        yield [
            *news_places(), *text_places(), *price_places(Path(folder)), *vendor_places(address, reply),
        ]  # fmt: skip
