# sqlalchemy.orm.relationship() between classes of a revision: what hangs together is loaded when it is
# looked at, and keys follow from it when a session is flushed. Joins follow from foreign keys, or from
# foreign_keys=; a primaryjoin= of its own is not supported.
import _live_host
from sqlalchemy import and_, delete, insert

_unsupported = _live_host.unsupported

_relationships = []
_states = {}


class State:
    # What is known of an instance beside its columns.
    def __init__(self, instance):
        self.instance = instance
        self.session = None
        self.related = {}  # by relationship: the object, or the Collection
        self.before = {}   # by relationship with secondary=: those that the database has
        self.keys = {}     # attributes that follow from an object: (object or None, its attribute)


def state(instance):
    if id(instance) not in _states:
        _states[id(instance)] = State(instance)
    return _states[id(instance)]


def _attributes(cls):
    from _live_session import attributes_of
    return attributes_of(cls)


def of_class(cls):
    # The relationships of a mapped class, by name.
    configure()
    return {r.name: r for r in _relationships if issubclass(cls, r.owner)}


def configure():
    # Gives backref= its other side.
    for r in list(_relationships):
        if r.backref is None:
            continue
        name, options = r.backref, {}
        if isinstance(name, Backref):
            name, options = name.name, name.options
        r.backref, r.back_populates = None, name
        other = Relationship(r.owner, r.secondary, back_populates=r.name,
                             foreign_keys=r.foreign_keys, **options)
        other.direction_given = r.reversed_direction()
        other.__set_name__(r.target, name)
        setattr(r.target, name, other)


def _refers(column, cls):
    # The attribute of cls that a foreign key of the column names; None: it names another table.
    for key in column.foreign_keys:
        table, name = key.target_fullname.rsplit('.', 1)
        if table == cls.__table__.key:
            return [a for a, c in _attributes(cls) if c.name == name][0]
    return None


def _references(table, cls):
    return [(c, _refers(c, cls)) for c in table.columns if _refers(c, cls) is not None]


class Backref:
    def __init__(self, name, **options):
        self.name = name
        self.options = options


