"""default= and onupdate= of Python are parameters that nobody has given"""
import sqlalchemy as sa
from alembic import op
import datetime
import uuid

revision = "a008"
down_revision = None

metadata = sa.MetaData()
now = datetime.datetime.utcnow
person = sa.Table(
    "person", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("rank", sa.Integer, default=5),
    sa.Column("changed", sa.DateTime, default=now, onupdate=now),
    sa.Column("seen", sa.DateTime, default=sa.func.now(), onupdate=sa.func.now()),
)
token = sa.Table(
    "token", metadata,
    sa.Column("id", sa.Uuid, primary_key=True, default=uuid.uuid4),
    sa.Column("note", sa.Text),
)
counted = sa.Table(
    "counted", metadata,
    sa.Column("id", sa.Integer, sa.Sequence("counted_seq"), primary_key=True),
    sa.Column("note", sa.Text),
)


def upgrade():
    op.execute(person.insert().values(name="x"))
    op.execute(person.insert().values([{"name": "x"}, {"name": "y"}]))
    op.execute(person.update().values(name="x"))
    op.bulk_insert(person, [{"name": "x"}, {"name": "y", "rank": 1}])


def downgrade():
    op.execute(token.insert().values(note="x"))
    op.bulk_insert(token, [{"note": "x"}])
    op.bulk_insert(counted, [{"note": "x"}])
    op.execute(counted.insert().values(note="x"))
    op.create_table("counted", sa.Column("id", sa.Integer, sa.Sequence("counted_seq"), primary_key=True),
                    sa.Column("n", sa.Integer, sa.Sequence("n_seq", start=3), nullable=False))
