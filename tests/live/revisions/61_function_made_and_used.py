# The preview cannot call a function that is not there yet.
import sqlalchemy as sa
from alembic import op


def upgrade():
    op.execute("""
        CREATE FUNCTION initials(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
            SELECT string_agg(left(part, 1), '') FROM unnest(string_to_array(name, ' ')) part
        $$
    """)
    op.add_column('member', sa.Column('initials', sa.String(10)))
    rows = op.get_bind().execute(sa.text('SELECT id, initials(full_name) AS i FROM member ORDER BY id')).all()
    for row in rows:
        op.execute(f"UPDATE member SET initials = '{row.i}' WHERE id = {row.id}")
    op.execute("""DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM member WHERE initials IS NULL) THEN RAISE EXCEPTION 'no: %', 1; END IF;
    END $$""")


def downgrade():
    op.drop_column('member', 'initials')
    op.execute('DROP FUNCTION initials(text)')
