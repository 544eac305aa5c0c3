def f(n): return 0 if n == 0 else 1 + f(n - 1)
print(f(300))
def fact(n): return 1 if n < 2 else n * fact(n - 1)
print(fact(50))
