"""Presets: how the news of a vendor is written, as declarations that an entry of `news:` takes over by name.

`signals.config.price_presets` has those of price files.

A preset fills in keys of the entry; a key of the entry overrides it, a column replaces the column of the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from signals.errors import ConfigError


class Evidence(StrEnum):
    """Where the shape of a vendor's file was seen."""

    LIVE = "live reply"
    FILE = "public file"
    DOCUMENTATION = "documentation only"


@dataclass(frozen=True, slots=True)
class Preset:
    """How one vendor writes its news.

    Attributes
    ----------
    title
        The vendor and what of it is read.
    evidence
        Where the shape was seen.
    keys
        The keys of an entry of `news:`.
    note
        What a user has to know, such as a zone that is assumed.
    """

    title: str
    evidence: Evidence
    keys: Mapping[str, object]
    note: str = ""


def _preset(title: str, columns: Mapping[str, str | int], evidence: Evidence = Evidence.DOCUMENTATION, note: str = "",
            kind: str = "json", **keys: object) -> Preset:  # fmt: skip
    timezone = keys.pop("timezone", "UTC")
    values = {"kind": kind, "timezone": timezone, **keys, "columns": MappingProxyType(dict(columns))}
    return Preset(title, evidence, MappingProxyType(values), note)


_NEW_YORK = "America/New_York"
_POLYGON = _preset(
    "Polygon, now Massive: reference news",
    {"published_at": "published_utc", "title": "title", "body": "description", "url": "article_url",
     "publisher": "publisher.name", "tags": "tickers", "id": "id"},
    records="results",
)  # fmt: skip
_TWITTER_TIME = "%a %b %d %H:%M:%S %z %Y"

PRESETS: Mapping[str, Preset] = MappingProxyType({
    "alpaca": _preset(
        "Alpaca: news",
        {"published_at": "created_at", "title": "headline", "body": "content", "url": "url", "publisher": "source",
         "tags": "symbols", "id": "id"},
        records="news",
    ),
    "alpha-vantage": _preset(
        "Alpha Vantage: NEWS_SENTIMENT",
        {"published_at": "time_published", "title": "title", "body": "summary", "url": "url", "publisher": "source",
         "tags": "ticker_sentiment.ticker"},
        records="feed", note="times without a zone are read as UTC",
    ),
    "benzinga": _preset(
        "Benzinga: news",
        {"published_at": "created", "title": "title", "body": "body", "url": "url", "tags": "stocks.name", "id": "id"},
        publisher="Benzinga", timezone=_NEW_YORK,
    ),
    "benzinga-csv": _preset(
        "Benzinga headlines of Kaggle (raw_analyst_ratings.csv)",
        {"published_at": "date", "title": "headline", "url": "url", "publisher": "publisher", "tags": "stock"},
        Evidence.FILE, kind="csv", timezone=_NEW_YORK,
    ),
    "bloomberg": _preset(
        "Bloomberg headlines, exported as CSV",
        {"published_at": "TimeOfArrival", "title": "Headline", "tags": "Tickers"},
        kind="csv", timezone=_NEW_YORK, note="exports differ: check the zone, `dayfirst` and the columns",
    ),
    "eodhd": _preset(
        "EODHD: financial news",
        {"published_at": "date", "title": "title", "body": "content", "url": "link", "tags": "symbols"},
    ),
    "finnhub": _preset(
        "Finnhub: company and market news",
        {"published_at": "datetime", "title": "headline", "body": "summary", "url": "url", "publisher": "source",
         "tags": "related", "id": "id"},
    ),
    "fmp": _preset(
        "Financial Modeling Prep: stock news",
        {"published_at": "publishedDate", "title": "title", "body": "text", "url": "url", "publisher": "site",
         "tags": "symbol"},
        timezone=_NEW_YORK, note="times without a zone are read as New York's",
    ),
    "fnspid": _preset(
        "FNSPID (Hugging Face)",
        {"published_at": "Date", "title": "Article_title", "body": "Article", "url": "Url", "publisher": "Publisher",
         "tags": "Stock_symbol"},
        kind="csv", note="many rows have a day and no time",
    ),
    "gdelt": _preset(
        "GDELT DOC 2.0: article list",
        {"published_at": "seendate", "title": "title", "url": "url", "publisher": "domain"},
        records="articles", note="the time is when GDELT saw the article; there are no tags",
    ),
    "marketaux": _preset(
        "Marketaux: news",
        {"published_at": "published_at", "title": "title", "body": "description", "url": "url", "publisher": "source",
         "tags": "entities.symbol", "id": "uuid"},
        records="data",
    ),
    "massive": _POLYGON,
    "newsapi": _preset(
        "NewsAPI: everything and top headlines",
        {"published_at": "publishedAt", "title": "title", "body": "description", "url": "url",
         "publisher": "source.name"},
        records="articles", note="there are no tags",
    ),
    "polygon": _POLYGON,
    "refinitiv": _preset(
        "Refinitiv (LSEG) headlines, `get_news_headlines` saved as CSV",
        {"published_at": "versionCreated", "title": "text", "id": "storyId", "publisher": "sourceCode"},
        kind="csv", note="there are no tags; the versions of a story share its id",
    ),
    "reuters": _preset(
        "Reuters stories by company and day, CSV without a header",
        {"tags": 0, "published_at": 2, "title": 3, "body": 4},
        Evidence.FILE, kind="csv", header=False, timezone=_NEW_YORK, publisher="Reuters", note="a day and no time",
    ),
    "stock-news-api": _preset(
        "Stock News API",
        {"published_at": "date", "title": "title", "body": "text", "url": "news_url", "publisher": "source_name",
         "tags": "tickers"},
        records="data", timezone=_NEW_YORK,
    ),
    "tiingo": _preset(
        "Tiingo: news",
        {"published_at": "publishedDate", "title": "title", "body": "description", "url": "url", "publisher": "source",
         "tags": "tickers", "id": "id"},
        tag_case="ignore",
    ),
    "twitter": _preset(
        "Twitter archives, API 1.1",
        {"published_at": "created_at", "title": "text", "tags": "entities.symbols.text", "id": "id_str",
         "publisher": "user.screen_name"},
        records="statuses", tag_case="ignore", date_format=_TWITTER_TIME,
        note="an archive whose text is in `full_text` wants `columns: {title: full_text}`",
    ),
    "x": _preset(
        "X (Twitter) archives, API 2",
        {"published_at": "created_at", "title": "text", "tags": "entities.cashtags.tag", "id": "id",
         "publisher": "author_id"},
        records="data", tag_case="ignore",
    ),
})  # fmt: skip


