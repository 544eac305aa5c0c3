"""what a program provides for that is not there"""
import sqlalchemy as sa
from alembic import context, op

try:
    from no_such_package.types import Special
except ImportError:
    Special = sa.Text

try:
    import no_such_package_either
    has_package = True
except (ValueError, ModuleNotFoundError) as e:
    has_package = False
    reason = str(e)

try:
    from sqlalchemy import NoSuchType
except ImportError:
    NoSuchType = sa.Integer

revision = "a010"
down_revision = None


def upgrade():
    op.add_column("t", sa.Column("a", Special))
    op.add_column("t", sa.Column("b", NoSuchType))
    op.execute(f"SELECT {has_package}, '{reason.replace(chr(39), '')}'")
    op.execute(f"SELECT {hasattr(sa, 'no_such_name')}, {getattr(sa, 'no_such_name', 5)}")


def downgrade():
    if context.get_impl().bind.dialect.name == "postgresql":
        op.execute("SELECT 'impl'")
    if op._proxy.migration_context.dialect.name == "postgresql":
        op._proxy.drop_column("t", "a")
    op.get_context().impl.static_output("-- between")
    op.drop_column("t", "b")
