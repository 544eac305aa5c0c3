import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    old = sa.Table('legacy_setting', sa.MetaData(), autoload_with=bind)
    new = op.create_table('setting', sa.Column('id', sa.Integer, primary_key=True),
                          sa.Column('name', sa.String(50), nullable=False),
                          sa.Column('value', sa.Text))
    rows = bind.execute(sa.select(old.c.key, old.c.value).order_by(old.c.key)).fetchall()
    op.bulk_insert(new, [{'name': r.key, 'value': r.value} for r in rows])
    op.drop_table('legacy_setting')


def downgrade():
    op.create_table('legacy_setting', sa.Column('key', sa.String(50), primary_key=True),
                    sa.Column('value', sa.Text))
    op.execute('INSERT INTO legacy_setting SELECT name, value FROM setting')
    op.drop_table('setting')
