import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session


def upgrade():
    session = Session(bind=op.get_bind())
    op.execute("UPDATE team SET slug = 'never'")
    try:
        session.execute(sa.text('SELECT no_such_function()'))
        session.commit()
    except Exception:
        session.rollback()
        raise


def downgrade():
    pass
