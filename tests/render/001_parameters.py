"""parameters given with a statement are not in what is printed"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a001"
down_revision = None

person = sa.table("person", sa.column("id", sa.Integer), sa.column("full name", sa.Text))
account = sa.Table(
    "account",
    sa.MetaData(),
    sa.Column("id", postgresql.UUID(), primary_key=True),
    sa.Column("kind", sa.String(20), default="plain"),
    sa.Column("tags", postgresql.ARRAY(sa.Text)),
    sa.Column("data", postgresql.JSONB),
    sa.Column("span", postgresql.TSTZRANGE),
    sa.Column("note", sa.Text, onupdate="changed"),
)


def upgrade():
    conn = op.get_bind()
    conn.execute(sa.text("UPDATE person SET id = :id WHERE kind = :kind"), {"id": 1, "kind": "x"})
    conn.execute(sa.text("SELECT :a"), [{"a": 1}, {"a": 2}])
    conn.execute(sa.text("SELECT :a").bindparams(a=1), {"a": 2})
    conn.execute(sa.text("SELECT CAST(:a AS jsonb), :b\\:\\:int"), dict(a="{}", b=3))
    conn.execute(
        sa.text("DELETE FROM person WHERE id IN :ids").bindparams(
            sa.bindparam("ids", expanding=True)
        ),
        {"ids": [1, 2]},
    )
    conn.execute(
        person.update().where(person.c.id == sa.bindparam("old")).values(id=sa.bindparam("new")),
        {"old": 1, "new": 2},
    )
    conn.execute(sa.select(person.c.id).where(person.c.id.in_(sa.bindparam("ids", expanding=True))),
                 {"ids": [1]})
    conn.execute("SELECT 1", {"a": 1})


def downgrade():
    conn = op.get_bind()
    conn.execute(person.insert(), {"id": 1})
    conn.execute(person.insert(), [{"id": 1}, {"id": 2}])
    conn.execute(person.update(), {"id": 1})
    conn.execute(account.insert(), {"kind": "x"})
    conn.execute(account.insert().values(kind="y"), {"note": "x"})
    conn.execute(account.update().where(account.c.kind == "x"), {"kind": "y"})
    conn.execute(postgresql.insert(person).on_conflict_do_nothing(), [{"id": 1}])
    conn.execute(sa.insert(account).returning(account.c.id), {"kind": "x"})
    op.execute(account.insert())
