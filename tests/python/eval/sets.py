s = {1, 2, 3}
s.add(4); s.discard(9); s.remove(1)
print(s, len(s), 2 in s, s & {2, 3}, s - {2}, sorted(s ^ {2, 100}), sorted(s | {9}), s == {4, 3, 2}, s <= {2, 3, 4, 5}, s < s, s >= {2})
print(set(), frozenset([1, 2]), set([1, 1, 2]), {1, 2}.union([3], [4]), {1, 2}.intersection([2]), {1, 2}.difference([1]), {1, 2}.symmetric_difference([2, 3]))
print({1}.issubset({1, 2}), {1, 2}.issuperset({1}), {1}.isdisjoint({2}), frozenset([1]) == {1}, hash(frozenset([1])) == hash(frozenset([1])), {frozenset([1]): "x"}[frozenset([1])])
s |= {7}; s &= {7, 2}; s -= {2}; print(s); s ^= {7, 8}; print(s); s.update([1], [2]); print(sorted(s))
print({x % 3 for x in range(10)}, sorted({"b", "a"}), bool(set()), frozenset(), {(1, 2)}, type({1} | frozenset([2])).__name__, type(frozenset([2]) | {1}).__name__)
c = s.copy(); c.clear(); print(c, sorted(s)); print(set("aab") == {"a", "b"}, len({1, 1.0, True}))
