# SQLAlchemy 2.0: 1.4 has no has_index() and other shapes of indexes.
# Shows retort its own tables: the version table, the journal.
import sqlalchemy as sa
from alembic import op

def upgrade():
    i = sa.inspect(op.get_bind())
    out = [i.get_pk_constraint('member'), i.get_foreign_keys('member'), i.get_indexes('member'),
           i.get_unique_constraints('member'), i.get_check_constraints('member'),
           sorted(i.get_table_names()), i.get_view_names(), i.get_enums(), i.get_table_comment('team'),
           i.get_table_comment('member'), i.get_table_names(schema='audit'),
           i.get_foreign_keys('entry', schema='audit'), i.has_table('entry'),
           i.has_table('entry', schema='audit'), i.default_schema_name, i.get_schema_names(),
           i.get_sequence_names(), i.has_table('nope'), i.get_indexes('team'),
           sorted(i.get_columns('team')[0]), [c['name'] for c in i.get_columns('member')],
           [c['nullable'] for c in i.get_columns('member')],
           [c['default'] for c in i.get_columns('member')],
           [c['autoincrement'] for c in i.get_columns('member')],
           [type(c['type']).__name__ for c in i.get_columns('member')],
           i.get_columns('entry', schema='audit')[0]['default'],
           i.get_foreign_keys('member', schema='public'), i.has_index('member', 'ix_member_name'),
           i.has_schema('audit'), i.get_pk_constraint('team', schema='public')]
    op.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)').bindparams(w='\n'.join(map(repr, out))))


def downgrade():
    op.execute('DELETE FROM audit.entry')
