# The preview cannot know that what it records will fail.
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import sessionmaker

Session = sessionmaker()


def upgrade():
    session = Session(bind=op.get_bind())
    for name in ('ada@example.org', 'new@example.org'):
        try:
            with session.begin_nested():
                session.execute(sa.text("INSERT INTO member (team_id, full_name, email) VALUES (1, 'n', :e)"),
                                {'e': name})
        except sa.exc.IntegrityError as e:
            session.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'),
                            {'w': e.orig.diag.constraint_name})
    session.commit()
    session.close()


def downgrade():
    op.execute("DELETE FROM member WHERE full_name = 'n'")
    op.execute('DELETE FROM audit.entry')
