f''; f""; F'a'; f'a' f'b'; f'a' 'b'; 'a' f'b'; f'' 'a' f''
f'{a}'; f'a{b}c'; f'{a}{b}'; f'{ a }'; f'{a.b(c)[d]}'
f'{{}}'; f'{{{a}}}'; f'{{a}}'; f'a{{b}}c{d}'; f'}}{{'
f'{a!s}'; f'{a!r}'; f'{a!a}'; f'{a!r:>10}'
f'{a:10}'; f'{a:}'; f'{a:>{b}}'; f'{a:{b}{c}}'; f'{a:{b}.{c}f}'; f'{a:%Y-%m-%d}'; f'{a:x{b!r:y}z}'
f'{a=}'; f'{a = }'; f'{a=!s}'; f'{a=:>10}'; f'{a = !r:^20}'; f'{a.b(c) =}'; f'x{a=}y{b=}z'
f'{a == b}'; f'{a != b}'; f'{a <= b}'; f'{(a := 1)}'; f'{a:=1}'; f'{a if b else c}'
f'{(lambda x: 1)}'; f'{(lambda: 1)():>5}'; f'{a["b"]}'; f"{a['b']}"; f'{ {1: 2}[1] }'; f'{ {a for a in b} }'
f'{a, b}'; f'{*a, b}'; f'{a,}'; f'{[x for x in y]}'; f'{f"{a}"}'; f'{f"{a}{b!r}"!r}'
rf'\n{a}\d'; fr'{a:\d}'; Rf'\{a}'; f'\n{a}\t'; f'\x41{a}\u20ac'; f'\{a}'; f'\N{EM DASH}{a}'; f'a\
b{c}'
f'''
{a}
{
a
}
{a:
}'''
f'é{a}€'; f'{"é"}'
x = (f'a'
     f'{b}' 'c{d}'
     r'\e' rf'\{f}')
f'{a:{"x"}>{10}}'
f'{yield_}'
def g():
    f'{yield}'
    f'{yield a}'
async def h(): f'{await a}'
f'{a["b"]:{c["d"]}}'
f'{1}' u'a'
f'%{a}%'
"%s" f"{a}"
f'{a}' '{b}' "}"
f'{3.4:10}'; f'{3!s:>{4}}'
