"""The Python API: the examples of docs/python.md as they stand, the rows of a store with proper types, and plots."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import signals
from signals.app import App
from signals.errors import StoreError
from signals.notebook import framed
from signals.store import Store
from signals.store.views import LINKS
from tests.worlds import links_of, write_demo

DOCS = Path(__file__).resolve().parent.parent / "docs"
EXAMPLES = re.findall(r"```python\n(.*?)```", (DOCS / "python.md").read_text(encoding="utf-8"), re.DOTALL)


def test_importing_it_imports_nothing_heavy() -> None:
    code = "import signals, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "sqlalchemy", "matplotlib", "pydantic"} & set(done.stdout.split())


def test_the_examples_of_the_guide_run(demo_app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    shutil.copytree(demo_app.config.root, tmp_path / "signals-demo")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for example in EXAMPLES:
        exec(example, names)
    assert len(names["links"])
    assert len(names["silent"])
    hit = names["results"].query("ticker == 'S07'")
    assert (hit["p_value"] < 0.01).any()
    assert (names["results"]["reason"] == "").all()
    assert (names["paths"]["reason"] == "").all()
    assert names["tests"]["default"].sum() == 1
    assert names["check"].sizes["at_5"].between(3, 7).all()
    assert (tmp_path / "average.png").stat().st_size > 5_000
    assert (tmp_path / "calibration.png").stat().st_size > 5_000
    assert (tmp_path / "paths.png").stat().st_size > 5_000


def test_frames_have_proper_types_and_the_numbers_of_the_views(demo_app: App) -> None:
    book = signals.open(demo_app.config.path)
    frame, rows = book.links(ticker="GAZP"), links_of(demo_app, ticker="GAZP")
    assert str(frame["published_at"].dtype) == "datetime64[ns, UTC]"
    assert frame["day_zero"].dtype == "datetime64[ns]"
    assert frame["car"].dtype == "float64"
    assert frame["n_reference"].dtype == "Int64"
    assert frame["local_fdr"].dtype == "float64"
    assert list(frame["link_id"]) == [row.link_id for row in rows]
    for car, row in zip(frame["car"], rows, strict=True):
        assert car == row.car or (np.isnan(car) and row.car is None)
    assert list(frame.columns) == list(LINKS.names)
    assert len(book.links(ticker="GAZP", since="2999-01-01")) == 0
    assert book.instruments("GAZP")["measured_sessions"].iloc[0] > 0


def test_a_store_that_no_run_has_made_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="signals db upgrade"):
        signals.open(write_demo(tmp_path).config)


def test_the_text_of_a_book_is_one_line_without_secrets(demo_app: App) -> None:
    book = signals.open(demo_app.config.path)
    text = repr(book)
    assert text.startswith(f"Book({demo_app.store.name}: {len(demo_app.plan.instruments)} instruments, studies market")
    assert "\n" not in text
    assert str(book) == text


@pytest.mark.parametrize("url", ["postgresql://me:hunter2@db/news", "postgresql://db/news?user=me&password=hunter2"])
def test_no_text_of_a_book_shows_a_password(demo_app: App, url: str) -> None:
    pytest.importorskip("psycopg")
    config = replace(demo_app.config, database=url)
    app = replace(demo_app, config=config, store=Store(url))
    book = signals.Book(app)
    assert "db/news" in repr(book)
    assert "hunter2" not in repr(book) + repr(book.app) + repr(vars(book))


# --- rows of a store ------------------------------------------------------------------------------------------------


def test_a_book_has_the_rows_of_each_view(demo_app: App) -> None:
    book = signals.open(demo_app.config.path)
    assert len(book.events()) > len(book.events("GAZP")) > 0
    assert len(book.instruments()) > len(book.instruments("GAZP")) == 1
    assert set(book.moves("GAZP")["ticker"]) == {"GAZP"}
    silent = book.moves(unexplained=True, since="2025-01-01")
    assert set(silent["explained"]) == {0}
    assert silent["session"].min() >= pd.Timestamp("2025-01-01")
    near = book.links(since=date(2020, 1, 1), until="2999-01-01", study="market", window="0..0", min_relevance=0.5)
    assert near["relevance"].min() >= 0.5
    assert set(near["event_window"]) == {"0..0"}


def test_a_table_without_rows_has_the_columns_and_their_types() -> None:
    frame = framed([], LINKS)
    assert list(frame.columns) == list(LINKS.names)
    assert str(frame["published_at"].dtype) == "datetime64[ns, UTC]"


# --- plots ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def axes() -> Any:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    yield pyplot.subplots()[1]
    pyplot.close("all")


def test_the_average_path_is_drawn_from_before_day_zero(demo_app: App, axes: Any) -> None:
    drawn = signals.plot_average(signals.open(demo_app.config.path), "GAZP", axes=axes)
    assert drawn is axes
    (line,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert np.array_equal(line.get_xdata(), range(-5, 6))
    assert axes.get_title().startswith("GAZP: ")


@pytest.mark.parametrize("values", [[0.1, None, 0.5, float("nan"), 0.9], []])
def test_p_values_are_drawn_without_the_missing_ones(axes: Any, values: list[float]) -> None:
    signals.plot_calibration(values, axes=axes)
    finite = [value for value in values if value is not None and np.isfinite(value)]
    assert axes.get_title() == f"{len(finite)} p-values beside the uniform"
    assert np.array_equal(axes.lines[-1].get_xdata(), [0, *sorted(finite), 1])


def test_a_plot_without_axes_makes_its_own(axes: Any) -> None:
    assert signals.plot_calibration([0.5]) is not axes


def test_the_average_of_own_paths_counts_each_event_once_and_starts_at_the_last_close_before(axes: Any) -> None:
    paths = pd.DataFrame({
        "ticker": ["A"] * 3 + ["B"] * 3 + ["A"] * 3,
        "day_zero": pd.Timestamp("2024-03-01"),
        "offset": [-1, 0, 1] * 3,
        "car": [0.01, 0.03, 0.04, 0.03, 0.03, np.nan, 0.01, 0.03, 0.04],
    })  # fmt: skip
    signals.plot_paths(paths, axes=axes)
    [line] = [line for line in axes.lines if line.get_marker() == "o"]
    assert list(line.get_xdata()) == [-1, 0, 1]
    assert list(line.get_ydata()) == pytest.approx([0, 1, 3])
    assert axes.get_title() == "2 events"


def test_paths_that_cannot_be_drawn_are_refused(axes: Any) -> None:
    with pytest.raises(ValueError, match="lack the column 'car'"):
        signals.plot_paths(pd.DataFrame({"ticker": [], "day_zero": [], "offset": []}), axes=axes)
    with pytest.raises(ValueError, match="no path has a number"):
        signals.plot_paths(pd.DataFrame({"ticker": ["A"], "day_zero": [1], "offset": [0], "car": [np.nan]}), axes=axes)
