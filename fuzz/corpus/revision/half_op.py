revision = "a"
down_revision = None
from alembic import op
def upgrade():
    try:
        op.rename_table(5, "b")
    except TypeError:
        pass
    op.drop_table("a\0b")
