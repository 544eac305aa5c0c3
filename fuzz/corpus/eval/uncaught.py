def f():
    g()
def g():
    raise ValueError("deep " + str(5))
f()
