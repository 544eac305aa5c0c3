from alembic import op
import sqlalchemy as sa
revision='a'
down_revision=None
def upgrade():
    class X(sa.Table,sa.Column): pass
    x=X('a')
    repr(x)
    op.add_column('t', x)
    x.name
