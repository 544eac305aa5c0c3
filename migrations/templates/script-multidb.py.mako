"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# The place of this revision among the others.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade(engine_name: str) -> None:
    globals()["upgrade_" + engine_name]()


def downgrade(engine_name: str) -> None:
    globals()["downgrade_" + engine_name]()
<%
    databases = config.get_main_option("databases", "").split(",")
%>\
% for name in [database.strip() for database in databases]:


def upgrade_${name}() -> None:
    ${context.get(name + "_upgrades", "pass")}


def downgrade_${name}() -> None:
    ${context.get(name + "_downgrades", "pass")}
% endfor
