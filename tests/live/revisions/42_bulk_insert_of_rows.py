import sqlalchemy as sa
from alembic import op


def upgrade():
    conn = op.get_bind()
    table = op.create_table(
        'member_tag', sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('member_id', sa.Integer, sa.ForeignKey('member.id', ondelete='CASCADE'), nullable=False),
        sa.Column('tag', sa.String(50), nullable=False), sa.Column('place', sa.SmallInteger))
    rows = conn.execute(sa.text('SELECT id, tags FROM member WHERE tags IS NOT NULL ORDER BY id')).fetchall()
    new = [{'member_id': r.id, 'tag': t, 'place': i} for r in rows for i, t in enumerate(r.tags)]
    if new:
        op.bulk_insert(table, new)
    op.drop_column('member', 'tags')


def downgrade():
    op.add_column('member', sa.Column('tags', sa.ARRAY(sa.Text), server_default='{}'))
    conn = op.get_bind()
    tags = {}
    for member_id, tag in conn.execute(sa.text('SELECT member_id, tag FROM member_tag ORDER BY member_id, place')):
        tags.setdefault(member_id, []).append(tag)
    for member_id, names in tags.items():
        conn.execute(sa.text('UPDATE member SET tags = :t WHERE id = :i'), {'t': names, 'i': member_id})
    op.drop_table('member_tag')
