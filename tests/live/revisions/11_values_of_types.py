import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    for row in bind.execute(sa.text('SELECT * FROM member ORDER BY id')):
        shown = [f'{k}={type(v).__name__}:{v!r}' for k, v in row._mapping.items()
                 if k not in ('secret', 'joined')]
        shown.append(row.joined.isoformat())
        bind.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': '; '.join(shown)})
    more = bind.execute(sa.text(
        "SELECT 1.50::numeric, 2::bigint, 3::smallint, 1.5::real, 'x'::char(3), 'n'::name,"
        " ARRAY[1,2,NULL]::int[], ARRAY['a','NULL',NULL], ARRAY[[1,2],[3,4]], ARRAY[true,false],"
        " '{\"a\": {\"b\": null}}'::jsonb, '[1]'::json, '10:11:12'::time, '2020-02-03'::date,"
        " '2020-02-03 04:05:06.5'::timestamp, interval '1 year 2 mons 3 days',"
        " interval '-1 day +02:03:04.5', NULL::int, 'sad'::mood, '1.2.3.4'::inet,"
        " ARRAY[1.5,2]::numeric[], 'NaN'::float8, 12345678901234567890::numeric,"
        " ARRAY['2020-02-03'::date], '{}'::text[], true")).one()
    bind.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'),
                 {'w': repr([(type(v).__name__, v) for v in more])})


def downgrade():
    op.execute('DELETE FROM audit.entry')
