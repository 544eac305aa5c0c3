def attempt(fn):
    try:
        print(fn())
    except Exception as e:
        print(type(e).__name__, e)
attempt(lambda: "abc"[5])
attempt(lambda: "abc"["a"])
attempt(lambda: "abc".index("z"))
attempt(lambda: "abc".split(""))
attempt(lambda: "a" in 5)
attempt(lambda: 5 in "a")
attempt(lambda: "abc".partition(""))
attempt(lambda: "é".encode("ascii"))
attempt(lambda: b"\xff".decode("utf-8"))
attempt(lambda: b"\xff".decode("ascii"))
attempt(lambda: "{} {}".format(1))
attempt(lambda: "{x}".format(1))
attempt(lambda: "{0} {}".format(1))
attempt(lambda: "{".format(1))
attempt(lambda: "}".format(1))
attempt(lambda: "{0.nope}".format(1))
attempt(lambda: "{!x}".format(1))
attempt(lambda: "%d" % "a")
attempt(lambda: "%d %d" % 1)
attempt(lambda: "%d" % (1, 2))
attempt(lambda: "%z" % 1)
attempt(lambda: "%(a)s" % 5)
attempt(lambda: "%(a)s" % {})
attempt(lambda: "%" % 1)
attempt(lambda: "%c" % "ab")
attempt(lambda: "abc".foo)
attempt(lambda: "a".center())
attempt(lambda: "a".ljust(5, "ab"))
attempt(lambda: "a".replace("a"))
attempt(lambda: "a".startswith(1))
attempt(lambda: "a".strip(1))
attempt(lambda: "a".count(1))
attempt(lambda: format(1, "zz"))
attempt(lambda: format("a", "d"))
attempt(lambda: format(1, "s"))
attempt(lambda: format([], "5"))
attempt(lambda: format("a", "+"))
attempt(lambda: f"{None:>5}")
x = "abc"
try:
    x[0] = "z"
except TypeError as e:
    print(e)
try:
    del x[0]
except TypeError as e:
    print(e)
try:
    x.y = 1
except AttributeError as e:
    print(e)
