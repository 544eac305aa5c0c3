import sqlalchemy as sa
from alembic import op

def upgrade():
    labels = [r[0] for r in op.get_bind().execute(sa.text(
        "SELECT enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid"
        " WHERE typname = 'mood' ORDER BY enumsortorder"))]
    if 'angry' not in labels:
        op.execute("ALTER TYPE mood ADD VALUE 'angry'")


def downgrade():
    pass
