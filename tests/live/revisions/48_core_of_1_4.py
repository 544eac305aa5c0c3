# SQLAlchemy 1.4
import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    meta = sa.MetaData()
    member = sa.Table('member', meta, autoload=True, autoload_with=bind)
    team = sa.Table('team', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True),
                    sa.Column('name', sa.String))
    for row in bind.execute(sa.select([member.c.id, member.c.full_name]).where(member.c.team_id == 1)
                            .order_by(member.c.id)):
        bind.execute(member.update().where(member.c.id == row[member.c.id])
                     .values({'full_name': row[member.c.full_name] + '!'}))
    names = [r['name'] for r in bind.execute(sa.select([team.c.name], team.c.id > 1).order_by(team.c.id))]
    bind.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), [{'w': n} for n in names])
    bind.execute(team.insert(), {'name': 'one'}, {'name': 'two'})


def downgrade():
    op.execute("UPDATE member SET full_name = rtrim(full_name, '!')")
    op.execute("DELETE FROM team WHERE name IN ('one', 'two')")
    op.execute('DELETE FROM audit.entry')
