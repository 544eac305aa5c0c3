# The connection that op.get_bind() gives while a database answers, and its results: what a program
# can do with sqlalchemy.engine's Connection and CursorResult, in the words of SQLAlchemy 2.0.
import _live_host
from sqlalchemy import text as _text
from sqlalchemy import exc as _exc
from _live_rows import CursorResult, new_row, processed

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


# ---------------------------------------------------------------- the connection

def _run(statement, parameters):
    names, rows, kinds, affected, recorded, implicit = _LIVE.execute(statement, parameters)
    if rows is None:
        return CursorResult(None, None, affected, recorded)
    if implicit:
        key = new_row(names, rows[0]) if len(rows) == 1 else None
        return CursorResult(None, None, affected, recorded, key)
    if kinds and len(kinds) == len(names):
        rows = processed(rows, kinds)
    return CursorResult(names, rows, affected, recorded)


def _driver_text(statement, parameters):
    # %s and %(name)s as psycopg2 takes them, as text() with binds. SQLAlchemy always hands over
    # parameters, so that a percent sign must be doubled without any too.
    values = {}
    out = []
    i = 0
    place = 0
    while i < len(statement):
        c = statement[i]
        following = statement[i + 1:i + 2]
        if c == ':':
            out.append('\\:')
        elif c != '%':
            out.append(c)
        elif following == '%':
            out.append('%')
            i += 1
        elif not parameters:
            raise TypeError('dict is not a sequence')
        elif following == 's':
            name = f'p{place}'
            values[name] = parameters[place]
            place += 1
            out.append(f':{name}')
            i += 1
        elif following == '(':
            end = statement.index(')s', i)
            name = statement[i + 2:end]
            values[name] = parameters[name]
            out.append(f':{name}')
            i = end + 1
        else:
            raise ValueError(f"unsupported format character '{following}'")
        i += 1
    return _text(''.join(out)), values


def _run_driver_text(statement, parameters):
    if isinstance(parameters, list) and parameters and isinstance(parameters[0], (tuple, list, dict)):
        result = None
        for one in parameters:
            result = _run(*_driver_text(statement, one))
        return result
    return _run(*_driver_text(statement, parameters))


def _legacy_parameters(several, named):
    # What execute(statement, *several, **named) of SQLAlchemy 1.4 means.
    if not several:
        return named or None
    if len(several) == 1:
        only = several[0]
        return only if only is None or isinstance(only, (dict, tuple, list)) else (only,)
    return list(several) if isinstance(several[0], (tuple, list, dict)) else several


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
        else:
            self._owner.commit()

    def rollback(self):
        if self._ended:
            return
        self._ended = True
        if self._name:
            self._owner._control(f'ROLLBACK TO SAVEPOINT {self._name}')
        else:
            self._owner.rollback()

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


class _Marker(Transaction):
    # begin() within a transaction, in SQLAlchemy 1.4: its commit() is left to the transaction around.
    def commit(self):
        self._ended = True


_BEGUN = ("This connection has already initialized a SQLAlchemy Transaction() object via begin() "
          "or autobegin; {} unless rollback() or commit() is called first.")


