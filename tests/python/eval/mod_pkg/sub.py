value = 42
def deep():
    from . import helper
    return helper() + "!"
