"""A label has its own masked copy of the words, so that it outlives the message; and may come from elsewhere."""

import sqlalchemy as sa
from alembic import op

from mailbot.masks import fingerprint, masked

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("examples", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=_KEY, nullable=True)
        batch_op.add_column(sa.Column("subject", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("text", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("language", sa.String(length=8), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sender", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("content", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_examples_content"), ["content"])
        batch_op.create_index("ix_examples_sender", ["sender"], unique=False)
    _copy_words()


def _copy_words() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT e.id, m.writer_name, m.writer_address, c.subject, m.text, c.language FROM examples e "
            "JOIN messages m ON m.id = e.message JOIN cases c ON c.id = e.case_id"
        )
    ).all()
    for row in rows:
        connection.execute(
            sa.text(
                "UPDATE examples SET subject = :subject, text = :text, language = :language, sender = :sender "
                "WHERE id = :id"
            ),
            {
                "subject": masked(row.subject, row.writer_name),
                "text": masked(row.text, row.writer_name),
                "language": row.language,
                "sender": fingerprint(row.writer_address),
                "id": row.id,
            },
        )


def downgrade() -> None:
    op.execute("DELETE FROM examples WHERE case_id IS NULL")
    with op.batch_alter_table("examples", schema=None) as batch_op:
        batch_op.drop_index("ix_examples_sender")
        batch_op.drop_constraint(op.f("uq_examples_content"), type_="unique")
        for name in ("content", "sender", "language", "text", "subject"):
            batch_op.drop_column(name)
        batch_op.alter_column("case_id", existing_type=_KEY, nullable=False)
