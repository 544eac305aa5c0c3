import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    op.execute('SAVEPOINT before_all')
    op.execute("UPDATE team SET slug = 'lost'")
    op.execute('ROLLBACK TO SAVEPOINT before_all')
    n = bind.execute(sa.text("SELECT count(*) FROM team WHERE slug = 'lost'")).scalar_one()
    if n == 0:
        op.execute("UPDATE team SET slug = 'kept' WHERE slug IS NULL")
    op.execute('RELEASE SAVEPOINT before_all')


def downgrade():
    op.execute("UPDATE team SET slug = NULL WHERE slug = 'kept'")
