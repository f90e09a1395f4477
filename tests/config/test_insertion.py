"""Instruments written into the text of a configuration."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.config import NotExtendableError, add_instruments, example, load
from signals.config.insertion import entry_lines, inserted, scalar
from signals.errors import ConfigError
from signals.types import Alias, Instrument, Scheme

ACME = Instrument("ACME", "Acme Corp", "XAMS", "EUR", benchmark="AEX", symbols={"local": "ACME"})
PRICES = 'prices:\n  - {name: local, kind: csv, path: "{symbol}.csv"}\n'
AEX = "AEX: {name: AEX, mic: XAMS, currency: EUR, kind: index, symbols: {local: AEX}}"

KEYS = "mic: XAMS\n    currency: EUR"
OLD = "&old {name: Old, mic: XAMS, currency: EUR}"

#: Layouts of a file that has the index AEX and the price source `local`.
LAYOUTS = {
    "at the end": f"{PRICES}instruments:\n  {AEX}\n",
    "before others": f"instruments:\n  {AEX}\n\n# Prices.\n{PRICES}",
    "wide indentation": f"instruments:\n      {AEX}\n{PRICES}",
    "no newline at the end": f"{PRICES}instruments:\n  {AEX}",
    "comments": f"# A\ninstruments:   # the list\n  # one:\n  {AEX}   # x\n  # OLD: {{name: x}}\n\n\n# B\n{PRICES}# C",
    "tabs in comments": f"#\tA\ninstruments:\n  {AEX}\t#\tindex\n#\tB\n{PRICES}",
    "carriage returns": f"instruments:\r\n  {AEX}\r\n\r\n# B\r\n" + PRICES.replace("\n", "\r\n"),
    "a byte order mark": f"\ufeffinstruments:\n  {AEX}\n{PRICES}",
    "a start of the document": f"---\ninstruments:\n  {AEX}\n{PRICES}...\n",
    "an end after the section": f"---\n{PRICES}instruments:\n  {AEX}\n...\n",
    "quoted keys": f'"instruments":\n  "AEX": {AEX[5:]}\n{PRICES}',
    "a block of keys": f"instruments:\n  AEX:\n    name: AEX\n    {KEYS}\n\n    kind: index\n{PRICES}",
    "a list at its end": f"instruments:\n  AEX:\n    name: AEX\n    {KEYS}\n    aliases:\n    - A\n    - B\n{PRICES}",
    "a text in lines": f"instruments:\n  AEX:\n    {KEYS}\n    name: |\n      AEX\n      # no comment\n\n{PRICES}",
    "a text in lines at the end": f"{PRICES}instruments:\n  AEX:\n    {KEYS}\n    name: >-\n      AEX\n      # no",
    "braces in lines": f"instruments:\n  AEX: {{name: AEX, mic: XAMS,\n    currency: EUR,  # x\n  }}\n# B\n{PRICES}",
    "anchors": f"instruments:\n  OLD: {OLD}\n  {AEX}\n  A:\n    <<: *old\n    name: A\n  TWIN: *old\n# B\n{PRICES}",
    "an indented file": f"  instruments:\n    {AEX}\n\n  # B\n  prices:\n    - {{name: local, kind: csv, path: x}}\n",
    "Cyrillic": f"# Бумаги\ninstruments:\n  {AEX}  # индекс\nprices: [{{name: local, kind: csv, path: x}}]  # цены\n",
}  # fmt: skip

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).filter(
    lambda text: text == text.strip() and text.isprintable() and not set(text) & set("/\\")
)
odd = st.sampled_from(
    ["ON", "NO", "Y", "0700", "1e5", "null", "~", "1:30", "0x1F", "nan", "<<", "=", "-", "A: B", "#X"]
)
labels = (odd | texts).filter(lambda text: text != "AEX")
instruments = st.builds(
    Instrument,
    ticker=labels,
    name=odd | texts,
    mic=st.just("XAMS"),
    currency=st.just("EUR"),
    kind=st.sampled_from(["equity", "etf"]),
    benchmark=st.sampled_from([None, "AEX"]),
    symbols=st.dictionaries(st.just("local"), odd | texts),
    aliases=st.lists(st.builds(Alias, odd | texts, st.sampled_from(Scheme)), max_size=2).map(tuple),
    issuer=st.just("") | odd,
)


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_bytes(text.encode("utf-8"))
    return path


def lines_of(path: Path) -> list[bytes]:
    """The lines of a file, without the newline that its last line may lack."""
    return path.read_bytes().removesuffix(b"\n").split(b"\n")


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=10)
@given(new=instruments)
def test_the_file_loads_as_before_with_the_instrument_and_every_other_line_stays(
    tmp_path_factory: pytest.TempPathFactory, layout: str, new: Instrument
) -> None:
    path = write(tmp_path_factory.mktemp("layout"), LAYOUTS[layout])
    before, old = load(path), lines_of(path)
    after = add_instruments(path, [new])
    assert after.instruments == load(path).instruments
    assert after.instruments[-1] == new
    assert after.instruments[:-1] == before.instruments
    assert (after.prices, after.studies) == (before.prices, before.studies)
    lines, count = lines_of(path), len(entry_lines(new))
    at = next(n for n in range(len(old) + 1) if lines[:n] == old[:n] and lines[n + count :] == old[n:])
    assert all(line.endswith(b"\r") for line in lines[at : at + count]) == (b"\r" in old[0])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", "instruments:\n{}"),
        ("# only a comment", "# only a comment\ninstruments:\n{}"),
        ("database: x.db\n\n# End.\n", "database: x.db\ninstruments:\n{}\n# End.\n"),
        ("instruments:\n# none yet\ndatabase: x.db\n", "instruments:\n{}# none yet\ndatabase: x.db\n"),
        ("instruments: {}  # none\ndatabase: x.db\n", "instruments:  # none\n{}database: x.db\n"),
        ("instruments: null\n", "instruments:\n{}"),
    ],
)
def test_a_section_that_is_missing_or_empty_is_made(text: str, result: str) -> None:
    entry = "".join(f"  {line}\n" for line in entry_lines(ACME))
    assert inserted(text, [ACME]) == result.replace("{}", entry)


def test_an_entry_is_written_as_people_write_it() -> None:
    new = Instrument(
        "0700", "Tencent Holdings", "XHKG", "HKD", benchmark="HSI", symbols={"yahoo-daily": "0700.HK"},
        aliases=(Alias("KYG875721634", Scheme.ISIN),),
    )  # fmt: skip
    assert entry_lines(new) == [
        '"0700":',
        "  name: Tencent Holdings",
        "  mic: XHKG",
        "  currency: HKD",
        "  benchmark: HSI",
        '  symbols: {yahoo-daily: "0700.HK"}',
        "  aliases:",
        "    - {text: KYG875721634, scheme: isin}",
    ]


def test_the_unit_of_the_prices_stays_the_unit() -> None:
    assert "currency: GBp" in " ".join(entry_lines(Instrument("VOD", "Vodafone", "XLON", "GBP", quoted_in="GBp")))


@given(odd | texts)
def test_a_scalar_is_the_same_text_for_every_reader(text: str) -> None:
    assert yaml.safe_load(f"{{{scalar(text)}: [{scalar(text)}]}}") == {text: [text]}


@pytest.mark.parametrize(
    "text",
    [
        f"instruments: {{{AEX}}}\n{PRICES}",
        f"{{instruments: {{{AEX}}}, prices: [{{name: local, kind: csv, path: x}}]}}\n",
        f"{PRICES}instruments:\n  ? AEX\n  : {AEX[5:]}\n",
    ],
)
def test_a_file_that_cannot_be_extended_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(NotExtendableError, match=r"config.yaml: no entry can be added.*paste") as caught:
        add_instruments(path, [ACME])
    assert caught.value.exit_code == 1
    assert path.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


def test_an_instrument_that_the_configuration_refuses_is_not_written(tmp_path: Path) -> None:
    path = write(tmp_path, LAYOUTS["at the end"])
    with pytest.raises(ConfigError, match=r"config.yaml: instruments.ACME.benchmark: 'NONE' is not"):
        add_instruments(path, [Instrument("ACME", "Acme", "XAMS", "EUR", benchmark="NONE")])
    assert path.read_text(encoding="utf-8") == LAYOUTS["at the end"]


def test_an_instrument_and_its_benchmark_are_written_together_through_a_link(tmp_path: Path) -> None:
    path = write(tmp_path, PRICES)
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    index = Instrument("AEX", "AEX", "XAMS", "EUR", "index", symbols={"local": "AEX"})
    assert add_instruments(link, [ACME, index]).instruments == (ACME, index)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert load(path).instruments == (ACME, index)


def test_the_configuration_of_init_is_extended_after_its_last_instrument(tmp_path: Path) -> None:
    path = write(tmp_path, example())
    after = add_instruments(path, [Instrument("ACME", "Acme", "XNAS", "USD", benchmark="SPY")])
    assert [one.ticker for one in after.instruments][-2:] == ["SPY", "ACME"]
    entry = "  ACME:\n    name: Acme\n    mic: XNAS\n    currency: USD\n    benchmark: SPY\n"
    assert path.read_text(encoding="utf-8").replace(entry, "") == example()


def test_a_section_whose_entries_are_all_comments_is_as_if_it_were_missing(tmp_path: Path) -> None:
    path = write(tmp_path, f"instruments:\n  # {AEX}\nnews:\n  # - none\n{PRICES}")
    assert (load(path).instruments, load(path).news) == ((), ())
    assert add_instruments(path, [Instrument("A", "A", "XAMS", "EUR")]).instruments[0].ticker == "A"
