def f(*args, **kwargs): return args, kwargs
print(f(*[1], 2, *(3, 4), a=1, **{"b": 2}, **{"c": 3}))
print(f(*"ab", *{"k": 1}, **dict(x=1)))
def g(a, b=None, /, c=3, *d, e, f=6, **h): return (a, b, c, d, e, f, h)
print(g(1, e=5), g(1, 2, 3, 4, 5, e=6, z=7), g(1, e=2, a=3, b=4))
args = (1, 2)
print(max(*args), print(*args, sep="+"))
def many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t): return a + t + k
print(many(*range(20)))
def rec(n, acc=()): return acc if n == 0 else rec(n - 1, acc + (n,))
print(rec(5))
compose = lambda *fs: lambda x: x if not fs else fs[0](compose(*fs[1:])(x))
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
