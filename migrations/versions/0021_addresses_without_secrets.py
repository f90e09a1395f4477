"""Addresses of news are stored without what may be secret in them, and what is stored of failures too.

A document is found again by its origin, and an article by its key, which is the address of a page that states none. So
both are rewritten in place: nothing is fetched again because of this, and an article that was taken back stays so.
"""

import base64
import hashlib
import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ADDRESS = re.compile(r"\bhttps?://[^\s\"'<>`]*", re.IGNORECASE)
TRAILING = ".,;:!)]}"
IS_ADDRESS = "(LOWER({0}) LIKE '%http://%' OR LOWER({0}) LIKE '%https://%')"


def shown(address: str) -> str:
    scheme, _, rest = address.partition("://")
    body = re.split(r"[?#]", rest, maxsplit=1)[0]
    host, slash, path = body.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}" + ("?…" if len(body) < len(rest) else "")


def key(address: str) -> str:
    if not ADDRESS.fullmatch(address) or shown(address) == address:
        return address
    return f"{shown(address)}#{hashlib.blake2b(address.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def sentence(text: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        address = match[0].rstrip(TRAILING)
        return key(address) + match[0][len(address) :]

    return ADDRESS.sub(replaced, text)


def key_digest(source: str, article_key: str) -> str:
    digest = hashlib.blake2b(f"{source}\0{article_key}".encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()[:12]


def upgrade() -> None:
    db = op.get_bind()
    for source, origin in db.execute(
        sa.text(f"SELECT source, origin FROM documents WHERE {IS_ADDRESS.format('origin')}")  # noqa: S608 - a constant
    ).all():
        if (new := key(origin)) == origin:
            continue
        names = {"source": source, "old": origin, "new": new}
        db.execute(sa.text("UPDATE documents SET origin = :new WHERE source = :source AND origin = :old"), names)
        db.execute(
            sa.text("UPDATE articles SET url = :new WHERE source = :source AND url = :old AND origin = :old"), names
        )
        db.execute(
            sa.text(
                "UPDATE articles SET article_key = :new, key_digest = :digest "
                "WHERE source = :source AND article_key = :old AND origin = :old"
            ),
            {**names, "digest": key_digest(source, new)},
        )
        db.execute(sa.text("UPDATE articles SET origin = :new WHERE source = :source AND origin = :old"), names)
    for table, columns in {"refusals": ("item", "detail"), "source_runs": ("detail",), "runs": ("error",)}.items():
        for column in columns:
            rewrite(db, table, column)


def rewrite(db: sa.Connection, table: str, column: str) -> None:
    """Rewrite the sentences of a column; a refusal whose item is one that exists is that one."""
    query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL AND {IS_ADDRESS.format(column)}"  # noqa: S608 - constants
    for (old,) in db.execute(sa.text(query)).all():
        if (new := sentence(old)) != old:
            change = sa.text(f"UPDATE {table} SET {column} = :new WHERE {column} = :old")  # noqa: S608 - constants
            db.execute(change, {"new": new, "old": old})


def downgrade() -> None:
    """The addresses are gone; what is stored is found under its new name by the older program's next fetch."""
