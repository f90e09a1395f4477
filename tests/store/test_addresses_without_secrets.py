"""The upgrade that leaves secrets out of stored addresses finds every document and article again."""

from dataclasses import replace

from sqlalchemy import text

from signals.redacting import address_key
from signals.store import Store, articles
from signals.types import Document
from tests.store.samples import NOW, article

ADDRESS = "https://me:SECRET@h.example/page?key=SECRET"


def test_origins_keys_and_sentences_are_rewritten(own_store: Store) -> None:
    written = article(key=ADDRESS, url=ADDRESS, origin=ADDRESS)
    documents = [Document("wire", origin, b"", "digest", NOW, "", "etag", "") for origin in (ADDRESS, "in/a?b.txt")]
    refusal = {"item": ADDRESS, "detail": f"see {ADDRESS}, it is empty"}
    with own_store.write() as db:
        for document in documents:
            articles.save_document(db, document)
        articles.save_articles(db, [written], NOW)
        db.execute(text("INSERT INTO refusals SELECT source, :item, 'empty', :detail, fetched_at FROM documents "
                        "WHERE origin = 'in/a?b.txt'"), refusal)  # fmt: skip
        db.execute(text("DROP TABLE progress"))  # a later revision makes it
        db.execute(text("UPDATE alembic_version SET version_num = '0020'"))  # this revision changes rows alone
    assert own_store.upgrade()
    key = address_key(ADDRESS)
    with own_store.write() as db:
        assert {origin: d.etag for origin, d in articles.last_documents(db, "wire", NOW).items()} == {
            key: "etag", "in/a?b.txt": "etag",
        }  # fmt: skip
        (row,) = db.execute(text("SELECT item, detail FROM refusals")).all()
        assert (row.item, "SECRET" in row.detail) == (key, False)
        assert articles.save_articles(db, [replace(written, key=key, url=key, origin=key)], NOW) == []
        (withdrawn,) = articles.withdraw_page(db, "wire", key, NOW)
    assert (withdrawn.revision, withdrawn.article.key, withdrawn.article.url) == (2, key, key)
