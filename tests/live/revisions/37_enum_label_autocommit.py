# The preview cannot know what it would read of what it records.
import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    found = bind.execute(sa.text(
        "SELECT 1 FROM pg_enum WHERE enumlabel = :label AND enumtypid = 'mood'::regtype"),
        {'label': 'elated'}).first()
    if found is None:
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE 'elated' BEFORE 'sad'")
    labels = bind.execute(sa.text('SELECT unnest(enum_range(NULL::mood))::text')).scalars().all()
    op.add_column('team', sa.Column('moods', sa.Integer, server_default=str(len(labels))))
    op.execute(sa.text("UPDATE member SET feeling = 'elated' WHERE feeling = 'happy'"))


def downgrade():
    op.execute("UPDATE member SET feeling = 'happy' WHERE feeling = 'elated'")
    op.drop_column('team', 'moods')
