import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    row = bind.execute(sa.text(
        "SELECT '(1,2)'::point AS p, 'a b'::tsvector AS v, '[1,5)'::int4range AS r, '1.2.3.0/24'::cidr AS c,"
        " '08:00:2b:01:02:03'::macaddr AS m, B'101' AS b, '<a/>'::xml AS x, 'team'::regclass AS rel,"
        " '$1,234.50'::money AS money, (1, 'a') AS pair")).one()
    shown = {k: row._mapping[k] for k in ('p', 'v', 'c', 'm', 'b', 'x', 'rel', 'money', 'pair')}
    bind.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': repr(shown)})


def downgrade():
    op.execute('DELETE FROM audit.entry')
