import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    result = bind.execute(sa.text('UPDATE member SET active = false WHERE active'))
    if result.rowcount != 2:
        raise ValueError(f'unexpected: {result.rowcount}')
    bind.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': f'n={result.rowcount}'})


def downgrade():
    op.execute('UPDATE member SET active = true WHERE id <> 2')
    op.execute('DELETE FROM audit.entry')
