"""functions in FROM under other names"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a002"
down_revision = None

user = sa.table("user", sa.column("id", sa.Integer), sa.column("p", postgresql.JSONB))


def items():
    return sa.func.jsonb_array_elements_text(user.c.p)


def upgrade():
    e = items().table_valued("elem", with_ordinality="ord").render_derived(name="t").lateral()
    op.execute(sa.select(user.c.id, e.c.elem, e.c.ord).select_from(user.join(e, sa.true())))
    e = items().table_valued("elem", name="q").lateral()
    op.execute(sa.select(user.c.id, e.c.elem).select_from(user.join(e, sa.true())))
    e = items().table_valued("elem").render_derived().lateral("zz")
    op.execute(sa.select(user.c.id, e.c.elem).select_from(user.join(e, sa.true())))


def downgrade():
    e = items().table_valued("elem").lateral()
    op.execute(sa.select(user.c.id, e.c.elem).select_from(user.join(e, sa.true())))
    e = items().table_valued("elem", name="q").render_derived(name="w").lateral("k")
    op.execute(sa.select(user.c.id, e.c.elem).select_from(user.join(e, sa.true())))
    e = items().table_valued("elem", name="q").alias()
    op.execute(sa.select(e.c.elem))
    e = user.alias("u").lateral()
    op.execute(sa.select(user.c.id, e.c.p))
