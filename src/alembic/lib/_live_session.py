# sqlalchemy.orm.Session on the connection of a migration: Core statements, and the unit of work for
# classes that are mapped to a table of their own. It joins the transaction of the connection
# (join_transaction_mode="conditional_savepoint", which is the default): commit() leaves that to the
# migration, rollback() rolls it back, if the session has done anything in it.
import _live
import _live_host
import _live_relations
from _host import is_unknown
from sqlalchemy import Column, and_, delete, exc, func, insert, select, update


def _table(cls):
    return cls.__table__


_known = {}


def attributes_of(cls):
    # (attribute, column) of a mapped class, in order of the table.
    if cls not in _known:
        names = {}
        for base in reversed(cls.__mro__):
            for name, value in vars(base).items():
                if isinstance(value, Column):
                    names[value.name] = name
        _known[cls] = [(names.get(c.name, c.name), c) for c in _table(cls).columns]
    return _known[cls]


def fill(instance, values):
    # The constructor of mapped classes.
    _live_relations.configure()
    cls = type(instance)
    names = [attribute for attribute, column in attributes_of(cls)]
    for name, value in values.items():
        if name not in names and not hasattr(cls, name):
            raise TypeError(f"'{name}' is an invalid keyword argument for {cls.__name__}")
        setattr(instance, name, value)
    instance._given = set(values)
    for name in names:
        if name not in values:
            setattr(instance, name, None)


def _default_of(column):
    # (whether there is one that Python computes, its value)
    arg = getattr(column.default, 'arg', None)
    if arg is None:
        return False, None
    return True, arg() if callable(arg) else arg


def _key_columns(cls):
    return [column for column in _table(cls).columns if column.primary_key]


def _is_mapped(entity):
    return isinstance(entity, type) and getattr(entity, '__table__', None) is not None




