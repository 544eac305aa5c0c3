# What a statement gives: rows and results in the words of SQLAlchemy 2.0 and, unless the project is
# known to have that, of 1.4 too, whose rows are mappings as well (row['name']).
import _live_host
from sqlalchemy import exc as _exc
from sqlalchemy.types import TypeDecorator as _TypeDecorator

_LIVE = _live_host


# ---------------------------------------------------------------- rows

def _position(names, key):
    for i in range(len(names)):
        if names[i] == key:
            return i
    return -1


class Row(tuple):
    def __getattr__(self, name):
        if name == '_row_names':
            raise AttributeError(name)
        i = _position(self._row_names, name)
        if i < 0:
            raise AttributeError(f"Could not locate column in row for column '{name}'")
        return tuple(self)[i]

    def _column_or(self, name, otherwise):
        i = _position(self._row_names, name)
        return otherwise if i < 0 else tuple(self)[i]

    # Columns win over the methods of a tuple.
    @property
    def count(self):
        return self._column_or('count', tuple(self).count)

    @property
    def index(self):
        return self._column_or('index', tuple(self).index)

    @property
    def _mapping(self):
        return RowMapping(self._row_names, self)

    @property
    def _fields(self):
        return tuple(self._row_names)

    @property
    def _data(self):
        return tuple(self)

    @property
    def t(self):
        return self

    def tuple(self):
        return self

    def _tuple(self):
        return self

    def _asdict(self):
        return dict(zip(self._row_names, self))

    def __repr__(self):
        return repr(tuple(self))


class LegacyRow(Row):
    # A row of SQLAlchemy 1.4, which is a mapping too. What differs between the versions is refused
    # where it is not known which one there is.
    def __getitem__(self, key):
        if isinstance(key, (int, slice)):
            return tuple(self)[key]
        name = _key_name(key)
        i = _position(self._row_names, name)
        if i < 0:
            raise _exc.NoSuchColumnError(
                f"Could not locate column in row for column '{name}'")
        return tuple(self)[i]

    def __contains__(self, key):
        held = key in tuple(self)
        if isinstance(key, str) and held != (_position(self._row_names, key) >= 0):
            _LIVE.unsupported(f'whether {key!r} is in a row depends on the version of SQLAlchemy: in 1.4 '
                              'that is the name of a column, later a value')
        return held

    @property
    def t(self):
        return self._column_or('t', self)

    @property
    def keys(self):
        return self._column_or('keys', lambda: list(self._row_names))

    @property
    def values(self):
        return self._column_or('values', lambda: list(self))

    @property
    def items(self):
        return self._column_or('items', lambda: list(zip(self._row_names, self)))

    @property
    def has_key(self):
        return self._column_or('has_key', lambda key: _position(self._row_names, key) >= 0)


def new_row(names, values):
    row = (Row if _LIVE.has_sqlalchemy_2() else LegacyRow)(values)
    row._row_names = names
    return row


def _key_name(key):
    return key if isinstance(key, str) else getattr(key, 'key', None) or getattr(key, 'name', key)


class RowMapping:
    def __init__(self, names, values):
        self._names = names
        self._values = values

    def __getitem__(self, key):
        name = _key_name(key)
        i = _position(self._names, name)
        if i < 0:
            raise _exc.NoSuchColumnError(
                f"Could not locate column in row for column '{name}'")
        return self._values[i]

    def get(self, key, default=None):
        i = _position(self._names, _key_name(key))
        return default if i < 0 else self._values[i]

    def __contains__(self, key):
        return _position(self._names, _key_name(key)) >= 0

    def __iter__(self):
        return iter(self._names)

    def __len__(self):
        return len(self._names)

    def keys(self):
        return list(self._names)

    def values(self):
        return list(self._values)

    def items(self):
        return list(zip(self._names, self._values))

    def __eq__(self, other):
        return dict(self.items()) == dict(other)

    def __repr__(self):
        return repr(dict(self.items()))


# ---------------------------------------------------------------- results

_CLOSED = 'This result object is closed.'
_NO_ROWS = ('This result object does not return rows. It has been closed automatically.')
_UNKNOWN = 'what comes depends on the result of this statement'


