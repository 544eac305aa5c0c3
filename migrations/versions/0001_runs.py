"""Runs, their steps, and the statements of each.

The tables have no schema here: they go where search_path leads, which is the schema that
journal_schema of [retort] names.

Revision ID: 0001
Revises:
"""
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "run",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("began_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("os_user", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("retort", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("continues", sa.Text(), comment="the run that it goes on with"),
        sa.Column("closed", sa.Text(), comment="what was decided about it after it broke off"),
        sa.PrimaryKeyConstraint("run"),
        comment="Each time that retort carried out something on this database",
    )
    op.create_table(
        "step",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False, comment="from 0"),
        sa.Column("revision", sa.Text()),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("from_revision", sa.Text(), nullable=False),
        sa.Column("to_revision", sa.Text(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("committed", sa.Integer(), nullable=False, comment="how many of them are"),
        sa.Column("committed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("journal_record", sa.BigInteger(), nullable=False),
        sa.Column(
            "journal_hash",
            sa.Text(),
            nullable=False,
            comment="of that record of the local journal, whose chain it vouches for",
        ),
        sa.PrimaryKeyConstraint("run", "step"),
        sa.ForeignKeyConstraint(["run"], ["run.run"]),
        comment="Written in the transaction of the step: it is here exactly when that committed",
    )
    op.create_table(
        "statement",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=False, comment="from 0"),
        sa.Column("in_transaction", sa.Boolean(), nullable=False),
        sa.Column("sql", sa.Text(), nullable=False),
        sa.Column("rendered", sa.Text(), comment="where it was edited"),
        sa.Column("tag", sa.Text(), comment="of the answer; none: no answer was noted here"),
        sa.Column("row_count", sa.BigInteger()),
        sa.Column("microseconds", sa.BigInteger()),
        sa.PrimaryKeyConstraint("run", "step", "statement"),
        sa.ForeignKeyConstraint(["run", "step"], ["step.run", "step.step"]),
    )


def downgrade():
    op.drop_table("statement")
    op.drop_table("step")
    op.drop_table("run")
