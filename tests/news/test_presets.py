"""Every preset of a vendor reads a file in the vendor's shape, whole and line by line; the files are made up here."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signals.config import load
from signals.config.presets import PRESETS, Evidence
from signals.errors import ConfigError
from signals.news import open_source
from signals.tickers.resolver import Resolver
from signals.types import Article, Document, Precision, Refusal
from tests.news.newsroom import NOW

SAMPLES = {path.stem: path for path in (Path(__file__).parent / "vendors").iterdir()}
TITLES = ["Calder Works hires two hundred", "Vostok Rail orders ninety locomotives"]
TIMES = [datetime(2020, 2, 3, 14, 15, tzinfo=UTC), datetime(2020, 2, 4, 21, 5, tzinfo=UTC)]
TAGGED_ONCE = ("benzinga-csv", "fmp", "fnspid", "reuters")
UNTAGGED = ("gdelt", "newsapi", "refinitiv")

CONFIG = """
database: sqlite:///signals.db
instruments:
  CLD: {{name: Calder Works, mic: XNYS, currency: USD}}
  VSTK: {{name: Vostok Rail, mic: XNAS, currency: USD}}
news:
  - name: vendor
    preset: {preset}
    path: "{path}"
{more}
"""


def read(folder: Path, preset: str, payload: str, suffix: str, more: str = "") -> tuple[Resolver, Sequence[Article]]:
    (folder / f"news{suffix}").write_text(payload, encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG.format(preset=preset, path=f"news{suffix}", more=more), encoding="utf-8")
    config = load(folder / "config.yaml")
    source = open_source(config.news[0], folder)
    documents = [item for item in source.fetch({}, NOW) if isinstance(item, Document)]
    outcomes = [item for document in documents for item in source.parse(document)]
    assert not [item for item in outcomes if isinstance(item, Refusal)], outcomes
    return Resolver(config.instruments), [item for item in outcomes if isinstance(item, Article)]


def check(preset: str, resolver: Resolver, articles: Sequence[Article]) -> None:
    assert [article.title for article in articles] == TITLES
    for article, at in zip(articles, TIMES, strict=True):
        if preset == "reuters":
            assert (article.stamp.precision, article.stamp.wall.date()) == (Precision.DAY, at.date())
        else:
            assert article.stamp.at.replace(microsecond=0) == at
    tagged = [{m.ticker for m in resolver.mentions(a) if m.where == "tags" and m.ticker} for a in articles]
    expected = [{"CLD"}, {"VSTK"} if preset in TAGGED_ONCE else {"VSTK", "CLD"}]
    assert tagged == ([set(), set()] if preset in UNTAGGED else expected)


def test_every_preset_has_a_sample_and_every_sample_a_preset() -> None:
    assert set(SAMPLES) == set(PRESETS)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_reads_a_file_as_the_vendor_sends_it(preset: str, tmp_path: Path) -> None:
    sample = SAMPLES[preset]
    check(preset, *read(tmp_path, preset, sample.read_text(encoding="utf-8"), sample.suffix))


@pytest.mark.parametrize("preset", [name for name in PRESETS if SAMPLES[name].suffix == ".json"])
def test_a_preset_reads_the_records_of_a_vendor_on_lines_and_in_an_array(preset: str, tmp_path: Path) -> None:
    reply = json.loads(SAMPLES[preset].read_text(encoding="utf-8"))
    records = reply[str(PRESETS[preset].keys["records"])] if isinstance(reply, dict) else reply
    lines = "\n".join(map(json.dumps, records)) + "\n"
    check(preset, *read(tmp_path, preset, lines, ".jsonl"))
    check(preset, *read(tmp_path, preset, json.dumps(records, indent=2), ".json"))
    replies = "\n".join(json.dumps({**reply, str(PRESETS[preset].keys["records"]): [record]}) for record in records
                        ) if isinstance(reply, dict) else lines  # fmt: skip
    check(preset, *read(tmp_path, preset, replies, ".txt"))


def test_keys_of_the_entry_override_those_of_the_preset(tmp_path: Path) -> None:
    record = json.dumps({"data": [{"title": "Old", "head": "Calder Works hires", "published_at": "2020-02-03 09:15"}]})
    more = "    timezone: America/New_York\n    columns: {title: head}"
    _, (article,) = read(tmp_path, "marketaux", record, ".json", more)
    assert (article.title, article.stamp.at.hour, article.stamp.zone) == ("Calder Works hires", 14, "America/New_York")


def test_an_unknown_preset_is_an_error_that_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"news\[vendor\]\.preset: 'telex' is unknown; known presets: alpaca, alpha-"):
        read(tmp_path, "telex", "", ".json")


def test_a_preset_from_documentation_says_so() -> None:
    assert {name for name, preset in PRESETS.items() if preset.evidence is Evidence.FILE} == {"benzinga-csv", "reuters"}
