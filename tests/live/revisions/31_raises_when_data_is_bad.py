import sqlalchemy as sa
from alembic import op

def upgrade():
    n = op.get_bind().execute(sa.text('SELECT count(*) FROM member WHERE email IS NULL')).scalar()
    if n:
        raise Exception(f'{n} members have no email')
    op.alter_column('member', 'email', nullable=False)


def downgrade():
    op.alter_column('member', 'email', nullable=True)
