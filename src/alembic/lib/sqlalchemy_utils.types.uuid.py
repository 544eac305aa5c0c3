# sqlalchemy_utils.types.uuid: UUID on PostgreSQL, unless native=False.
import uuid

from sqlalchemy import BINARY, CHAR, TypeDecorator
from sqlalchemy.dialects.postgresql import UUID


class UUIDType(TypeDecorator):
    impl = BINARY(16)
    python_type = uuid.UUID
    cache_ok = True

    def __init__(self, binary=True, native=True):
        self.binary = binary
        self.native = native

    def __repr__(self):
        shown = []
        if not self.binary is True:
            shown.append(f'binary={self.binary!r}')
        if not self.native is True:
            shown.append(f'native={self.native!r}')
        return 'UUIDType(' + ', '.join(shown) + ')'

    def load_dialect_impl(self, dialect):
        if self.native:
            return UUID()
        return self.impl if self.binary else CHAR(32)
