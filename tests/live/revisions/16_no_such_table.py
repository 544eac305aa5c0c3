import sqlalchemy as sa
from alembic import op

def upgrade():
    try:
        sa.inspect(op.get_bind()).get_columns('nope')
    except sa.exc.NoSuchTableError as e:
        op.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)').bindparams(w=repr(e)))
    try:
        sa.Table('nope', sa.MetaData(), autoload_with=op.get_bind())
    except sa.exc.NoSuchTableError as e:
        op.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)').bindparams(w=str(e)))


def downgrade():
    op.execute('DELETE FROM audit.entry')
