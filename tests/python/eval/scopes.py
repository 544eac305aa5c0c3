x = "global"
def f():
    x = "local"
    def g():
        return x
    return g()
print(f(), x)
def h():
    global x
    x = "changed"
h(); print(x)
def u():
    try:
        print(y)
    except UnboundLocalError as e:
        print(type(e).__name__, e)
    y = 1
u()
try:
    undefined
except NameError as e:
    print(e)
class C:
    v = 1
    w = v + 1
    l = [v for _ in range(2)] if False else v
    def m(self):
        try:
            return v
        except NameError as e:
            return str(e)
print(C.w, C().m())
print([x for x in range(3)], x)
def closure():
    r = []
    for i in range(3):
        def q(): return i
        r.append(q)
    return [q() for q in r]
print(closure())
def free():
    def inner():
        return z
    try:
        inner()
    except NameError as e:
        print(e)
    z = 1
    return inner()
print(free())
if (n := 10) > 5: print(n)
print([y := 1, y ** 2], [last := i for i in range(5)], last)
del x
try:
    x
except NameError as e:
    print(e)
def nested():
    a = 1
    def one():
        nonlocal a
        a += 1
        def two():
            nonlocal a
            a += 10
            return a
        return two()
    return one(), a
print(nested())
def param_cell(a, b=[]):
    def g(): return a, b
    a = a + 1
    return g()
print(param_cell(1))
print(globals()["C"] is C, "f" in globals(), (lambda q: locals())(5))
