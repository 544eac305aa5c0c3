import sqlalchemy as sa
from alembic import op

from sqlalchemy import orm

Base = orm.declarative_base()


class Team(Base):
    __tablename__ = 'team'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(80), nullable=False)


class Member(Base):
    __tablename__ = 'member'
    id = sa.Column(sa.Integer, primary_key=True)
    team_id = sa.Column(sa.Integer, sa.ForeignKey('team.id'))
    full_name = sa.Column(sa.String(200))
    active = sa.Column(sa.Boolean, default=True)


def upgrade():
    bind = op.get_bind()
    session = orm.Session(bind=bind)
    gold = Team(name='Gold')
    session.add(gold)
    session.flush()
    session.add_all([Member(team_id=gold.id, full_name=f'm{i}') for i in range(3)])
    session.commit()
    first = session.query(Member).filter_by(full_name='m0').one()
    first.full_name = 'M zero'
    session.delete(session.query(Member).filter(Member.full_name == 'm2').first())
    session.commit()
    count = session.query(Member).filter(Member.team_id == gold.id).count()
    assert count == 2, count
    assert session.get(Team, gold.id).name == 'Gold'
    names = session.scalars(sa.select(Member.full_name).where(Member.team_id == gold.id)
                            .order_by(Member.full_name)).all()
    assert names == ['M zero', 'm1'], names
    objects = session.execute(sa.select(Member).where(Member.team_id == 2)).scalars().all()
    assert [o.full_name for o in objects] == ['Alan Turing']
    session.query(Member).filter(Member.team_id == 2).update({'active': False})
    session.commit()


def downgrade():
    session = orm.Session(bind=op.get_bind())
    for team in session.query(Team).filter(Team.name == 'Gold'):
        session.query(Member).filter(Member.team_id == team.id).delete()
        session.delete(team)
    session.query(Member).filter(Member.team_id == 2).update({Member.active: True})
    session.commit()
