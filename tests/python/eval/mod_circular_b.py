import mod_circular_a
def get():
    return mod_circular_a.x + 1
