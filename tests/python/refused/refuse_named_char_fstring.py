x = 1
print(f"{x} \N{COMET} {x}")
