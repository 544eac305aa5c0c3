import sqlalchemy as sa
from alembic import op


def upgrade():
    insp = sa.inspect(op.get_bind())
    columns = {c['name']: c for c in insp.get_columns('member')}
    with op.batch_alter_table('member', schema=None) as batch_op:
        if 'nick' not in columns:
            batch_op.add_column(sa.Column('nick', sa.String(length=30), nullable=True))
        if isinstance(columns['email']['type'], sa.String) and columns['email']['type'].length < 255:
            batch_op.alter_column('email', existing_type=sa.VARCHAR(length=120), type_=sa.String(length=255),
                                  existing_nullable=columns['email']['nullable'])
        for index in insp.get_indexes('member'):
            if index['column_names'] == ['full_name']:
                batch_op.drop_index(index['name'])
        batch_op.create_index(batch_op.f('ix_member_nick'), ['nick'], unique=False)
        for key in insp.get_foreign_keys('member'):
            if key['options'].get('ondelete') == 'CASCADE':
                batch_op.drop_constraint(key['name'], type_='foreignkey')
                batch_op.create_foreign_key(key['name'], 'team', ['team_id'], ['id'])


def downgrade():
    with op.batch_alter_table('member') as batch_op:
        batch_op.drop_index('ix_member_nick')
        batch_op.create_index('ix_member_name', ['full_name'])
        batch_op.alter_column('email', type_=sa.String(length=120))
        batch_op.drop_column('nick')
