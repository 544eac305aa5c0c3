L = []
class C:
    def __eq__(s, o):
        L.clear(); return False
L.extend(C() for i in range(100))
print(L == [1]*100, C() in L)
L.extend(C() for i in range(100))
try:
    L.remove(3)
except ValueError: print("v")
