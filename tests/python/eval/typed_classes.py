# typing.NamedTuple and typing.TypedDict
import typing
from typing import NamedTuple, Optional, TypedDict


class Pair(NamedTuple):
    """two"""
    left: str
    right: str = "r"

    @property
    def both(self):
        return self.left + self.right

    def times(self, n):
        return self.left * n

    @classmethod
    def of(cls, text):
        return cls(*text.split(","))


class Fk(typing.NamedTuple):
    column: str
    target: "str"
    ondelete: Optional[str] = None


p = Pair("l")
print(p, p.left, p[1], len(p), p.both, p.times(2), Pair.of("a,b"))
print(p == ("l", "r"), isinstance(p, tuple), Pair.__name__, Pair.__doc__, Pair.__bases__)
print(p._asdict(), p._replace(right="x"), Pair._fields, Pair._field_defaults)
print([fk.column for fk in (Fk("a", "t"), Fk("b", "u", "CASCADE"))], Fk("a", "t"))
print(Pair.__annotations__)
left, right = p
print(left, right, {p: 1}[("l", "r")])
Made = NamedTuple("Made", [("a", int), ("b", str)])
print(Made(1, "x"), Made(b=1, a=2))

for bad in (
    lambda: Pair(),
    lambda: Pair("a", "b", "c"),
    lambda: Pair(up=1),
    lambda: NamedTuple("X", [("a", int)], b=int),
):
    try:
        print(bad())
    except TypeError as e:
        print(type(e).__name__, e)

try:
    class Wrong(NamedTuple):
        a: int = 1
        b: str
except TypeError as e:
    print(e)

try:
    class Overwrites(NamedTuple):
        a: int
        def _asdict(self):
            return {}
except AttributeError as e:
    print(e)


class Movie(TypedDict):
    name: str
    year: int


class Rated(Movie, total=False):
    stars: int


m = Movie(name="x", year=1)
print(m, type(m), m["name"], Movie.__annotations__, Movie.__total__)
print(Rated(name="y", year=2, stars=5), sorted(Rated.__required_keys__),
      sorted(Rated.__optional_keys__), Rated.__total__, Rated.__annotations__)
Other = TypedDict("Other", {"a b": int}, total=False)
print(Other({"a b": 1}), Other.__name__, Other.__total__)
try:
    print(isinstance(m, Movie))
except TypeError as e:
    print(e)
