import sqlalchemy as sa
from alembic import op

def upgrade():
    conn = op.get_bind()
    seen = set()
    doomed = []
    for id_, name in conn.execute(sa.text('SELECT id, lower(substr(full_name, 1, 1)) FROM member ORDER BY id')):
        if name in seen:
            doomed.append(id_)
        seen.add(name)
    if doomed:
        conn.execute(sa.text('DELETE FROM member WHERE id IN :ids').bindparams(
            sa.bindparam('ids', expanding=True)), {'ids': doomed})
        conn.execute(sa.text('UPDATE team SET slug = :s WHERE id = ANY(:ids)'), {'s': 'x', 'ids': [1, 2]})


def downgrade():
    pass
