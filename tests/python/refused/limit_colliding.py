class C:
    def __hash__(s): return 1
d = {C(): 1 for i in range(100000)}
