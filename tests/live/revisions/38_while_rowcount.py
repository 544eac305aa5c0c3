import sqlalchemy as sa
from alembic import op


def upgrade():
    conn = op.get_bind()
    op.add_column('member', sa.Column('domain', sa.String(120)))
    rounds = 0
    while True:
        result = conn.execute(sa.text(
            "UPDATE member SET domain = split_part(email, '@', 2) WHERE id IN"
            " (SELECT id FROM member WHERE domain IS NULL AND email IS NOT NULL ORDER BY id LIMIT 1)"))
        if result.rowcount == 0:
            break
        rounds += 1
    conn.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': f'{rounds} rounds'})


def downgrade():
    op.drop_column('member', 'domain')
    op.execute('DELETE FROM audit.entry')
