import sqlalchemy as sa
from alembic import op


def upgrade():
    conn = op.get_bind()
    for old, new in [('member_team_id_fkey', 'fk_member_team_id_team'), ('nowhere', 'elsewhere')]:
        row = conn.execute(sa.text(
            'SELECT constraint_name FROM information_schema.table_constraints'
            ' WHERE table_name = :t AND constraint_name = :c'), {'t': 'member', 'c': old}).fetchone()
        if row is not None:
            op.execute(f'ALTER TABLE member RENAME CONSTRAINT {row[0]} TO {new}')


def downgrade():
    op.execute('ALTER TABLE member RENAME CONSTRAINT fk_member_team_id_team TO member_team_id_fkey')
