import sqlalchemy as sa
from alembic import op
import functools
import itertools
import json
from dataclasses import dataclass
from enum import Enum


class Level(str, Enum):
    LOW = 'low'
    HIGH = 'high'


@dataclass
class Plan:
    team: int
    level: Level
    tags: tuple = ()

    def as_json(self):
        return json.dumps({'level': self.level.value, 'tags': list(self.tags)}, sort_keys=True)


@functools.lru_cache(maxsize=None)
def _level(tags):
    return Level.HIGH if len(tags) > 1 else Level.LOW


def upgrade():
    conn = op.get_bind()
    rows = conn.execute(sa.text('SELECT team_id, tags FROM member ORDER BY team_id, id')).fetchall()
    for team, group in itertools.groupby(rows, key=lambda r: r.team_id):
        tags = tuple(sorted({t for r in group for t in r.tags or []}))
        plan = Plan(team, _level(tags), tags)
        conn.execute(sa.text('UPDATE team SET settings = CAST(:s AS JSONB) WHERE id = :t'),
                     {'s': plan.as_json(), 't': plan.team})


def downgrade():
    op.execute('UPDATE team SET settings = NULL')
