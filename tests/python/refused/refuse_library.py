import re
print("imported")
p = re.compile("a*+b")
