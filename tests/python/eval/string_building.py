s = ""
for i in range(200): s += str(i % 10)
print(len(s), s[:20])
parts = []
for i in range(3): parts.append("%s=%r" % (i, str(i)))
print("; ".join(parts))
sql = """
    CREATE TABLE "t" (
        id INTEGER
    )
""".strip()
print(sql, sql.replace("\n", " ").split("(")[0])
name = "o'neil"
print(f"INSERT INTO t VALUES ('{name.replace(chr(39), chr(39) * 2)}')", f'{name!r}', f"{'x':=^9}", f"{len(sql):>5}", f"{{literal}}", f"{1}{2}" f"{3}" "4")
print("a%sb%%" % "X", "{0}{0}{1}".format("a", "b"), "%(k)s" % dict(k=1), "tab\there", 'q"q', "a\
b")
print("é" < "f", sorted(["b", "B", "a", "é"]), "I" in "TITLE".lower().upper(), "x".join(["1"]), str(1) + "2" * 3)
print("line1\nline2".splitlines()[1], "k=v;k2=v2".split(";")[1].split("="), dict(p.split("=") for p in "a=1,b=2".split(",")))
print("camelCaseName".replace("C", "_c"), "".join("_" + c.lower() if c.isupper() else c for c in "camelCaseName"), "snake_case".title().replace("_", ""))
