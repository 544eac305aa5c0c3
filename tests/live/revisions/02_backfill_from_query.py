import sqlalchemy as sa
from alembic import op

def upgrade():
    op.add_column('member', sa.Column('first_name', sa.String(100)))
    conn = op.get_bind()
    for row in conn.execute(sa.text('SELECT id, full_name FROM member ORDER BY id')):
        conn.execute(sa.text('UPDATE member SET first_name = :first WHERE id = :id'),
                     {'first': row.full_name.split()[0], 'id': row.id})
    op.alter_column('member', 'first_name', nullable=False)


def downgrade():
    op.drop_column('member', 'first_name')
