# The preview cannot know the keys.
import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm

Base = orm.declarative_base()


class Team(Base):
    __tablename__ = 'team'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(80))
    members = orm.relationship('Member', backref='team')


class Member(Base):
    __tablename__ = 'member'
    id = sa.Column(sa.Integer, primary_key=True)
    team_id = sa.Column(sa.Integer, sa.ForeignKey('team.id'), nullable=False)
    full_name = sa.Column(sa.String(200), nullable=False)


def upgrade():
    session = orm.Session(bind=op.get_bind())
    session.add(Team(name='Parents', members=[Member(full_name='first'), Member(full_name='second')]))
    session.add(Member(full_name='third', team=Team(name='Other parents')))
    session.flush()
    team = session.query(Team).filter_by(name='Blue Team').one()
    session.query(Member).filter(Member.full_name == 'second').one().team = team
    team.members.append(Member(full_name='fourth'))
    session.commit()
    names = sorted(m.full_name for m in team.members)
    session.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': repr(names)})
    session.commit()


def downgrade():
    op.execute('DELETE FROM audit.entry')
    op.execute("DELETE FROM member WHERE full_name IN ('first', 'second', 'third', 'fourth')")
    op.execute("DELETE FROM team WHERE name LIKE '%arents'")
