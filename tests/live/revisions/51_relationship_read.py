import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session, declarative_base, relationship

Base = declarative_base()


class Team(Base):
    __tablename__ = 'team'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(80))
    slug = sa.Column(sa.Text)
    members = relationship('Member', back_populates='team', order_by='Member.id')


class Member(Base):
    __tablename__ = 'member'
    id = sa.Column(sa.Integer, primary_key=True)
    team_id = sa.Column(sa.Integer, sa.ForeignKey('team.id'))
    full_name = sa.Column(sa.String(200))
    email = sa.Column(sa.String(120))
    team = relationship('Team', back_populates='members')
    entries = relationship('Entry', backref='member')


class Entry(Base):
    __tablename__ = 'entry'
    __table_args__ = {'schema': 'audit'}
    id = sa.Column(sa.Integer, primary_key=True)
    what = sa.Column(sa.Text)
    member_id = sa.Column(sa.Integer, sa.ForeignKey(Member.id))


def upgrade():
    session = Session(bind=op.get_bind())
    for member in session.query(Member).order_by(Member.id):
        member.email = f'{member.id}@{member.team.name.split()[0].lower()}.example.org'
        assert member.entries == []
    for team in session.query(Team).order_by(Team.id):
        team.slug = '+'.join(m.full_name.split()[0] for m in team.members)
        assert all(m.team is team for m in team.members)
    session.commit()
    session.execute(sa.text("INSERT INTO audit.entry (what, member_id) VALUES ('x', 2)"))
    assert [e.member.full_name for e in session.query(Entry)] == ["Grace O'Hopper"]


def downgrade():
    op.execute('DELETE FROM audit.entry')
    op.execute("UPDATE team SET slug = NULL")
