"""An index to count the letters that a mailbox has written lately."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_letters_to_patrons",
        "letters",
        ["mailbox", "written_at"],
        sqlite_where=sa.text("to_patron"),
        postgresql_where=sa.text("to_patron"),
    )


def downgrade() -> None:
    op.drop_index("ix_letters_to_patrons", table_name="letters")
