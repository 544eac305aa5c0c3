# random: every number comes from the host and is marked as one that differs from run to run.
from _host import marked as _marked, random_bytes as _random_bytes, refuse as _refuse


def getrandbits(k):
    value = 0
    for byte in _random_bytes((k + 7) // 8):
        value = value << 8 | byte
    return _marked(value >> (-k % 8))


def _below(n):
    if n <= 0:
        raise ValueError('empty range')
    while True:
        value = getrandbits(n.bit_length())
        if value < n:
            return value


def seed(a=None, version=2):
    if a is not None:
        _refuse('random.seed() is not supported')


def random():
    return getrandbits(53) / 9007199254740992


def uniform(a, b):
    return a + (b - a) * random()


def randrange(start, stop=None, step=1):
    values = range(start) if stop is None else range(start, stop, step)
    return values[_below(len(values))]


def randint(a, b):
    return randrange(a, b + 1)


def choice(seq):
    if not len(seq):
        raise IndexError('Cannot choose from an empty sequence')
    return _marked(seq[_below(len(seq))])


def choices(population, weights=None, *, cum_weights=None, k=1):
    if weights is not None or cum_weights is not None:
        _refuse('random.choices() with weights is not supported')
    return _marked([choice(population) for _ in range(k)])


def shuffle(x):
    for i in range(len(x) - 1, 0, -1):
        j = _below(i + 1)
        x[i], x[j] = _marked(x[j]), _marked(x[i])


def sample(population, k):
    left = list(population)
    if not 0 <= k <= len(left):
        raise ValueError('Sample larger than population or is negative')
    return _marked([left.pop(_below(len(left))) for _ in range(k)])
