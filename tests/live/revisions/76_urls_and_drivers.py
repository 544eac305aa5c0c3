import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    url = str(bind.engine.url)
    if url.startswith('sqlite') or bind.engine.url.drivername.startswith('mysql'):
        return
    if bind.engine.url.get_backend_name() == 'postgresql' and 'postgres' in url:
        op.execute("UPDATE team SET slug = 'postgres'")
    if bind.dialect.driver:
        op.execute("UPDATE team SET name = name || '!'")


def downgrade():
    pass
