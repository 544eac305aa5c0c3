g = range(1)
for i in range(100000): g = map(int, g)
list(g)
