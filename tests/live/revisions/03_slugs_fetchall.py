import sqlalchemy as sa
from alembic import op

import re


def upgrade():
    bind = op.get_bind()
    teams = bind.execute(sa.text('select id, name, slug from team where slug is null')).fetchall()
    for team_id, name, slug in teams:
        bind.execute(sa.text('update team set slug=:slug where id=:id').bindparams(
            slug=re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-'), id=team_id))
    op.create_unique_constraint('uq_team_slug', 'team', ['slug'])


def downgrade():
    op.drop_constraint('uq_team_slug', 'team', type_='unique')
    op.execute("update team set slug = null where slug <> 'blue'")
