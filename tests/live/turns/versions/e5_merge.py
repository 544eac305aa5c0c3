"""merge"""

revision = "e5"
down_revision = ("c3", "d4")


def upgrade():
    pass


def downgrade():
    pass
