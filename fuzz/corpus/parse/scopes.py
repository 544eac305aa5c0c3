a = 1


def closure(b):
    c = b

    def middle():
        def inner():
            nonlocal c
            c = a + b
            return [c + d for d in range(b)]
        return inner
    return middle


class C:
    x = 1
    y = [x for _ in range(3)]

    def method(self):
        def nested():
            return super().method(), __class__
        return nested

    def shadow(self):
        x = 2

        class D:
            y = x
            x = 3
            z = [x for x in range(y)]
        return D


def walrus():
    if any((last := n) for n in range(3)):
        return last
    return [last for last in [1]]


total = [t := v for v in range(3)]


def star(*args, key=a, **kwargs):
    return lambda: (args, kwargs, key)


def exceptions():
    try:
        pass
    except ValueError as e:
        def show():
            return e
    import os.path as path, os
    with open(path) as f, f:
        for i, (j, *k) in f:
            del j
    return locals


def generator():
    for i in (yield i):
        yield lambda: i
