"""The page in a real browser: it draws, sorts and filters without an error, and no headline comes to life."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signals.answers.explain import explain
from signals.answers.report import chart, overview, report
from signals.app import App
from signals.reports.format import chance, percent, probability
from signals.reports.page import Each, Packed, Same, Words, document, element, embedded, packed
from signals.reports.page import ticker as ticker_module
from signals.reports.page.explanation_page import explanation_page
from signals.reports.page.index import index_page
from signals.reports.page.ticker import ticker_page
from signals.store.queries import LinkFilters
from signals.store.views import LINKS
from signals.types import AveragePoint, AverageTest, Chart, PricePoint, RefusedTag, Reliability, Verdict
from tests.reports.chromium import chromium
from tests.reports.examples import AVERAGE, INSTRUMENT, LINK, REPORT, SESSION, UNSCORED
from tests.worlds import links_of

HOSTILE = (
    "</script><script>window.hit=1</script>",
    '<img src=x onerror="window.hit=1">',
    '"><svg onload=window.hit=1>',
    "javascript:window.hit=1",
    "\u202egnihton\x1b[2J {{7*7}} ${7*7}",
    "北朝鮮がロシアに 'сигнал'",
)
NO_CHART = Chart((), (), {}, {})
SHOWN: dict[str, Any] = {"study": "market", "window": "0..0"}  # what a page of the demo opens with


def page(app: App, ticker: str = "GAZP", **changes: Any) -> str:
    answer = replace(report(app, ticker, LinkFilters()), **changes)
    return ticker_page(answer, chart(app, answer), LINKS.names)


def hostile(app: App) -> str:
    """Return a page whose texts try to become markup."""
    links = links_of(app, ticker="GAZP")
    articles = list(dict.fromkeys(link.article_id for link in links))
    names = {article: HOSTILE[n % len(HOSTILE)] for n, article in enumerate(articles)}
    changed = [
        replace(link, title=names[link.article_id], publisher=HOSTILE[0], tag=HOSTILE[1], source=HOSTILE[2],
                url=HOSTILE[3])
        for link in links
    ]  # fmt: skip
    return page(app, links=changed, refused_tags=[RefusedTag(HOSTILE[1], "unknown_tag", HOSTILE[0], 1, "a")])


def thousand(app: App) -> str:
    """Return a page of a thousand articles: the demo's again and again."""
    answer = report(app, "GAZP", LinkFilters(**SHOWN))
    rows = answer.links
    links = [
        replace(row, article_id=f"a{n:04}{row.article_id}", link_id=f"{n}/{row.link_id}",
                title=f"{row.title} number {n}", published_at=row.published_at - timedelta(minutes=n))
        for n, row in ((n, rows[n % len(rows)]) for n in range(1000))
    ]  # fmt: skip
    return ticker_page(replace(answer, links=links), chart(app, answer), LINKS.names)


# --- the parts of a page --------------------------------------------------------------------------------------------


def data_in(text: str) -> dict[str, Any]:
    """Read the data out of a page."""
    data: dict[str, Any] = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])  # type: ignore[index]
    return data


def rows_in(text: str) -> list[dict[str, Any]]:
    """Read the links out of a page, as its script does."""
    links = data_in(text)["links"]

    def value(column: dict[str, Any], n: int) -> Any:
        if "same" in column:
            return column["same"]
        return column["words"][column["of"][n]] if "words" in column else column["each"][n]

    return [{name: value(column, n) for name, column in links["columns"].items()} for n in range(links["rows"])]


def test_columns_are_packed_by_what_they_hold() -> None:
    rows = [replace(LINK, title=title, car=car) for title, car in (("x", 0.1), ("y", None), ("x", 0.1))]
    assert packed(rows, ["ticker", "title", "car"], local=["a", "a", "b"]) == Packed(
        3,
        {
            "ticker": Same("GAZP"),
            "title": Words(["x", "y"], [0, 1, 0]),
            "car": Each((0.1, None, 0.1)),
            "local": Words(["a", "b"], [0, 0, 1]),
        },
    )


def test_a_flag_is_not_the_number_that_equals_it() -> None:
    assert packed([replace(LINK, ret=1.0), replace(LINK, ret=1)], ["ret"]).columns == {"ret": Each((1.0, 1))}


def test_no_rows_are_packed_too() -> None:
    assert packed([], ["ticker", "car"]) == Packed(0, {"ticker": Same(None), "car": Same(None)})


