import sqlalchemy as sa
from alembic import op


def upgrade():
    conn = op.get_bind()
    op.add_column('member', sa.Column('shout', sa.Text))
    text = sa.text('SELECT id, full_name FROM member ORDER BY id').execution_options(stream_results=True)
    for row in conn.execute(text).yield_per(2).all():
        conn.execute(sa.text('UPDATE member SET shout = :s WHERE id = :i'), {'s': row.full_name.upper(), 'i': row.id})
    for part in conn.execution_options(max_row_buffer=10).execute(text).partitions(2):
        assert part[0].full_name


def downgrade():
    op.drop_column('member', 'shout')
