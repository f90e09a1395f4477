"""What a store keeps of itself, by name."""

from signals.store import Store, settings


def test_a_setting_is_replaced_and_deleted(store: Store) -> None:
    with store.write() as db:
        assert settings.get(db, settings.PLAN) is None
        settings.put(db, settings.PLAN, "one")
        settings.put(db, settings.PLAN, "two")
        assert settings.get(db, settings.PLAN) == "two"
        settings.remove(db, settings.PLAN)
        assert settings.get(db, settings.PLAN) is None


def test_a_new_store_has_the_digest_of_its_views_alone(store: Store) -> None:
    with store.read() as db:
        assert [row.name for row in db.exec_driver_sql("SELECT name FROM settings")] == [settings.VIEWS]
