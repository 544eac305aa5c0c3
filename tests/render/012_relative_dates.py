"""a month and a year on"""
import datetime

from alembic import op
from dateutil.relativedelta import relativedelta

revision = "a012"
down_revision = None

first = datetime.date(2024, 1, 31)


def upgrade():
    for months in range(4):
        day = first + relativedelta(months=months)
        op.execute(f"CREATE TABLE part_{day:%Y_%m} PARTITION OF part FOR VALUES FROM ('{day}') "
                   f"TO ('{day + relativedelta(months=+1, day=1)}')")


def downgrade():
    op.execute(f"DELETE FROM part WHERE day < '{first - relativedelta(years=1, days=3)}'")
