class A:
    """doc of A"""
    count = 0
    def __init__(self, x): self.x = x; A.count += 1
    def get(self): return self.x
    @property
    def double(self): return self.x * 2
    @double.setter
    def double(self, v): self.x = v // 2
    @classmethod
    def make(cls, *a): return cls(*a)
    @staticmethod
    def st(a): return a + 1
    def __repr__(self): return f"{type(self).__name__}({self.x})"
    def __eq__(self, o): return isinstance(o, A) and self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __hash__(self): return hash(self.x)
    def __len__(self): return self.x
    def __getitem__(self, i): return (self.x, i)
    def __contains__(self, v): return v == self.x
    def __call__(self, y): return self.x + y
    def __add__(self, o): return A(self.x + (o.x if isinstance(o, A) else o))
    def __radd__(self, o): return A(o + self.x)
    def __iadd__(self, o): self.x += o; return self
    def __neg__(self): return A(-self.x)
    def __bool__(self): return self.x != 0
    def __iter__(self): return iter(range(self.x))
    def __enter__(self): print("enter"); return self
    def __exit__(self, *a): print("exit", a[0]); return False
class B(A):
    def get(self): return "B" + str(super().get())
    def __str__(self): return "str B"
a, b = A(3), B.make(4)
print(a, b, str(b), a.get(), b.get(), a.double, A.st(1), b.st(2), A.count, A.__doc__, A.__name__)
a.double = 10; print(a.x, a == A(5), a != A(5), a < b, sorted([A(3), A(1)]), len(a), a[7], 5 in a, a(1), a + 1, 1 + a, a + a, -a, bool(A(0)), list(b))
a += 2; print(a); print({a: 1}[A(7)], isinstance(b, A), issubclass(B, A), type(b) is B, B.__mro__, B.__bases__)
with a as c: print(c)
a.new = 1; print(a.new, a.__dict__, hasattr(a, "zz"), getattr(a, "zz", None)); del a.new; print(hasattr(a, "new"))
setattr(a, "dyn", 5); print(a.dyn, vars(a), A.get(a), B.get.__qualname__, a.__class__)
class G:
    def __getattr__(self, n): return "attr_" + n
    def __setattr__(self, n, v): object.__setattr__(self, n, v * 2)
g = G(); g.v = 4; print(g.v, g.foo)
class M:
    def __init_subclass__(cls, tag=None, **kw): super().__init_subclass__(**kw); cls.tag = tag
class N(M, tag="t"): pass
print(N.tag)
class Desc:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, o, t=None): return self if o is None else (self.name, o._v)
    def __set__(self, o, v): o._v = v
class H:
    d = Desc()
h = H(); h.d = 5; print(h.d, isinstance(H.d, Desc))
class P: pass
class Q(P): pass
class R(P): pass
class S(Q, R): pass
print([k.__name__ for k in S.mro()])
try:
    class Bad(P, Q): pass
except TypeError as e:
    print(e)
X = type("X", (A,), {"y": 1, "m": lambda self: self.y}); print(X(1).m(), X.__name__, X(2))
class Meta(type):
    def __new__(m, n, b, ns, **kw):
        c = super().__new__(m, n, b, ns); c.made = n.lower(); return c
    def __call__(cls, *a): o = super().__call__(*a); o.called = True; return o
    def __getitem__(cls, k): return (cls.__name__, k)
class WithMeta(metaclass=Meta): pass
class Sub(WithMeta): pass
print(WithMeta.made, Sub.made, Sub().called, Sub["k"], type(Sub).__name__)
class Slots:
    __slots__ = ("a",)
s = Slots(); s.a = 1; print(s.a)
class New:
    def __new__(cls, v): o = super().__new__(cls); o.v = v; return o
print(New(3).v)
class Cmp:
    def __init__(self, v): self.v = v
    def __gt__(self, o): return "gt"
    def __eq__(self, o): return NotImplemented
print(Cmp(1) < Cmp(2), Cmp(1) == Cmp(1), Cmp(1) != Cmp(2))
class I(int):
    def __add__(self, o): return I(int(self) + o + 100)
print(I(5) + 1, I(5) * 2, type(I(5) + 1).__name__, I(7), [1, 2, 3][I(1)])
class St(str):
    def shout(self): return self.upper() + "!"
print(St("hi").shout(), St("a") + "b", St("x") == "x", len(St("abc")), f"{St('q'):>3}", repr(St("z")))
print(A.__module__, A.get.__name__, callable(A), callable(a), callable(5), a.get.__self__ is a)
