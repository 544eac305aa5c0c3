x = "module"
def f():
    x = "function"
    class C:
        y = x
        x = "class"
        z = x
        def m(self): return x
        lst = [i for i in range(3)]
    return C
C = f()
print(C.y, C.z, C().m(), C.lst)
class Outer:
    v = 1
    class Inner:
        w = 2
        def __repr__(self): return "Inner!"
    def make(self): return Outer.Inner()
print(Outer.Inner.w, Outer().make(), Outer.Inner.__qualname__, Outer().make)if False else print(Outer.Inner.w, Outer().make(), Outer.Inner.__qualname__)
class P:
    __x = 1
    def get(self): return self.__x
    def __m(self): return "private"
    def call(self): return self.__m()
print(P().get(), P().call(), P._P__x, [n for n in vars(P) if "P__" in n])
def dynamic():
    class D:
        vars()["k"] = 5 if False else 1
        for i in range(3):
            locals_i = i
        if True:
            def cond(self): return "cond"
        del i
    return D
print(dynamic().locals_i, dynamic()().cond(), hasattr(dynamic(), "i"))
class S:
    a = 1
    b = [a for _ in range(1)] if False else a
    @property
    def p(self): return self._p
    @p.setter
    def p(self, v): self._p = v + 1
    @p.deleter
    def p(self): print("deleted"); del self._p
s = S(); s.p = 1; print(s.p); del s.p
try: s.p
except AttributeError as e: print(e)
class Base:
    def who(self): return "base"
    @classmethod
    def cm(cls): return "base " + cls.__name__
    @property
    def prop(self): return "base prop"
class Mid(Base):
    def who(self): return "mid " + super().who()
    @classmethod
    def cm(cls): return "mid " + super().cm()
    @property
    def prop(self): return "mid " + super().prop
class Other(Base):
    def who(self): return "other " + super().who()
class Leaf(Mid, Other):
    def who(self): return "leaf " + super(Leaf, self).who()
print(Leaf().who(), Leaf.cm(), Leaf().prop, [c.__name__ for c in Leaf.__mro__])
