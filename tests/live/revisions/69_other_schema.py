import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    insp = sa.inspect(bind)
    if 'audit' in insp.get_schema_names() and insp.has_table('entry', schema='audit'):
        entry = sa.Table('entry', sa.MetaData(), schema='audit', autoload_with=bind)
        bind.execute(entry.insert(), [{'what': 'one', 'member_id': 1}, {'what': 'two', 'member_id': None}])
        assert bind.execute(sa.select(sa.func.count()).select_from(entry)).scalar() in (0, 2)
    if 'billing' not in insp.get_schema_names():
        op.execute('CREATE SCHEMA billing')
    op.execute('ALTER TABLE legacy_setting SET SCHEMA billing')


def downgrade():
    op.execute('ALTER TABLE billing.legacy_setting SET SCHEMA public')
    op.execute('DROP SCHEMA billing')
    op.execute('DELETE FROM audit.entry')
