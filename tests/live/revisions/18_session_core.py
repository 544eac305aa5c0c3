import sqlalchemy as sa
from alembic import op

from sqlalchemy.orm import Session, sessionmaker


def upgrade():
    session = Session(bind=op.get_bind())
    total = session.execute(sa.text('SELECT count(*) FROM team')).scalar()
    session.execute(sa.text('UPDATE team SET slug = :s WHERE slug IS NULL'), {'s': f's{total}'})
    session.commit()
    with sessionmaker(bind=op.get_bind())() as other:
        names = other.scalars(sa.text('SELECT name FROM team ORDER BY id')).all()
        other.execute(sa.text('INSERT INTO audit.entry (what) VALUES (:w)'), {'w': ','.join(names)})
        other.commit()


def downgrade():
    session = Session(op.get_bind())
    session.execute(sa.text("UPDATE team SET slug = NULL WHERE slug = 's3'"))
    session.execute(sa.text('DELETE FROM audit.entry'))
    session.commit()
    session.close()