def test_an_element_has_text_and_attributes_without_markup() -> None:
    assert element("a", "<b>", href='"x"', class_="y") == '<a href="&quot;x&quot;" class="y">&lt;b&gt;</a>'


def test_embedded_text_cannot_end_its_script() -> None:
    assert json.loads(embedded({"a": "</script>\u2028&"})) == {"a": "</script>\u2028&"}
    assert not set("<>&\u2028\u2029") & set(embedded({"a": "</script>\u2028\u2029&"}))


def test_the_policy_allows_the_style_and_the_script_of_the_page_alone() -> None:
    text = document("Title", "<p>body</p>", "page.js", {})
    for directive, tag in (("style-src", "<style>"), ("script-src", "<script>")):
        code = re.search(f"{tag}(.*?)</{tag[1:]}", text, re.DOTALL)[1]  # type: ignore[index]
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in text
    assert "script-src" not in document("Title", "<p>body</p>")


# --- the page of a ticker -------------------------------------------------------------------------------------------


def test_the_head_has_the_instrument_and_its_base_rate() -> None:
    text = ticker_page(REPORT, NO_CHART, ["verdict"])
    assert '<p class="soft">MISX · RUB · benchmark IMOEX</p>' in text
    assert "Typical daily move 1.10% (median); 5% of days exceed 4.10%." in text
    assert "<dt>prices to</dt><dd>2015-01-21</dd>" in text


def test_an_instrument_without_anything_has_a_page_too() -> None:
    bare = replace(INSTRUMENT, measured_sessions=None, benchmark=None, last_bar=None)
    fresh = replace(REPORT.freshness, news_to=None, last_run=None)
    text = ticker_page(replace(REPORT, instrument=bare, freshness=fresh, links=(), refused_tags=()), NO_CHART, ["ret"])
    assert text.count("<dd>none</dd>") == 3
    assert "no benchmark" in text
    assert "Typical" not in text
    assert "0 links" in text


def test_the_tables_below_the_articles() -> None:
    without = replace(
        AVERAGE, group="tag=X", tests=(AverageTest("adjusted_bmp", None, None, 1, "fewer than 5 events"),)
    )
    text = ticker_page(replace(REPORT, averages=(AVERAGE, without), unscored=(UNSCORED,)), NO_CHART, ["verdict"])
    rows = re.findall("<tr><td>(.*)</td></tr>", text)
    assert [row.split("</td><td>") for row in rows] == [
        ["market", "0..0", "all", "7", "+1.00%", "+2.00%", "0.200", "adjusted_bmp", "rank 0.300"],
        ["market", "0..0", "tag=X", "7", "+1.00%", "+2.00%", "", "fewer than 5 events", ""],
        ["2015-01-21", "market", "0..5", "pending", "window open", "until 2015-01-28 has closed"],
        ["NG", "unknown tag", "", "1"],
    ]


def test_a_page_holds_the_newest_links_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker_module, "MOST_LINKS", 2)
    text = ticker_page(replace(REPORT, links=(LINK,) * 3), NO_CHART, ["verdict"])
    assert "The newest 2 of 3 links; csv and json hold all." in text
    assert data_in(text)["links"]["rows"] == 2


def test_the_charts_have_their_points_as_lists() -> None:
    day = LINK.day_zero
    drawn = Chart([PricePoint(day, 100.0, 0.01, None)], [-1, 0], {"market": {"e": [0.0, None]}},
                  {"market": [AveragePoint(0.0, None, 3)]}, [Reliability(0.1, 0.2, 0.05, 7)])  # fmt: skip
    data = data_in(ticker_page(replace(REPORT, unusual=(SESSION, replace(SESSION, explained=0))), drawn, ["verdict"]))
    assert data["chart"] == {
        "prices": [["2015-01-21", 100.0, 0.01, None]], "offsets": [-1, 0], "paths": {"market": {"e": [0.0, None]}},
        "average": {"market": [[0.0, None, 3]]}, "chance": [[0.1, 0.2, 0.05, 7]],
    }  # fmt: skip
    assert data["unexplained"] == [["2015-01-21", 0.004]]


def test_the_page_holds_the_links_to_the_last_bit(demo_app: App) -> None:
    for ours, theirs in zip(links_of(demo_app, ticker="GAZP"), rows_in(page(demo_app)), strict=True):
        for name in ("link_id", "title", "ret", "car", "p_value", "q_value", "verdict", "story_rank", "tradable"):
            assert theirs[name] == getattr(ours, name)


