"""Which very old case a new one follows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the whole table, and cases are what other tables point to.
    op.add_column("cases", sa.Column("follows", sa.String(length=32), server_default="", nullable=False))
    op.create_index(
        "ix_cases_follows",
        "cases",
        ["follows"],
        sqlite_where=sa.text("follows <> ''"),
        postgresql_where=sa.text("follows <> ''"),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_follows", table_name="cases")
    op.drop_column("cases", "follows")
