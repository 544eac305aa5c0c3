class A:
    def __add__(self, o): return "A.add"
    def __radd__(self, o): return "A.radd"
    def __eq__(self, o): return "A.eq"
    def __lt__(self, o): return NotImplemented
    def __gt__(self, o): return "A.gt"
class B(A):
    def __radd__(self, o): return "B.radd"
class C:
    def __radd__(self, o): return "C.radd"
    def __rmod__(self, o): return "C.rmod"
    def __rsub__(self, o): return "C.rsub"
print(A() + B(), B() + A(), A() + A(), 1 + A(), A() + C(), 5 - C(), [] + C(), A() == 1, 1 == A(), A() < A(), A() != A())
class V:
    def __init__(self, v): self.v = v
    def __matmul__(self, o): return ("@", self.v, o)
    def __floordiv__(self, o): return ("//", self.v, o)
    def __pow__(self, o): return ("**", self.v, o)
    def __and__(self, o): return ("&", self.v, o)
    def __or__(self, o): return ("|", self.v, o)
    def __invert__(self): return ("~", self.v)
    def __pos__(self): return ("+", self.v)
    def __abs__(self): return ("abs", self.v)
    def __index__(self): return self.v
    def __int__(self): return self.v * 10
    def __float__(self): return self.v / 2
    def __round__(self, n=None): return ("round", n)
    def __divmod__(self, o): return ("divmod", o)
    def __getattr__(self, n):
        if n.startswith("__"): raise AttributeError(n)
        return n
v = V(3)
print(v @ 1, v // 2, v ** 3, v & 4, v | 5, ~v, +v, abs(v), [1, 2, 3, 4][v], int(v), float(v), round(v), round(v, 2), divmod(v, 9), hex(v), range(10)[v], "abcdef"[v:], v.foo)
class K:
    def __delitem__(self, k): print("del", k)
    def __setitem__(self, k, x): print("set", k, x)
    def __getitem__(self, k): return k
    def __missing__(self): pass
    def __delattr__(self, n): print("delattr", n)
k = K(); k[1] = 2; del k[3]; k["a"] += "b"; print(k[1:2], k[1, 2], k[...], k[::2]); del k.zz
