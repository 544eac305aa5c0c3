import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    op.add_column('member', sa.Column('email_lower', sa.Text))
    last = 0
    while True:
        rows = bind.execute(sa.text('SELECT id, email FROM member WHERE id > :last'
                                    ' ORDER BY id LIMIT 2'), {'last': last}).mappings().all()
        if not rows:
            break
        for row in rows:
            if row['email'] is not None:
                bind.execute(sa.text('UPDATE member SET email_lower = :e WHERE id = :i'),
                             dict(e=row['email'].lower(), i=row['id']))
        last = rows[-1]['id']


def downgrade():
    op.drop_column('member', 'email_lower')
