import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    for text in ("it's", 'back\\slash', '50% of :all', 'new\nline\ttab', 'é☃😀', '"quoted"', "'); DROP TABLE team; --",
                 '%(x)s', '{curly}', ''):
        bind.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': text})
    entry = sa.table('entry', sa.column('what', sa.String), schema='audit')
    op.execute(entry.insert().values(what="it's 100% \\ :x"))
    op.bulk_insert(entry, [{'what': "a'b\\c%d:e"}])
    bind.exec_driver_sql('INSERT INTO audit.entry (what) VALUES (%s)', ("driver's 10% \\ :y",))
    for row in bind.execute(sa.text("SELECT 'a:b\\c' || chr(10) || '%' AS txt")):
        bind.execute(entry.insert().values(what=row.txt))
    op.execute(sa.text("INSERT INTO audit.entry (what) VALUES ('time 10\\:30')"))


def downgrade():
    op.execute('DELETE FROM audit.entry')
