import sqlalchemy as sa
from alembic import op

def _has_column(table, column):
    bind = op.get_context().bind
    insp = sa.inspect(bind)
    return any(c['name'] == column for c in insp.get_columns(table))


def upgrade():
    if not _has_column('team', 'color'):
        with op.batch_alter_table('team') as batch_op:
            batch_op.add_column(sa.Column('color', sa.String(20), server_default='none'))
    if not _has_column('team', 'slug'):
        raise RuntimeError('unreachable')
    if not _has_column('team', 'color'):
        raise RuntimeError('unreachable')


def downgrade():
    if _has_column('team', 'color'):
        op.drop_column('team', 'color')
