from typing import Optional, List, Dict, Union, Any, Callable, Literal, TYPE_CHECKING, TypeVar, Generic
from collections.abc import Sequence
T = TypeVar("T")
class A:
    x: int
    y: Optional[str] = None
    z: "List[int]" = []
    w: int | None = 5
print(list(A.__annotations__), A.y, A.w, A.__annotations__["x"], A.__annotations__["z"])
def f(a: int, b: "str" = "x", *c: float, **d: Dict[str, Any]) -> Union[int, str]: return a
print(f(1), list(f.__annotations__), f.__annotations__["b"])
v: int = 5
u: str
print(v, __annotations__["v"], TYPE_CHECKING, int | None, list[int], dict[str, int], str | int | None)
class G(Generic[T]):
    def __init__(self, v: T): self.v = v
print(G(5).v, G[int](6).v)
class N(List[int]): pass
print(isinstance(N(), list), isinstance(5, int | str), isinstance("x", (int, str)), isinstance(None, Optional[int]) if False else "skip")
