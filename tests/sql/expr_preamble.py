# What every case of expr_cases.txt starts with.
import datetime
import decimal
import enum
import uuid
import sqlalchemy as sa
from sqlalchemy import and_, or_, not_, func, select, case, cast, text, literal, exists
from sqlalchemy.dialects import postgresql as pg


class Color(enum.Enum):
    red = 1
    blue = 2


t = sa.table(
    "t",
    sa.column("id", sa.Integer),
    sa.column("a", sa.Integer),
    sa.column("b", sa.Integer),
    sa.column("n", sa.Numeric(10, 2)),
    sa.column("f", sa.Float),
    sa.column("s", sa.String),
    sa.column("s2", sa.Text),
    sa.column("ok", sa.Boolean),
    sa.column("d", sa.Date),
    sa.column("ts", sa.DateTime),
    sa.column("iv", sa.Interval),
    sa.column("j", pg.JSONB),
    sa.column("j2", sa.JSON),
    sa.column("arr", pg.ARRAY(sa.Integer)),
    sa.column("tags", pg.ARRAY(sa.String)),
    sa.column("u", sa.Uuid),
    sa.column("e", sa.Enum(Color, name="color")),
    sa.column("x"),
    sa.column("Mixed", sa.String),
)
u = sa.table("u", sa.column("id", sa.Integer), sa.column("t_id", sa.Integer), sa.column("v", sa.String))
s = sa.table("things", sa.column("id", sa.Integer), sa.column("name", sa.String), schema="My App")
c = t.c
# The same name with and without a schema.
plain = sa.table("things", sa.column("id", sa.Integer), sa.column("name", sa.String))
md = sa.MetaData()
big = sa.Table("big", md, sa.Column("id", sa.Integer), sa.Column("v", sa.String))
s_big = sa.Table("big", md, sa.Column("id", sa.Integer), sa.Column("v", sa.String), schema="s")
