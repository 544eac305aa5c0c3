# The preview cannot know what it would read of what it records.
import sqlalchemy as sa
from alembic import op

import json


def upgrade():
    bind = op.get_bind()
    for row in bind.execute(sa.text('SELECT id, settings FROM team ORDER BY id')).fetchall():
        settings = row.settings or {}
        settings['seen'] = True
        settings.setdefault('level', 0)
        bind.execute(sa.text('UPDATE team SET settings = CAST(:s AS jsonb) WHERE id = :i'),
                     {'s': json.dumps(settings), 'i': row.id})
    t = sa.table('team', sa.column('id', sa.Integer), sa.column('settings', sa.JSON))
    for row in bind.execute(sa.select(t.c.id, t.c.settings).order_by(t.c.id)):
        bind.execute(t.update().where(t.c.id == row.id).values(settings={**row.settings, 'n': row.id}))


def downgrade():
    op.execute("UPDATE team SET settings = NULL")
