import sqlalchemy as sa
from alembic import op


def upgrade():
    op.create_table('Mixed Case', sa.Column('Id', sa.Integer, primary_key=True), sa.Column('order', sa.Text),
                    sa.Column('it"s', sa.Text))
    bind = op.get_bind()
    insp = sa.inspect(bind)
    if insp.has_table('Mixed Case') and not insp.has_table('mixed case'):
        names = [c['name'] for c in insp.get_columns('Mixed Case')]
        mixed = sa.Table('Mixed Case', sa.MetaData(), autoload_with=bind)
        bind.execute(mixed.insert().values({'Id': 1, 'order': ','.join(names), 'it"s': 'x'}))
        bind.execute(mixed.update().where(mixed.c.Id == 1).values({mixed.c['it"s']: mixed.c.order}))


def downgrade():
    op.drop_table('Mixed Case')
