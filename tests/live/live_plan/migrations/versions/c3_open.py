"""Depends on what its own statement does."""
import sqlalchemy as sa
from alembic import op

revision = "c3"
down_revision = "b2"


def upgrade():
    bind = op.get_bind()
    done = bind.execute(sa.text("UPDATE team SET slug = lower(name) WHERE slug IS NULL"))
    if done.rowcount:
        op.execute("ALTER TABLE team ALTER slug SET NOT NULL")


def downgrade():
    op.execute("ALTER TABLE team ALTER slug DROP NOT NULL")
