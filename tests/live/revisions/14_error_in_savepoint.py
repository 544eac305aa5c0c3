# The preview cannot know that what it records will fail.
import sqlalchemy as sa
from alembic import op

def upgrade():
    bind = op.get_bind()
    try:
        with bind.begin_nested():
            bind.execute(sa.text('SELECT * FROM no_such_table'))
    except sa.exc.ProgrammingError as e:
        words = [type(e).__name__, str(e.orig).strip(), e.orig.pgcode]
    try:
        with bind.begin_nested():
            op.create_table('team', sa.Column('id', sa.Integer))
    except sa.exc.ProgrammingError as e:
        words.append(str(e).split('[SQL')[0])
    try:
        with bind.begin_nested():
            op.execute("INSERT INTO member (team_id, full_name, email) VALUES (1, 'x', 'ada@example.org')")
    except sa.exc.IntegrityError as e:
        words.append(str(e.orig))
        words.append(e.orig.diag.constraint_name)
    nested = bind.begin_nested()
    op.execute("UPDATE team SET name = 'gone'")
    nested.rollback()
    op.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)').bindparams(w='|'.join(words)))


def downgrade():
    op.execute('DELETE FROM audit.entry')
