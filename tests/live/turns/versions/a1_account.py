"""account"""
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("mood", sa.Enum("glad", "sad", name="mood")),
    )
    op.execute("INSERT INTO account (name) VALUES ('50% of \\ it''s'), ('two; three')")


def downgrade():
    op.drop_table("account")
    op.execute("DROP TYPE mood")
