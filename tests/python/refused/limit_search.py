s = "a"*10**7
for i in range(10**9): "b" in s
