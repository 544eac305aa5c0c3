# The connection that op.get_bind() gives while a database answers, and its results: what a program
# can do with sqlalchemy.engine's Connection and CursorResult, in the words of SQLAlchemy 2.0.
import _live_host
from sqlalchemy import text as _text
from sqlalchemy import exc as _exc
from sqlalchemy.types import TypeDecorator as _TypeDecorator

_LIVE = _live_host


# ---------------------------------------------------------------- errors of the server

# psycopg2's classes by the first two letters of SQLSTATE (PEP 249, psycopg2's documentation).
_CLASSES = {
    '0A': 'NotSupportedError', '20': 'ProgrammingError', '21': 'ProgrammingError',
    '22': 'DataError', '23': 'IntegrityError', '24': 'InternalError', '25': 'InternalError',
    '26': 'ProgrammingError', '27': 'OperationalError', '28': 'OperationalError',
    '2B': 'InternalError', '2D': 'InternalError', '2F': 'InternalError',
    '34': 'ProgrammingError', '38': 'InternalError', '39': 'InternalError',
    '3B': 'InternalError', '3D': 'ProgrammingError', '3F': 'ProgrammingError',
    '40': 'OperationalError', '42': 'ProgrammingError', '44': 'ProgrammingError',
    '53': 'OperationalError', '54': 'OperationalError', '55': 'OperationalError',
    '57': 'OperationalError', '58': 'OperationalError', 'F0': 'InternalError',
    'HV': 'OperationalError', 'P0': 'InternalError', 'XX': 'InternalError',
}

# The names of psycopg2.errors for what migrations meet.
_NAMES = {
    '22001': 'StringDataRightTruncation', '22003': 'NumericValueOutOfRange',
    '22012': 'DivisionByZero', '22P02': 'InvalidTextRepresentation',
    '23502': 'NotNullViolation', '23503': 'ForeignKeyViolation', '23505': 'UniqueViolation',
    '23514': 'CheckViolation', '23P01': 'ExclusionViolation',
    '25001': 'ActiveSqlTransaction', '25006': 'ReadOnlySqlTransaction',
    '25P02': 'InFailedSqlTransaction', '2BP01': 'DependentObjectsStillExist',
    '3F000': 'InvalidSchemaName', '40001': 'SerializationFailure', '40P01': 'DeadlockDetected',
    '42501': 'InsufficientPrivilege', '42601': 'SyntaxError', '42701': 'DuplicateColumn',
    '42703': 'UndefinedColumn', '42704': 'UndefinedObject', '42710': 'DuplicateObject',
    '42723': 'DuplicateFunction', '42804': 'DatatypeMismatch', '42830': 'InvalidForeignKey',
    '42846': 'CannotCoerce', '42883': 'UndefinedFunction', '42P01': 'UndefinedTable',
    '42P06': 'DuplicateSchema', '42P07': 'DuplicateTable', '42P16': 'InvalidTableDefinition',
    '55006': 'ObjectInUse', '55P03': 'LockNotAvailable', '55P04': 'UnsafeNewEnumValueUsage',
    '57014': 'QueryCanceled', 'P0001': 'RaiseException',
}

_BACKGROUND = {
    'InterfaceError': 'rvf5', 'DatabaseError': '4xp6', 'DataError': '9h9h',
    'OperationalError': 'e3q8', 'IntegrityError': 'gkpj', 'InternalError': '2j85',
    'ProgrammingError': 'f405', 'NotSupportedError': 'tw8g',
}


class _Diagnostics:
    def __init__(self, sqlstate, primary, constraint, table, column):
        self.sqlstate = sqlstate
        self.message_primary = primary
        self.constraint_name = constraint
        self.table_name = table
        self.column_name = column


class _Error(Exception):
    # psycopg2's own exception: e.orig
    def __str__(self):
        return self.pgerror


