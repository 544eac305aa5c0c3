import sqlalchemy as sa
from alembic import op


def upgrade():
    insp = sa.inspect(op.get_bind())
    for column in insp.get_columns('member'):
        if column['name'] in ('score', 'active', 'tags') and column['default'] is not None:
            op.alter_column('member', column['name'], server_default=None)
        if not column['nullable'] and column['name'] == 'full_name':
            op.alter_column('member', 'full_name', nullable=True)
    pk = insp.get_pk_constraint('team')
    if pk['constrained_columns'] == ['id'] and pk['name']:
        op.execute(f"ALTER TABLE team RENAME CONSTRAINT {pk['name']} TO pk_team")


def downgrade():
    op.execute('ALTER TABLE team RENAME CONSTRAINT pk_team TO team_pkey')
    op.alter_column('member', 'full_name', nullable=False)
    op.alter_column('member', 'active', server_default=sa.true())
