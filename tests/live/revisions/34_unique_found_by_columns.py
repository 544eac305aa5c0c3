import sqlalchemy as sa
from alembic import op


def _unique(table, columns):
    for found in sa.inspect(op.get_bind()).get_unique_constraints(table):
        if sorted(found['column_names']) == sorted(columns):
            return found['name']
    return None


def upgrade():
    name = _unique('member', ['email'])
    if name:
        op.drop_constraint(name, 'member', type_='unique')
    op.create_unique_constraint(None, 'member', ['email', 'team_id'])


def downgrade():
    op.drop_constraint(_unique('member', ['team_id', 'email']), 'member', type_='unique')
    op.create_unique_constraint('uq_member_email', 'member', ['email'])
