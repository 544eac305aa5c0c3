# sqlalchemy.inspect(connection), and tables that are read from the database. Answers are kept for the
# life of an Inspector, as SQLAlchemy does.
import re

import _live
import _live_host
from sqlalchemy import (CheckConstraint, Column, Computed, ForeignKeyConstraint, Identity, Index,
                        PrimaryKeyConstraint, Table, UniqueConstraint, exc, text)

_RELATIONS = ("SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
              " ON n.oid = c.relnamespace WHERE c.relkind IN ({kinds}){where} ORDER BY c.oid")


class Inspector:
    def __init__(self, bind):
        self.bind = bind
        self.engine = bind
        self.info_cache = {}

    @property
    def dialect(self):
        return self.bind.dialect

    @property
    def default_schema_name(self):
        return _live_host.default_schema()

    def clear_cache(self):
        self.info_cache = {}

    def _kept(self, function, name, schema, ask):
        key = (function, name, schema)
        if key not in self.info_cache:
            self.info_cache[key] = ask()
        return self.info_cache[key]

    def _of_table(self, function, name, schema):
        def ask():
            answer = _live_host.inspect(function, name, schema)
            if answer is None:
                if _live.has_table(self.bind, name, schema):
                    _live_host.unsupported(f'{function}() of a view is not supported')
                raise exc.NoSuchTableError(name if schema is None else f'{schema}.{name}')
            return answer
        kept = self._kept(function, name, schema, ask)
        return [dict(item) for item in kept] if isinstance(kept, list) else dict(kept)

    def get_columns(self, table_name, schema=None, **kw):
        return self._of_table('get_columns', table_name, schema)

    def get_pk_constraint(self, table_name, schema=None, **kw):
        return self._of_table('get_pk_constraint', table_name, schema)

    def get_foreign_keys(self, table_name, schema=None, **kw):
        return self._of_table('get_foreign_keys', table_name, schema)

    def get_indexes(self, table_name, schema=None, **kw):
        return self._of_table('get_indexes', table_name, schema)

    def get_unique_constraints(self, table_name, schema=None, **kw):
        return self._of_table('get_unique_constraints', table_name, schema)

    def get_check_constraints(self, table_name, schema=None, **kw):
        return self._of_table('get_check_constraints', table_name, schema)

    def get_table_comment(self, table_name, schema=None, **kw):
        return self._of_table('get_table_comment', table_name, schema)

    def get_table_names(self, schema=None, **kw):
        return list(self._kept('get_table_names', None, schema,
                               lambda: _live_host.inspect('get_table_names', None, schema)))

    def get_enums(self, schema=None, **kw):
        return list(self._kept('get_enums', None, schema,
                               lambda: _live_host.inspect('get_enums', None, schema)))

    def _relations(self, kinds, schema):
        where = (' AND n.nspname = :schema' if schema is not None else
                 " AND pg_catalog.pg_table_is_visible(c.oid) AND n.nspname <> 'pg_catalog'")
        values = {} if schema is None else {'schema': schema}
        sql = _RELATIONS.format(kinds=kinds, where=where)
        return list(self.bind.scalars(text(sql), values))

    def get_view_names(self, schema=None, **kw):
        return list(self._kept('get_view_names', None, schema,
                               lambda: self._relations("'v'", schema)))

    def get_materialized_view_names(self, schema=None, **kw):
        return list(self._kept('get_materialized_view_names', None, schema,
                               lambda: self._relations("'m'", schema)))

    def get_sequence_names(self, schema=None, **kw):
        return list(self._kept('get_sequence_names', None, schema,
                               lambda: self._relations("'S'", schema)))

    def get_schema_names(self, **kw):
        sql = ("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg_%'"
               " ORDER BY nspname")
        return list(self._kept('get_schema_names', None, None,
                               lambda: list(self.bind.scalars(text(sql)))))

    def get_view_definition(self, view_name, schema=None, **kw):
        sql = ("SELECT pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c"
               " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
               " WHERE c.relname = :name AND c.relkind IN ('v', 'm')" + _live.visible(schema))
        found = self.bind.scalar(text(sql), _live.parameters(schema, name=view_name))
        if found is None:
            raise exc.NoSuchTableError(view_name if schema is None else f'{schema}.{view_name}')
        return found

    def has_table(self, table_name, schema=None, **kw):
        return self._kept('has_table', table_name, schema,
                          lambda: _live.has_table(self.bind, table_name, schema))

    def has_index(self, table_name, index_name, schema=None, **kw):
        return self._kept('has_index', (table_name, index_name), schema,
                          lambda: _live.has_index(self.bind, table_name, index_name, schema))

    def has_schema(self, schema_name, **kw):
        return self._kept('has_schema', schema_name, None,
                          lambda: _live.has_schema(self.bind, schema_name))

    def has_sequence(self, sequence_name, schema=None, **kw):
        return self._kept('has_sequence', sequence_name, schema,
                          lambda: _live.has_sequence(self.bind, sequence_name, schema))

    def has_type(self, type_name, schema=None, **kw):
        return self._kept('has_type', type_name, schema,
                          lambda: _live_host.has_type(type_name, schema))

    def reflect_table(self, table, include_columns=None, exclude_columns=(), resolve_fks=True):
        for item in table_items(self, table.metadata, table.name, table.schema,
                                {'include': include_columns, 'resolve': resolve_fks,
                                 'overridden': exclude_columns}):
            if isinstance(item, Column):
                table.append_column(item)
            else:
                table.append_constraint(item)


