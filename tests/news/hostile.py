"""Hostile feeds and pages: strategies for small ones, and very large ones by name.

`examine` checks the invariants of their articles and refusals. `python -m benchmarks.fuzz` runs twenty thousand of the
small ones and all giants with their time and memory; the suite runs a sample.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from signals.config import load
from signals.config.presets import PRESETS
from signals.types import Article, CsvDialect, NewsSpec
from tests.news.newsroom import PAGE, parse, spec

FEED = spec("feed", CsvDialect(timezone="Europe/London"), path="feed.xml")
PAGES = spec("page", CsvDialect(timezone="Europe/London", dayfirst=True), path="inbox/*")
REPLY = spec("json", CsvDialect(columns={"tags": "tags"}), path="reply.json", records="data", tag_separator=",")
FILINGS = spec("edgar", CsvDialect(), path="filings/*")
Hostile = tuple[NewsSpec, bytes]
# Control characters and halves of surrogate pairs.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def examine(news_spec: NewsSpec, payload: bytes) -> list[str]:
    """Return the outcome of each item of a payload; fail if it is neither a valid article nor a reason."""
    outcomes = []
    for item in parse(news_spec, payload, "inbox/hostile"):
        if isinstance(item, Article):
            assert item.title
            assert "\n" not in item.title
            assert not _CONTROL.search(item.title + item.body)
            assert item.stamp.at.tzinfo is not None
            assert item.key
            outcomes.append("read")
        else:
            assert item.reason
            assert item.detail
            assert "\n" not in item.detail
            outcomes.append(item.reason)
    return outcomes


# --- small ones -----------------------------------------------------------------------------------------------------

_ODD = st.sampled_from(
    ["\0", "\x1b[31m", "\u202e\u2066", "\u200f", "\ufeff", "\ud7ff", "\U0010ffff", "\u0300" * 50, "ﷺ", "\x85\u2028",
     "â€™", "&#xD800;", "&#0;", "&amp;lt;", "&nbsp;", "]]>", "<![CDATA[", "<!--", "-->", "<?xml version='1.0'?>",
     "%s%n", "'\"", "0" * 400, "𝔘𝔫𝔦"]
)  # fmt: skip
_WORDS = st.text(max_size=40) | _ODD | st.sampled_from(["Calder Works hires", "Газпром", "Published 03/02/2020, 09:15"])
_STAMPS = st.sampled_from(
    ["2020-02-03T09:15:00Z", "Mon, 03 Feb 2020 09:15:00 MSK", "03/02/2020", "99999999999", "0", "null", "2020-02-30",
     "Nov 1, 2015 01:30 AM ET", "9999-12-31T23:59:59+14:00", "31 Dec 1969 19:00 ET", "2020-02-03T09:15:00+99:99"]
) | st.text(max_size=20)  # fmt: skip
_ENTITIES = "<!DOCTYPE x [<!ENTITY a '{}'><!ENTITY b '&a;&a;&a;'><!ENTITY c SYSTEM 'file:///etc/hostname'>]>"


def _tag(name: str, inner: str, attributes: str = "") -> str:
    return f"<{name} {attributes}>{inner}</{name}>"


def _marked(names: list[str], leaf: SearchStrategy[str]) -> SearchStrategy[str]:
    """Make mark-up of some elements, sometimes left open, over some texts."""
    attributes = st.sampled_from(
        ["", "hidden", "style='display:none'", "href='/equities/calder' data-pairid='1'", "datetime='2020-02-03'",
         "class='x\0y'", "itemprop='datePublished'", "href='https://finance.yahoo.com/quote/%5E'", "type='html'",
         "id='" + "9" * 300 + "'", "data-ts='1580722500'", "data-posted-at='2020-02-03T09:15:00Z'",
         "title='2020-02-03 09:15'", "property='dc:date'", "data-props='{\"publishedAt\":\"x'"]
    )  # fmt: skip
    left_open = st.builds("<{} {}>".format, st.sampled_from(names), attributes)
    one = st.builds(_tag, st.sampled_from(names), leaf, attributes) | left_open
    return st.lists(one | leaf, max_size=8).map("".join)


_HTML = _marked(["p", "div", "h1", "time", "a", "b", "table", "script", "svg", "article", "title", "li"], _WORDS)


def _json_ld(title: str, stamp: str, body: str) -> str:
    written = (
        f'{{"@type": ["NewsArticle", 7], "headline": "{title}", "datePublished": "{stamp}", "articleBody": "{body}"}}'
    )
    return f'<script type="application/ld+json">{written}</script>'


def _page(stamp: str, title: str, head: str, body: str) -> str:
    meta = f"<meta property='article:published_time' content='{stamp}'><meta property='og:title' content='{title}'>"
    return f"<html><head>{meta}<title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"


def _item(stamp: str, title: str, body: str, more: str) -> str:
    return f"<item><title>{title}</title><pubDate>{stamp}</pubDate><description>{body}</description>{more}</item>"


_ITEMS = st.lists(
    st.builds(
        _item, _STAMPS, _WORDS, _HTML, _marked(["guid", "link", "author", "media:content", "content:encoded"], _WORDS)
    ),
    max_size=4,
).map("".join)


def _rss(doctype: str, channel: str, items: str) -> str:
    return f"<?xml version='1.0'?>{doctype}<rss version='2.0'><channel><title>{channel}</title>{items}</channel></rss>"


def _atom(doctype: str, stamp: str, title: str) -> str:
    entry = f"<entry><title type='html'>{title}</title><updated>{stamp}</updated><content>{title}</content></entry>"
    return f"{doctype}<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"


_DOCTYPES = st.just("") | _WORDS.map(_ENTITIES.format)
_FEEDS = st.builds(_rss, _DOCTYPES, _WORDS, _ITEMS) | st.builds(_atom, _DOCTYPES, _STAMPS, _WORDS)
_WHOLE = st.builds(_page, _STAMPS, _WORDS, st.builds(_json_ld, _WORDS, _STAMPS, _WORDS) | _HTML, _HTML)
_SENTENCE = (
    "Calder Works opened a foundry in Leeds on Monday, its first in the north, and will hire two hundred people."
)
_LINES = st.lists(st.sampled_from(PAGE.splitlines()) | _WORDS | _STAMPS, max_size=30).map("\n".join)


# --- JSON -----------------------------------------------------------------------------------------------------------

_SCALARS = st.none() | st.booleans() | st.floats() | st.integers() | _WORDS | _STAMPS
_CELLS = st.sampled_from(
    ["['CLD', 'VSTK']", '["CLD"', "[{'ticker': 'CLD'}]", "CLD,,;|", "[" * 50, "CLD US Equity", "('"]
)
_NAMES = ["title", "published_at", "tags", "id", "data", "url", "0", "$date"]
_TREES = st.recursive(
    _SCALARS | _CELLS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=5),
    max_leaves=12,
)
_RECORDS = st.fixed_dictionaries(
    {"title": _TREES, "published_at": _STAMPS | _TREES}, optional={"tags": _CELLS | _TREES}
)
_REPLIES = st.one_of(
    _TREES, _RECORDS, st.lists(_RECORDS, max_size=4), st.fixed_dictionaries({"data": st.lists(_RECORDS)})
)


def _written(value: object, indent: int | None, times: int, between: str) -> str:
    return between.join([json.dumps(value, indent=indent)] * times)


_JSON = st.builds(
    _written, _REPLIES, st.sampled_from([None, 1]), st.sampled_from([1, 2]), st.sampled_from(["\n", "", ","])
)


def _state(value: object, pattern: str) -> str:
    return pattern.format(json.dumps(value))


_STATES = st.builds(
    _state,
    st.recursive(
        _SCALARS | st.just(_SENTENCE) | _HTML,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["@type", *_NAMES]), inner),
        max_leaves=12,
    ),
    st.sampled_from(
        ["<script id=__NEXT_DATA__ type=application/json>{}</script>", "<script>window.STATE = {};</script>",
         "<script type=application/ld+json>{}</script>", "<script>self.x.push({})</script>",
         "<script>var a={}</script><noscript><p>w"]
    ),
)  # fmt: skip
_STATED = st.builds(_page, _STAMPS, _WORDS, _STATES, _STATES | _HTML)
_FEED_ITEMS = st.fixed_dictionaries(
    {"title": _TREES, "date_published": _STAMPS}, optional={"content_html": _HTML, "authors": _TREES, "url": _TREES}
)
_JSON_FEEDS = st.lists(_FEED_ITEMS | _TREES, max_size=4).map(
    lambda items: json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items})
)
_FILINGS = st.fixed_dictionaries(
    {"accessionNumber": _TREES, "acceptanceDateTime": _STAMPS | st.lists(_STAMPS, max_size=3)},
    optional={
        "form": _TREES,
        "items": _TREES,
        "filingDate": _TREES,
        "cik": _TREES,
        "tickers": _TREES,
        "exchanges": _TREES,
    },
)
_SUBMISSIONS = (_FILINGS | _FILINGS.map(lambda recent: {"cik": "42", "filings": {"recent": recent}})).map(json.dumps)
_NEWS_NAMES = ["news:news", "news:title", "news:publication_date", "news:stock_tickers", "loc", "image:title"]


def _sitemap(doctype: str, addresses: list[str]) -> str:
    namespace = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"{doctype}<urlset {namespace}>{''.join(f'<url>{each}</url>' for each in addresses)}</urlset>"


_SITEMAPS = st.builds(_sitemap, _DOCTYPES, st.lists(_marked(_NEWS_NAMES, _WORDS | _STAMPS), max_size=4))
_CURRENT = st.builds(
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>{} - {} ({}) (Filer)</title><id>{}</id>"
    "<updated>{}</updated></entry></feed>".format,
    _WORDS, _WORDS, st.integers(0, 10**11), st.sampled_from(["0000000042-24-000001", "x"]), _STAMPS,
)  # fmt: skip


# --- the presets of vendors -----------------------------------------------------------------------------------------

_SAMPLES = sorted((Path(__file__).parent / "vendors").iterdir())


@cache
def presets() -> dict[str, NewsSpec]:
    """Return the source that each preset declares."""
    entries = "".join(f"  - {{name: {name}, preset: {name}, path: 'x/*'}}\n" for name in PRESETS)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_text(f"database: sqlite:///x.db\ninstruments: {{}}\nnews:\n{entries}", encoding="utf-8")
        return {each.name: each for each in load(path).news}


def _spoiled_sample(sample: Path, places: list[int], values: list[str]) -> str:
    """Return a vendor's sample in which other texts stand between some of its quotes and commas."""
    mark = '"' if sample.suffix == ".json" else ","
    parts = sample.read_text(encoding="utf-8").split(mark)
    for place, value in zip(places, values, strict=False):
        parts[place % len(parts)] = value
    return mark.join(parts)