class Relationship(_live_host.MapperProperty):
    def __init__(self, argument=None, secondary=None, uselist=None, backref=None, back_populates=None,
                 foreign_keys=None, primaryjoin=None, secondaryjoin=None, order_by=None, lazy=None,
                 cascade='save-update, merge', remote_side=None, passive_deletes=False, **kw):
        self.argument = argument
        self.secondary = secondary
        self.uselist = uselist
        self.backref = backref
        self.back_populates = back_populates
        self.foreign_keys = foreign_keys
        self.join = primaryjoin if primaryjoin is not None else secondaryjoin
        self.order_by = order_by
        self.lazy = lazy
        self.deletes = 'delete' in cascade or 'all' in cascade
        self.orphans = 'delete-orphan' in cascade
        self.remote_side = remote_side
        self.passive = passive_deletes
        self.direction_given = None
        self.known = None

    def __set_name__(self, owner, name):
        self.owner = owner
        self.name = name
        _relationships.append(self)

    # ------------------------------------------------------------ what it stands for

    @property
    def target(self):
        given = self.argument
        if given is None:
            _unsupported(f'{self.owner.__name__}.{self.name} does not say to which class it leads')
        if isinstance(given, str):
            return _live_host.mapped_class(given.split('.')[-1])
        return given if isinstance(given, type) else given()

    @property
    def table_between(self):
        if isinstance(self.secondary, str):
            return self.owner.__table__.metadata.tables[self.secondary]
        return self.secondary

    def _chosen(self, found):
        # Those pairs whose column is among foreign_keys=.
        given = self.foreign_keys
        if given is None:
            return found
        given = given if isinstance(given, (list, tuple)) else [given]
        names = [c.strip('[] ').split('.')[-1] if isinstance(c, str) else c.name for c in given]
        return [(c, a) for c, a in found if c.name in names]

    def _pairs(self, child, parent):
        attributes = {c.name: a for a, c in _attributes(child)}
        return [(attributes[c.name], a)
                for c, a in self._chosen(_references(child.__table__, parent))]

    @property
    def shape(self):
        # (direction, pairs of attributes: of the child, of the parent)
        if self.known is None:
            self.known = self._find_shape()
        return self.known

    def _find_shape(self):
        where = f'{self.owner.__name__}.{self.name}'
        if self.join is not None:
            _unsupported(f'{where} has a join of its own, which is not supported')
        if self.secondary is not None:
            return 'both', None
        up = self._pairs(self.owner, self.target)
        down = self._pairs(self.target, self.owner)
        if up and down:
            to_one = self.remote_side is not None
            if self.direction_given is not None:
                to_one = self.direction_given == 'up'
            up, down = (up, None) if to_one else (None, down)
        pairs = up or down
        if not pairs or len({a for a, b in pairs}) != len({b for a, b in pairs}):
            _unsupported(f'the foreign keys do not say how {where} joins its tables')
        return ('up' if up else 'down'), pairs

    def reversed_direction(self):
        return {'up': 'down', 'down': 'up', 'both': 'both'}[self.shape[0]]

    @property
    def is_list(self):
        return self.shape[0] != 'up' if self.uselist is None else self.uselist

    def other_side(self):
        return of_class(self.target).get(self.back_populates)

    # ------------------------------------------------------------ reading

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        configure()
        s = state(instance)
        if self.name not in s.related:
            s.related[self.name] = self._load(instance, s.session)
        return s.related[self.name]

    def _load(self, instance, session):
        if session is None or instance in session._new:
            return Collection(self, instance, []) if self.is_list else None
        found = self._query(instance, session)
        if self.shape[0] == 'both':
            state(instance).before[self.name] = list(found)
        if self.is_list:
            return Collection(self, instance, found)
        return found[0] if found else None

    def _query(self, instance, session):
        cls = self.target
        direction, pairs = self.shape
        if direction == 'up':
            values = [getattr(instance, a) for a, b in pairs]
            if None in values:
                return []
            if [b for a, b in pairs] == [a for a, c in _attributes(cls) if c.primary_key]:
                found = session.get(cls, tuple(values))
                return [] if found is None else [found]
            where = [getattr(cls, b) == getattr(instance, a) for a, b in pairs]
        elif direction == 'down':
            where = [getattr(cls, a) == getattr(instance, b) for a, b in pairs]
        else:
            where = [c == getattr(instance, a) for c, a in self._between(self.owner)]
            where += [c == getattr(cls, a) for c, a in self._between(cls)]
        query = session.query(cls).filter(*where)
        return query.order_by(*self._order(cls)).all() if self.order_by is not None else query.all()

    def _order(self, cls):
        given = self.order_by if isinstance(self.order_by, (list, tuple)) else [self.order_by]
        return [self._order_text(cls, g) if isinstance(g, str) else g for g in given]

    def _order_text(self, cls, text):
        # "Member.id", "Member.id.desc()"
        words = text.split('.')
        if len(words) < 2 or words[0] != cls.__name__ or words[2:] not in ([], ['desc()'], ['asc()']):
            _unsupported(f'order_by={text!r} is not supported')
        column = getattr(cls, words[1])
        return column.desc() if words[2:] == ['desc()'] else column

    def _between(self, cls):
        return _references(self.table_between, cls)

    # ------------------------------------------------------------ writing

    def __set__(self, instance, value):
        configure()
        s = state(instance)
        before = s.related.get(self.name)
        if self.is_list:
            for item in list(before or []):
                before.remove(item)
            s.related[self.name] = Collection(self, instance, [])
            for item in value:
                s.related[self.name].append(item)
            return
        s.related[self.name] = value
        if self.shape[0] == 'up':
            self._follow(instance, value)
            self._move(instance, before, value)
        elif value is not None:
            self.joined(instance, value)

    def _follow(self, child, parent):
        for a, b in self.shape[1]:
            state(child).keys[a] = (parent, b)

    def _move(self, instance, before, after):
        # Collections of the other side that are loaded already.
        other = self.other_side() if self.back_populates else None
        if other is None or not other.is_list:
            return
        lists = [state(o).related.get(other.name) if o is not None else None for o in (before, after)]
        if lists[0] is not None and instance in lists[0]:
            list.remove(lists[0], instance)
        if lists[1] is None and after is not None and state(after).session is None:
            lists[1] = getattr(after, other.name)
        if lists[1] is not None and instance not in lists[1]:
            list.append(lists[1], instance)

    def joined(self, parent, item):
        if self.shape[0] == 'down':
            for a, b in self.shape[1]:
                state(item).keys[a] = (parent, b)
        other = self.other_side() if self.back_populates else None
        if other is None:
            return
        if not other.is_list:
            state(item).related[other.name] = parent
        elif other.name in state(item).related and parent not in state(item).related[other.name]:
            list.append(state(item).related[other.name], parent)

    def left(self, parent, item):
        if self.shape[0] == 'down':
            if self.orphans:
                state(parent).session.delete(item)
            for a, b in self.shape[1]:
                state(item).keys[a] = (None, b)
        other = self.other_side() if self.back_populates else None
        if other is not None and other.is_list and other.name in state(item).related:
            list.remove(state(item).related[other.name], parent)


