# What CPython 3.11 does not know: PEP 695, 696, 701. new_syntax.ast is written by hand.
type X = int
type Y[T] = list[T]
type Z[T: int, *Ts, **P] = T
def f[T](x: T) -> T: pass
class A[T: (int, str) = int](B): pass
def g[*Ts = *tuple[int], **P = [int]](): pass
f'{x['a']}'
f'{'\n'.join(x)}'
f'{f'{f'{1}'}'}'
f'{
    x  # comment
}'
f"""{a!r
}"""
