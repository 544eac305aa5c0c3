import sqlalchemy as sa
from alembic import op


def upgrade():
    insp = sa.inspect(op.get_bind())
    for check in insp.get_check_constraints('member'):
        if 'score' in check['sqltext']:
            op.drop_constraint(check['name'], 'member', type_='check')
    op.create_check_constraint('ck_member_score_range', 'member', 'score BETWEEN 0 AND 1000')


def downgrade():
    op.drop_constraint('ck_member_score_range', 'member')
    op.create_check_constraint('ck_member_score', 'member', sa.column('score') >= 0)
