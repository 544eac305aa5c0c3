import sqlalchemy as sa
from alembic import op

def upgrade():
    columns = [c['name'] for c in sa.inspect(op.get_bind()).get_columns('member')]
    if 'full_name' in columns and 'display_name' not in columns:
        op.alter_column('member', 'full_name', new_column_name='display_name')


def downgrade():
    insp = sa.inspect(op.get_bind())
    if 'display_name' in {c['name'] for c in insp.get_columns('member')}:
        op.alter_column('member', 'display_name', new_column_name='full_name')
