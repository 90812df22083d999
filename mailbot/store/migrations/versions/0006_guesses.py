"""What was guessed of each question, so that it can be told how often that is right; thresholds raised since; what an
encoder makes of a label, and the label's question in a few words.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "guesses",
        sa.Column("message", _KEY, sa.ForeignKey("messages.id", name="fk_guesses_message"), nullable=False),
        sa.Column("case_id", _KEY, sa.ForeignKey("cases.id", name="fk_guesses_case_id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("ruled", sa.Boolean(), nullable=False),
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("message", name="pk_guesses"),
    )
    op.create_index("ix_guesses_case_id", "guesses", ["case_id"])
    op.create_index("ix_guesses_at", "guesses", ["at"])
    op.create_table(
        "thresholds",
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("model", name="pk_thresholds"),
    )
    with op.batch_alter_table("examples", schema=None) as batch_op:
        batch_op.add_column(sa.Column("summary", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("encoder", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("vector", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("examples", schema=None) as batch_op:
        for name in ("vector", "encoder", "summary"):
            batch_op.drop_column(name)
    op.drop_table("thresholds")
    op.drop_index("ix_guesses_at", table_name="guesses")
    op.drop_index("ix_guesses_case_id", table_name="guesses")
    op.drop_table("guesses")
