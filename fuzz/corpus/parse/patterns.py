match x:
    case 1: pass
    case -1: pass
    case 1.5 | -2j: pass
    case 1 + 2j: pass
    case -1 - 2j: pass
    case "a" "b": pass
    case b"a": pass
    case None | True | False: pass
    case a.b: pass
    case a.b.c: pass
    case (1): pass
    case (1 | 2) as y: pass
    case []: pass
    case (): pass
    case [1]: pass
    case (1,): pass
    case 1,: pass
    case 1, 2: pass
    case 1, *rest: pass
    case *_, 1: pass
    case [a, *_, b]: pass
    case [a, [b, c], (d, e)]: pass
    case {}: pass
    case {"a": 1}: pass
    case {"a": a, 1: b, a.b: c, -1: d, None: e, **rest}: pass
    case {**rest}: pass
    case {"a": 1,}: pass
    case A(): pass
    case A(1, b): pass
    case a.B(c, d=1, e=f,): pass
    case A(b=C(d=1) | D()): pass
    case [A(x=1), {"y": [*z]}] if z: pass
    case str() | int() as n if (m := n): pass
    case match: pass
match x, y:
    case a, b: pass
match x,:
    case (a,): pass
match *a, b:
    case _: pass
match (x):
    case _: pass
match (x, y):
    case _: pass
match [x]:
    case [_]: pass
match -x:
    case _ as y: pass
match {}:
    case {}:
        pass
    case _:
        pass
match not x:
    case _: pass
match x := 1:
    case _: pass
match match:
    case case: pass
match x.y(z)[0]:
    case 1:
        match y:
            case 2: pass
def f():
    match x:
        case [a, b] if a:
            return b
        case _: return
