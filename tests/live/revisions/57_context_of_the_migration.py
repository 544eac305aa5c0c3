import sqlalchemy as sa
from alembic import op
import logging

from alembic import context

log = logging.getLogger('alembic.runtime.migration')


def upgrade():
    if context.is_offline_mode():
        raise RuntimeError('needs a database')
    migration = op.get_context()
    assert migration.dialect.name == 'postgresql' and op.get_bind().dialect.name == 'postgresql'
    assert migration.bind is op.get_bind() and context.get_context().bind is op.get_bind()
    if op.get_bind().engine.name == 'postgresql' and op.get_bind().engine.dialect.name == 'postgresql':
        log.info('adding %s', 'origin')
        op.add_column('member', sa.Column('origin', sa.Text, comment="where it's from"))
    n = migration.bind.execute(sa.text('SELECT count(*) FROM member')).scalar()
    op.execute(f'UPDATE member SET origin = {n}::text')


def downgrade():
    op.drop_column('member', 'origin')
