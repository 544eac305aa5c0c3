import sqlalchemy as sa
from alembic import op


def _rebuild(ondelete):
    insp = sa.inspect(op.get_bind())
    for schema in (None, 'audit'):
        for table in sorted(insp.get_table_names(schema=schema)):
            for key in insp.get_foreign_keys(table, schema=schema):
                op.drop_constraint(key['name'], table, type_='foreignkey', schema=schema)
                op.create_foreign_key(key['name'], table, key['referred_table'], key['constrained_columns'],
                                      key['referred_columns'], ondelete=ondelete, source_schema=schema,
                                      referent_schema=key['referred_schema'])


def upgrade():
    _rebuild('RESTRICT')


def downgrade():
    _rebuild(None)
