import sqlalchemy as sa
from alembic import op

member = sa.table('member', sa.column('id', sa.Integer), sa.column('full_name', sa.String),
                  sa.column('score', sa.Numeric), sa.column('active', sa.Boolean))


def upgrade():
    bind = op.get_bind()
    rows = bind.execute(sa.select(member.c.id, member.c.score).where(member.c.active.is_(True))
                        .order_by(member.c.id.desc())).all()
    for row in rows:
        bind.execute(member.update().where(member.c.id == row.id).values(score=row.score + 1))
    low = bind.execute(sa.select(sa.func.count()).select_from(member).where(member.c.score < 5))
    if low.scalar_one():
        bind.execute(sa.delete(member).where(member.c.score < 5))
    bind.execute(sa.insert(member).from_select(
        ['full_name', 'score', 'active'], sa.select(member.c.full_name, member.c.score,
                                                    member.c.active).where(sa.false())))
    row = bind.execute(sa.select(member.c.full_name, sa.func.length(member.c.full_name).label('n'))
                       .order_by(member.c.id).limit(1)).mappings().one()
    op.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)').bindparams(w=repr(dict(row))))


def downgrade():
    pass
