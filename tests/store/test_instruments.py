"""The configuration's instruments and studies in the database, and the sessions of a market."""

from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import select

from signals.store import Store, instruments
from signals.store.instruments import MirroredInstrument, StudyWindow
from signals.store.tables import instruments as rows
from signals.store.tables import study_windows
from signals.types import MarketKey
from tests.store.samples import DAY

GAZP = MirroredInstrument("GAZP", "Gazprom", "MISX", "Europe/Moscow", "RUB", "equity", "IMOEX")
OIL = MirroredInstrument("OIL", "Brent", "IFEU", "Europe/London", "USD", "future", None)
WINDOW = StudyWindow("market", "0..1", "market", 250, 10, 120, "1d")


def test_instruments_and_studies_are_mirrored_and_renewed(store: Store) -> None:
    with store.write() as db:
        instruments.mirror(db, [GAZP, OIL], [WINDOW])
        instruments.mirror(db, [MirroredInstrument(**{**asdict(GAZP), "name": "PAO Gazprom"})], [])
        names = db.execute(select(rows.c.ticker, rows.c.name).order_by(rows.c.ticker)).all()
        assert [tuple(row) for row in names] == [("GAZP", "PAO Gazprom"), ("OIL", "Brent")]
        assert db.execute(select(study_windows)).one()._asdict() == asdict(WINDOW)
        assert instruments.tickers_by_mic(db) == {"MISX": ["GAZP"], "IFEU": ["OIL"]}


def test_the_sessions_of_a_market_are_replaced(store: Store) -> None:
    moscow, london = MarketKey("MISX", "IMOEX"), MarketKey("XLON", None)
    days: list[date] = [DAY + timedelta(days=n) for n in range(3)]
    with store.write() as db:
        instruments.save_sessions(db, moscow, days[:2])
        instruments.save_sessions(db, london, days)
        instruments.save_sessions(db, moscow, days[1:])
        assert instruments.sessions_of(db, moscow) == days[1:]
        assert instruments.sessions_of(db, london) == days
        assert instruments.sessions_of(db, MarketKey("MISX", None)) == []
