x = (1<<10000)+1
for i in range(10**9): str(x)
