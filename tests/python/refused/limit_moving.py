s = list(range(400000))
for i in range(10**9): s.insert(0, s.pop(0))