def failure(sqlstate, message, primary, constraint, table, column, sql):
    kind = _CLASSES.get(sqlstate[:2], 'DatabaseError')
    name = _NAMES.get(sqlstate, kind)
    orig = _Error(message)
    orig.pgcode = sqlstate
    orig.pgerror = message
    orig.diag = _Diagnostics(sqlstate, primary, constraint, table, column)
    module = 'psycopg2.errors' if sqlstate in _NAMES else 'psycopg2'
    words = f'({module}.{name}) {message}\n[SQL: {sql}]'
    words += f'\n(Background on this error at: https://sqlalche.me/e/20/{_BACKGROUND[kind]})'
    error = getattr(_exc, kind)(words)
    error.orig = orig
    error.statement = sql
    error.params = {}
    error.connection_invalidated = False
    return error


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
        return self[i]

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

    def keys(self):
        raise AttributeError("Could not locate column in row for column 'keys'")

    def tuple(self):
        return self

    def _tuple(self):
        return self

    def _asdict(self):
        return dict(zip(self._row_names, self))

    def __repr__(self):
        return repr(tuple(self))


def _row(names, values):
    row = Row(values)
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
        return _row(self._names, values)

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
        return _LIVE.refuse("a result's context is not supported")

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
        return lambda value: kind.process_result_value(value, dialect())
    return None


def _processed(rows, kinds):
    makers = [_processor(kind) for kind in kinds]
    if not any(makers):
        return rows
    return [tuple([make(value) if make else value for make, value in zip(makers, row)])
            for row in rows]


# ---------------------------------------------------------------- the connection

def dialect():
    return connection().dialect


def _run(statement, parameters):
    names, rows, kinds, affected, recorded, implicit = _LIVE.execute(statement, parameters)
    if rows is None:
        return CursorResult(None, None, affected, recorded)
    if implicit:
        key = _row(names, rows[0]) if len(rows) == 1 else None
        return CursorResult(None, None, affected, recorded, key)
    if kinds and len(kinds) == len(names):
        rows = _processed(rows, kinds)
    return CursorResult(names, rows, affected, recorded)


def _driver_text(statement, parameters):
    # %s and %(name)s as psycopg2 takes them, as text() with binds.
    values = {}
    parts = statement
    out = []
    i = 0
    place = 0
    while i < len(parts):
        c = parts[i]
        if c == ':':
            out.append('\\:')
        elif c != '%' or parameters is None:
            out.append(c)
        elif parts[i + 1:i + 2] == '%':
            out.append('%')
            i += 1
        elif parts[i + 1:i + 2] == 's':
            name = f'p{place}'
            values[name] = parameters[place]
            place += 1
            out.append(f':{name}')
            i += 1
        elif parts[i + 1:i + 2] == '(':
            end = parts.index(')s', i)
            name = parts[i + 2:end]
            values[name] = parameters[name]
            out.append(f':{name}')
            i = end + 1
        else:
            raise ValueError(f"unsupported format character '{parts[i + 1:i + 2]}'")
        i += 1
    return _text(''.join(out)), values


class Transaction:
    is_active = True

    def __init__(self, owner, savepoint):
        self._owner = owner
        self._name = savepoint
        self._ended = False
        if savepoint:
            owner._control(f'SAVEPOINT {savepoint}')

    def commit(self):
        if self._ended:
            raise _exc.InvalidRequestError('This transaction is inactive')
        self._ended = True
        if self._name:
            self._owner._control(f'RELEASE SAVEPOINT {self._name}')

    def rollback(self):
        if self._ended:
            return
        self._ended = True
        if self._name:
            self._owner._control(f'ROLLBACK TO SAVEPOINT {self._name}')
        else:
            _LIVE.refuse('rolling back the transaction of the migration is not supported')

    def close(self):
        self.rollback()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if self._ended:
            return False
        if kind is None:
            _LIVE.flush()
            self.commit()
        else:
            self.rollback()
        return False


