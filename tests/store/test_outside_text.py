"""Text from outside that no database stores as it is."""

from dataclasses import replace

import pytest

from signals.store import Store, articles, bars
from signals.store.tables import storable
from signals.types import Document, Refusal
from tests.store.samples import NOW, article, quarantined

UNSTORABLE = "a\0b\ud800c"


@pytest.mark.parametrize(
    ("text", "stored"), [("plain", "plain"), ("Газпром", "Газпром"), ("a\0b", "a\ufffdb"), ("\udfff", "\ufffd")]
)
def test_what_no_database_stores_becomes_the_replacement_character(text: str, stored: str) -> None:
    assert storable(text) == stored


def test_a_document_a_refusal_an_article_and_a_bar_keep_the_rest_of_their_text(store: Store) -> None:
    with store.write() as db:
        document = Document("wire", UNSTORABLE, b"", "d", NOW, "text/xml", UNSTORABLE, UNSTORABLE)
        articles.save_document(db, document)
        articles.save_document(db, document)  # the same one
        refused = [Refusal("wire", UNSTORABLE, "no_title", UNSTORABLE)]
        assert articles.save_refusals(db, refused, NOW) == 1
        assert articles.save_refusals(db, refused, NOW) == 0
        one = article(key=UNSTORABLE, url=UNSTORABLE, publisher=UNSTORABLE)
        assert len(articles.save_articles(db, [one], NOW)) == 1
        bars.save_quarantined(db, "GAZP", [replace(quarantined(), detail=UNSTORABLE)], NOW)
    with store.read() as db:
        (origin,) = articles.last_documents(db, "wire", NOW)
    assert origin == "a\ufffdb\ufffdc"
