from alembic import op
import sqlalchemy as sa

revision = "construct"
down_revision = None


def upgrade():
    t = sa.table("t", sa.column("a"))
    u = sa.table("u", sa.column("a"))
    both = t.join(u, t.c.a == u.c.a).alias("both")  # RT1401 at 12
    op.execute(sa.select(both))