def _of_vendors() -> SearchStrategy[Hostile]:
    values = st.lists(_WORDS | _STAMPS | _CELLS, min_size=1, max_size=4)
    places = st.lists(st.integers(0, 200), min_size=1, max_size=4)
    return st.one_of(
        [st.tuples(st.just(presets()[path.stem]), _spoil(st.builds(_spoiled_sample, st.just(path), places, values)))
         for path in _SAMPLES]
    )  # fmt: skip


def _spoiled(text: str, encoding: str, cut: float, noise: bytes, times: int) -> bytes:
    """Encode a text, and cut it, put noise into it and repeat its middle."""
    payload = text.encode(encoding, "ignore")
    at = int(len(payload) * cut)
    return payload[:at] + noise * times + payload[at - len(payload) // 4 : at] * (times - 1) + payload[at:]


def _spoil(texts: SearchStrategy[str]) -> SearchStrategy[bytes]:
    return texts.map(lambda text: text.encode("utf-8", "ignore")) | st.builds(
        _spoiled, texts, st.sampled_from(["utf-8", "utf-16", "cp1251", "latin-1", "utf-32"]), st.floats(0, 1),
        st.binary(max_size=12), st.sampled_from([1, 2, 40]),
    )  # fmt: skip


def small() -> SearchStrategy[Hostile]:
    """Make feeds, pages and texts, valid ones and ones that are spoiled."""
    return st.one_of(
        st.tuples(st.just(FEED), _spoil(_FEEDS)),
        st.tuples(st.just(PAGES), _spoil(_WHOLE) | _spoil(_LINES) | _spoil(_STATED)),
        st.tuples(st.just(REPLY), _spoil(_JSON)),
        st.tuples(st.just(FEED), _spoil(_JSON_FEEDS) | _spoil(_SITEMAPS)),
        st.tuples(st.just(FILINGS), _spoil(_SUBMISSIONS) | _spoil(_CURRENT)),
        _of_vendors(),
    )


# --- giants ---------------------------------------------------------------------------------------------------------


def _billion() -> str:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE x [<!ENTITY a0 "lol">{levels}]>' + _rss("", "x", _item("2020-02-03", "&a11;", "&a11;", ""))[21:]


def _head(title: str = "Calder Works hires") -> str:
    return (
        f"<html><head><meta property='article:published_time' content='2020-02-03'><title>{title}</title></head><body>"
    )


def _feed(title: str = "Title", text: str = "", doctype: str = "", times: int = 1) -> str:
    return _rss(doctype, "x", _item("2020-02-03", title, text, "") * times)


def _json_feed(items: str) -> str:
    return f'{{"version":"https://jsonfeed.org/version/1","items":[{items}]}}'


def _layers(size: int) -> str:
    """Return a state whose text lies thirty lists deep."""
    return f"<script>x = {'[' * 30}{', '.join([json.dumps(_SENTENCE)] * (size // 110))}{']' * 30}</script>"


def _submissions(count: int) -> str:
    times = ["2024-06-05T20:05:30Z"] * count
    recent = {"accessionNumber": list(map(str, range(count))), "acceptanceDateTime": times, "form": ["8-K"] * count}
    return json.dumps({"cik": "42", "filings": {"recent": recent}})


def _tagged(cell: str) -> str:
    return json.dumps({"title": "x", "published_at": "2020-02-03", "tags": cell})


# Each by its name: the source, and how to make it of about so many characters.
GIANTS: dict[str, tuple[NewsSpec, Callable[[int], str]]] = {
    "feed: title": (FEED, lambda n: _feed("x" * n)),
    "feed: text": (FEED, lambda n: _feed(text="word " * (n // 5))),
    "feed: mark-up": (FEED, lambda n: _feed(text=f"<![CDATA[{'<p>w</p>' * (n // 8)}]]>")),
    "feed: items": (FEED, lambda n: _feed(times=n // 90)),
    "feed: nesting": (FEED, lambda n: _rss("", "x", "<a>" * (n // 3))),
    "feed: items in items": (FEED, lambda n: _rss("", "x", "<item>" * (n // 6))),
    "feed: entities in entities": (FEED, lambda _: _billion()),
    "feed: one entity often": (FEED, lambda n: _feed("&b;" * (n // 9), doctype=_ENTITIES.format("x" * (n // 2)))),
    "feed: comment": (FEED, lambda n: _rss("", "x", "<!--" + "- " * (n // 2))),
    "feed: dots without a title": (FEED, lambda n: _feed("", "." * n)),
    "feed: JSON items": (
        FEED, lambda n: _json_feed(",".join(['{"title":"x","date_published":"2020-02-03"}'] * (n // 45)))
    ),
    "feed: JSON nesting": (FEED, lambda n: _json_feed("[" * n)),
    "feed: addresses": (FEED, lambda n: _sitemap("", ["<news:title>x</news:title>"] * (n // 38))),
    "json: records": (REPLY, lambda n: "[" + '{"title":"x","published_at":"2020-02-03"},' * (n // 42) + "{}]"),
    "json: other records": (
        REPLY, lambda n: json.dumps([{"title": f"{k} x", "published_at": "2020-02-03"} for k in range(n // 54)])
    ),
    "json: records of nothing": (REPLY, lambda n: "[" + "{}," * (n // 3) + "{}]"),
    "json: numbers": (REPLY, lambda n: "1 " * (n // 2)),
    "json: nesting": (REPLY, lambda n: "[" * n),
    "json: a title": (REPLY, lambda n: '{"title":"' + "x" * n + '","published_at":"2020-02-03"}'),
    "json: a cell of quotes": (REPLY, lambda n: _tagged("['" + "', " * (n // 3) + "]")),
    "json: a cell of codes": (REPLY, lambda n: _tagged("CLD," * (n // 4) + "?")),
    "json: a cell of brackets": (REPLY, lambda n: _tagged("[" + "] " * (n // 2) + "x")),
    "json: parallel arrays": (
        REPLY, lambda n: json.dumps({"title": ["x"] * (n // 50), "published_at": ["2020-02-03"] * (n // 50)})
    ),
    "edgar: filings": (FILINGS, lambda n: _submissions(n // 60)),
    "edgar: a title": (FILINGS, lambda n: _atom("", "2020-02-03", "8-K - " + " (1) (" * (n // 12))),
    "page: title": (PAGES, lambda n: _head("x" * n)),
    "page: paragraph": (PAGES, lambda n: _head() + "<p>" + "word " * (n // 5)),
    "page: paragraphs": (PAGES, lambda n: _head() + "<p>word" * (n // 7)),
    "page: nesting": (PAGES, lambda n: _head() + "<div>" * (n // 5)),
    "page: inline nesting": (PAGES, lambda n: _head() + "<b>" * (n // 3)),
    "page: attributes": (PAGES, lambda n: _head() + "<p " + " ".join(f"a{k}=x" for k in range(n // 9)) + ">x"),
    "page: links": (PAGES, lambda n: _head() + "<p>" + "<a href='/equities/x' data-pairid=1>x</a>" * (n // 40)),
    "page: JSON": (PAGES, lambda n: _head() + f"<script type='application/ld+json'>{'[' * n}</script>"),
    "page: state": (PAGES, lambda n: _head() + _state([_SENTENCE] * (n // 110), "<script>x = {}</script>")),
    "page: deep state": (PAGES, lambda n: _head() + f"<script>x = {'[' * n}</script>"),
    "page: states": (PAGES, lambda n: _head() + "<script>x = {}</script>" * (n // 25)),
    "page: layers of state": (PAGES, lambda n: _head() + _layers(n)),
    "page: dated attributes": (PAGES, lambda n: "<html><h1>x</h1>" + "<i data-at='2020-02-03T10:00'>x</i>" * (n // 36)),
    "page: dated boxes": (PAGES, lambda n: "<html><h1>x</h1>" + "<b data-at='2020-02-03T10:00'><h2>y</h2>" * (n // 43)),
    "page: times in a script": (PAGES, lambda n: "<html><h1>x</h1><script>" + "pubDate: '2020-02-03'," * (n // 23)),
    "page: names in a script": (PAGES, lambda n: "<html><h1>x</h1><script>" + "published" * (n // 9)),
    "page: NUL": (PAGES, lambda n: _head() + "\0" * n),
    "page: less than": (PAGES, lambda n: _head() + "<p>" + "<" * n),
    "page: ampersands": (PAGES, lambda n: _head() + "<p>" + "&" * n),
    "page: comment": (PAGES, lambda n: _head() + "<!-- " + "- " * (n // 2)),
    "page: table": (PAGES, lambda n: _head() + "<table>" + "<tr><td>1" * (n // 9)),
    "text: line": (PAGES, lambda n: "x" * n),
    "text: words": (PAGES, lambda n: "Published 03/02/2020\n" + "word " * (n // 5)),
    "text: digits": (PAGES, lambda n: "1" * n),
    "text: stamps": (PAGES, lambda n: "Published 03/02/2020, 09:15\n" * (n // 28)),
    "text: lines": (PAGES, lambda n: "Calder hires\n\nPublished 03/02/2020\n" + "A line.\n" * (n // 8)),
    "text: right to left": (PAGES, lambda n: "Published 03/02/2020\n" + "\u202e\u200f" * (n // 6)),
    "text: blanks": (PAGES, lambda n: "a" + " " * n + "b 2020"),
    "text: marks": (PAGES, lambda n: "Published 03/02/2020\nA" + "\u0301\u0316" * (n // 4)),
    "page: marks": (PAGES, lambda n: _head("A" + "\u0301\u0316" * (n // 8)) + "<p>A" + "\u0301\u0316" * (n // 8)),
    "feed: marks": (FEED, lambda n: _feed("A" + "\u0301\u0316" * (n // 8), "A" + "\u0301\u0316" * (n // 8))),
    "text: mojibake": (PAGES, lambda n: "Published 03/02/2020\n" + "â€™" * (n // 8)),
}  # fmt: skip


def giants(size: int) -> Iterator[tuple[str, Hostile]]:
    """Make each giant of about so many bytes.

    Pages and feeds are bounded whatever `max_bytes` says, so they are read with a limit that lets them pass. Data is as
    long as the user lets it be, so it is read with the limit of an entry that states none.
    """
    for name, (news_spec, make) in GIANTS.items():
        limit = 10**9 if news_spec.kind in ("feed", "page") else news_spec.max_bytes
        yield name, (replace(news_spec, max_bytes=limit), make(size).encode())
