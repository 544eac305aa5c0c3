import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    meta = sa.MetaData()
    meta.reflect(bind=bind, only=['team', 'member'])
    team = meta.tables['team']
    member = meta.tables['member']
    counts = {}
    for row in bind.execute(sa.select(member.c.team_id, sa.func.count().label('n'))
                            .group_by(member.c.team_id).order_by(member.c.team_id)):
        counts[row.team_id] = row.n
    op.add_column('team', sa.Column('size', sa.Integer, server_default='0', nullable=False))
    for team_id, n in counts.items():
        op.execute(sa.text(f'UPDATE team SET size = {n} WHERE id = {team_id}'))
    assert sorted(c.name for c in team.columns) == ['id', 'name', 'settings', 'slug']


def downgrade():
    op.drop_column('team', 'size')
