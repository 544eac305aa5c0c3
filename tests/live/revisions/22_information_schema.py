import sqlalchemy as sa
from alembic import op

def upgrade():
    conn = op.get_bind()
    found = conn.execute(sa.text("""
        SELECT column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = :t AND column_name = :c
    """), {'t': 'member', 'c': 'ratio'}).fetchone()
    if found and found[1] == 'double precision':
        op.alter_column('member', 'ratio', type_=sa.Numeric(12, 4),
                        existing_type=sa.Float(), postgresql_using='ratio::numeric(12,4)')
    exists = conn.execute(sa.text(
        "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'nothing')")).scalar()
    if exists:
        op.drop_table('nothing')


def downgrade():
    op.alter_column('member', 'ratio', type_=sa.Float())
