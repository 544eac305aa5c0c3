import os.path
import sys
p = os.path.expandvars("$HOME/x")
print("so far")
n = 1 + len(p)
