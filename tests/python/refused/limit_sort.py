x = sorted(range(1000000), key=lambda v: -v)
while True:
    x.sort(key=lambda v: v)
