fs = [lambda: (i, j) for i in range(2) for j in range(2)]
print([f() for f in fs])
def f(n): return [[(i, j, n) for j in range(i)] for i in range(n)]
print(f(3))
print({i: [j for j in range(i)] for i in range(3)}, [x for x in [[1, 2], [3]] for x in x], [a for a, *_ in [(1, 2, 3), (4,)]])
class C:
    items = [1, 2]
    doubled = [i * 2 for i in items]
    pairs = [(a, b) for a in items for b in (3, 4)]
print(C.doubled, C.pairs)
g = (x for x in range(3)); print(next(g), list(g), list(g))
def gen(): return (y for y in (yield_ for yield_ in range(3)))
print(list(gen()), sum(x * y for x in range(3) for y in range(3) if x != y))
print([(x, y) for x in range(3) if x for y in "ab" if y != "a"], [w := 3, w], any((h := c) == "b" for c in "abc"), h)
total = 0
partial = [total := total + v for v in [1, 2, 3]]
print(partial, total)
