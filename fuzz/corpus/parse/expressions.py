a or b or c and d and not e
not not a
a if b else c if d else e
(a if b else c) if (d if e else f) else g
lambda: 1
lambda x, /, y=1, *a, z, w=2, **k: x
lambda *, a: (yield)
lambda x: lambda y: x if y else lambda: 0
a < b <= c > d >= e == f != g
a in b not in c is d is not e
not a in b
not a not in b
a | b ^ c & d << e >> f + g - h * i / j // k % l @ m
-a ** -b ** c
- - + ~a
(-a) ** 2
a ** b ** c
(a ** b) ** c
a - b - c
a - (b - c)
await_ = 1
a.b.c.d
a(b)(c)[d](e).f
(a).b
(a)(b)
(a + b)[c]
a[1]
a[1, 2]
a[1,]
a[:]
a[::]
a[1:]
a[:1]
a[::1]
a[1:2:3]
a[1:2, ::3, ..., x]
a[b := 1]
a[*b]
a[*b, c]
a[(1, 2)]
a[()]
f()
f(a, b, *c, *d, e=1, **f, g=2, **h)
f(a=1, *b)
f(x for x in y)
f((x for x in y), 1)
f(a, (b for b in c))
f(a := 1, b=(c := 2))
f(*a or b, **c or d)
f(lambda: 1, *[1, 2], x=lambda y: y)
f(a)(b, )
()
(a,)
(a, b)
(a, b,)
a, b
a,
*a, b
(*a, *b)
(a)
((a))
((a, b), c)
[]
[a]
[a, b,]
[*a, b, *c]
{}
{a}
{a, *b}
{*a}
{a: b}
{a: b, **c, d: e,}
{**a}
{a if b else c: lambda: d}
[x for x in y]
[x for x in y if z if w for a, b in c]
[x for x, in y]
[x for *x, y in z]
[(x, y) for x in z for y in x if x not in y or a]
[x for x in a if b or c]
[x for x in (lambda: y)()]
{x for x in y}
{x: y for x, y in z}
{**{x: y for x, y in z}}
(x for x in y)
(x for x in (y for y in z))
[[y for y in x] for x in z]
[lambda: x for x in y]
[y := 1, y ** 2]
(y := 1)
print((y := 1), z := 2)
if (n := len(a)) > 10: pass
[last := x for x in y if (m := x)]
x = yield_ = 1
None, True, False, ..., Ellipsis
print
match = case = type = _ = 1
match.case
match(x)
match[x]
match, case
match * a
match - a
match in a
match not in a
match is a
match if a else b
match: int
match[a]: int = 1
match(a, b).c = 1
print(match)
type(x)
type = 1
type in x
type: int
type[x]
case(x)
_(x)
def f():
    x = yield
    x = yield 1, 2
    x += yield
    y: int = yield
    (yield)
    ((yield x), (yield))
    [(yield)]
    f((yield))
    await_ = yield from x
async def g():
    await a
    -await a
    await a ** 2
    await a.b(c)[d]
    (await a).b
    [await x for x in y]
    {await x async for x in y}
    (x async for x in y)
    return (await a), await b
    f(await a, *await b)
1if x else 2
[1for x in y]
0xfor x
1or 2
