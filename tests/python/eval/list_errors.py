def attempt(fn):
    try:
        print(fn())
    except Exception as e:
        print(type(e).__name__, e)
attempt(lambda: [][0])
attempt(lambda: [1][5])
attempt(lambda: (1,)[5])
attempt(lambda: [1]["a"])
attempt(lambda: [].pop())
attempt(lambda: [1].pop(5))
attempt(lambda: [1].remove(2))
attempt(lambda: [1].index(2))
attempt(lambda: (1,).index(2))
attempt(lambda: [1, "a"].sort())
attempt(lambda: {}["k"])
attempt(lambda: {}.pop("k"))
attempt(lambda: {}.popitem())
attempt(lambda: set().pop())
attempt(lambda: {1}.remove(2))
attempt(lambda: {[]: 1})
attempt(lambda: {1: 2}[[]])
attempt(lambda: {{}})
attempt(lambda: hash([]))
attempt(lambda: iter(5))
attempt(lambda: next(5))
attempt(lambda: next(iter([])))
attempt(lambda: [1][1:2:0])
attempt(lambda: list(5))
attempt(lambda: dict([1]))
attempt(lambda: dict(["abc"]))
attempt(lambda: reversed({1}))
attempt(lambda: list(zip([1], [1, 2], strict=True)))
attempt(lambda: list(zip([1, 2], [1], strict=True)))
attempt(lambda: 5[0])
attempt(lambda: None[0])
attempt(lambda: len(5))
attempt(lambda: [1] + 5)
attempt(lambda: (1).x)
attempt(lambda: None.x)
attempt(lambda: [].x)
attempt(lambda: print.x)
def unpack():
    a, b = [1]
attempt(unpack)
def unpack():
    a, b = [1, 2, 3]
attempt(unpack)
def unpack():
    a, *b, c = [1]
attempt(unpack)
def unpack():
    a, b = 5
attempt(unpack)
def unpack():
    for a, b in [1]:
        pass
attempt(unpack)
def change():
    d = {1: 2}
    for k in d:
        d[k + 10] = 1
attempt(change)
def slices():
    x = [1, 2, 3]
    x[::2] = [1]
attempt(slices)
def assign():
    (1, 2)[0] = 3
attempt(assign)
def assign():
    x = []
    x[0] = 3
attempt(assign)
