"""Alembic's entry: runs the migrations on the connection that ``store.database.migrate`` hands over."""

from typing import Any, Literal

from alembic import context

from mailbot.store.tables import Identifier, Instant, Outside, metadata


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the database's own types: the classes of today may be gone when it runs."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return "sa.Text()" if kind == "type" and isinstance(item, Outside | Identifier) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
