import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session


def upgrade():
    session = Session(bind=op.get_bind())
    try:
        op.execute("UPDATE team SET slug = 'x' WHERE slug IS NULL")
        if op.get_bind().scalar(sa.text('SELECT 1')) == 1:
            raise KeyError('x')
    except KeyError:
        session.rollback()
    session.close()
    op.execute("INSERT INTO audit.entry (what) VALUES ('after')")


def downgrade():
    op.execute("UPDATE team SET slug = NULL WHERE slug = 'x'")
    op.execute('DELETE FROM audit.entry')
