"""backfill full_name and the built-in scopes

Revision ID: 4daf61c28e53
Revises: 3c9e50b17d42
Create Date: 2026-03-24 08:25:33.271950

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '4daf61c28e53'
down_revision = '3c9e50b17d42'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE "user"
           SET full_name = initcap(replace(username, '.', ' '))
         WHERE full_name IS NULL
    """)
    op.execute("INSERT INTO scope (name) VALUES ('read'), ('write') ON CONFLICT DO NOTHING")


def downgrade() -> None:
    op.execute(
        "DELETE FROM scope WHERE name IN ('read', 'write')"
        " AND NOT EXISTS (SELECT FROM document WHERE document.scope_id = scope.id)"
    )
