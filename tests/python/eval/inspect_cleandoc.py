# inspect.cleandoc(), which SQL texts are put through.
from inspect import cleandoc

for text in ("", "a", "\n  a\n    b\n   c\n\n", "x\n\ty\n\t z", " a\nb", "\n\n  x  \n   \n", "\u00e9\n\n"):
    print(repr(cleandoc(text)))
