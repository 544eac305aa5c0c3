D = {}
class C:
    def __hash__(s): return 1
    def __eq__(s, o):
        D.clear()
        return False
for i in range(50): D[C()] = 1
print(len(D))
