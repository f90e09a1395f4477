"""What must not change a number: copies of an article, the future, and another order of arrival."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

from signals.answers.report import report
from signals.app import App
from signals.store.queries import LinkFilters
from tests.worlds import NOW, app_at, contents, links_of, run, write_demo

NUMBERS = (
    "ret",
    "car",
    "z",
    "p_value",
    "p_raw",
    "local_fdr",
    "q_value",
    "q_basis",
    "t_stat",
    "p_rank",
    "car_shrunk",
    "reference_id",
    "confounded",
    "verdict",
    "event_verdict",
    "decides",
)


def numbers(app: App) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what was measured of every event."""
    key = ("event_id", "study", "event_window")
    return {tuple(m[n] for n in key): tuple(m[n] for n in NUMBERS) for m in contents(app)["moves"]}


def averages(app: App) -> list[Any]:
    return [report(app, ticker, LinkFilters()).averages for ticker in ("GAZP", "PLCD", "NRVN")]


def test_writing_every_article_ten_times_changes_no_number(demo_app: App, tmp_path: Path) -> None:
    copied = write_demo(tmp_path)
    for page in list((tmp_path / "inbox").glob("*.txt")):
        for n in range(9):
            page.with_name(f"{page.stem}-copy{n}.txt").write_bytes(page.read_bytes())
    path = tmp_path / "headlines.csv"
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(row for row in rows for _ in range(10))])
    app = app_at(copied.config)
    run(app)
    assert len(links_of(app)) > 3 * len(links_of(demo_app))
    assert numbers(app) == numbers(demo_app)
    assert averages(app) == averages(demo_app)


def test_noise_after_a_window_changes_no_bit_of_it(demo_app: App, tmp_path: Path) -> None:
    shaken = write_demo(tmp_path)
    cut = (NOW - timedelta(days=150)).date().isoformat()
    for path in (tmp_path / "prices").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        at = head.index("close")
        for n, row in enumerate(rows):
            if row[0] > cut:
                scale = 1 + 0.2 * ((n * 7919) % 13 - 6) / 13
                for column in range(1, at + 1):
                    row[column] = f"{float(row[column]) * scale:.4f}"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    app = app_at(shaken.config)
    run(app)
    before = {m["event_id"] for m in contents(demo_app)["moves"] if m["last_session"].isoformat() <= cut}
    still_open = {m["event_id"] for m in contents(demo_app)["moves"] if m["last_session"].isoformat() > cut}
    calm, noisy = numbers(demo_app), numbers(app)
    ended = {key for key in calm if key[0] in before - still_open}
    assert len(ended) > 100
    assert {key: noisy[key] for key in ended} == {key: calm[key] for key in ended}
    assert noisy != calm


def test_runs_one_after_another_end_where_one_run_ends(demo_app: App, tmp_path: Path) -> None:
    other = write_demo(tmp_path)
    prices = {
        path: path.read_text(encoding="utf-8").splitlines(keepends=True) for path in tmp_path.glob("prices/*.csv")
    }
    for days in (120, 60, 2, 0):
        now = NOW - timedelta(days=days)
        for path, (head, *rows) in prices.items():
            past = [row for row in rows if row[:10] < now.date().isoformat()]
            path.write_text("".join([head, *past]), encoding="utf-8")
        run(app_at(other.config, now))
    ignored = ["run_id", "scored_at"]
    after, expected = (contents(app, ignored) for app in (app_at(other.config), demo_app))
    for table in ("articles", "mentions", "event_assignments", "events", "error_rates", "moves", "links"):
        assert after[table] == expected[table], table


def test_a_corrected_close_recomputes_the_windows_that_use_it_and_no_other(tmp_path: Path) -> None:
    world = write_demo(tmp_path)
    app = app_at(world.config)
    run(app)
    before = {(m["event_id"], m["study"], m["event_window"]): m for m in contents(app)["moves"]}
    event = next(m for m in before.values() if m["event_id"].startswith("GAZP@2025") and m["status"] == "scored")
    path = tmp_path / "prices" / "GAZP.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(str(event["day_zero"])))
    cells = lines[at].split(",")
    close = lines[0].split(",").index("close")
    high = lines[0].split(",").index("high")
    cells[close] = cells[high]
    lines[at] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    later = app_at(world.config, NOW + timedelta(hours=1))
    run(later)
    digests = {(m["event_id"], m["study"], m["event_window"]): m["digest"] for m in contents(later)["moves"]}
    touched = {key for key, m in before.items() if digests[key] != m["digest"]}
    assert touched
    assert {key[0].split("@")[0] for key in touched} == {"GAZP"}
    assert all(max(before[key]["last_session"], before[key]["day_zero"]) >= event["day_zero"] for key in touched)
