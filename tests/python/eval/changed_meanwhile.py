# Lists and dicts that their own items change while they are worked on.
L = []


class Clears:
    def __init__(self, answer, target):
        self.answer = answer
        self.target = target

    def __eq__(self, other):
        self.target.clear()
        return self.answer

    def __hash__(self):
        return 1

    def __index__(self):
        self.target.clear()
        return 2

    def __lt__(self, other):
        return True


L.extend([Clears(False, L) for i in range(20)])
print(L == [1] * 20, len(L))
L.extend(range(10))
L.insert(Clears(True, L), "x")
print(L)
L[:] = range(10)
try:
    L[Clears(True, L)] = 5
except IndexError as e:
    print(e)
L[:] = range(10)
try:
    del L[Clears(True, L)]
except IndexError as e:
    print(e)
L[:] = range(10)
L[Clears(True, L):] = [1, 2]
print(L)
L[:] = range(10)
print(L.pop(1), len(L))

D = {}
for i in range(50):
    D[Clears(False, D)] = i
print(len(D))
S = set()
for i in range(50):
    S.add(Clears(False, S))
print(len(S))
D = {i << 32: i for i in range(2000)}
print(len(D), D[1999 << 32], (7 << 32) in D, 7 in D)
for i in range(0, 2000, 2):
    del D[i << 32]
print(len(D), sum(D.values()))
