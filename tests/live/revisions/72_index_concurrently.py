import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    with op.get_context().autocommit_block():
        for name, table, column in (('ix_team_slug', 'team', 'slug'), ('ix_member_name', 'member', 'full_name')):
            there = bind.execute(sa.text('SELECT to_regclass(:n)'), {'n': name}).scalar()
            if there is None:
                op.create_index(name, table, [column], postgresql_concurrently=True)
    op.execute("UPDATE team SET slug = 'behind' WHERE id = 3")


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index('ix_team_slug', 'team', postgresql_concurrently=True, if_exists=True)
