from enum import Enum, IntEnum, auto, Flag, IntFlag, unique, StrEnum
class Color(Enum):
    RED = 1
    GREEN = 2
    ALIAS = 1
    def hello(self): return f"hello {self.name}"
    @classmethod
    def default(cls): return cls.GREEN
    @property
    def up(self): return self.name.title()
print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color(2), Color["GREEN"], Color.ALIAS is Color.RED)
print(list(Color), len(Color), Color.RED in Color, [c.name for c in Color], Color.__members__, Color.RED.hello(), Color.default(), Color.RED.up)
print(Color.RED == Color.RED, Color.RED != Color.GREEN, Color.RED == 1, {Color.RED: "x"}[Color.RED], isinstance(Color.RED, Color), type(Color.RED), Color)
try: Color(9)
except ValueError as e: print(e)
try: Color["X"]
except KeyError as e: print(repr(e))
class S(str, Enum):
    A = "a"
    B = "b"
print(S.A, repr(S.A), S.A == "a", S.A.value, f"{S.A}", "%s" % S.A, S.A + "x", S("b"), S.A.upper(), isinstance(S.A, str), [s.value for s in S], "a" == S.A, ", ".join(S))
class I(IntEnum):
    X = 1
    Y = 2
print(I.X, repr(I.X), I.X + 1, I.X < I.Y, I.X == 1, f"{I.Y}", int(I.Y), I(2), "%d" % I.X, max(I))
class A(Enum):
    P = auto()
    Q = auto()
    R = 10
    T = auto()
print([(a.name, a.value) for a in A])
class St(StrEnum):
    ONE = auto()
    TWO = "zwei"
print(St.ONE, repr(St.ONE), St.ONE.value, St.TWO == "zwei", f"{St.TWO}")
class F(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W
print(F.R.value, F.W.value, F.X.value, F.RW.value, F.R in F.RW, F.R | F.X, bool(F.R & F.W), F.RW & F.R, F(3))
Dyn = Enum("Dyn", "ONE TWO"); print(list(Dyn), Dyn.ONE.value)
Dyn2 = Enum("Dyn2", ["a", "b"]); print(Dyn2.b, Dyn2["a"].value); Dyn3 = Enum("Dyn3", {"x": 5}); print(Dyn3.x.value)
class Planet(Enum):
    EARTH = (1, 2)
    MARS = (3, 4)
    def __init__(self, m, r): self.m, self.r = m, r
print(Planet.EARTH.m, Planet.MARS.r, Planet.EARTH.value, Planet((3, 4)))
try:
    @unique
    class U(Enum):
        A = 1
        B = 1
except ValueError as e: print(e)
try:
    class Ext(Color): pass
except TypeError as e: print(e)
try: Color.RED = 5
except AttributeError as e: print(e)
class Miss(Enum):
    A = 1
    @classmethod
    def _missing_(cls, v): return cls.A
print(Miss("zz"))
print(Color.RED.__class__.__name__, Color.__name__, hash(Color.RED) == hash(Color.RED), sorted(Color, key=lambda c: -c.value))
