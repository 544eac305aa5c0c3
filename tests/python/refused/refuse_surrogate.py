x = 1
print(f"{x}\ud800")
