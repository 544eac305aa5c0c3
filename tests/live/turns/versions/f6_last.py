"""two statements in one text"""
from alembic import op

revision = "f6"
down_revision = "e5"


def upgrade():
    op.execute(
        """
        CREATE VIEW glad AS SELECT * FROM account WHERE mood = 'glad';
        COMMENT ON VIEW glad IS 'a; b'
        """
    )


def downgrade():
    op.execute("DROP VIEW glad")
