"""Asks what there is, and goes over rows."""
import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    bind = op.get_bind()
    if "nick" in [c["name"] for c in sa.inspect(bind).get_columns("member")]:
        op.create_index("ix_member_nick", "member", ["nick"])
    for row in bind.execute(sa.text("SELECT id, full_name FROM member ORDER BY id")):
        bind.execute(
            sa.text("UPDATE member SET nick = :nick WHERE id = :id"),
            {"nick": row.full_name.split()[0].lower(), "id": row.id},
        )


def downgrade():
    if sa.inspect(op.get_bind()).get_indexes("member"):
        op.drop_index("ix_member_nick", table_name="member")
