def first(a, *, b: "int" = 1) -> "str": return a
print(first(1))
type_ = 5
match = 3
case = 4
_ = 9
print(type_, match + case, _)
