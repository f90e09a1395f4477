"""The kind of source that a configuration entry opens."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from signals.errors import ConfigError
from signals.prices import KINDS, open_source
from signals.types import ActionsSpec, CsvDialect, PriceSpec

PLUGIN = """
from signals.prices.files import FileSource

def factory(spec, root):
    return FileSource(spec, root / "plugged")
"""


def test_importing_the_package_imports_no_kind() -> None:
    code = "import sys, signals.prices; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {*(target.partition(":")[0] for target in KINDS.values()), "pandas"} & set(done.stdout.split())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_opens_under_its_name(kind: str, tmp_path: Path) -> None:
    source = open_source(PriceSpec("mine", kind, path="{symbol}.csv"), tmp_path)
    assert (source.name, source.interval) == ("mine", "1d")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_held_to_the_contract(kind: str) -> None:
    source = KINDS[kind].partition(":")[2]
    modules = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    assert any(source in text and "(SourceContract):" in text for text in modules)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (PriceSpec("mine", "cvs"), "prices[mine].kind: 'cvs' is unknown; known kinds: csv, moex, yahoo"),
        (PriceSpec("mine", "csv"), "prices[mine].path: is missing"),
        (PriceSpec("mine", "csv", path="a", interval="daily"), "prices[mine].interval: 'daily' is not an interval"),
        (PriceSpec("mine", "csv", path="a", dialect=CsvDialect(delimiter="||")), "prices[mine].delimiter: '||' is not"),
        (
            PriceSpec("mine", "csv", path="a", dialect=CsvDialect(columns={"clsoe": "C"})),
            "prices[mine].columns.clsoe: this key is unknown; known keys: symbol, date, open",
        ),
        (
            PriceSpec("mine", "csv", path="a", actions=ActionsSpec("b", {"date": "d"})),
            "prices[mine].actions.columns.date: this key is unknown; known keys: symbol, ex_date",
        ),
        (
            PriceSpec("mine", "csv", path="a", dialect=CsvDialect(thousands=",", decimal=",")),
            "prices[mine].thousands: ',' is `decimal` too; set both",
        ),
        (PriceSpec("mine", "yahoo", interval="10m"), "interval: yahoo does not serve 10m; write one of 1d, 1m, 2m, 5m"),
        (PriceSpec("mine", "moex", interval="5m"), "interval: moex does not serve 5m; write one of 1d, 1m, 10m, 1h"),
        (PriceSpec("mine", "moex", delay=-1), "prices[mine].delay: -1 is less than 0"),
        (PriceSpec("mine", "moex", at_once=0), "prices[mine].at_once: 0 is less than 1"),
        (PriceSpec("mine", "csv", path="a", dialect=CsvDialect(encoding="koi")), "prices[mine].encoding: 'koi' is not"),
    ],
)
def test_an_entry_that_cannot_be_opened_says_why(spec: PriceSpec, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_source(spec, tmp_path)
    assert sentence in str(caught.value)


def test_another_package_adds_a_kind_by_an_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    (site / "theirs-1.0.dist-info").mkdir(parents=True)
    (site / "theirs.py").write_text(PLUGIN)
    (site / "theirs-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (site / "theirs-1.0.dist-info" / "entry_points.txt").write_text("[signals.prices]\ntheirs = theirs:factory\n")
    monkeypatch.syspath_prepend(site)
    (tmp_path / "plugged").mkdir()
    (tmp_path / "plugged" / "X.csv").write_text("date,close\n2015-01-20,145.75\n")
    source = open_source(PriceSpec("mine", "theirs", path="{symbol}.csv"), tmp_path)
    history = source.history("X", date(2015, 1, 1), date(2015, 2, 1), datetime(2015, 2, 1, tzinfo=UTC))
    assert history.bars.close.tolist() == [145.75]
    sys.modules.pop("theirs", None)
