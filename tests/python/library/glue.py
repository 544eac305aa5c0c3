import collections, contextlib, copy, functools, itertools, logging, operator, os, os.path, string, sys
import textwrap

print(os.getenv('NOT_THERE', 'x'), os.path.join('a', 'b', '/c', 'd'), os.path.normpath('/a/./b/../c'))
print(os.path.splitext('a/b.tar.gz'), os.path.dirname('/a/b'), os.path.basename('a/b'))
print(functools.reduce(lambda a, b: a + b, [1, 2, 3]), functools.partial(int, base=2)('101'))


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(50), fib.cache_info()[1])


@contextlib.contextmanager
def cm(x):
    print('enter', x)
    try:
        yield x + 1
    finally:
        print('exit')


with cm(1) as y:
    print(y)
try:
    with cm(2) as y:
        raise ValueError('boom')
except ValueError as e:
    print('caught', e)
with contextlib.suppress(KeyError):
    {}['a']
with contextlib.ExitStack() as stack:
    print(stack.enter_context(cm(3)), stack.enter_context(contextlib.nullcontext(4)))
    stack.callback(print, 'callback')

P = collections.namedtuple('P', 'x y', defaults=(9,))
p = P(1, y=2)
print(p, p.x, p._replace(x=5), p == (1, 2), P._fields, P(3), p._asdict(), [*p])
for wrong in (lambda: P(), lambda: P(1, 2, 3), lambda: P(1, z=2)):
    try:
        wrong()
    except TypeError as e:
        print(e)
d = collections.defaultdict(list)
d['a'].append(1)
print(d, d.get('b'), 'b' in d)
print(collections.Counter('abca').most_common(1), collections.Counter('ab')['z'])
q = collections.deque([1, 2, 3], maxlen=2)
q.appendleft(0)
print(q, len(q), q.popleft())
o = collections.OrderedDict(a=1, b=2)
o.move_to_end('a')
print(list(o), o == {'b': 2, 'a': 1})

print(list(itertools.chain('ab', 'c')), list(itertools.chain.from_iterable(['de', 'f'])))
print(list(itertools.product('ab', [1, 2])), list(itertools.islice(itertools.count(3), 2)))
print([(k, list(g)) for k, g in itertools.groupby('aabbca')], list(itertools.zip_longest('ab', 'c')))
print(list(itertools.combinations('abc', 2)), list(itertools.permutations('abc', 2)))
print(list(itertools.accumulate([1, 2, 3])), list(itertools.pairwise('abc')))
print(repr(textwrap.dedent("""
    SELECT 1
      FROM x

    WHERE y
    """)), repr(textwrap.indent('a\n\nb', '  ')))
print(string.Template('$a ${b} $$').substitute(a=1, b=2), string.ascii_lowercase, string.capwords('a b'))
print(operator.itemgetter(1, 0)([1, 2]), operator.attrgetter('__class__.__name__')(1))
log = logging.getLogger('x')
log.info('nothing %s', 1)
print(log.name, logging.getLogger('x') is log, logging.INFO)
x = {'a': [1, {2}], 'b': (3, [4])}
y = copy.deepcopy(x)
y['a'].append(5)
y['b'][1].append(6)
print(x, y, copy.copy([1]))


class A:
    @functools.cached_property
    def v(self):
        print('once')
        return 3


a = A()
print(a.v, a.v)


@functools.wraps(fib)
def w():
    pass


print(w.__name__)


@functools.total_ordering
class T:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    def __lt__(self, other):
        return self.v < other.v


print(T(1) <= T(2), T(1) > T(2), T(2) >= T(2), sorted([T(2), T(1)])[0].v)
sys.stdout.write('done\n')
