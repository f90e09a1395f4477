"""The page in a real browser: it draws, sorts and filters without an error, and no headline comes to life."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signals.app import App
from signals.reports.format import percent, probability
from signals.reports.page import embedded, packed
from signals.reports.page.explanation_page import explanation_page
from signals.reports.page.index import index_page, page_name
from signals.reports.page.ticker import ticker_page
from tests.reports.chromium import chromium

HOSTILE = (
    "</script><script>window.hit=1</script>",
    '<img src=x onerror="window.hit=1">',
    '"><svg onload=window.hit=1>',
    "javascript:window.hit=1",
    "\u202egnihton\x1b[2J {{7*7}} ${7*7}",
    "北朝鮮がロシアに 'сигнал'",
)


def page(app: App, ticker: str = "GAZP", **changes: Any) -> str:
    found = {**app.report(ticker, {}), **changes}
    return ticker_page(found, app.chart(found), app.link_columns())


def hostile(app: App) -> str:
    links = app.report("GAZP", {})["links"]
    articles = list(dict.fromkeys(link["article_id"] for link in links))
    names = {article: HOSTILE[n % len(HOSTILE)] for n, article in enumerate(articles)}
    changed = [
        {**link, "title": names[link["article_id"]], "publisher": HOSTILE[0], "tag": HOSTILE[1], "source": HOSTILE[2],
         "url": HOSTILE[3]}
        for link in links
    ]  # fmt: skip
    refused = [{"tag": HOSTILE[1], "reason": "unknown_tag", "alias": HOSTILE[0], "articles": 1}]
    return page(app, links=changed, refused_tags=refused)


def thousand(app: App) -> str:
    """A page of a thousand articles: the demo's again and again."""
    found = app.report("GAZP", {"study": "market", "window": "0..0"})
    links = [
        {**link, "article_id": f"a{n:04}{link['article_id']}", "link_id": f"{n}/{link['link_id']}",
         "title": f"{link['title']} number {n}", "published_at": link["published_at"] - timedelta(minutes=n)}
        for n in range(1000)
        for link in found["links"][n % len(found["links"]) :][:1]
    ]  # fmt: skip
    assert len(links) == 1000
    return ticker_page({**found, "links": links}, app.chart(found), app.link_columns())


# --- without a browser ----------------------------------------------------------------------------------------------


def rows_in(text: str) -> list[dict[str, Any]]:
    """Read the links out of a page, as its script does."""
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])["links"]  # type: ignore[index]

    def value(column: dict[str, Any], n: int) -> Any:
        if "same" in column:
            return column["same"]
        return column["words"][column["of"][n]] if "words" in column else column["each"][n]

    return [{name: value(column, n) for name, column in data["columns"].items()} for n in range(data["rows"])]


def test_the_page_holds_the_links_to_the_last_bit(demo_app: App) -> None:
    links = demo_app.report("GAZP", {})["links"]
    for ours, theirs in zip(links, rows_in(page(demo_app)), strict=True):
        for name in ("link_id", "title", "ret", "car", "p_value", "q_value", "verdict", "story_rank", "tradable"):
            assert theirs[name] == ours[name]


def test_text_cannot_end_the_script_that_it_stands_in(demo_app: App) -> None:
    text = hostile(demo_app)
    assert text.count("<script") == text.count("</script>") == 2
    assert "onerror=" not in re.sub(r'id="data">.*?</script>', "", text, flags=re.DOTALL).replace("onerror=&quot;", "")
    assert json.loads(embedded({"a": "</script>\u2028"})) == {"a": "</script>\u2028"}


def test_packing_keeps_what_looks_alike_apart() -> None:
    rows: Sequence[dict[str, Any]] = [{"a": 1, "b": "x", "c": None}, {"a": 1.5, "b": "y", "c": None}]
    assert packed(rows, ["a", "b", "c"])["columns"] == {
        "a": {"each": [1, 1.5]},
        "b": {"words": ["x", "y"], "of": [0, 1]},
        "c": {"same": None},
    }


