for i in range(3):
    if i == 1: continue
    print(i)
else:
    print("for else")
n = 0
while n < 3:
    n += 1
    if n == 2: break
else:
    print("never")
print(n)
while n: n -= 1
else: print("while else")
x = 5
print("big" if x > 3 else "small", 1 < x < 10, 1 < x > 7, x == 5 == 5, not x, x and 0 or "dflt", None or 0 or "", 1 and 2)
if x > 10: print("a")
elif x > 3: print("b")
else: print("c")
a = b = c = 3; print(a, b, c)
x += 1; x -= 2; x *= 3; x //= 2; x **= 2; x %= 7; x |= 8; x &= 12; x ^= 5; x <<= 2; x >>= 1; print(x)
y = 7; y /= 2; print(y)
pass
def f(cmd):
    match cmd:
        case 0: return "zero"
        case 1 | 2: return "one or two"
        case "a": return "str"
        case None: return "none"
        case True: return "true"
        case [x, y]: return f"pair {x} {y}"
        case [x, *rest]: return f"list {x} {rest}"
        case {"k": v, **kw}: return f"map {v} {kw}"
        case int(n) if n > 100: return f"big {n}"
        case int(): return "int"
        case P(a, b=q): return f"P {a} {q}"
        case str() as s: return f"s {s}"
        case (): return "empty"
        case _: return "other"
class P:
    __match_args__ = ("a",)
    def __init__(self, a, b): self.a, self.b = a, b
for c in [0, 1, 2, "a", None, [1, 2], (1, 2, 3), {"k": 1, "z": 2}, 500, 50, P(1, 2), "str", [], 1.5, True]: print(f(c))
print(all(a <= b for a, b in zip([1, 2], [2, 3])), 3 if False else 4, [1, 2][True])
print(1 is 1, None is None, [] is [], "a" is not None)
