"""Module docstring."""
from __future__ import annotations

import a
import a.b.c, d as e
from . import f
from .. import g as h
from ...pkg.mod import (i, j as k,)
from m import *

x = 1
x = y = z = 2
x, = 1,
x, *y = 1, 2, 3
[a, (b, *c)] = d
x.y = x[0] = x[1:2] = 3
x += 1; x -= 1; x *= 2; x /= 2; x //= 2; x %= 2; x @= m; x **= 2
x >>= 1; x <<= 1; x &= 1; x ^= 1; x |= 1;
x: int
x: int = 1
(x): int = 1
x.y: list[int] = []
x[0]: "str"
x: tuple = 1, *y
del x
del x, y[0], z.a,
del (x, [y])
assert x
assert x, "message"
pass
raise
raise ValueError
raise ValueError("x") from None
global top


def plain(): pass


def everything(a, b: int = 1, /, c=2, *args: int, d, e: str = "e", **kwargs: dict) -> None:
    """Docstring."""
    nonlocal_test = 1

    def inner():
        nonlocal nonlocal_test, a
        global top, other
        nonlocal_test = a
        return lambda: nonlocal_test

    if a:
        return
    elif b:
        return 1, *args
    elif c:
        yield
    else:
        x = yield a
        yield from b
    return inner


def star_only(*, a, b=1): return a
def star_annotation(*args: *Ts): ...


@decorator
@module.decorator(1, x=2)
@(yes := lambda f: f)
@x[0].y
async def coroutine(a):
    await a
    async for x in y:
        await x
    else:
        pass
    async with a as b, c:
        return [x async for x in y if await x]
    return await a ** 2


class Empty: pass


class Full(Base, *bases, metaclass=Meta, **kwargs):
    """Class docstring."""
    __private = 1
    a: int
    b: str = "x"

    def method(self, __mangled=None):
        self.__private = __mangled
        return super().method(__private=self.__private)

    class __Inner:
        __x = 1


for x in y: break
for x, in y:
    continue
for x, *y in z, *w:
    if x: continue
else:
    x
for (a, b), c.d, e[0] in []: pass

while x: break
while (n := read()):
    pass
else:
    y

if x: pass
if x:
    pass
elif y:
    pass
else:
    pass
if x: a; b; c;

try:
    pass
finally:
    pass
try:
    pass
except A:
    pass
except (B, C) as e:
    raise
except:
    pass
else:
    pass
finally:
    pass
try:
    pass
except* A as e:
    pass
except* (B, C):
    pass

with a: pass
with a as b: pass
with a as b, c as (d, e), f: pass
with (a): pass
with (a) as b: pass
with (a, b): pass
with (a, b) as c: pass
with (a as b): pass
with (a as b, c, d as e.f,):
    pass
with (a, b)[0] as c: pass
with (a if b else c) as d, (e): pass
with (): pass
with (yield_ := 1): pass
with (x for x in y): pass
with (*a, b): pass
with a() as b.c, d as e[0], f as [g, h]: pass

if 1:
    if 2:
        x

    # comment
	
    y
x \
    = \
  1
x = (1 +
# comment in brackets

   2)
