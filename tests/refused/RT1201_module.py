from alembic import op
import sqlalchemy as sa

revision = "module"
down_revision = None


def upgrade():
    import boto3
    op.execute("SELECT '" + boto3.client("s3").region + "'")  # RT1201 at 29
