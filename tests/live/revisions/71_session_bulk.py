# The preview cannot know how many rows there will be.
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class Setting(Base):
    __tablename__ = 'legacy_setting'
    key = sa.Column(sa.String(50), primary_key=True)
    value = sa.Column(sa.Text)


class Team(Base):
    __tablename__ = 'team'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)
    slug = sa.Column(sa.Text)


def upgrade():
    session = Session(bind=op.get_bind())
    session.bulk_insert_mappings(Setting, [{'key': f'k{i}', 'value': str(i)} for i in range(3)])
    session.bulk_save_objects([Setting(key='saved', value='object')])
    session.bulk_update_mappings(Setting, [{'key': 'k1', 'value': 'one'}, {'key': 'k2', 'value': 'two'}])
    session.merge(Setting(key='color', value='blue'))
    session.merge(Setting(key='merged', value='new'))
    assert session.query(Setting.key, Setting.value).filter(Setting.key.like('k%')).count() == 3
    pairs = session.query(Setting.key, Team.name).join(Team, Team.id == sa.func.length(Setting.key) - 1).all()
    assert sorted(p.key for p in pairs) == ['k0', 'k1', 'k2', 'note', 'size'], pairs
    n = session.execute(sa.update(Setting).where(Setting.key == 'size').values(value='13')).rowcount
    n += session.query(Setting).filter(Setting.key == 'note').update({'value': Setting.value + '!'},
                                                                   synchronize_session=False)
    assert n == 2 and session.query(Setting).get('size').value == '13'
    n = session.query(Setting).filter(Setting.key.in_(['k0'])).delete(synchronize_session=False)
    assert n == 1
    session.commit()
    total = session.query(sa.func.count(Setting.key)).scalar()
    session.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': str(total)})
    assert session.query(Setting).filter_by(key='nowhere').first() is None
    session.commit()


def downgrade():
    session = Session(bind=op.get_bind())
    for setting in session.query(Setting).filter(Setting.key.notin_(['color', 'size', 'note'])):
        session.delete(setting)
    session.commit()
    op.execute('DELETE FROM audit.entry')
