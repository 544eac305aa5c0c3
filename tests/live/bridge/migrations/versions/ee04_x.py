"""native again"""

from alembic import op
import sqlalchemy as sa

revision = "ee04"
down_revision = "dd03"


def upgrade():
    op.add_column("other", sa.Column("note", sa.Text))


def downgrade():
    op.drop_column("other", "note")
