import sqlalchemy as sa
from alembic import op


def upgrade():
    conn = op.get_bind()
    conn.execute(sa.text("INSERT INTO team (name) SELECT name FROM team WHERE id < 3"))
    result = conn.execute(sa.text("""
        WITH ranked AS (SELECT id, row_number() OVER (PARTITION BY name ORDER BY id) AS n FROM team)
        DELETE FROM team USING ranked WHERE team.id = ranked.id AND ranked.n > 1
    """))
    op.create_unique_constraint('uq_team_name', 'team', ['name'])


def downgrade():
    op.drop_constraint('uq_team_name', 'team')