_BEGUN = ("This connection has already initialized a SQLAlchemy Transaction() object via begin() "
          "or autobegin; can't call begin() here unless rollback() or commit() is called first.")


class Connection(_LIVE.Bind):
    closed = False
    invalidated = False
    should_close_with_result = False

    def __init__(self):
        self._savepoints = 0
        self.info = {}

    @property
    def dialect(self):
        from alembic.op import get_context
        return get_context().dialect

    @property
    def engine(self):
        return self

    @property
    def name(self):
        return 'postgresql'

    @property
    def connection(self):
        return _LIVE.refuse("the driver's own connection is not supported")

    def _control(self, sql):
        _LIVE.execute(_text(sql), None)

    def execute(self, statement, parameters=None, *, execution_options=None):
        if isinstance(statement, str):
            raise _exc.ObjectNotExecutableError(f'Not an executable object: {statement!r}')
        return _run(statement, parameters)

    def scalar(self, statement, parameters=None, *, execution_options=None):
        return self.execute(statement, parameters).scalar()

    def scalars(self, statement, parameters=None, *, execution_options=None):
        return self.execute(statement, parameters).scalars()

    def exec_driver_sql(self, statement, parameters=None, execution_options=None):
        if isinstance(parameters, list):
            result = None
            for one in parameters:
                result = _run(*_driver_text(statement, one))
            return result
        return _run(*_driver_text(statement, parameters))

    def execution_options(self, **options):
        if 'isolation_level' in options:
            _LIVE.refuse('changing the isolation level of the connection is not supported')
        return self

    def get_execution_options(self):
        return {}

    def begin(self):
        raise _exc.InvalidRequestError(_BEGUN)

    def begin_nested(self):
        self._savepoints += 1
        return Transaction(self, f'sa_savepoint_{self._savepoints}')

    def in_transaction(self):
        return True

    def in_nested_transaction(self):
        return False

    def get_transaction(self):
        return Transaction(self, None)

    def commit(self):
        _LIVE.refuse('committing the transaction of the migration from within is not supported')

    def rollback(self):
        _LIVE.refuse('rolling back the transaction of the migration is not supported')

    def close(self):
        _LIVE.refuse('closing the connection of the migration is not supported')

    def connect(self):
        raise AttributeError("'Connection' object has no attribute 'connect'")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if kind is None:
            _LIVE.refuse('closing the connection of the migration is not supported')
        return False


def connection():
    from alembic import op
    return op.get_bind()


# ---------------------------------------------------------------- bind.dialect

_VIEW = ("SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
         " ON n.oid = c.relnamespace WHERE c.relname = :name AND c.relkind IN ('v', 'm')")


def visible(schema):
    return (' AND n.nspname = :schema' if schema is not None
            else ' AND pg_catalog.pg_table_is_visible(c.oid)')


def parameters(schema, **values):
    if schema is not None:
        values['schema'] = schema
    return values


def has_table(bind, name, schema=None, **kw):
    if _LIVE.in_catalog(name, schema):
        return True
    return bind.scalar(_text(_VIEW + visible(schema)), parameters(schema, name=name)) > 0


def has_index(bind, table_name, index_name, schema=None, **kw):
    if not has_table(bind, table_name, schema):
        return False
    found = _LIVE.inspect('get_indexes', table_name, schema)
    return index_name in [index['name'] for index in found or []]


def has_schema(bind, name, **kw):
    return bind.scalar(_text('SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = :name'),
                       {'name': name}) > 0


def has_sequence(bind, name, schema=None, **kw):
    sql = _VIEW.replace("('v', 'm')", "('S')")
    return bind.scalar(_text(sql + visible(schema)), parameters(schema, name=name)) > 0


def has_type(bind, name, schema=None, **kw):
    return _LIVE.has_type(name, schema)


def inspect(bind):
    from _live_inspect import Inspector
    return Inspector(bind)
