import sqlalchemy as sa
from alembic import op


def _chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start:start + size]


def upgrade():
    conn = op.get_bind()
    ids = [r.id for r in conn.execute(sa.text('SELECT id FROM member ORDER BY id DESC'))]
    statement = sa.text('UPDATE member SET active = NOT active WHERE id IN :ids').bindparams(
        sa.bindparam('ids', expanding=True))
    for chunk in _chunks(ids, 2):
        conn.execute(statement, {'ids': chunk})
    for chunk in _chunks(ids, 2):
        conn.execute(sa.text('UPDATE member SET ratio = :r WHERE id = ANY(:ids)'), {'r': 1.5, 'ids': chunk})
    conn.execute(sa.text('INSERT INTO audit.entry (what, member_id) VALUES (:w, :m)'),
                 [{'w': f'chunk {i}', 'm': i} for i in ids])


def downgrade():
    op.execute('UPDATE member SET active = NOT active, ratio = NULL')
    op.execute('DELETE FROM audit.entry')
