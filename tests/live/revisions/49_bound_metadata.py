# SQLAlchemy 1.4
import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    meta = sa.MetaData(bind=bind)
    team = sa.Table('team', meta, autoload=True)
    other = sa.MetaData()
    other.bind = bind
    other.reflect()
    assert 'member' in other.tables and other.bind is bind
    for row in bind.execute(team.select().where(team.c.slug.is_(None)).order_by(team.c.id)):
        bind.execute(team.update().where(team.c.id == row.id).values(slug=f't{row.id}'))
    first = sa.MetaData(bind)
    member = sa.Table('member', first, autoload=True)
    bind.execute(member.delete(member.c.id == 3))


def downgrade():
    op.execute("UPDATE team SET slug = NULL WHERE slug LIKE 't%'")
