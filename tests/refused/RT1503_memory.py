from alembic import op
import sqlalchemy as sa

revision = "memory"
down_revision = None


def upgrade():
    many = []
    while True:
        many.append("x" * 10**6)  # RT1503 at 21
