def outer():
    x = [1,
         2]
    return inner(
        x,
        5)
def inner(x, i):
    return x[
        i]
outer()
