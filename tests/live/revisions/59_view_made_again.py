import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    insp = sa.inspect(bind)
    definition = None
    if 'active_member' in insp.get_view_names():
        definition = insp.get_view_definition('active_member')
        op.execute('DROP VIEW active_member')
    op.alter_column('member', 'full_name', type_=sa.Text(), existing_type=sa.String(200))
    if definition:
        op.execute(f'CREATE VIEW active_member AS {definition}')
    views = bind.execute(sa.text("SELECT viewname FROM pg_views WHERE schemaname = 'public'")).scalars().all()
    if 'active_member' not in views:
        raise RuntimeError('unreachable')


def downgrade():
    op.execute('DROP VIEW IF EXISTS active_member')
    op.alter_column('member', 'full_name', type_=sa.String(200), existing_type=sa.Text())
    op.execute('CREATE VIEW active_member AS SELECT id, full_name FROM member WHERE active')
