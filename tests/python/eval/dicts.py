d = {"a": 1, "b": 2}
d["c"] = 3; d["a"] = 10
print(d, d["a"], d.get("z"), d.get("z", 0), "a" in d, "z" in d, len(d), list(d), list(d.values()), list(d.items()))
print(d.pop("a"), d.pop("zz", None), d.setdefault("q", []), d.setdefault("b", 9), d)
d.update({"x": 1}, y=2); d.update([("z", 3)]); print(d); print(d.popitem(), d)
del d["b"]; print(d, d.keys(), d.values(), d.items()); d["b"] = 1; print(list(d))
print(dict(a=1, b=2), dict([("a", 1)]), dict({"a": 1}, b=2), dict(zip("ab", [1, 2])), dict.fromkeys("ab", 0), dict.fromkeys([1]))
print({**{"a": 1}, "b": 2, **{"a": 3}}, {"a": 1} | {"b": 2, "a": 5}, {"a": 1, "b": 2} == {"b": 2, "a": 1})
e = {"a": 1}; e |= {"b": 2}; print(e)
print({k: v for k, v in zip("abc", range(3)) if v}, {v: k for k, v in {"a": 1}.items()})
print({1: "int", 1.0: "float", True: "bool"}, {(1, 2): "t"}[(1, 2)], {None: 1}[None])
for k, v in {"x": 1, "y": 2}.items(): print(k, v)
print({"a": 1}.keys() & {"a", "b"}, {"a": 1}.keys() | {"a"} == {"a"}, {"a": 1}.items() == {("a", 1)}, 1 in {"a": 1}.values(), ("a", 1) in {"a": 1}.items())
n = {}; n["self"] = n; print(n)
print(sorted({"b": 1, "a": 2}), max({"a": 3, "b": 1}), list(reversed({"a": 1, "b": 2})), str({}), bool({}), {"a": {"b": [1]}}["a"]["b"][0])
c = d.copy(); c.clear(); print(c, d)
class D(dict):
    def __missing__(self, k): return k * 2
print(D()["ab"], D(x=1)["x"], D(a=1), isinstance(D(), dict), type(D()).__name__)
