# SQLAlchemy 2.0: 1.4 shows no indexes on expressions.
import sqlalchemy as sa
from alembic import op

def upgrade():
    insp = sa.inspect(op.get_bind())
    for fk in insp.get_foreign_keys('member'):
        if fk['referred_table'] == 'team' and fk['constrained_columns'] == ['team_id']:
            op.drop_constraint(fk['name'], 'member', type_='foreignkey')
            op.create_foreign_key('fk_member_team', 'member', 'team', ['team_id'], ['id'],
                                  ondelete='SET NULL')
    for index in insp.get_indexes('member'):
        if index['name'].startswith('ix_'):
            op.drop_index(index['name'], table_name='member')


def downgrade():
    op.drop_constraint('fk_member_team', 'member', type_='foreignkey')
    op.create_foreign_key('member_team_id_fkey', 'member', 'team', ['team_id'], ['id'],
                          ondelete='CASCADE')
    op.create_index('ix_member_name', 'member', ['full_name'])
    op.execute('CREATE INDEX ix_member_lower ON member (lower(email)) WHERE active')
