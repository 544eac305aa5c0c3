from somewhere import thing as t
print(t)
t == 1
