"""The words, colours and shapes of the verdicts stand in one table, from which every output takes them."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from signals.reports import explanation, links_table, status
from signals.reports import format as written
from signals.reports import page as pages
from signals.reports.page import ticker
from signals.types import EventCount, Label, Verdict, Word
from tests.reports import test_explanation, test_status
from tests.reports.examples import LINK, REPORT
from tests.reports.test_page import NO_CHART

FOLDER = Path(pages.__file__).parent
SOURCES = sorted(path for path in FOLDER.parent.rglob("*.*") if path.suffix in {".py", ".js", ".css"})

#: The backgrounds that text stands on, light and dark.
SURFACES = ("paper", "panel", "wash")
TEXT_COLOURS = ("ink", "soft", "up", "down", "unexplained")
AA = 4.5


def with_one_more(verdicts: type[Verdict]) -> type[Word]:
    """Copy an enum of words with a further member."""
    members = {member.name: (member.value, member.label) for member in verdicts}
    members["BRAND_NEW"] = "brand_new", Label("it is new", "magenta", "#123456", "#abcdef", "square")
    make: Callable[[str, object], type[Word]] = Word  # type: ignore[assignment]  # the functional API of Enum
    return make("Verdict", members)


@pytest.fixture
def brand_new(monkeypatch: pytest.MonkeyPatch) -> type[Word]:
    """Add a verdict to the program."""
    verdicts = with_one_more(Verdict)
    for module in (explanation, links_table, pages, status, ticker, written):
        monkeypatch.setattr(module, "Verdict", verdicts)
    return verdicts


@pytest.mark.usefixtures("brand_new")
def test_a_further_verdict_appears_in_the_table_and_the_status() -> None:
    report = replace(REPORT, links=(replace(LINK, verdict="brand_new"),))
    written = [(line, style) for line, style in links_table.report_lines(report, 120) if line.endswith("brand new")]
    (row, style), total = written
    assert (row.split()[0], style) == ("market", "magenta")
    assert total == ("    1 brand new", "")
    lines = list(status.status_lines(replace(test_status.EMPTY, events=[EventCount("scored", "brand_new", 3)])))
    assert lines[-1] == ("           3 brand new", "magenta")


@pytest.mark.usefixtures("brand_new")
def test_a_further_verdict_appears_in_the_explanation() -> None:
    explained = test_explanation.explained()
    links = [replace(link, link=replace(link.link, verdict="brand_new")) for link in explained.tickers[0].links]
    explained = replace(explained, tickers=[replace(explained.tickers[0], links=links)])
    assert ("Link abc/GAZP/market/0..0: brand new", "bold") in list(explanation.explanation_lines(explained))


@pytest.mark.usefixtures("brand_new")
def test_a_further_verdict_appears_in_the_page() -> None:
    text = ticker.ticker_page(REPORT, NO_CHART, ["verdict"])
    assert ".v-brand_new { color: light-dark(#123456, #abcdef); }" in text
    data = json.loads(re.search(r'id="data">(.*?)</script>', text)[1])  # type: ignore[index]
    assert data["verdicts"][-1] == {
        "word": "brand_new", "text": "brand new", "meaning": "it is new", "shape": "square",
    }  # fmt: skip
    assert [verdict["word"] for verdict in data["verdicts"]] == [*Verdict, "brand_new"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_verdict_and_no_colour_of_one_is_written_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    phrases = [verdict.value for verdict in Verdict if "_" in verdict.value]
    colours = [colour for verdict in Verdict for colour in (verdict.label.light, verdict.label.dark)]
    assert [word for word in (*phrases, *colours) if word in text] == []
    assert re.findall(r"(?:verdict|VERDICTS?)\W+===?\W+['\"]|Verdict\.[A-Z]", text) == []


# --- contrast (WCAG 2.2, 1.4.3) -------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def declared(name: str) -> tuple[str, str]:
    """Return the light and the dark value of a property of the style sheet."""
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    light, dark = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", css).groups()  # type: ignore[union-attr]
    return light, dark


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("surface", SURFACES)
def test_a_verdict_is_readable_on_light_and_dark_pages(verdict: Verdict, surface: str) -> None:
    light, dark = declared(surface)
    assert contrast(verdict.label.light, light) >= AA
    assert contrast(verdict.label.dark, dark) >= AA


@pytest.mark.parametrize("name", TEXT_COLOURS)
@pytest.mark.parametrize("surface", SURFACES)
def test_text_is_readable_on_light_and_dark_pages(name: str, surface: str) -> None:
    for colour, background in zip(declared(name), declared(surface), strict=True):
        assert contrast(colour, background) >= AA


def test_shapes_are_those_that_the_script_and_the_style_draw() -> None:
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    assert {verdict.label.shape for verdict in Verdict} <= {"circle", "ring", "square", "diamond"}
    assert all(f".dot.{shape}" in css for shape in ("circle", "ring", "diamond"))