class Session:
    def __init__(self, bind=None, autoflush=True, **kw):
        if isinstance(bind, _live.Engine):
            _live_host.unsupported('a session on its own connection is not supported')
        self.bind = bind
        self.autoflush = autoflush
        self.info = {}
        self._began = False
        self._nested = []
        self.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.close()
        return False

    # ------------------------------------------------------------ transactions

    def _savepoints(self):
        return [nested for nested in self._nested if not nested._ended]

    def commit(self):
        self.flush()
        _live_relations.expire(self)
        for nested in reversed(self._savepoints()):
            nested.commit()
            if not _live_host.has_sqlalchemy_2():
                break
        else:
            self._began = False

    def rollback(self):
        # SQLAlchemy 1.4 goes back to the last savepoint, 2.0 to the beginning.
        savepoints = self._savepoints()
        if savepoints and not _live_host.has_sqlalchemy_2():
            if not _live_host.has_sqlalchemy_1():
                _live_host.unsupported('what rollback() of a session in a savepoint rolls back depends '
                                       'on the version of SQLAlchemy')
            savepoints[-1].rollback()
        elif self._began:
            self.bind.rollback()
            self._began = False
        self._forget_changes()

    def _forget_changes(self):
        _live_relations.expire(self)
        self._new = []
        self._deleted = []
        for instance, stored in self._states.values():
            for attribute, value in stored.items():
                setattr(instance, attribute, value)

    def close(self):
        self._began = False
        self._new = []
        self._deleted = []
        self._objects = {}
        self._states = {}

    def _execute(self, statement, params=None):
        self._began = True
        return self.bind.execute(statement, params)

    def begin(self, nested=False):
        return self.begin_nested() if nested else _Begun(self)

    def begin_nested(self):
        self.flush()
        self._began = True
        self._nested.append(self.bind.begin_nested())
        return self._nested[-1]

    def connection(self, **kw):
        return self.bind

    def get_bind(self, mapper=None, **kw):
        return self.bind

    def in_transaction(self):
        return True

    @property
    def no_autoflush(self):
        return _Quietly(self)

    @property
    def new(self):
        return list(self._new)

    # ------------------------------------------------------------ objects

    def add(self, instance):
        if instance not in self:
            self._new.append(instance)
            _live_relations.state(instance).session = self
            _live_relations.cascade(self, instance)

    def add_all(self, instances):
        for instance in instances:
            self.add(instance)

    def delete(self, instance):
        self._deleted.append(instance)

    def expunge(self, instance):
        self._new = [o for o in self._new if o is not instance]
        self._states.pop(id(instance), None)

    def expunge_all(self):
        self.close()

    def expire_all(self):
        self._expired = True

    def expire(self, instance, names=None):
        return None

    def refresh(self, instance, names=None):
        self.flush()
        cls = type(instance)
        values = [getattr(instance, a) for a, c in attributes_of(cls) if c.primary_key]
        self._load(cls, self._by_key(cls, values), instance)

    def __contains__(self, instance):
        return id(instance) in self._states or any(o is instance for o in self._new)

    def __iter__(self):
        return iter([o for o, state in self._states.values()] + self._new)

    def _by_key(self, cls, values):
        where = [c == v for c, v in zip(_key_columns(cls), values)]
        columns = [c for a, c in attributes_of(cls)]
        return self._execute(select(*columns).where(and_(*where))).one()

    def _load(self, cls, values, instance=None):
        # The object of a row: the one that is known already, else a new one.
        attributes = attributes_of(cls)
        values = tuple(values)
        key = (cls, tuple([v for (a, c), v in zip(attributes, values) if c.primary_key]))
        if instance is None:
            if key in self._objects:
                return self._objects[key]
            instance = cls.__new__(cls)
        stored = {}
        for (attribute, column), value in zip(attributes, values):
            setattr(instance, attribute, value)
            stored[attribute] = value
        self._objects[key] = instance
        self._states[id(instance)] = (instance, stored)
        _live_relations.state(instance).session = self
        return instance

    def flush(self, objects=None):
        _live_relations.cascade(self)
        new = _live_relations.in_order(self._new)
        self._new = []
        known = [instance for instance, stored in self._states.values()]
        later = [o for o in known if _live_relations.state(o).keys]
        for instance in known:
            if not any(o is instance for o in self._deleted + later):
                self.update_now(instance)
        for instance in new:
            _live_relations.settle_keys(instance)
            self._insert(instance)
        for instance in later:
            if not any(o is instance for o in self._deleted):
                _live_relations.settle_keys(instance)
                self.update_now(instance)
        _live_relations.write_between(self)
        deleted = self._deleted
        self._deleted = []
        for instance in deleted:
            self.delete_now(instance)

    def update_now(self, instance):
        self._update(instance, self._states[id(instance)][1])

    def delete_now(self, instance):
        if id(instance) not in self._states:
            return
        _live_relations.before_delete(self, instance)
        cls = type(instance)
        where = [c == getattr(instance, a) for a, c in attributes_of(cls) if c.primary_key]
        self._execute(delete(_table(cls)).where(and_(*where)))
        self._states.pop(id(instance), None)

    def _update(self, instance, stored):
        cls = type(instance)
        changed = {}
        for attribute, column in attributes_of(cls):
            value = getattr(instance, attribute)
            if is_unknown(value):
                continue
            if is_unknown(stored[attribute]) or (value is not stored[attribute]
                                                 and value != stored[attribute]):
                changed[column.name] = value
        if not changed:
            return
        where = [c == stored[a] for a, c in attributes_of(cls) if c.primary_key]
        self._execute(update(_table(cls)).where(and_(*where)).values(changed))
        for attribute, column in attributes_of(cls):
            stored[attribute] = getattr(instance, attribute)

    def _insert(self, instance):
        cls = type(instance)
        given = getattr(instance, '_given', ())
        values = {}
        missing = []
        for attribute, column in attributes_of(cls):
            value = getattr(instance, attribute)
            if value is None and (attribute not in given or column.primary_key):
                has_default, value = _default_of(column)
                if not has_default and (column.primary_key or column.server_default is not None):
                    missing.append((attribute, column))
                    continue
            values[column.name] = value
            setattr(instance, attribute, value)
        result = self._execute(insert(_table(cls)).values(values))
        self._take_key(instance, missing, result)

    def _take_key(self, instance, missing, result):
        # What the server made: the key comes back with the INSERT, the rest is not looked at.
        cls = type(instance)
        for attribute, column in missing:
            value = _live_host.unknown(f'{cls.__name__}.{attribute}',
                            'depends on the result of the INSERT before')
            if not result._recorded and result._key is not None and column.primary_key:
                value = result._key[0]
            setattr(instance, attribute, value)
        stored = {a: getattr(instance, a) for a, c in attributes_of(cls)}
        self._states[id(instance)] = (instance, stored)
        key = tuple([stored[a] for a, c in attributes_of(cls) if c.primary_key])
        if not any([is_unknown(part) for part in key]):
            self._objects[(cls, key)] = instance

    def merge(self, instance, **kw):
        cls = type(instance)
        key = [getattr(instance, a) for a, c in attributes_of(cls) if c.primary_key]
        known = None if None in key else self.get(cls, tuple(key))
        if known is None:
            known = cls(**{a: getattr(instance, a) for a in instance._given})
            self.add(known)
            return known
        for attribute, column in attributes_of(cls):
            if attribute in instance._given:
                setattr(known, attribute, getattr(instance, attribute))
        return known

    def bulk_insert_mappings(self, cls, mappings, **kw):
        for mapping in mappings:
            self._execute(insert(_table(cls)).values(dict(mapping)))

    def bulk_save_objects(self, objects, **kw):
        for instance in objects:
            self.add(instance)
        self.flush()

    def bulk_update_mappings(self, cls, mappings):
        keys = [c.name for c in _key_columns(cls)]
        for mapping in mappings:
            where = [_table(cls).c[k] == mapping[k] for k in keys]
            values = {k: v for k, v in mapping.items() if k not in keys}
            self._execute(update(_table(cls)).where(and_(*where)).values(values))

    # ------------------------------------------------------------ statements

    def execute(self, statement, params=None, **kw):
        self.flush()
        entities = _live_host.entities_of(statement)
        result = self._execute(statement, params)
        if entities is None:
            return result
        return self._with_objects(result, entities)

    def _with_objects(self, result, entities):
        # Rows whose columns stand for mapped classes: those columns become objects.
        names = []
        spans = []
        at = 0
        for entity in entities:
            if _is_mapped(entity):
                width = len(attributes_of(entity))
                names.append(entity.__name__)
            else:
                width = 1
                names.append(result._names[at])
            spans.append((entity, at, at + width))
            at += width
        rows = [tuple([self._load(e, row[a:b]) if _is_mapped(e) else row[a]
                       for e, a, b in spans]) for row in result.all()]
        return _live.CursorResult(names, rows, len(rows), False)

    def scalar(self, statement, params=None, **kw):
        return self.execute(statement, params).scalar()

    def scalars(self, statement, params=None, **kw):
        return self.execute(statement, params).scalars()

    def exec(self, statement, params=None, **kw):
        result = self.execute(statement, params)
        return result.scalars() if _live_host.gives_one(statement) else result

    def get(self, cls, key, **kw):
        self.flush()
        values = list(key) if isinstance(key, (tuple, list)) else [key]
        known = self._objects.get((cls, tuple(values)))
        if known is not None:
            return known
        columns = [c for a, c in attributes_of(cls)]
        where = [c == v for c, v in zip(_key_columns(cls), values)]
        row = self._execute(select(*columns).where(and_(*where))).one_or_none()
        return None if row is None else self._load(cls, row)

    def query(self, *entities):
        return Query(self, entities)


