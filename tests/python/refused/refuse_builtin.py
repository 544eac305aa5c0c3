print(pow(3, 2, 5))
print(pow(3, -1, 5))
