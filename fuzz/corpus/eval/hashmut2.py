S = set()
class C:
    def __hash__(s): return 1
    def __eq__(s, o):
        for i in range(100): S.add(i*7+2)
        S.clear()
        return False
for i in range(20): S.add(C())
