# sqlalchemy.engine.reflection: another way to sqlalchemy.inspect(connection).
import sqlalchemy


class Inspector:
    def __new__(cls, bind):
        return sqlalchemy.inspect(bind)

    @classmethod
    def from_engine(cls, bind):
        return sqlalchemy.inspect(bind)
