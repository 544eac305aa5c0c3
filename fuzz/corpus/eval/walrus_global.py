import mod_star
count = 0
def bump():
    global count, fresh
    count += 1
    fresh = "new"
bump(); bump()
print(count, fresh, mod_star.public)
mod_star.public = 2
from mod_star import public
print(public)
def shadow(len): return len
print(shadow(3), len("ab"))
list_ = list
list = "shadowed"
print(list, list_("ab"))
del list
print(list("xy"))
