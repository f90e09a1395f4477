"""Sessions and hours of the configuration, from files to events."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from signals.app import App
from signals.errors import ConfigError
from signals.runs.run import rebuild
from tests.worlds import NOW, app_at, links_of, query, run, small

PUBLISHED = datetime(2026, 2, 10, 15, tzinfo=UTC)  # 16:00 in Amsterdam, in the session


def with_markets(app: App, markets: object) -> App:
    """Return the program with the entry `markets:` written into its configuration."""
    path = app.config.path
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text(encoding="utf-8")), "markets": markets}))
    return app_at(path)


def day_zero(app: App) -> set[date]:
    return {link.day_zero for link in links_of(app)}


def test_a_change_of_the_file_of_hours_waits_for_a_rebuild_and_moves_day_zero(tmp_path: Path) -> None:
    hours = tmp_path / "hours.csv"
    hours.write_text("rule,first,closes\nhours,2026-02-11,15:30\n", encoding="utf-8")
    app = with_markets(small(tmp_path, [(PUBLISHED, "Acme wins")]), {"XAMS": {"hours": "hours.csv"}})
    run(app)
    assert day_zero(app) == {date(2026, 2, 10)}
    hours.write_text("rule,first,closes\nhours,2026-02-10,15:30\n", encoding="utf-8")
    app = app_at(app.config.path)
    assert app.plan_changes() == ["market XAMS"]
    run(app)
    assert day_zero(app) == {date(2026, 2, 10)}
    rebuild(app, None)
    assert app.plan_changes() == []
    assert day_zero(app) == {date(2026, 2, 11)}


def test_a_market_of_the_configuration_alone_is_scored(tmp_path: Path) -> None:
    app = small(tmp_path, [(PUBLISHED, "Acme wins")])
    path = app.config.path
    path.write_text(path.read_text(encoding="utf-8").replace("XAMS", "XNAI"), encoding="utf-8")
    with pytest.raises(ConfigError, match="mic XNAI: no calendar serves this market"):
        run(app_at(path))
    entry = {"zone": "Africa/Nairobi", "weekdays": "mon-fri", "opens": "09:30", "closes": "15:00"}
    app = with_markets(app, {"XNAI": entry})
    run(app)
    assert day_zero(app) == {date(2026, 2, 11)}  # 18:00 in Nairobi, after the close
    with app.store.read() as db:
        assert {row["timezone"] for row in query(db, "SELECT timezone FROM instruments")} == {"Africa/Nairobi"}


def test_crypto_given_an_exchange_has_an_event_on_a_saturday(tmp_path: Path) -> None:
    app = small(tmp_path, [(datetime(2026, 2, 14, 12, tzinfo=UTC), "Acme hacked")])
    path = app.config.path
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["instruments"] = {name: {**one, "kind": "crypto"} for name, one in content["instruments"].items()}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    days = [date.fromordinal(NOW.date().toordinal() - n) for n in range(500, 0, -1)]
    for symbol, wobble in (("ACME", 3), ("AEX", 2)):
        closes = [f"{day},{100 + (n * 7 % 13) * wobble / 10:.2f}" for n, day in enumerate(days)]
        (tmp_path / f"{symbol}.csv").write_text("\n".join(["date,close", *closes]) + "\n", encoding="utf-8")
    app = app_at(path)
    run(app)
    (link,) = [one for one in links_of(app) if one.event_window == "0..0"]
    assert (link.day_zero, link.anchor, link.mic) == (date(2026, 2, 14), "in_session", "24X7")
    assert link.status == "scored"
