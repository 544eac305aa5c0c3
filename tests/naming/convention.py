"""names by the project's convention"""
from alembic import op
import sqlalchemy as sa

revision = "n1"
down_revision = None


def upgrade():
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("mail", sa.String(50), unique=True, index=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("age", sa.Integer(), sa.CheckConstraint("age > 0", name="positive")),
        sa.Column("kind", sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True)),
        sa.Column("tag", sa.String(), index=True),
        sa.CheckConstraint("age < 200", name="human"),
        sa.CheckConstraint("age <> 13", name=op.f("no_bad_luck")),
        sa.UniqueConstraint("mail", "age"),
        sa.UniqueConstraint("age", name="uq_given"),
        schema="app",
    )
    op.create_index(None, "account", ["mail", "age"], schema="app")
    op.create_index("ix_given", "account", ["mail"])
    op.create_unique_constraint(None, "account", ["mail"])
    op.create_foreign_key(None, "account", "person", ["owner_id"], ["id"])
    op.create_primary_key(None, "account", ["id"])
    op.create_check_constraint("adult", "account", "age > 17")
    op.add_column("account", sa.Column("x", sa.Integer(), sa.ForeignKey("y.id"), unique=True))
    with op.batch_alter_table("account") as batch:
        batch.create_unique_constraint(None, ["z"])
        batch.drop_constraint("adult", type_="check")


def downgrade():
    op.drop_constraint("adult", "account", type_="check")
    op.drop_constraint("adult", "account")
    op.drop_constraint(op.f("adult"), "account", type_="check")
    op.drop_constraint("uq_given", "account", type_="unique")
    op.create_check_constraint(None, "account", "age > 17")
