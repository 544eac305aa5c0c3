# itertools as generators.

_missing = object()


def count(start=0, step=1):
    while True:
        yield start
        start += step


def cycle(iterable):
    saved = list(iterable)
    while saved:
        yield from saved


def repeat(object, times=None):
    if times is None:
        while True:
            yield object
    for _ in range(times):
        yield object


class chain:
    def __init__(self, *iterables):
        self._items = chain._walk(iterables)

    @classmethod
    def from_iterable(cls, iterables):
        made = cls()
        made._items = chain._walk(iterables)
        return made

    @staticmethod
    def _walk(iterables):
        for iterable in iterables:
            yield from iterable

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._items)


def islice(iterable, *args):
    start, stop, step = 0, None, 1
    if len(args) == 1:
        stop = args[0]
    elif len(args) == 2:
        start, stop = args
    else:
        start, stop, step = args
    start = 0 if start is None else start
    step = 1 if step is None else step
    if stop is not None and stop <= 0:
        return
    position, wanted = 0, start
    for item in iterable:
        if stop is not None and position >= stop:
            return
        if position == wanted:
            yield item
            wanted += step
        position += 1
        if stop is not None and position >= stop:
            return


def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def filterfalse(predicate, iterable):
    for item in iterable:
        if not (predicate(item) if predicate is not None else item):
            yield item


def starmap(function, iterable):
    for args in iterable:
        yield function(*args)


def compress(data, selectors):
    for item, selected in zip(data, selectors):
        if selected:
            yield item


def accumulate(iterable, func=None, *, initial=None):
    items = iter(iterable)
    total = initial
    if initial is None:
        try:
            total = next(items)
        except StopIteration:
            return
    yield total
    for item in items:
        total = total + item if func is None else func(total, item)
        yield total


def pairwise(iterable):
    previous = _missing
    for item in iterable:
        if previous is not _missing:
            yield previous, item
        previous = item


def batched(iterable, n):
    if n < 1:
        raise ValueError('n must be at least one')
    batch = []
    for item in iterable:
        batch.append(item)
        if len(batch) == n:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def zip_longest(*iterables, fillvalue=None):
    iterators = [iter(iterable) for iterable in iterables]
    live = len(iterators)
    if not live:
        return
    ended = [False] * live
    while True:
        row = []
        for i, iterator in enumerate(iterators):
            item = fillvalue
            if not ended[i]:
                item = next(iterator, _missing)
                if item is _missing:
                    ended[i] = True
                    live -= 1
                    if not live:
                        return
                    item = fillvalue
            row.append(item)
        yield tuple(row)


def product(*iterables, repeat=1):
    pools = [tuple(iterable) for iterable in iterables] * repeat
    rows = [()]
    for pool in pools:
        rows = [row + (item,) for row in rows for item in pool]
    yield from rows


def permutations(iterable, r=None):
    pool = tuple(iterable)
    r = len(pool) if r is None else r

    def extend(row, left):
        if len(row) == r:
            yield tuple(pool[i] for i in row)
            return
        for k, i in enumerate(left):
            yield from extend(row + [i], left[:k] + left[k + 1:])
    yield from extend([], list(range(len(pool))))


def combinations(iterable, r):
    pool = tuple(iterable)

    def extend(row, start):
        if len(row) == r:
            yield tuple(pool[i] for i in row)
            return
        for i in range(start, len(pool)):
            yield from extend(row + [i], i + 1)
    yield from extend([], 0)


def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)

    def extend(row, start):
        if len(row) == r:
            yield tuple(pool[i] for i in row)
            return
        for i in range(start, len(pool)):
            yield from extend(row + [i], i)
    yield from extend([], 0)


def groupby(iterable, key=None):
    group, current = None, _missing
    groups = []
    for item in iterable:
        value = item if key is None else key(item)
        if current is _missing or value != current:
            group, current = [], value
            groups.append((value, group))
        group.append(item)
    for value, group in groups:
        yield value, iter(group)


def tee(iterable, n=2):
    items = list(iterable)
    return tuple(iter(items) for _ in range(n))
