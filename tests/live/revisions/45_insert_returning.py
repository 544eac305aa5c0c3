# The preview cannot know the keys.
import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    team = sa.table('team', sa.column('id', sa.Integer), sa.column('name', sa.String))
    entry = sa.table('entry', sa.column('id', sa.Integer), sa.column('what', sa.Text),
                     sa.column('member_id', sa.Integer), schema='audit')
    new = bind.execute(sa.insert(team).values(name='Default').returning(team.c.id)).scalar_one()
    moved = bind.execute(sa.text('UPDATE member SET team_id = :t WHERE NOT active RETURNING id, full_name'),
                         {'t': new}).fetchall()
    for member_id, name in moved:
        row = bind.execute(entry.insert().values(what=name, member_id=member_id)
                           .returning(entry.c.id, entry.c.what)).one()
        assert row.what == name and row.id > 0


def downgrade():
    bind = op.get_bind()
    bind.execute(sa.text('DELETE FROM audit.entry'))
    gone = bind.execute(sa.text("SELECT id FROM team WHERE name = 'Default'")).scalar()
    bind.execute(sa.text('UPDATE member SET team_id = 1 WHERE team_id = :t'), dict(t=gone))
    bind.execute(sa.text('DELETE FROM team WHERE id = :t'), dict(t=gone))
