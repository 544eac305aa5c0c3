from alembic import op
import sqlalchemy as sa
revision='a'
down_revision=None
def upgrade():
    class X(sa.Column):
        def __init__(self):
            op.create_index('i','t',[self])
            op.add_column('t', self)
    X()
