known = "\N{EM DASH}"
unused = lambda: "\N{COMET}"
print("before")
print("a \N{COMET}")
