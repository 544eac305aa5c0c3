import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    total = bind.execute(sa.text('SELECT count(*) FROM member')).scalar()
    same = bind.scalar(sa.text('SELECT count(*) FROM member'))
    ids = bind.scalars(sa.text('SELECT id FROM member ORDER BY id')).all()
    one = bind.execute(sa.text('SELECT 1')).scalar_one()
    none = bind.execute(sa.text('SELECT 1 WHERE false')).scalar_one_or_none()
    nothing = bind.execute(sa.text('SELECT 1 WHERE false')).scalar()
    first = bind.execute(sa.text('SELECT id, full_name FROM member ORDER BY id')).first()
    missing = bind.execute(sa.text('SELECT 1 WHERE false')).first()
    only = bind.execute(sa.text("SELECT id, email FROM member WHERE email LIKE 'ada%'")).one()
    maybe = bind.execute(sa.text('SELECT id FROM member WHERE id = 99')).one_or_none()
    text = repr((total, same, ids, one, none, nothing, first, missing, only, maybe))
    op.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)').bindparams(w=text))


def downgrade():
    op.execute('DELETE FROM audit.entry')