class Collection(list):
    def __init__(self, relationship, instance, items):
        list.__init__(self, items)
        self._relationship = relationship
        self._instance = instance

    def append(self, item):
        list.append(self, item)
        self._relationship.joined(self._instance, item)

    def extend(self, items):
        for item in items:
            self.append(item)

    def __iadd__(self, items):
        self.extend(items)
        return self

    def remove(self, item):
        list.remove(self, item)
        self._relationship.left(self._instance, item)

    def clear(self):
        for item in list(self):
            self.remove(item)

    def pop(self, index=-1):
        item = self[index]
        self.remove(item)
        return item

    def insert(self, index, item):
        list.insert(self, index, item)
        self._relationship.joined(self._instance, item)


# ---------------------------------------------------------------- what a session does with them

def cascade(session, instance=None):
    # What hangs on an object of a session is in it too; None: on any.
    todo = list(session) if instance is None else [instance]
    while todo:
        s = state(todo.pop())
        for value in list(s.related.values()):
            for other in value if isinstance(value, list) else [value]:
                if other is not None and other not in session:
                    session.add(other)
                    todo.append(other)


def in_order(instances):
    # Those first to which the others refer, else as they were added.
    classes = []
    for instance in instances:
        if type(instance) not in classes:
            classes.append(type(instance))
    ordered = []

    def visit_class(cls, path):
        for other in classes:
            if other is not cls and other not in path and _references(cls.__table__, other):
                visit_class(other, path + [cls])
        if cls not in ordered:
            ordered.append(cls)

    for cls in classes:
        visit_class(cls, [])
    result = []

    def visit(instance, path):
        for parent, attribute in state(instance).keys.values():
            if any(o is parent for o in instances) and not any(o is parent for o in path):
                visit(parent, path + [instance])
        if not any(o is instance for o in result):
            result.append(instance)

    for cls in ordered:
        for instance in instances:
            if type(instance) is cls:
                visit(instance, [])
    return result


def settle_keys(instance):
    # Gives an instance the keys of the objects that it belongs to.
    s = state(instance)
    for attribute, (parent, name) in s.keys.items():
        setattr(instance, attribute, None if parent is None else getattr(parent, name))
    s.keys = {}


def _row_between(r, instance, other):
    values = {c.name: getattr(instance, a) for c, a in r._between(r.owner)}
    values.update({c.name: getattr(other, a) for c, a in r._between(r.target)})
    return values


def write_between(session):
    # The rows of secondary tables; each pair once, though both of its sides may have it.
    done = []
    for instance in list(session):
        s = state(instance)
        for name, r in of_class(type(instance)).items():
            if name not in s.related or r.shape[0] != 'both':
                continue
            before, now = s.before.get(name, []), list(s.related[name])
            table = r.table_between
            for other in [o for o in before if o not in now]:
                row = _row_between(r, instance, other)
                if (table.key, False, row) not in done:
                    done.append((table.key, False, row))
                    session._execute(delete(table).where(
                        and_(*[table.c[key] == value for key, value in row.items()])))
            for other in [o for o in now if o not in before]:
                row = _row_between(r, instance, other)
                if (table.key, True, row) not in done:
                    done.append((table.key, True, row))
                    session._execute(insert(table).values(row))
            s.before[name] = now


def before_delete(session, instance):
    # What refers to an object that is deleted: deleted too where cascade= says so, else let go.
    for name, r in of_class(type(instance)).items():
        direction = r.shape[0]
        if direction == 'up' or r.passive:
            continue
        related = getattr(instance, name)
        related = list(related) if r.is_list else [] if related is None else [related]
        for other in related:
            if direction == 'both':
                row = _row_between(r, instance, other)
                table = r.table_between
                session._execute(delete(table).where(
                    and_(*[table.c[key] == value for key, value in row.items()])))
            elif r.deletes:
                session.delete_now(other)
            else:
                for a, b in r.shape[1]:
                    setattr(other, a, None)
                session.update_now(other)
        state(instance).before.pop(name, None)
        state(instance).related.pop(name, None)


def expire(session):
    for instance in list(session):
        state(instance).related = {}
        state(instance).before = {}
