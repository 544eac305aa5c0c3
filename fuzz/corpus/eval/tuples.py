t = (1, 2, 3)
print(t, (1,), (), t + (4,), t * 2, t[1], t[-1], t[1:], t.count(1), t.index(3), len(t), 2 in t)
print((1, 2) < (1, 3), (1, 2) == (1, 2), hash((1, 2)) == hash((1, 2)), tuple([1, 2]), tuple("ab"), ((1, 2), 3)[0][1])
a, b = b, a = 1, 2
print(a, b); x = 1,; print(x); print(tuple(i for i in range(3)), max((1, 2), (1, 3)), sorted(((2, 1), (1, 2))))
for (i, (j, k)) in [(1, (2, 3))]: print(i, j, k)
class T(tuple):
    def first(self): return self[0]
print(T([1, 2]).first(), T((3,)), isinstance(T(), tuple), T([1]) == (1,))
