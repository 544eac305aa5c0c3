n = 1
i = 1
while True:
    n *= i
    i += 1
