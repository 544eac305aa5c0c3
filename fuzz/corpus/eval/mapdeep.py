g = range(1)
for i in range(3000): g = map(int, g)
list(g)
