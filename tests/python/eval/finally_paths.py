def a():
    for i in range(3):
        try:
            if i == 1: break
        finally:
            print("f", i)
    return i
print(a())
def b():
    while True:
        try:
            try:
                return 1
            finally:
                print("inner")
        finally:
            print("outer")
            break
    return 2
print(b())
def c():
    for i in range(3):
        try:
            continue
        finally:
            print("c", i)
c()
def d():
    try:
        try: raise ValueError("1")
        except ValueError: raise KeyError("2")
        else: print("no")
        finally: print("d fin")
    except KeyError as e:
        return repr(e.__context__)
print(d())
def e():
    try:
        raise ValueError("x")
    except ValueError as err:
        pass
    try:
        err
    except UnboundLocalError as u:
        print(u)
e()
def f():
    try:
        raise ValueError("lost")
    finally:
        try:
            raise KeyError("inner")
        except KeyError:
            print("inner handled")
try: f()
except ValueError as v: print("still", v)
class C:
    def __enter__(self): raise ValueError("enter")
    def __exit__(self, *a): print("never")
try:
    with C(): print("no")
except ValueError as x: print(x)
class D:
    def __enter__(self): return self
    def __exit__(self, *a): raise KeyError("exit")
try:
    with D(): raise ValueError("body")
except KeyError as k: print(k, repr(k.__context__))
def g():
    with D2() as d:
        return "ret"
class D2:
    def __enter__(self): print("in"); return self
    def __exit__(self, *a): print("out", a); return True
print(g())
def h():
    for i in range(2):
        with D2():
            if i == 0: continue
            break
h()
def n():
    try:
        pass
    except ValueError: print("x")
    else:
        return "else ret"
    finally:
        print("n fin")
print(n())
def deep(k):
    try:
        if k == 0: raise ValueError("deep")
        deep(k - 1)
    finally:
        print("unwind", k)
try: deep(2)
except ValueError as z: print(z)
try:
    try: raise ValueError("a")
    except ValueError as e1:
        try: raise TypeError("b")
        except TypeError as e2: pass
        raise
except ValueError as e3: print("re", e3)
