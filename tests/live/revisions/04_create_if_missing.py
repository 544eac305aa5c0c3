import sqlalchemy as sa
from alembic import op

def upgrade():
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table('note'):
        op.create_table('note', sa.Column('id', sa.Integer, primary_key=True),
                        sa.Column('body', sa.Text))
    if 'team' not in inspector.get_table_names():
        op.create_table('team', sa.Column('id', sa.Integer, primary_key=True))
    if not inspector.has_table('active_member'):
        op.execute('CREATE VIEW active_member AS SELECT 1')


def downgrade():
    if sa.inspect(op.get_bind()).has_table('note'):
        op.drop_table('note')
