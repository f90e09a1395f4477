"""The checks together: each reads its facts, and their findings come in the order of the table."""

from pathlib import Path

import pytest

from signals import doctor
from signals.errors import StoreError
from tests.worlds import NOW, run, small


def test_a_store_without_a_schema_is_not_examined(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="signals db upgrade"):
        doctor.examine(small(tmp_path))


def test_findings_come_in_the_order_of_the_checks(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW, "Acme opens a plant")])
    run(app)
    assert doctor.examine(app) == []
    prices = tmp_path / "ACME.csv"
    head, *rows = prices.read_text(encoding="utf-8").splitlines()
    prices.write_text("\n".join([head, *rows[:-30], *rows[-29:], f"{NOW:%Y-%m-%d},-1"]) + "\n", encoding="utf-8")
    run(app)
    with app.store.write() as db:
        db.exec_driver_sql("UPDATE runs SET started_at = '2026-03-05T00:00:00.000Z'")
    assert [finding.where for finding in doctor.examine(app)] == ["clock", "ACME from local"]


def test_every_check_has_facts_to_read(tmp_path: Path) -> None:
    app = small(tmp_path)
    run(app)
    for check in doctor.CHECKS:
        assert list(check(app)) == []
