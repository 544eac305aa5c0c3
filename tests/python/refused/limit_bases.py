class A: pass
bs = tuple(type(f"B{i}", (A,), {}) for i in range(3000))
C = type("C", bs, {})
