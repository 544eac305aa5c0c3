import sqlalchemy as sa
from alembic import op

from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import Session

Base = declarative_base()


class Team(Base):
    __tablename__ = 'team'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(80))
    slug = sa.Column(sa.Text)


def upgrade():
    session = Session(bind=op.get_bind())
    for team in session.query(Team).filter(Team.slug.is_(None)).order_by(Team.id):
        team.slug = team.name.lower().replace(' ', '_')
    session.add(Team(name='White', slug='white'))
    session.commit()


def downgrade():
    session = Session(bind=op.get_bind())
    session.query(Team).filter_by(name='White').delete()
    for team in session.query(Team).filter(Team.slug != 'blue').all():
        team.slug = None
    session.commit()
