def f(*rest):
    return rest
f()
