import sqlalchemy as sa
from alembic import op

def upgrade():
    enums = {e['name']: e for e in sa.inspect(op.get_bind()).get_enums()}
    if 'grade' not in enums:
        sa.Enum('a', 'b', name='grade').create(op.get_bind())
    assert enums['mood']['labels'] == ['happy', 'sad']
    op.add_column('member', sa.Column('grade', sa.Enum('a', 'b', name='grade', create_type=False)))


def downgrade():
    op.drop_column('member', 'grade')
    sa.Enum(name='grade').drop(op.get_bind(), checkfirst=True)
    sa.Enum(name='no_such').drop(op.get_bind(), checkfirst=True)
