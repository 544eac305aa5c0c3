# The preview cannot know what it would read of what it records.
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

team = sa.table('team', sa.column('id', sa.Integer), sa.column('settings', JSONB))
member = sa.table('member', sa.column('id', sa.Integer), sa.column('tags', ARRAY(sa.String)),
                  sa.column('extra', sa.JSON))


def upgrade():
    conn = op.get_bind()
    for row in conn.execute(sa.select(team.c.id, team.c.settings).order_by(team.c.id)):
        settings = dict(row.settings or {})
        settings.update(renamed=settings.pop('level', None), names=['a"b', "it's", 'é'])
        conn.execute(team.update().where(team.c.id == row.id).values(settings=settings))
    for row in conn.execute(sa.select(member).where(member.c.tags.isnot(None))):
        conn.execute(sa.update(member).where(member.c.id == row.id)
                     .values(tags=row.tags + ['new, "tag"'], extra={'tags': row.tags, 'was': row.extra}))
    names = conn.execute(sa.select(team.c.settings['names'].astext).where(
        team.c.settings.has_key('renamed')).order_by(team.c.id)).scalars().first()
    conn.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': str(names)})


def downgrade():
    op.execute("DELETE FROM audit.entry")
    op.execute("UPDATE team SET settings = settings - 'names'")
