# The preview cannot know what it would read of what it records.
import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    team = sa.Table('team', sa.MetaData(), autoload_with=bind)
    bind.execute(team.insert().values(name='New', slug='new'))
    bind.execute(team.insert(), [{'name': 'A', 'slug': 'a'}, {'name': 'B', 'slug': 'b'}])
    bind.execute(team.update().where(team.c.name == 'A').values(slug=team.c.slug + 'x'))
    bind.execute(sa.update(team).where(team.c.slug.is_(None)).values({'slug': 'none'}))
    for row in bind.execute(team.select().where(team.c.name.in_(['A', 'B'])).order_by(team.c.id)):
        bind.execute(sa.insert(sa.table('entry', sa.column('what'), schema='audit')).values(
            what=f'{row.name}/{row.slug}/{row.settings}'))


def downgrade():
    op.execute("DELETE FROM team WHERE name IN ('New', 'A', 'B')")
    op.execute("UPDATE team SET slug = NULL WHERE slug = 'none'")
    op.execute('DELETE FROM audit.entry')
