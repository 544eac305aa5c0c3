def attempt(fn):
    try:
        print(fn())
    except Exception as e:
        print(type(e).__name__, e)
class A:
    @property
    def p(self): return 1
    def m(self): pass
class B:
    def __init__(self): return 5
class C:
    def __bool__(self): return 5
class D:
    def __len__(self): return -1
class E:
    def __str__(self): return 5
class F:
    def __iter__(self): return 5
class G:
    def __eq__(self, o): return True
class H:
    def __init__(self, a): pass
attempt(lambda: A().x)
attempt(lambda: A.x)
attempt(lambda: setattr(A(), "p", 1))
attempt(lambda: delattr(A(), "q"))
attempt(lambda: A() + 1)
attempt(lambda: A()())
attempt(lambda: A()[0])
attempt(lambda: len(A()))
attempt(lambda: list(A()))
attempt(lambda: 1 in A())
attempt(lambda: A() < A())
attempt(lambda: A(1))
attempt(lambda: B())
attempt(lambda: bool(C()))
attempt(lambda: len(D()))
attempt(lambda: str(E()))
attempt(lambda: list(F()))
attempt(lambda: hash(G()))
attempt(lambda: {G(): 1})
attempt(lambda: A.m())
attempt(lambda: super().x)
attempt(lambda: isinstance(1, 5))
attempt(lambda: issubclass(1, int))
attempt(lambda: int.foo)
attempt(lambda: getattr(A(), 5))
attempt(lambda: A.p.fget(A()))
attempt(lambda: H.__init__())
attempt(lambda: -A())
attempt(lambda: A().m(1))
def w():
    with A(): pass
attempt(w)
def s():
    A()[0] = 1
attempt(s)
def d():
    del A()[0]
attempt(d)
def i():
    a = A()
    a += 1
attempt(i)
def b():
    class X(bool): pass
attempt(b)
def c():
    class X(A, A): pass
attempt(c)
def k():
    class X(A, z=1): pass
attempt(k)
def t():
    int.x = 1
attempt(t)
def o():
    object().x = 1
attempt(o)
