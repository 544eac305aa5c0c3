import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from alembic import op


class Level(str, enum.Enum):
    low = 'low'


def upgrade():
    # columns without a type: the driver decides by the value
    member = sa.table('member', sa.column('id'), sa.column('full_name'), sa.column('ratio'),
                      sa.column('active'), sa.column('tags'), sa.column('token'), sa.column('born'),
                      sa.column('joined'), sa.column('wait'), sa.column('secret'), sa.column('score'))
    op.execute(member.update().where(member.c.id == 1).values(
        full_name="O'Ada \\ %s :x", ratio=0.5, active=False, tags=['a', "b'c", 'd,e'],
        token=uuid.UUID('c0ffee00-0000-4000-8000-0000000000aa'), born=datetime.date(2020, 2, 29),
        joined=datetime.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc),
        wait=datetime.timedelta(days=3, hours=25, microseconds=5), secret=b"\x00'\\\xff",
        score=decimal.Decimal('7.25')))
    op.execute(member.update().where(member.c.id == 2).values(tags=[], full_name=Level.low, born=None))
    # JSON: documents, and None as the JSON null
    team = sa.table('team', sa.column('name', sa.String), sa.column('settings', sa.JSON))
    op.bulk_insert(team, [
        {'name': 'doc', 'settings': {'k': [1, 2.5, None, True, "\u00e9\U0001f600\"\\\n"]}},
        {'name': 'list', 'settings': ['a', {'b': {}}]},
        {'name': 'text', 'settings': "it's"},
        {'name': 'null', 'settings': None},
    ])
    # the keys of the first row count
    op.bulk_insert(sa.table('team', sa.column('name', sa.String), sa.column('slug', sa.String)), [
        {'name': 'first', 'unknown': 'x'},
        {'name': 'second', 'slug': 'not taken'},
    ])
    op.execute(sa.table('team', sa.column('id'), sa.column('slug')).update().values(slug='s')
               .where(sa.column('id').in_([1, 2])))
    # a literal of seconds would make hours of days
    typed = sa.table('member', sa.column('id', sa.Integer), sa.column('wait', sa.Interval))
    op.execute(typed.update().where(typed.c.id == 3).values(wait=datetime.timedelta(days=40, hours=-1)))


def downgrade():
    op.bulk_insert(sa.table('team', sa.column('name', sa.String), sa.column('slug', sa.String)), [
        {'name': 'first', 'slug': 'x'},
        {'name': 'second'},
    ])
