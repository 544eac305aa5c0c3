"""the text of statements, with its white space"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import (AddConstraint, CreateIndex, CreateSchema, CreateSequence, CreateTable,
                               DropConstraint, DropIndex, DropSchema, DropSequence, DropTable,
                               SetColumnComment, SetTableComment)

revision = "013"
down_revision = None

m = sa.MetaData()
t = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(5)),
             sa.Column("Mixed", sa.Text, server_default="x y"), comment="it's")
unique = sa.UniqueConstraint("q", name="u_q", deferrable=True)
check = sa.CheckConstraint("id > 1", name="u_id")
u = sa.Table("u", m, sa.Column("id", sa.Integer, primary_key=True),
             sa.Column("t_id", sa.ForeignKey("t.id", name="u_t", ondelete="CASCADE")),
             sa.Column("q", sa.Text, sa.CheckConstraint("q <> ''"), comment="what"),
             unique, check, schema="s")
p = sa.Table("p", m, sa.Column("x", sa.Date), postgresql_partition_by="RANGE (x)")
e = sa.Table("e", m, prefixes=["UNLOGGED"])


def show(text):
    """Makes white space visible to whoever compares without it."""
    op.execute("SELECT '" + text.replace("'", "''").replace("\n", "|").replace("\t", "@").replace(" ", "_") + "'")


def pg(statement):
    return str(statement.compile(dialect=postgresql.dialect(),
                                 compile_kwargs={"literal_binds": True}))


def upgrade() -> None:
    show(pg(sa.select(t.c.n).where(t.c.id == 5)))
    show(pg(sa.select(t).distinct().where(sa.or_(t.c.n == "a", t.c.n.is_(None)), t.c.id > 3)))
    show(pg(sa.select(t.c.n, sa.func.count()).join(u, u.c.t_id == t.c.id).group_by(t.c.n)
            .having(sa.func.count() > 1).order_by(t.c.n.desc()).limit(3).offset(2)))
    show(pg(sa.select(t.c.id).offset(4)))
    show(pg(sa.select(t.c.id).limit(4).with_for_update()))
    show(pg(sa.select(t.c.id).order_by(t.c.id).offset(2).fetch(5)))
    show(pg(sa.union(sa.select(t.c.id), sa.select(u.c.id)).order_by("id").limit(1)))
    show(pg(sa.union_all(sa.select(t.c.id), sa.select(u.c.id).limit(2))))
    sub = sa.select(t.c.id, sa.func.max(t.c.n).label("top")).group_by(t.c.id).subquery("sub")
    show(pg(sa.select(sub.c.top).where(sub.c.id.in_([1, 2]))))
    cte = sa.select(t.c.id).where(t.c.n == "x").cte("c")
    other = sa.select(u.c.id).cte("d")
    show(pg(sa.select(cte.c.id).join(other, cte.c.id == other.c.id)))
    show(pg(sa.select(t.c.id).where(sa.exists().where(u.c.t_id == t.c.id))))
    show(pg(sa.select(t.c.id).where(t.c.id.in_(sa.select(u.c.t_id)))))
    show(pg(sa.select(t.c.id, sa.select(sa.func.max(u.c.id)).where(u.c.t_id == t.c.id)
                      .scalar_subquery().label("m"))))
    show(pg(sa.insert(t).values(id=1, n="x")))
    show(pg(sa.insert(t).values(n="x")))
    show(pg(sa.insert(t).values([{"id": 1, "n": "x"}, {"id": 2, "n": "y"}])))
    show(pg(sa.insert(t).from_select(["id"], sa.select(u.c.id).where(u.c.id == 1))))
    show(pg(postgresql.insert(t).values(id=1, n="x").on_conflict_do_update(
        index_elements=["id"], set_={"n": "y"}, where=t.c.id > 3)))
    show(pg(sa.update(t).where(t.c.id == 1).values(n="y")))
    show(pg(sa.update(t).where(t.c.id == u.c.t_id).values(n=u.c.q)))
    show(pg(sa.delete(t).where(t.c.id == 2, t.c.id == u.c.t_id).returning(t.c.id)))
    show(pg(sa.text(" SELECT 1\n  FROM t WHERE a = :a ").bindparams(a="it's")))
    show(pg(sa.and_(t.c.id == 1, t.c.n.like("x_"))))
    show(pg(sa.func.coalesce(t.c.n, "x")))
    show(pg(sa.values(sa.column("a", sa.Integer), name="v").data([(1,), (2,)]).select()))
    show(pg(sa.select(sa.case((t.c.id == 1, "a"), else_="b"), sa.cast(t.c.id, sa.BigInteger))))
    compiled = sa.select(t.c["Mixed"]).compile(dialect=postgresql.dialect())
    show(compiled.string + f"{compiled}")
    show(sa.select(t.c.n).where(t.c.id == 5).compile(compile_kwargs={"literal_binds": True}).string)
    show(str(sa.select(sa.column("a"))) + " " + str(t.c.id == u.c.id) + " %s" % sa.text("a b"))


def downgrade() -> None:
    def ddl(construct):
        show(str(construct.compile(dialect=postgresql.dialect())))

    ddl(CreateTable(t))
    ddl(CreateTable(u, if_not_exists=True))
    ddl(CreateTable(p))
    ddl(CreateTable(e))
    ddl(DropTable(t))
    ddl(DropTable(u, if_exists=True))
    ddl(CreateIndex(sa.Index("ix_t_n", t.c.n, postgresql_where=t.c.id > 5)))
    gin = sa.Index("ix_u_q", sa.func.lower(u.c.q), u.c.id.desc(), unique=True,
                   postgresql_using="btree", postgresql_with={"fillfactor": 50},
                   postgresql_include=["t_id"], postgresql_concurrently=True)
    ddl(CreateIndex(gin, if_not_exists=True))
    ddl(DropIndex(gin, if_exists=True))
    ddl(CreateSequence(sa.Sequence("sq", start=3, increment=2)))
    ddl(CreateSequence(sa.Sequence("plain")))
    ddl(DropSequence(sa.Sequence("sq")))
    ddl(CreateSchema("s", if_not_exists=True))
    ddl(DropSchema("s", cascade=True))
    ddl(SetTableComment(t))
    ddl(SetColumnComment(u.c.q))
    for constraint in (unique, check):
        ddl(AddConstraint(constraint))
        ddl(DropConstraint(constraint, cascade=True))
