def g():
    x = yield 1
    print("got", x)
    y = yield 2
    print("got", y)
    return 3
it = g(); print(next(it), it.send("a"))
try: it.send("b")
except StopIteration as e: print("stop", e.value)
def h():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print("caught", e)
        yield 3
    finally:
        print("fin")
it = h(); print(next(it), it.throw(ValueError("v")), list(it))
it = h(); next(it); it.close()
def sub():
    a = yield "s1"
    print("sub got", a)
    return "subret"
def main():
    r = yield from sub()
    print("r", r)
    yield from [1, 2]
    yield from (i * i for i in range(3))
it = main(); print(next(it), it.send("q"), list(it))
print(list(i for i in range(5) if i % 2), sum(i for i in range(4)), (i for i in [1]).__next__())
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
f = fib(); print([next(f) for _ in range(10)])
def loops():
    for i in range(3):
        for j in range(2):
            if j == 1: continue
            yield i, j
    else:
        yield "else"
    while i > 0:
        i -= 1
        yield i
print(list(loops()))
def withs():
    class C:
        def __enter__(self): print("in"); return 5
        def __exit__(self, *a): print("out")
    with C() as v:
        yield v
    yield "after"
print(list(withs()))
def lazy():
    print("start"); yield 1
l = lazy(); print("made"); print(next(l))
print([a + b for a in "xy" for b in "12"], {a: b for a, b in [(1, 2)]}, [[j for j in range(i)] for i in range(3)])
def acc():
    total = 0
    while True:
        v = yield total
        if v is None: return total
        total += v
a = acc(); next(a); a.send(5); print(a.send(6))
try: a.send(None)
except StopIteration as e: print(e.value)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(It()), [x for x in It()], max(It()), dict(zip("ab", It())))
def bad():
    yield 1
    raise StopIteration
try: list(bad())
except RuntimeError as e: print(e)
print(any(x > 2 for x in It()), next((x for x in [1, 2, 3] if x > 1), None), next(iter([]), "none"))
def gen_err():
    yield 1
    raise ValueError("in gen")
try:
    for x in gen_err(): print(x)
except ValueError as e: print(e)
z = (x for x in [1, 2, 3]); print(2 in z, list(z))
