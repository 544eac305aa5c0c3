import mod_circular_b
x = 1
result = mod_circular_b.get()
