import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    if bind.dialect.name == 'postgresql' and bind.engine.name == 'postgresql':
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm'")
    op.execute("UPDATE member SET feeling = 'calm' WHERE feeling IS NULL")
    if bind.dialect.server_version_info >= (12,):
        op.execute(f"INSERT INTO audit.entry (what) VALUES ('{bind.dialect.default_schema_name}')")
    if not bind.dialect.has_table(bind, 'extra'):
        op.create_table('extra', sa.Column('id', sa.Integer))
    if bind.dialect.has_table(bind, 'entry', schema='audit'):
        op.create_index('ix_entry_what', 'entry', ['what'], schema='audit')


def downgrade():
    op.drop_index('ix_entry_what', 'entry', schema='audit')
    op.drop_table('extra')
    op.execute("UPDATE member SET feeling = NULL WHERE feeling = 'calm'")
    op.execute('DELETE FROM audit.entry')
