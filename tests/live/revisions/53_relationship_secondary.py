# The preview cannot know the keys.
import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm

Base = orm.declarative_base()

team_badge = sa.Table('team_badge', Base.metadata, sa.Column('team_id', sa.ForeignKey('team.id'), primary_key=True),
                      sa.Column('badge_id', sa.ForeignKey('badge.id'), primary_key=True))


class Badge(Base):
    __tablename__ = 'badge'
    id = sa.Column(sa.Integer, primary_key=True)
    label = sa.Column(sa.String(20))


class Team(Base):
    __tablename__ = 'team'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(80))
    badges = orm.relationship(Badge, secondary=team_badge, order_by=Badge.id)


def upgrade():
    op.create_table('badge', sa.Column('id', sa.Integer, primary_key=True), sa.Column('label', sa.String(20)))
    op.create_table('team_badge', sa.Column('team_id', sa.Integer, sa.ForeignKey('team.id'), primary_key=True),
                    sa.Column('badge_id', sa.Integer, sa.ForeignKey('badge.id'), primary_key=True))
    session = orm.Session(bind=op.get_bind())
    gold, tin = Badge(label='gold'), Badge(label='tin')
    session.add_all([gold, tin])
    session.flush()
    for team in session.query(Team).order_by(Team.id):
        team.badges.append(gold)
        if team.id != 2:
            team.badges.append(tin)
    session.commit()
    first = session.query(Team).filter(Team.id == 1).one()
    assert [b.label for b in first.badges] == ['gold', 'tin']
    first.badges.remove(tin)
    session.commit()


def downgrade():
    op.drop_table('team_badge')
    op.drop_table('badge')
