import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import reflection
from sqlalchemy.engine.reflection import Inspector


def upgrade():
    conn = op.get_bind()
    inspector = Inspector.from_engine(conn)
    other = reflection.Inspector.from_engine(conn)
    if 'legacy_setting' in inspector.get_table_names():
        op.rename_table('legacy_setting', 'setting')
    if 'member' in other.get_table_names() and not [
            c for c in other.get_columns('member') if c['name'] == 'nickname']:
        op.add_column('member', sa.Column('nickname', sa.String(40)))


def downgrade():
    op.drop_column('member', 'nickname')
    if 'setting' in Inspector.from_engine(op.get_bind()).get_table_names():
        op.rename_table('setting', 'legacy_setting')
