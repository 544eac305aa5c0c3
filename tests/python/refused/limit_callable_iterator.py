for i in iter(lambda: 1, 2): pass
