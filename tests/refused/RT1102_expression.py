from alembic import op
import sqlalchemy as sa

revision = "expression"
down_revision = None


def upgrade():
    def steps():
        names = [(yield 1)]  # RT1102 at 19
        yield names
    list(steps())
