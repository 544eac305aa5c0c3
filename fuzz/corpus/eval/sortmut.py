L = []
class C:
    def __init__(s, v): s.v = v
    def __lt__(s, o):
        L.append(1); L.clear(); return s.v < o.v
L = [C(i) for i in range(50)]
try:
    L.sort()
except ValueError as e: print(e)
