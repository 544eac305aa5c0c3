# functools, the part that migrations and models use.

_missing = object()

WRAPPER_ASSIGNMENTS = ('__module__', '__name__', '__qualname__', '__doc__')


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=()):
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            continue
        setattr(wrapper, name, value)
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=()):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned)
    return decorate


def reduce(function, sequence, initial=_missing):
    items = iter(sequence)
    if initial is _missing:
        try:
            value = next(items)
        except StopIteration:
            raise TypeError('reduce() of empty iterable with no initial value') from None
    else:
        value = initial
    for item in items:
        value = function(value, item)
    return value


class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError('the first argument must be callable')
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        return partial(self.func, instance, *self.args, **self.keywords)


class _CacheInfo(tuple):
    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])


def _cached(function, maxsize):
    cache = {}
    counts = [0, 0]

    def wrapper(*args, **kwargs):
        key = (args, tuple(kwargs.items()))
        if key in cache:
            counts[0] += 1
            value = cache.pop(key)
        else:
            counts[1] += 1
            value = function(*args, **kwargs)
            if maxsize is not None and len(cache) >= maxsize > 0:
                del cache[next(iter(cache))]
        if maxsize is None or maxsize > 0:
            cache[key] = value
        return value

    def cache_clear():
        cache.clear()
        counts[0] = counts[1] = 0

    wrapper.cache_clear = cache_clear
    wrapper.cache_info = lambda: _CacheInfo((counts[0], counts[1], maxsize, len(cache)))
    return update_wrapper(wrapper, function)


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _cached(maxsize, 128)
    return lambda function: _cached(function, maxsize)


def cache(function):
    return _cached(function, None)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        values = instance.__dict__
        if self.attrname not in values:
            values[self.attrname] = self.func(instance)
        return values[self.attrname]


def cmp_to_key(compare):
    class Key:
        __slots__ = ('obj',)

        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return compare(self.obj, other.obj) < 0

        def __gt__(self, other):
            return compare(self.obj, other.obj) > 0

        def __eq__(self, other):
            return compare(self.obj, other.obj) == 0

        def __le__(self, other):
            return compare(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return compare(self.obj, other.obj) >= 0
    return Key


def _negated(name, with_equal):
    """The opposite of a comparison; with_equal: and not equal."""
    def compare(self, other):
        result = getattr(type(self), name)(self, other)
        if result is NotImplemented:
            return result
        return not result and (self != other if with_equal else True)
    return compare


def _or_equal(name):
    def compare(self, other):
        result = getattr(type(self), name)(self, other)
        if result is NotImplemented:
            return result
        return result or self == other
    return compare


def _and_unequal(name):
    def compare(self, other):
        result = getattr(type(self), name)(self, other)
        if result is NotImplemented:
            return result
        return result and self != other
    return compare


def total_ordering(cls):
    given = [name for name in ('__lt__', '__le__', '__gt__', '__ge__') if name in cls.__dict__]
    if not given:
        raise ValueError('must define at least one ordering operation: < > <= >=')
    rules = {
        '__lt__': {'__gt__': _negated('__lt__', True), '__le__': _or_equal('__lt__'),
                   '__ge__': _negated('__lt__', False)},
        '__le__': {'__ge__': _or_equal_swapped('__le__'), '__lt__': _and_unequal('__le__'),
                   '__gt__': _negated('__le__', False)},
        '__gt__': {'__lt__': _negated('__gt__', True), '__ge__': _or_equal('__gt__'),
                   '__le__': _negated('__gt__', False)},
        '__ge__': {'__le__': _or_equal_swapped('__ge__'), '__gt__': _and_unequal('__ge__'),
                   '__lt__': _negated('__ge__', False)},
    }
    root = '__lt__' if '__lt__' in given else given[0]
    for name, method in rules[root].items():
        if name not in given:
            setattr(cls, name, method)
    return cls


def _or_equal_swapped(name):
    """not (a <= b) or a == b"""
    def compare(self, other):
        result = getattr(type(self), name)(self, other)
        if result is NotImplemented:
            return result
        return not result or self == other
    return compare
