import sqlalchemy as sa
from alembic import op

from sqlalchemy.dialects import postgresql

kind = postgresql.ENUM('x', 'y', name='kind')


def upgrade():
    kind.create(op.get_bind(), checkfirst=True)
    kind.create(op.get_bind())
    postgresql.ENUM('happy', 'sad', name='mood').create(op.get_bind(), checkfirst=True)
    op.add_column('team', sa.Column('kind', kind))
    types = [str(c['type']) for c in sa.inspect(op.get_bind()).get_columns('team')]
    op.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)').bindparams(w=repr(types)))


def downgrade():
    op.drop_column('team', 'kind')
    kind.drop(op.get_bind(), checkfirst=True)
    kind.drop(op.get_bind())
    op.execute('DELETE FROM audit.entry')
