import sqlalchemy as sa
from alembic import op


def upgrade():
    conn = op.get_bind()
    highest = conn.execute(sa.text('SELECT max(id) FROM member')).scalar() or 0
    op.execute(sa.text("INSERT INTO member (id, team_id, full_name) VALUES (:i, 1, 'far')")
               .bindparams(i=highest + 100))
    conn.execute(sa.text("SELECT setval('member_id_seq', (SELECT max(id) FROM member))"))
    op.execute("SELECT setval(pg_get_serial_sequence('team', 'id'), coalesce(max(id), 1)) FROM team")
    conn.execute(sa.text('SELECT pg_advisory_xact_lock(4711)'))
    op.execute("INSERT INTO member (team_id, full_name) VALUES (1, 'farther')")


def downgrade():
    op.execute("DELETE FROM member WHERE full_name LIKE 'far%'")
