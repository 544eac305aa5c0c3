# SQLAlchemy 1.4
import sqlalchemy as sa
from alembic import op


def upgrade():
    conn = op.get_bind()
    rows = conn.execute('SELECT id, full_name AS name, email FROM member ORDER BY id').fetchall()
    for row in rows:
        if row['email'] is None:
            conn.execute("UPDATE member SET email = '%s' WHERE id = %d" % (row['name'][:3].lower(), row['id']))
        assert row[0] == row.id and 'email' in row.keys()
        assert dict(row) == {'id': row['id'], 'name': row['name'], 'email': row['email']}
        assert row.items() == list(zip(row.keys(), row)) and list(row.values()) == list(row)
    count, = conn.execute('SELECT count(*) FROM member').first()
    conn.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), w=f'{count} members')
    conn.execute('INSERT INTO audit.entry (what) VALUES (%s)', ('50% of them',))
    conn.execute('INSERT INTO audit.entry (what) VALUES (%(w)s)', {'w': 'named: %'})
    conn.execute("INSERT INTO audit.entry (what) SELECT 'x:y' WHERE 'abc' LIKE '%%b%%'")


def downgrade():
    conn = op.get_bind()
    conn.execute('DELETE FROM audit.entry')
    conn.execute("UPDATE member SET email = NULL WHERE email = 'gra'")
