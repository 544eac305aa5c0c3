def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw
print(f(1, c=3))
print(f(1, 5, 6, 7, c=8, d=9, e=10))
print(f(*[1, 2, 3], **{"c": 1, "z": 2}))
def g(a, /, b, *, c):
    return a, b, c
print(g(1, 2, c=3), g(1, b=2, c=3))
print((lambda x, y=2: x * y)(4))
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
i = outer()
print(i(), i(), i())
def default(x, acc=[]):
    acc.append(x)
    return acc
print(default(1), default(2))
print(f.__name__, f.__qualname__, i.__qualname__, f.__defaults__)
fs = [lambda: k for k in range(3)]
print([h() for h in fs])
fs = [lambda k=k: k for k in range(3)]
print([h() for h in fs])
