x = "text".encode("utf-8")
print(x)
y = "text".encode("cp037")