class _Begun:
    def __init__(self, session):
        self._session = session

    def __enter__(self):
        return self._session

    def __exit__(self, kind, value, traceback):
        if kind is None:
            self._session.commit()
        else:
            self._session.rollback()
        return False

    def commit(self):
        self._session.commit()

    def rollback(self):
        self._session.rollback()


class _Quietly:
    # with session.no_autoflush
    def __init__(self, session):
        self._session = session

    def __enter__(self):
        return self._session

    def __exit__(self, kind, value, traceback):
        return False


class Query:
    def __init__(self, session, entities):
        self.session = session
        self._entities = entities
        columns = []
        for entity in entities:
            columns += [c for a, c in attributes_of(entity)] if _is_mapped(entity) else [entity]
        self._select = select(*columns)
        self._where = []

    def _with(self, statement):
        query = Query.__new__(Query)
        query.session = self.session
        query._entities = self._entities
        query._select = statement
        query._where = list(self._where)
        return query

    def filter(self, *criteria):
        query = self._with(self._select.where(*criteria))
        query._where += criteria
        return query

    where = filter

    def filter_by(self, **values):
        first = self._entities[0]
        return self.filter(*[getattr(first, name) == value for name, value in values.items()])

    def order_by(self, *clauses):
        return self._with(self._select.order_by(*clauses))

    def group_by(self, *clauses):
        return self._with(self._select.group_by(*clauses))

    def having(self, *criteria):
        return self._with(self._select.having(*criteria))

    def limit(self, count):
        return self._with(self._select.limit(count))

    def offset(self, count):
        return self._with(self._select.offset(count))

    def distinct(self, *columns):
        return self._with(self._select.distinct(*columns))

    def with_for_update(self, **kw):
        return self._with(self._select.with_for_update(**kw))

    def _target(self, target):
        return _table(target) if _is_mapped(target) else target

    def join(self, target, onclause=None, **kw):
        if isinstance(target, _live_relations.Relationship):
            _live_host.unsupported('a join along a relationship is not supported')
        return self._with(self._select.join(self._target(target), onclause, **kw))

    def outerjoin(self, target, onclause=None):
        return self.join(target, onclause, isouter=True)

    def select_from(self, *froms):
        return self._with(self._select.select_from(*[self._target(f) for f in froms]))

    def options(self, *options):
        return self

    def execution_options(self, **kw):
        return self

    def yield_per(self, count):
        return self

    def enable_eagerloads(self, value):
        return self

    def populate_existing(self):
        return self

    @property
    def statement(self):
        return self._select

    def with_entities(self, *entities):
        columns = []
        for entity in entities:
            columns += [c for a, c in attributes_of(entity)] if _is_mapped(entity) else [entity]
        query = self._with(self._select.with_only_columns(*columns))
        query._entities = entities
        return query

    def subquery(self, name=None):
        return self._select.subquery(name)

    def _rows(self):
        self.session.flush()
        result = self.session._execute(self._select)
        if len(self._entities) == 1 and _is_mapped(self._entities[0]):
            return [self.session._load(self._entities[0], row) for row in result]
        return self.session._with_objects(result, self._entities).all()

    def all(self):
        return self._rows()

    def __iter__(self):
        return iter(self._rows())

    def first(self):
        rows = self.limit(1)._rows()
        return rows[0] if rows else None

    def one_or_none(self):
        rows = self._rows()
        if len(rows) > 1:
            raise exc.MultipleResultsFound(
                'Multiple rows were found when one or none was required')
        return rows[0] if rows else None

    def one(self):
        rows = self._rows()
        if len(rows) > 1:
            raise exc.MultipleResultsFound('Multiple rows were found when exactly one was required')
        if not rows:
            raise exc.NoResultFound('No row was found when one was required')
        return rows[0]

    def scalar(self):
        row = self.one_or_none()
        return row[0] if isinstance(row, tuple) else row

    def get(self, key):
        return self.session.get(self._entities[0], key)

    def count(self):
        self.session.flush()
        inner = self._select.order_by(None).subquery()
        return self.session._execute(select(func.count()).select_from(inner)).scalar()

    def exists(self):
        return self._select.exists()

    def update(self, values, synchronize_session='auto', **kw):
        self.session.flush()
        given = {getattr(key, 'key', key): value for key, value in values.items()}
        statement = update(_table(self._entities[0])).where(*self._where).values(given)
        return self.session._execute(statement).rowcount

    def delete(self, synchronize_session='auto'):
        self.session.flush()
        statement = delete(_table(self._entities[0])).where(*self._where)
        return self.session._execute(statement).rowcount
