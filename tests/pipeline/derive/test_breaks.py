"""News in the lunch break of Tokyo, measured on bars of five minutes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from signals.sessions import clock
from tests.worlds import app_at, links_of, run

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2024, 7, 1, 9, tzinfo=UTC)
DAY = date(2024, 6, 27)
STUDY = {"name": "fast", "interval": "5m", "model": "constant-mean", "estimation": 30, "gap": 1, "min_observations": 10,
         "windows": ["0m..15m", "-30m..0m"]}  # fmt: skip


def price(at: datetime) -> float:
    """Return the close of the bar that begins then: a walk by the clock, 5% higher from the end of the break on."""
    jump = 1.05 if at >= datetime(2024, 6, 27, 12, 30, tzinfo=TOKYO) else 1.0
    return round(1000 * jump * (1 + ((at.day * 7 + at.hour * 12 + at.minute // 5) % 11) / 2000), 3)


def write_world(folder: Path, published: str) -> Path:
    market = clock("XTKS", NOW.date() - timedelta(days=80), NOW.date() - timedelta(days=1))
    rows = ["date,open,close"]
    for columns in zip(market.opens, market.break_starts, market.break_ends, market.closes, strict=True):
        opens, break_starts, break_ends, closes = (c.item().replace(tzinfo=UTC).astimezone(TOKYO) for c in columns)
        at = opens
        while at < closes:
            if not break_starts <= at < break_ends:
                rows.append(f"{at:%Y-%m-%d %H:%M},{price(at)},{price(at)}")
            at += timedelta(minutes=5)
    (folder / "KUMO.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "wire.csv").write_text(f"published_at,title\n{published},Kumo recalls its lamps\n", encoding="utf-8")
    kumo = {"name": "Kumo", "mic": "XTKS", "currency": "JPY", "symbols": {"fast": "KUMO"}, "aliases": ["Kumo"]}
    written = {
        "instruments": {"KUMO": kumo},
        "news": [{"name": "wire", "kind": "csv", "path": "wire.csv", "timezone": "Asia/Tokyo"}],
        "prices": [{"name": "fast", "kind": "csv", "path": "{symbol}.csv", "interval": "5m", "timezone": "Asia/Tokyo"}],
        "studies": [STUDY],
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    return folder / "config.yaml"


def tokyo(hour: int, minute: int) -> datetime:
    return datetime(2024, 6, 27, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("published", "entry"), [("2024-06-27 12:10", tokyo(12, 30)), ("2024-06-27 11:28", tokyo(11, 30))]
)
def test_news_of_the_break_is_measured_from_the_last_close_before_it(
    published: str, entry: datetime, tmp_path: Path
) -> None:
    app = app_at(write_world(tmp_path, published), NOW)
    run(app)
    after, before = sorted(links_of(app), key=lambda link: link.event_window, reverse=True)
    assert (after.event_window, before.event_window) == ("0m..15m", "-30m..0m")
    assert (after.anchor, after.day_zero) == ("in_session", DAY)
    base = tokyo(11, 30) if published.endswith("12:10") else tokyo(11, 25)
    exit_at = tokyo(12, 45) if published.endswith("12:10") else tokyo(12, 35)
    assert (after.base_at, after.entry_at, after.exit_at) == (base, entry, exit_at)
    minutes = timedelta(minutes=5)
    assert after.ret == pytest.approx(price(exit_at - minutes) / price(base - minutes) - 1)
    assert before.exit_at == base
