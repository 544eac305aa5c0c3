s = "é"*10**6
for i in range(10**9): s[i % 10**6]
