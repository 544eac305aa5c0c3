import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

old = ('happy', 'sad')
new = ('happy', 'sad', 'bored')


def _labels():
    return tuple(op.get_bind().execute(sa.text(
        "SELECT e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid"
        " WHERE t.typname = 'mood' ORDER BY e.enumsortorder")).scalars().all())


def _rebuild(labels):
    op.execute('ALTER TYPE mood RENAME TO mood_old')
    postgresql.ENUM(*labels, name='mood').create(op.get_bind())
    op.alter_column('member', 'feeling', type_=postgresql.ENUM(*labels, name='mood', create_type=False),
                    postgresql_using='feeling::text::mood')
    op.execute('DROP TYPE mood_old')


def upgrade():
    if _labels() == old:
        _rebuild(new)


def downgrade():
    if 'bored' in _labels():
        op.execute("UPDATE member SET feeling = NULL WHERE feeling = 'bored'")
        _rebuild(old)
