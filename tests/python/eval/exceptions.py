def f(n):
    try:
        if n == 0: raise ValueError("bad")
        if n == 1: raise KeyError("k")
        if n == 2: return "ret"
        if n == 3: 1 / 0
    except ValueError as e:
        print("value", e, e.args)
        return "handled"
    except (KeyError, IndexError) as e:
        print("key", e, repr(e))
    else:
        print("else")
    finally:
        print("finally", n)
    return "end"
for n in range(3): print(f(n))
try:
    f(3)
except ZeroDivisionError as e:
    print(repr(e), isinstance(e, ArithmeticError))
print(f(4))
class MyError(Exception):
    def __init__(self, code, msg): super().__init__(msg); self.code = code
class Sub(MyError): pass
try:
    raise Sub(5, "text")
except MyError as e:
    print(e.code, e, e.args, type(e).__name__, repr(e))
try:
    try:
        raise ValueError("a")
    except ValueError as e:
        raise RuntimeError("b") from e
except RuntimeError as e:
    print(e, repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
try:
    try:
        raise ValueError("a")
    except ValueError:
        raise RuntimeError("b")
except RuntimeError as e:
    print(repr(e.__cause__), repr(e.__context__))
try:
    try:
        raise ValueError("again")
    except ValueError:
        raise
except ValueError as e:
    print("reraised", e)
def loop():
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            print("body", i)
        finally:
            print("fin", i)
    else:
        print("no")
    return "done"
print(loop())
def ret():
    try:
        return "try"
    finally:
        print("cleanup")
print(ret())
def override():
    try:
        raise ValueError
    finally:
        return "swallowed"
print(override())
for e in [ValueError(), ValueError("x"), ValueError("x", 1), KeyError("k"), KeyError(), StopIteration(3), Exception([1]), AssertionError("a")]:
    print(repr(e), str(e), e.args)
try:
    assert 1 == 2, "message"
except AssertionError as e:
    print("assert", e)
try:
    assert False
except AssertionError as e:
    print("assert", repr(e))
class Ctx:
    def __init__(self, s): self.s = s
    def __enter__(self): return self
    def __exit__(self, t, v, tb): print("exit", t.__name__ if t else None, v); return self.s
with Ctx(True): raise ValueError("swallowed")
try:
    with Ctx(False) as a, Ctx(False): raise ValueError("through")
except ValueError as e:
    print("got", e)
def wret():
    with Ctx(False): return "w"
print(wret())
try:
    raise 5
except TypeError as e:
    print(e)
try:
    raise ValueError from 5
except TypeError as e:
    print(e)
try:
    try: 1/0
    except 5: pass
except TypeError as e:
    print(e)
try:
    e
except NameError as x:
    print(x)
def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            print("f1")
    except KeyError:
        print("outer caught")
        try:
            raise
        except KeyError as k:
            print("again", k)
nested()
print(issubclass(ModuleNotFoundError, ImportError), issubclass(KeyError, LookupError), NotImplementedError.__mro__[1].__name__)
raise MyError(1, "final")