def apply_preset(
    where: str, entry: Mapping[str, object], presets: Mapping[str, Preset] = PRESETS
) -> Mapping[str, object]:
    """Return an entry of `news:` or `prices:` with the keys of its preset, if it names one.

    Raises
    ------
    ConfigError
        There is no preset of that name.
    """
    if "preset" not in entry:
        return entry
    name = entry["preset"]
    preset = presets.get(str(name))
    if preset is None:
        raise ConfigError(where, f"preset: {name!r} is unknown; known presets: {', '.join(presets)}")
    own = {key: value for key, value in entry.items() if key != "preset"}
    merged = {**preset.keys, **own}
    for key in ("columns", "synonyms"):
        columns = own.get(key, {})
        if isinstance(columns, Mapping):
            merged[key] = {**_columns(preset, key), **columns}
    return {key: value for key, value in merged.items() if key != "synonyms" or value}


def _columns(preset: Preset, key: str = "columns") -> Mapping[str, object]:
    columns = preset.keys.get(key)
    return columns if isinstance(columns, Mapping) else {}


_HEAD = """\
# Vendors

## News

Generated from `signals/config/presets.py`. A preset says how a vendor writes its news:

```yaml
news:
  - name: headlines
    preset: marketaux
    path: "marketaux/*.json"
```

It fills in the keys of this table. A key of the entry overrides it, and a column of `columns` replaces the column of
the same key. Whole replies, arrays and records on lines are read alike. The files are your own: nothing is fetched
from a vendor.

*Seen in* says what the preset was made from. A shape that was seen in documentation only has never met a real file
here: run `signals ingest` on one of yours, and look at `v_mentions` and `signals status`.

| preset | vendor | kind | records | columns | zone without one in the text | other keys | seen in | note |
|---|---|---|---|---|---|---|---|---|
"""


def vendors_page() -> str:
    """Return the part of the page of vendors that has the presets of news, in Markdown."""
    return _HEAD + "".join(_row(name, preset) for name, preset in PRESETS.items())


def _row(name: str, preset: Preset) -> str:
    keys = dict(preset.keys)
    kind, zone, records = (str(keys.pop(key, "")) for key in ("kind", "timezone", "records"))
    keys.pop("columns")
    columns = ", ".join(f"{key}: {column}" for key, column in _columns(preset).items())
    others = ", ".join(f"`{key}: {str(value).lower() if value is False else value}`" for key, value in keys.items())
    cells = [f"`{name}`", preset.title, f"`{kind}`", f"`{records}`" if records else "", f"`{columns}`", zone, others,
             preset.evidence.value, preset.note]  # fmt: skip
    return "| " + " | ".join(cells) + " |\n"