def test_texts_cannot_end_the_script_that_they_stand_in(demo_app: App) -> None:
    text = hostile(demo_app)
    assert text.count("<script") == text.count("</script>") == 2
    assert "onerror=" not in re.sub(r'id="data">.*?</script>', "", text, flags=re.DOTALL).replace("onerror=&quot;", "")


def test_a_page_asks_the_network_for_nothing(demo_app: App) -> None:
    text = page(demo_app)
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|@import|url\(', text) == []
    assert "default-src 'none'" in text


def test_a_thousand_links_stay_under_three_megabytes(demo_app: App) -> None:
    assert len(thousand(demo_app).encode()) < 3_000_000


def test_an_instrument_without_links_has_a_page_too(demo_app: App) -> None:
    assert "IMOEX" in page(demo_app, "IMOEX")


# --- in the browser -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def opened(browser: Any, folder: Path, text: str) -> Any:
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    browser.get(path.as_uri())
    return browser


def errors(browser: Any) -> list[Any]:
    return [entry for entry in browser.get_log("browser") if "favicon" not in entry["message"]]


def texts(browser: Any, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"
    return list(browser.execute_script(script, selector))


def test_the_charts_are_drawn_without_an_error(browser: Any, demo_app: App, tmp_path: Path) -> None:
    opened(browser, tmp_path, page(demo_app))
    assert errors(browser) == []
    links = links_of(demo_app, ticker="GAZP", **SHOWN)
    assert len(texts(browser, "#prices .marker")) == len({link.event_id for link in links if link.ret is not None})
    for line in (
        "#prices path.own",
        "#prices path.bench",
        "#average path.band",
        "#calibration path.own",
        "#card path.band",
    ):
        drawn = browser.execute_script("return document.querySelector(arguments[0]).getTotalLength()", line)
        assert drawn > 50, line
    assert sum(map(int, texts(browser, "#verdicts .num"))) == len({link.event_id for link in links})
    assert browser.find_elements("css selector", "#chance circle")


def test_the_table_shows_the_numbers_of_the_report(browser: Any, demo_app: App, tmp_path: Path) -> None:
    opened(browser, tmp_path, page(demo_app))
    links = links_of(demo_app, ticker="GAZP", **SHOWN)
    cells = [texts(browser, f'tr[data-link="{link.link_id}"] td.num') for link in links]
    assert cells == [
        [percent(link.ret), percent(link.benchmark_ret), percent(link.car), chance(link.local_fdr),
         probability(link.p_value), probability(link.q_value)]
        for link in links
    ]  # fmt: skip


def test_columns_sort_and_words_filter(browser: Any, demo_app: App, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    opened(browser, tmp_path, page(demo_app))
    links = links_of(demo_app, ticker="GAZP", **SHOWN)
    browser.find_element(By.CSS_SELECTOR, '[data-sort="p_value"]').send_keys(Keys.ENTER)
    ascending = sorted(link.p_value for link in links if link.p_value is not None)
    assert texts(browser, "#rows td:nth-child(8)")[: len(ascending)] == [probability(p) for p in ascending]
    browser.find_element(By.ID, "words").send_keys("compressor update")
    titles = [link.title for link in links if "compressor" in link.title and "UPDATE" in link.title]
    assert len(titles) == len(texts(browser, "#rows tr")) > 0
    browser.find_element(By.ID, "words").send_keys(Keys.CONTROL, "a", Keys.BACKSPACE)
    browser.find_element(By.CSS_SELECTOR, '[data-verdict="move"]').click()
    others = [link for link in links if link.verdict != "move"]
    assert texts(browser, "#count") == [f"{len(others)} of {len(links)} articles"]
    assert errors(browser) == []


def test_a_row_and_the_arrow_keys_choose_the_card(browser: Any, demo_app: App, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    opened(browser, tmp_path, page(demo_app))
    last = browser.find_elements(By.CSS_SELECTOR, "#rows tr")[-1]
    last.send_keys(Keys.ENTER)
    assert texts(browser, "#card h3")[0] in texts(browser, "#rows tr:last-child .headline")[0]
    before = texts(browser, "#card code")
    browser.find_element(By.ID, "prices").send_keys(Keys.ARROW_RIGHT)
    assert texts(browser, "#card code") != before
    assert texts(browser, "#prices .tip b") == [texts(browser, "#card .flags li")[0].split()[2].strip(",")]


def test_hostile_headlines_are_text(browser: Any, demo_app: App, tmp_path: Path) -> None:
    opened(browser, tmp_path, hostile(demo_app))
    assert errors(browser) == []
    assert browser.execute_script("return window.hit") is None
    assert HOSTILE[0] in texts(browser, "td.headline")[0]
    assert texts(browser, "#card h3 a, img, td.headline svg") == []


def test_what_a_headline_might_add_the_policy_forbids(browser: Any, demo_app: App, tmp_path: Path) -> None:
    opened(browser, tmp_path, page(demo_app))
    browser.execute_script("document.body.insertAdjacentHTML('beforeend', arguments[0])", HOSTILE[1])
    assert browser.execute_script("return window.hit") is None
    assert "Content Security Policy" in errors(browser)[0]["message"]


def test_a_thousand_links_are_there(browser: Any, demo_app: App, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By

    opened(browser, tmp_path, thousand(demo_app))
    assert texts(browser, "#count") == ["1,000 of 1,000 articles"]
    browser.find_element(By.ID, "more").click()
    assert len(texts(browser, "#rows tr")) == 1000
    assert errors(browser) == []


def test_dark_light_and_print(browser: Any, demo_app: App, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By

    opened(browser, tmp_path, page(demo_app))
    paper = "return getComputedStyle(document.body).backgroundColor"
    light = browser.execute_script(paper)
    browser.find_element(By.ID, "theme").click()
    assert browser.execute_script(paper) != light
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script(paper) == "rgb(255, 255, 255)"
    assert not browser.find_element(By.CSS_SELECTOR, ".controls").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_verdicts_have_the_colour_the_text_and_the_shape_of_their_label(
    browser: Any, demo_app: App, tmp_path: Path
) -> None:
    opened(browser, tmp_path, page(demo_app))
    present = {link.verdict for link in links_of(demo_app, ticker="GAZP")}
    verdicts = [verdict for verdict in Verdict if verdict in present]
    assert texts(browser, "#chips button span:last-child") == [verdict.text for verdict in verdicts]
    colour = "return getComputedStyle(document.querySelector(`#chips [data-verdict=${arguments[0]}]`)).color"
    for theme in ("light", "dark"):
        browser.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
        for verdict in verdicts:
            expected = verdict.label.light if theme == "light" else verdict.label.dark
            red, green, blue = (int(expected[n : n + 2], 16) for n in (1, 3, 5))
            assert browser.execute_script(colour, verdict.value) == f"rgb({red}, {green}, {blue})"
    shapes = "return [...document.querySelectorAll('#chips .dot')].map(e => e.classList[1])"
    assert browser.execute_script(shapes) == [verdict.label.shape for verdict in verdicts]


def test_the_card_names_the_tie_and_the_day_zero(browser: Any, demo_app: App, tmp_path: Path) -> None:
    passing = [link for link in links_of(demo_app, ticker="GAZP", **SHOWN) if link.role == "passing"]
    opened(browser, tmp_path, page(demo_app, links=[replace(passing[0], day_zero_sensitive=1)]))
    assert "passing mention, relevance 0.1" in texts(browser, "#card .meta")[1]
    assert "(matched “MM:GAZP”)" in texts(browser, "#card .meta")[1]
    flags = texts(browser, "#card .flags li")
    assert flags[:2] == [f"day zero {passing[0].day_zero}, published during the session",
                         "a different time zone would change day zero"]  # fmt: skip
    assert texts(browser, "#count") == ["1 of 1 article"]
    assert errors(browser) == []


def test_the_index_and_the_derivation_open_too(browser: Any, demo_app: App, tmp_path: Path) -> None:
    rows = overview(demo_app)
    opened(browser, tmp_path, index_page(rows, demo_app.now()))
    assert texts(browser, "tbody a") == [row.instrument.ticker for row in rows]
    explanation = explain(demo_app, links_of(demo_app, ticker="GAZP")[0].article_id)
    stored = replace(explanation.article, article=replace(explanation.article.article, title=HOSTILE[0]))
    opened(browser, tmp_path, explanation_page(replace(explanation, article=stored)))
    assert texts(browser, "h1") == [HOSTILE[0]]
    assert "Link " in "".join(texts(browser, "h2"))
    assert errors(browser) == []
