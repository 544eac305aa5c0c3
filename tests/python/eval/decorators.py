def deco(f):
    def w(*a, **k):
        print("before", f.__name__)
        r = f(*a, **k)
        print("after")
        return r
    return w
def param(n):
    def d(f):
        return lambda *a: f(*a) * n
    return d
@deco
@param(3)
def f(x): return x + 1
print(f(2))
def cls_deco(c): c.tag = "T"; return c
@cls_deco
class C:
    @staticmethod
    def s(): return "s"
    @classmethod
    def c(cls): return cls.tag
print(C.s(), C.c(), C().c())
class Count:
    def __init__(self, f): self.f, self.n = f, 0
    def __call__(self, *a): self.n += 1; return self.f(*a)
@Count
def counted(): return "x"
counted(); counted(); print(counted.n)
