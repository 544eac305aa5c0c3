import sqlalchemy as sa
from alembic import op

meta = sa.MetaData()
sa.Table('team', meta, sa.Column('id', sa.Integer, primary_key=True))
sa.Table('badge', meta, sa.Column('id', sa.Integer, primary_key=True),
         sa.Column('kind', sa.Enum('gold', 'tin', name='badge_kind')),
         sa.Column('mood', sa.Enum('happy', 'sad', name='mood')),
         sa.Column('team_id', sa.Integer, sa.ForeignKey('team.id')))


def upgrade():
    meta.create_all(op.get_bind())
    meta.tables['badge'].create(op.get_bind(), checkfirst=True)


def downgrade():
    meta.tables['badge'].drop(op.get_bind(), checkfirst=True)
    sa.Table('absent', sa.MetaData(), sa.Column('id', sa.Integer)).drop(op.get_bind(), checkfirst=True)
