import sqlalchemy as sa
from alembic import op


def upgrade():
    insp = sa.inspect(op.get_bind())
    for name, columns in (('ix_member_name', ['full_name']), ('ix_member_born', ['born'])):
        if name not in {i['name'] for i in insp.get_indexes('member')}:
            op.create_index(name, 'member', columns)
    if not any(i['unique'] and i['column_names'] == ['name'] for i in insp.get_indexes('team')):
        op.create_index(op.f('ix_team_name'), 'team', ['name'], unique=True)


def downgrade():
    insp = sa.inspect(op.get_bind())
    names = [i['name'] for i in insp.get_indexes('member')]
    if 'ix_member_born' in names:
        op.drop_index('ix_member_born', table_name='member')
    if [i for i in insp.get_indexes('team') if i['name'] == 'ix_team_name']:
        op.drop_index('ix_team_name', 'team')
