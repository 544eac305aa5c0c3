# SQLAlchemy 2.0: 1.4 has no Uuid.
import sqlalchemy as sa
from alembic import op

from datetime import timedelta


def upgrade():
    bind = op.get_bind()
    m = sa.table('member', sa.column('id', sa.Integer), sa.column('joined', sa.DateTime(timezone=True)),
                 sa.column('born', sa.Date), sa.column('score', sa.Numeric(10, 2)),
                 sa.column('ratio', sa.Float), sa.column('token', sa.Uuid),
                 sa.column('tags', sa.ARRAY(sa.Text)))
    for row in bind.execute(sa.select(m).order_by(m.c.id)).fetchall():
        values = {'joined': row.joined + timedelta(days=1), 'score': row.score * 2}
        if row.born:
            values['born'] = row.born.replace(year=row.born.year + 100)
        if row.tags is not None:
            values['tags'] = [t.upper() for t in row.tags] + ['x']
        bind.execute(m.update().where(m.c.id == row.id).values(**values))


def downgrade():
    pass
