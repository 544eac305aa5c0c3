def f(a, b): pass
def g(a, b=1): pass
def h(*, k, m): pass
def p(a, /): pass
def n(): pass
class C:
    def m(self, x): pass
    def __init__(self, v): pass
def attempt(fn):
    try:
        fn()
    except TypeError as e:
        print(e)
attempt(lambda: f())
attempt(lambda: f(1))
attempt(lambda: f(1, 2, 3))
attempt(lambda: f(1, b=2, c=3))
attempt(lambda: f(1, a=2))
attempt(lambda: g())
attempt(lambda: g(1, 2, 3))
attempt(lambda: h())
attempt(lambda: h(1))
attempt(lambda: h(1, k=2))
attempt(lambda: h(k=1))
attempt(lambda: p(a=1))
attempt(lambda: n(1))
attempt(lambda: C())
attempt(lambda: C(1, 2))
attempt(lambda: C(1).m())
attempt(lambda: C(1).m(1, 2))
attempt(lambda: C(v=1, w=2))
attempt(lambda: 5())
attempt(lambda: "x"())
attempt(lambda: f(**{1: 2}))
attempt(lambda: f(*5))
attempt(lambda: f(**5))
attempt(lambda: f(1, **{"a": 2}))
attempt(lambda: len())
attempt(lambda: len(1, 2))
attempt(lambda: len(5))
attempt(lambda: [].append())
attempt(lambda: [].append(1, 2))
attempt(lambda: {}.get())
attempt(lambda: "a".join())
attempt(lambda: "a".join([1]))
attempt(lambda: "a".join(1))
attempt(lambda: object(1))
def three(a, b, c): pass
attempt(lambda: three())
