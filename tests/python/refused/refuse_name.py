import enum
print("imported")
x = len(enum.verify)