class _Rows:
    # What all results share: rows that are taken one after the other. _shape(row) makes what the
    # program gets of a tuple of values.
    def _begin(self, names, rows):
        self._names = names
        self._rows = rows
        self._next = 0
        self._hard_closed = False
        self._is_unique = False
        self._per = None

    def _shape(self, values):
        return new_row(self._names, values)

    def _check(self):
        if self._rows is None:
            raise _exc.ResourceClosedError(self._why_no_rows())
        if self._hard_closed:
            raise _exc.ResourceClosedError(_CLOSED)

    def _why_no_rows(self):
        return _NO_ROWS

    def unique(self, strategy=None):
        self._is_unique = True
        return self

    def yield_per(self, num):
        self._per = num
        return self

    def close(self):
        self._hard_closed = True

    @property
    def closed(self):
        return self._hard_closed

    def keys(self):
        self._check_rows()
        return list(self._names)

    def _check_rows(self):
        if self._rows is None:
            raise _exc.ResourceClosedError(self._why_no_rows())

    def _take(self, count):
        self._check()
        rows = self._rows
        end = len(rows) if count is None else min(len(rows), self._next + count)
        taken = []
        for i in range(self._next, end):
            shaped = self._shape(rows[i])
            if not (self._is_unique and shaped in taken):
                taken.append(shaped)
        self._next = end
        return taken

    def fetchall(self):
        return self._take(None)

    def all(self):
        return self._take(None)

    def fetchmany(self, size=None):
        return self._take(1 if size is None else size)

    def fetchone(self):
        taken = self._take(1)
        return taken[0] if taken else None

    def partitions(self, size=None):
        while True:
            part = self._take(size or self._per or 1)
            if not part:
                return
            yield part

    def __iter__(self):
        self._check()
        while self._next < len(self._rows):
            yield self.__next__()

    def __next__(self):
        self._check()
        if self._next >= len(self._rows):
            raise StopIteration
        values = self._rows[self._next]
        self._next += 1
        return self._shape(values)

    def first(self):
        taken = self._take(1)
        self._hard_closed = True
        return taken[0] if taken else None

    def _only(self, none_is_fine):
        taken = self._take(2)
        self._hard_closed = True
        if len(taken) > 1:
            words = ('Multiple rows were found when one or none was required' if none_is_fine
                     else 'Multiple rows were found when exactly one was required')
            raise _exc.MultipleResultsFound(words)
        if not taken and not none_is_fine:
            raise _exc.NoResultFound('No row was found when one was required')
        return taken[0] if taken else None

    def one(self):
        return self._only(False)

    def one_or_none(self):
        return self._only(True)


class ScalarResult(_Rows):
    def __init__(self, source, index):
        self._source = source
        self._begin(source._names, source._rows)
        self._next = source._next
        self._hard_closed = source._hard_closed
        self._is_unique = source._is_unique
        if isinstance(index, int):
            self._index = index
        else:
            self._index = _position(source._names, _key_name(index))

    def _shape(self, values):
        return self._source._shape(values)[self._index]


class MappingResult(_Rows):
    def __init__(self, source):
        self._begin(source._names, source._rows)
        self._next = source._next
        self._hard_closed = source._hard_closed

    def _shape(self, values):
        return RowMapping(self._names, values)


class CursorResult(_Rows):
    def __init__(self, names, rows, affected, recorded, key=None):
        self._begin(names, rows)
        self._affected = affected
        self._recorded = recorded
        self._key = key

    def _check(self):
        if self._recorded:
            _LIVE.refuse(_UNKNOWN)
        _Rows._check(self)

    def _check_rows(self):
        if self._recorded:
            _LIVE.refuse(_UNKNOWN)
        _Rows._check_rows(self)

    @property
    def rowcount(self):
        if self._recorded or self._affected is None:
            _LIVE.refuse(_UNKNOWN)
        return self._affected

    @property
    def returns_rows(self):
        if self._recorded:
            _LIVE.refuse(_UNKNOWN)
        return self._rows is not None

    @property
    def inserted_primary_key(self):
        if self._recorded:
            _LIVE.refuse(_UNKNOWN)
        return self._key

    @property
    def context(self):
        return _LIVE.unsupported("a result's context is not supported")

    def scalar(self):
        row = self.first()
        return None if row is None else row[0]

    def scalar_one(self):
        return self.one()[0]

    def scalar_one_or_none(self):
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalars(self, index=0):
        self._check()
        return ScalarResult(self, index)

    def mappings(self):
        self._check()
        return MappingResult(self)

    def tuples(self):
        return self

    def columns(self, *indexes):
        self._check()
        places = [i if isinstance(i, int) else _position(self._names, _key_name(i))
                  for i in indexes]
        names = [self._names[i] for i in places]
        rows = [tuple([row[i] for i in places]) for row in self._rows[self._next:]]
        return CursorResult(names, rows, self._affected, False)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.close()
        return False


# ---------------------------------------------------------------- what types make of values

def _enum_value(kind):
    members = kind.enum_class.__members__

    def process(value):
        if value is None:
            return None
        if value not in members:
            raise LookupError(
                f"'{value}' is not among the defined enum values. Enum name: {kind.name}. "
                f"Possible values: {', '.join(kind.enums)}")
        return members[value]
    return process


def _float_value(value):
    return None if value is None else float(value)


def _text_value(value):
    return None if value is None else str(value)


def _processor(kind):
    # What a column's type makes of the value that psycopg2 gives; None: nothing.
    if kind is None:
        return None
    if kind == 'float':
        return _float_value
    if kind == 'str':
        return _text_value
    if not isinstance(kind, _TypeDecorator):
        return _enum_value(kind)
    if hasattr(type(kind), 'process_result_value'):
        return lambda value: kind.process_result_value(value, _LIVE.dialect())
    return None


def processed(rows, kinds):
    makers = [_processor(kind) for kind in kinds]
    if not any(makers):
        return rows
    return [tuple([make(value) if make else value for make, value in zip(makers, row)])
            for row in rows]
