import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    meta = sa.MetaData()
    old = sa.Table('legacy_setting', meta, autoload_with=bind)
    new = sa.Table('setting', meta, *[sa.Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable)
                                      for c in old.columns], sa.Column('source', sa.String(10)))
    new.create(bind)
    bind.execute(new.insert().from_select(['key', 'value', 'source'],
                                          sa.select(old.c.key, old.c.value, sa.literal('old'))))
    assert 'value' in old.c and len(old.c) == 2 and old.c.keys() == ['key', 'value']
    old.drop(bind)


def downgrade():
    op.execute('CREATE TABLE legacy_setting (key varchar(50) PRIMARY KEY, value text)')
    op.execute('INSERT INTO legacy_setting SELECT key, value FROM setting')
    op.drop_table('setting')
