"""The source that docs/prices.md shows is run as another package's and passes the contract."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from signals.prices import KINDS, open_source
from signals.prices.moex import CANDLES
from signals.prices.yahoo import DEPTH
from signals.types import PriceSource, PriceSpec
from tests.prices import market
from tests.prices.contract import SourceContract
from tests.prices.market import DAYS, SYMBOL

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "prices.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


def row(day: market.Day) -> str:
    values = {name: getattr(day, name) for name in ("open", "high", "low", "close", "volume")}
    values |= {"dividend": market.DIVIDEND} if day.session == market.DIVIDEND_DAY else {}
    values |= {"split": market.SPLIT} if day.session == market.SPLIT_DAY else {}
    return json.dumps({"date": str(day.session), **values})


class TestTheSourceOfTheDocument(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PriceSource]:
        group, entry = re.findall(r'^\[project\.entry-points\."(.+)"\]\n(.+)$', block("toml"), re.MULTILINE)[0]
        installed = tmp_path / "site" / "jsonlines-1.0.dist-info"
        installed.mkdir(parents=True)
        (installed.parent / "jsonlines.py").write_text(block("python"))
        (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: jsonlines\nVersion: 1.0\n")
        (installed / "entry_points.txt").write_text(f"[{group}]\n{entry.replace(chr(34), '')}\n")
        monkeypatch.syspath_prepend(installed.parent)
        (tmp_path / "bars").mkdir()
        (tmp_path / "bars" / f"{SYMBOL}.jsonl").write_text("\n".join(map(row, DAYS)))
        yield open_source(PriceSpec("vendor", "jsonlines", path="bars"), tmp_path)
        sys.modules.pop("jsonlines", None)


def test_the_source_of_the_document_is_short() -> None:
    assert len(block("python").splitlines()) < 40


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_section_with_terms_and_depth(kind: str) -> None:
    section = re.search(rf"^## {kind}: .*?(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert section
    assert "- Terms: " in section[0]
    assert "- Depth: " in section[0]
    for interval in {"moex": CANDLES, "yahoo": DEPTH}.get(kind, {}):
        assert f"`{interval}`" in section[0]
