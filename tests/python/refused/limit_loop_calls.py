def f():
    return 1
while True:
    f()