class Connection(_LIVE.Bind):
    invalidated = False
    should_close_with_result = False
    name = 'postgresql'

    def __init__(self):
        self._savepoints = 0
        self.info = {}
        self.engine = Engine(self)

    @property
    def closed(self):
        return _LIVE.is_closed()

    @property
    def dialect(self):
        return _LIVE.dialect()

    @property
    def connection(self):
        return DriverConnection()

    def _control(self, sql):
        _LIVE.execute(_text(sql), None)

    def execute(self, statement, *several, execution_options=None, **named):
        if _LIVE.has_sqlalchemy_2():
            if isinstance(statement, str):
                raise _exc.ObjectNotExecutableError(f'Not an executable object: {statement!r}')
            return _run(statement, named.get('parameters', several[0] if several else None))
        if 'parameters' in named and not several:
            several = (named.pop('parameters'),)
        parameters = _legacy_parameters(several, named)
        if isinstance(statement, str):
            return _run_driver_text(statement, parameters)
        return _run(statement, parameters)

    def scalar(self, statement, *several, **named):
        return self.execute(statement, *several, **named).scalar()

    def scalars(self, statement, *several, **named):
        return self.execute(statement, *several, **named).scalars()

    def exec_driver_sql(self, statement, parameters=None, execution_options=None):
        return _run_driver_text(statement, parameters)

    def execution_options(self, **options):
        if 'isolation_level' in options:
            raise _exc.InvalidRequestError(_BEGUN.format('isolation_level may not be altered'))
        if options.get('schema_translate_map'):
            _LIVE.unsupported('schema_translate_map is not supported')
        return self

    def get_execution_options(self):
        return {}

    def begin(self):
        if _LIVE.has_sqlalchemy_2():
            raise _exc.InvalidRequestError(_BEGUN.format("can't call begin() here"))
        return _Marker(self, None)

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
        _LIVE.commit()

    def rollback(self):
        _LIVE.roll_back()

    def close(self):
        _LIVE.close()

    def connect(self):
        raise AttributeError("'Connection' object has no attribute 'connect'")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.close()
        return False


class DriverConnection:
    # What psycopg2 has below a Connection, as far as cursors go.
    @property
    def dbapi_connection(self):
        return self

    driver_connection = connection = dbapi_connection

    def cursor(self, *args, **kw):
        return Cursor()

    def __getattr__(self, name):
        _LIVE.unsupported(f"the driver's own connection.{name} is not supported")


class Cursor:
    def __init__(self):
        self._result = None

    def execute(self, statement, parameters=None):
        if parameters is None: # psycopg2 then looks at no percent sign
            self._result = _run(_text(statement.replace(':', '\\:')), None)
        else:
            self._result = _run_driver_text(statement, parameters)

    @property
    def rowcount(self):
        return self._result.rowcount

    @property
    def description(self):
        if not self._result.returns_rows:
            return None
        return [(name, None, None, None, None, None, None) for name in self._result.keys()]

    def fetchone(self):
        row = self._result.fetchone()
        return None if row is None else tuple(row)

    def fetchmany(self, size=1):
        return [tuple(row) for row in self._result.fetchmany(size)]

    def fetchall(self):
        return [tuple(row) for row in self._result.fetchall()]

    def __iter__(self):
        return iter(self.fetchall())

    def close(self):
        return None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return False

    def __getattr__(self, name):
        _LIVE.unsupported(f'cursor.{name} of the driver is not supported')


_SECOND = 'a second connection to the database, beside that of the migration, is not supported'


class Engine(_LIVE.Bind):
    # The engine of the connection. It has connections of its own, which see what is committed; only
    # while the migration has written nothing the answers are the same.
    name = 'postgresql'
    driver = 'psycopg2'

    def __init__(self, connection):
        self._connection = connection

    @property
    def dialect(self):
        return _LIVE.dialect()

    @property
    def url(self):
        return _Url(self._connection)

    def __getattr__(self, name):
        _LIVE.unsupported(_SECOND)

    def __repr__(self):
        return f'Engine({self.url})'


class _Url:
    # Where the connection leads to, as far as the server tells.
    drivername = 'postgresql+psycopg2'

    def __init__(self, connection):
        self._connection = connection

    def get_backend_name(self):
        return 'postgresql'

    def get_driver_name(self):
        return 'psycopg2'

    @property
    def database(self):
        return self._connection.scalar(_text('SELECT pg_catalog.current_database()'))

    def __str__(self):
        return f'postgresql+psycopg2://***/{self.database}'

    def render_as_string(self, hide_password=True):
        return str(self)

    def __getattr__(self, name):
        _LIVE.unsupported(f"the URL's {name} is not known to what is read")


def connection_of(bind):
    # The connection that answers for a bind.
    if not isinstance(bind, Engine):
        return bind
    if _LIVE.has_written():
        _LIVE.unsupported(_SECOND)
    return bind._connection


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
    return Inspector(connection_of(bind))
