größe = 1
中文 = 2
print(größe)
ﬁn = 3
