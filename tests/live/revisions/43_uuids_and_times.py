import sqlalchemy as sa
from alembic import op
import datetime
import uuid

from sqlalchemy.dialects import postgresql

member = sa.table('member', sa.column('id', sa.Integer), sa.column('token', postgresql.UUID(as_uuid=True)),
                  sa.column('joined', sa.DateTime(timezone=True)), sa.column('wait', sa.Interval),
                  sa.column('born', sa.Date))


def upgrade():
    bind = op.get_bind()
    space = uuid.UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
    for row in bind.execute(sa.select(member).order_by(member.c.id)).mappings().all():
        token = row['token'] or uuid.uuid5(space, str(row['id']))
        since = row['joined'] - datetime.timedelta(hours=row['id'])
        wait = (row['wait'] or datetime.timedelta()) + datetime.timedelta(minutes=90)
        bind.execute(sa.update(member).where(member.c.id == row['id']).values(
            token=token, joined=since, wait=wait,
            born=row['born'] or datetime.date(1900, 1, 1 + row['id'])))
    assert isinstance(bind.execute(sa.select(member.c.token).order_by(member.c.id)).first()[0], uuid.UUID)


def downgrade():
    op.execute(sa.text("UPDATE member SET token = NULL, born = NULL WHERE id = 2"))
