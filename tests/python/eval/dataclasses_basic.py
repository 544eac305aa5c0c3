from dataclasses import dataclass, field, fields, asdict, astuple, replace, is_dataclass, FrozenInstanceError, KW_ONLY, InitVar
from typing import ClassVar, List
@dataclass
class P:
    x: int
    y: int = 2
    tags: List[str] = field(default_factory=list)
    kind: ClassVar[str] = "k"
    def total(self): return self.x + self.y
p = P(1)
print(p, p == P(1), p != P(2), p.total(), P.kind, P(1, 3, ["a"]), asdict(p), astuple(P(1, tags=["z"])), [f.name for f in fields(P)])
print(replace(p, x=9), is_dataclass(P), is_dataclass(5), P.y, p.tags is P(1).tags)
@dataclass(frozen=True, order=True)
class F:
    a: int
    b: str = "b"
print(F(1) < F(2), sorted([F(2), F(1)]), hash(F(1)) == hash(F(1)), {F(1): "v"}[F(1)])
try: F(1).a = 5
except FrozenInstanceError as e: print(type(e).__name__, e)
@dataclass
class Q(P):
    z: int = 0
    def __post_init__(self): self.sum = self.x + self.z
print(Q(1, z=5), Q(1, z=5).sum)
@dataclass(repr=False, eq=False)
class N:
    v: int
print(N(1) == N(1))
@dataclass
class K:
    a: int
    _: KW_ONLY
    b: int = 1
print(K(1, b=2))
@dataclass
class I:
    a: int
    scale: InitVar[int] = 2
    c: int = field(init=False, repr=False, default=0)
    def __post_init__(self, scale): self.c = self.a * scale
print(I(3), I(3, 10).c)
def attempt(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
attempt(lambda: P())
attempt(lambda: P(1, 2, [], 4))
attempt(lambda: P(1, nope=2))
attempt(lambda: K(1, 2))
attempt(lambda: hash(P(1)))
attempt(lambda: asdict(5))
def bad():
    @dataclass
    class B:
        x: list = []
attempt(bad)
def bad():
    @dataclass
    class B:
        x: int = 1
        y: int
attempt(bad)
match P(1, 5):
    case P(x, y): print("match", x, y)
