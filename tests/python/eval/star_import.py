from mod_star import *
import mod_star
import mod_pkg.sub as s
from mod_pkg import sub, helper as h
from mod_pkg.sub import deep
import mod_pkg
print(public, hasattr(mod_star, "_private"), "_private" in globals(), s.value, sub is s, h(), deep(), mod_pkg.sub.value, mod_pkg.__name__, s.__name__)
from mod_pkg import other
print(other.relative, mod_pkg.counter)
try:
    from mod_pkg import nothing
except ImportError as e:
    print(type(e).__name__, str(e).split(" (")[0])
try:
    mod_pkg.nope
except AttributeError as e:
    print(e)
import mod_circular_a
print(mod_circular_a.result)
