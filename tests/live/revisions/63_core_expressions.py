import sqlalchemy as sa
from alembic import op


def upgrade():
    team = sa.table('team', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('slug', sa.Text))
    member = sa.table('member', sa.column('id', sa.Integer), sa.column('team_id', sa.Integer),
                      sa.column('score', sa.Numeric), sa.column('email', sa.String), sa.column('active', sa.Boolean))
    conn = op.get_bind()
    sums = (sa.select(member.c.team_id, sa.func.sum(member.c.score).label('total'),
                      sa.func.count(sa.distinct(member.c.id)).label('n'))
            .group_by(member.c.team_id).having(sa.func.count() > 0).subquery())
    rows = conn.execute(sa.select(team.c.id, sa.func.coalesce(sums.c.total, 0).label('total'), sums.c.n)
                        .select_from(team.outerjoin(sums, sums.c.team_id == team.c.id))
                        .order_by(team.c.id)).all()
    for row in rows:
        op.execute(team.update().where(team.c.id == row.id).values(
            slug=sa.func.concat(team.c.name, ' ', str(row.total), ' ', str(row.n or 'none'))))
    op.execute(member.update().where(sa.and_(member.c.active, sa.or_(member.c.email.ilike('ALAN%'),
                                                                     member.c.score.between(1, 5))))
               .values(score=sa.case((member.c.score > 0, member.c.score * 2), else_=sa.literal(1))))
    has = conn.execute(sa.select(sa.exists().where(member.c.email == op.inline_literal('ada@example.org')))).scalar()
    alone = ~sa.exists().where(member.c.team_id == team.c.id)
    if has:
        op.execute(team.delete().where(alone))
    op.execute(team.update().where(team.c.id.in_(sa.select(member.c.team_id).where(member.c.active)))
               .values(name=sa.cast(team.c.id, sa.String) + '. ' + team.c.name))


def downgrade():
    op.execute("UPDATE team SET name = substr(name, 4), slug = NULL")
