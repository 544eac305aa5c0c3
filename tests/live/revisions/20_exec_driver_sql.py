import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    n = bind.exec_driver_sql('SELECT count(*) FROM member WHERE active = %s', (True,)).scalar()
    bind.exec_driver_sql('INSERT INTO audit.entry (what) VALUES (%(w)s)', {'w': f"it's 100%: {n}"})
    bind.exec_driver_sql("INSERT INTO audit.entry (what) VALUES ('a:b' || '50%%')")


def downgrade():
    op.get_bind().exec_driver_sql('DELETE FROM audit.entry')