def test_a_page_asks_the_network_for_nothing(demo_app: App) -> None:
    text = page(demo_app)
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|@import|url\(', text) == []
    assert "default-src 'none'" in text


def test_a_thousand_links_stay_under_three_megabytes(demo_app: App) -> None:
    assert len(thousand(demo_app).encode()) < 3_000_000


def test_a_ticker_makes_a_file_name_on_every_system() -> None:
    assert [page_name(t) for t in ("GAZP", "BRK/B", "^GSPC")] == ["GAZP.html", "BRK%2fB.html", "%5eGSPC.html"]
    assert [page_name(t) for t in ("index", "CON", "COM")] == ["%69ndex.html", "%43ON.html", "COM.html"]
    assert page_name("\u04e00") != page_name("\u4e00")


def test_the_overview_counts_events_and_names_the_strongest_move(demo_app: App) -> None:
    row = next(row for row in demo_app.overview() if row["ticker"] == "GAZP")
    links = demo_app.links({"ticker": "GAZP", "study": "market", "window": "0..0"})
    moves = [link for link in links if link["verdict"] == "move"]
    assert row["events"] == len({link["event_id"] for link in links})
    assert row["moves"] == len({link["event_id"] for link in moves})
    assert row["strongest"] == max((link["car"] for link in moves), key=abs)


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
    links = demo_app.report("GAZP", {"study": "market", "window": "0..0"})["links"]
    assert len(texts(browser, "#prices .marker")) == len(
        {link["event_id"] for link in links if link["ret"] is not None}
    )
    for chart in (
        "#prices path.own",
        "#prices path.bench",
        "#average path.band",
        "#calibration path.own",
        "#card path.band",
    ):
        drawn = browser.execute_script("return document.querySelector(arguments[0]).getTotalLength()", chart)
        assert drawn > 50, chart
    assert sum(map(int, texts(browser, "#verdicts .num"))) == len(links)


def test_the_table_shows_the_numbers_of_the_report(browser: Any, demo_app: App, tmp_path: Path) -> None:
    opened(browser, tmp_path, page(demo_app))
    links = demo_app.report("GAZP", {"study": "market", "window": "0..0"})["links"]
    shown = [texts(browser, f'tr[data-link="{link["link_id"]}"] td.num') for link in links]
    assert shown == [
        [percent(link["ret"]), percent(link["benchmark_ret"]), percent(link["car"]), probability(link["p_value"]),
         probability(link["q_value"])]
        for link in links
    ]  # fmt: skip


def test_columns_sort_and_words_filter(browser: Any, demo_app: App, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    opened(browser, tmp_path, page(demo_app))
    links = demo_app.report("GAZP", {"study": "market", "window": "0..0"})["links"]
    browser.find_element(By.CSS_SELECTOR, '[data-sort="p_value"]').send_keys(Keys.ENTER)
    ascending = sorted(link["p_value"] for link in links if link["p_value"] is not None)
    assert texts(browser, "#rows td:nth-child(7)")[: len(ascending)] == [probability(p) for p in ascending]
    browser.find_element(By.ID, "words").send_keys("compressor update")
    wanted = [link["title"] for link in links if "compressor" in link["title"] and "UPDATE" in link["title"]]
    assert len(wanted) == len(texts(browser, "#rows tr"))
    browser.find_element(By.ID, "words").send_keys(Keys.CONTROL, "a", Keys.BACKSPACE)
    browser.find_element(By.CSS_SELECTOR, '[data-verdict="move"]').click()
    kept = [link for link in links if link["verdict"] != "move"]
    assert texts(browser, "#count") == [f"{len(kept)} of {len(links)} articles"]
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
    assert texts(browser, "#count") == ["1000 of 1000 articles"]
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


def test_the_index_and_the_derivation_open_too(browser: Any, demo_app: App, tmp_path: Path) -> None:
    rows = demo_app.overview()
    opened(browser, tmp_path, index_page(rows, demo_app.now()))
    assert texts(browser, "tbody a") == [row["ticker"] for row in rows]
    found = demo_app.explain(demo_app.links({"ticker": "GAZP"})[0]["article_id"])
    article = replace(found["article"], article=replace(found["article"].article, title=HOSTILE[0]))
    opened(browser, tmp_path, explanation_page({**found, "article": article}))
    assert texts(browser, "h1") == [HOSTILE[0]]
    assert errors(browser) == []
