import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    out = []
    result = bind.execute(sa.text('SELECT id, full_name AS name FROM member ORDER BY id'))
    out.append(list(result.keys()))
    row = result.fetchone()
    out += [row[0], row[-1], row.id, row.name, row._mapping['name'], row._asdict(), len(row),
            tuple(row), row == (1, 'Ada Lovelace'), row._fields, 'Ada Lovelace' in tuple(row)]
    a, b = row
    out += [a, b, str(row), list(result.fetchmany(1)), result.fetchall(), result.fetchone(),
            result.fetchall()]
    q = sa.text('SELECT id, full_name AS name FROM member ORDER BY id')
    out += [[dict(r._mapping) for r in bind.execute(q)], [dict(m) for m in bind.execute(q).mappings()]]
    out += [{r.id: r.name for r in bind.execute(q)}, dict(bind.execute(q).fetchall()),
            bind.execute(q).mappings().first()['name'], bind.execute(q).scalars().first(),
            bind.execute(q).scalars(1).all(), bind.execute(q).mappings().fetchall()[1]['id']]
    for part in bind.execute(q).partitions(2):
        out.append(part)
    bind.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': repr(out)})


def downgrade():
    op.execute('DELETE FROM audit.entry')
