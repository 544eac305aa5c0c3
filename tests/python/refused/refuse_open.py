def f():
    return open("/etc/passwd")
f()
