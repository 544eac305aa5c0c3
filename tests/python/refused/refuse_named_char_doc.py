def f():
    """\N{COMET}"""


f()
print(f.__doc__)
