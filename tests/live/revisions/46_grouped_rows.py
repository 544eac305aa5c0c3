import sqlalchemy as sa
from alembic import op
from collections import defaultdict


def upgrade():
    bind = op.get_bind()
    members = defaultdict(list)
    for team_id, name in bind.execute(sa.text('SELECT team_id, full_name FROM member ORDER BY full_name')):
        members[team_id].append(name.split()[-1])
    op.add_column('team', sa.Column('roll', sa.Text()))
    for team_id in sorted(members):
        op.execute(sa.text('UPDATE team SET roll = :r WHERE id = :t').bindparams(
            r=', '.join(members[team_id]), t=team_id))


def downgrade():
    op.drop_column('team', 'roll')