def of(bind):
    return bind if isinstance(bind, Inspector) else Inspector(_live.connection_of(bind))


# ---------------------------------------------------------------- reflection

# A text of the server's: what looks like a bind is none, and "::" is no bind to text() either.
def _plain(sql):
    return text(re.sub(r'(?<![:\w\\]):(?=\w)', r'\\:', sql))


def _column(info):
    extra = []
    default = info['default']
    if info.get('computed'):
        extra.append(Computed(info['computed']['sqltext']))
        default = None
    if info.get('identity'):
        extra.append(Identity(**info['identity']))
        default = None
    keywords = {'nullable': info['nullable'], 'comment': info['comment']}
    if default is not None:
        keywords['server_default'] = _plain(default)
    if info['autoincrement'] and not info.get('identity'):
        keywords['autoincrement'] = True
    return Column(info['name'], info['type'], *extra, **keywords)


def _index(info, columns):
    if 'expressions' in info:
        elements = [text(e) if c is None else columns[c]
                    for c, e in zip(info['column_names'], info['expressions'])]
    else:
        elements = [columns[name] for name in info['column_names']]
    options = {key: value for key, value in info.get('dialect_options', {}).items() if value}
    if 'postgresql_where' in options:
        options['postgresql_where'] = text(options['postgresql_where'])
    return Index(info['name'], *elements, unique=info['unique'], **options)


def _foreign_key(info, metadata, bind, resolve):
    prefix = info['referred_table'] + '.'
    if info['referred_schema'] is not None:
        prefix = info['referred_schema'] + '.' + prefix
    if resolve:
        load(metadata, info['referred_table'], info['referred_schema'], bind)
    return ForeignKeyConstraint(info['constrained_columns'],
                                [prefix + column for column in info['referred_columns']],
                                name=info['name'], **info['options'])


def table_items(inspector, metadata, name, schema, options):
    # The arguments of Table() that the database has: columns first, then constraints and indexes.
    wanted = options.get('include')
    overridden = options.get('overridden') or ()
    items = []
    columns = {}
    for info in inspector.get_columns(name, schema):
        if wanted is not None and info['name'] not in wanted or info['name'] in overridden:
            continue
        columns[info['name']] = _column(info)
        items.append(columns[info['name']])

    def known(names):
        return all(n in columns for n in names)

    key = inspector.get_pk_constraint(name, schema)
    if key['constrained_columns'] and known(key['constrained_columns']):
        items.append(PrimaryKeyConstraint(*key['constrained_columns'], name=key['name']))
    for info in inspector.get_foreign_keys(name, schema):
        if known(info['constrained_columns']):
            items.append(_foreign_key(info, metadata, inspector.bind, options.get('resolve', True)))
    for info in inspector.get_indexes(name, schema):
        if 'duplicates_constraint' not in info and known(
                [n for n in info['column_names'] if n is not None]):
            items.append(_index(info, columns))
    for info in inspector.get_unique_constraints(name, schema):
        if known(info['column_names']):
            items.append(UniqueConstraint(*info['column_names'], name=info['name']))
    for info in inspector.get_check_constraints(name, schema):
        items.append(CheckConstraint(_plain(info['sqltext']),
                                     name=info['name']))
    return items


# Tables that are being read: one that refers to itself, or back, is not read again.
_loading = []


def load(metadata, name, schema, bind):
    key = name if schema is None else f'{schema}.{name}'
    if key not in metadata.tables and key not in _loading:
        Table(name, metadata, schema=schema, autoload_with=bind)


def items_for_table(metadata, name, schema, bind, given, options):
    # What Table(name, metadata, *given, autoload_with=bind) is made of.
    options = dict(options)
    options['overridden'] = [item.name for item in given if isinstance(item, Column)]
    _loading.append(name if schema is None else f'{schema}.{name}')
    try:
        return table_items(of(bind), metadata, name, schema, options) + list(given)
    finally:
        _loading.pop()


def comment_of(name, schema, bind):
    return of(bind).get_table_comment(name, schema)['text']


def reflect(metadata, bind=None, schema=None, views=False, only=None, extend_existing=False,
            autoload_replace=True, resolve_fks=True, **kw):
    inspector = of(metadata.bind if bind is None else bind)
    if schema is None:
        schema = metadata.schema
    if views:
        _live_host.unsupported('reflecting views is not supported')
    available = inspector.get_table_names(schema)
    if only is None:
        names = available
    elif callable(only):
        names = [name for name in available if only(name, metadata)]
    else:
        missing = [name for name in only if name not in available]
        if missing:
            where = f" schema '{schema}'" if schema else ''
            raise exc.InvalidRequestError(
                'Could not reflect: requested table(s) not available in '
                f'{inspector.engine!r}{where}: ({", ".join(missing)})')
        names = list(only)
    for name in names:
        load(metadata, name, schema, inspector.bind)
