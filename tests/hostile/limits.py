#!/usr/bin/python3
"""Programs made to last, to grow or to nest for ever: each ends in a limit, in time.

One program a family of operations whose work grows with their arguments. Each ends with RT15xx at
the line that does it, or with the exception that Python raises too. Times are printed, not judged,
but for a bound that only what never ends exceeds (RETORT_TEST_SLOW multiplies it).
"""
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

EVAL = os.path.join(os.environ["top_builddir"], "tests", "unit", "python_eval")
BOUND = 60 * float(os.environ.get("RETORT_TEST_SLOW", "1"))
PROGRAMS = {}

# What a program of these may end with; all others with steps or memory used up.
CODES = {
    "str_mul": "RT1504|RT1503", "fmt_": "RT1504|RT1503|RT1501|RT1301", "join_sep": "RT1504",
    "str_double": "RT1504|RT1503", "fstr_exp": "RT1504|RT1503", "replace_grow": "RT1504|RT1503|RT1501",
    "list_mul_loop": "RT1505|RT1503", "list_inf": "RT1505|RT1503", "sorted_inf": "RT1505|RT1503",
    "pow": "RT1506|RT1501|RT1503", "shift_huge": "RT1506", "fib": "RT1506|RT1503", "mul_big": "RT1506|RT1501|RT1503",
    "zip_inf": "RT1505|RT1503|RT1501", "decimal_": "RT1506|RT1501|RT1503|RT1301|raises",
    "rec_": "RT1502|RT1503", "nest_": "RT1507|RT1001|raises", "generic_": "RT1501|RT1502|RT1503",
}


def p(name, text):
    PROGRAMS[name] = text


p("while", "while True: pass")
p("while_call_args", "def f(a,b,*c,d=1,**e): return a\nwhile True: f(1,2,3,4,d=5,x=6,y=7)")
p("long_attr", "class A: pass\na=A()\na.a=a\nwhile True: a" + ".a"*300)
p("long_boolop", "while True: " + " and ".join(["1"]*30000))
p("long_compare", "while True: " + "<".join(["1"]*1 + [str(i) for i in range(2,30000)]))
p("long_args", "def f(*a): pass\nwhile True: f(" + ",".join(["1"]*30000) + ")")
p("starstar", "def f(**a): pass\nx={str(i):i for i in range(100000)}\nwhile True: f(**x)")
p("locals_big", "\n".join("a%d=1"%i for i in range(50000)) + "\nwhile True: locals()")
p("class_chain", "A=object\nwhile True:\n  class A(A): pass")
p("class_wide", "L=[type('A%d'%i,(),{}) for i in range(2000)]\nwhile True: type('B',tuple(L),{})")
p("mro_exp", "L=[type('A%d'%i,(),{}) for i in range(300)]\nM=[type('B%d'%i,tuple(L[:i]),{}) for i in range(1,300)]\nwhile True: type('C',tuple(reversed(M)),{})")
p("class_attr_miss", "A=type('A',(),{})\nfor i in range(900):\n  A=type('A',(A,),{})\na=A()\nwhile True: hasattr(a,'zzz')")
p("isinstance_tuple", "t=(int,)*100000\nwhile True: isinstance('a',t)")
p("isinstance_nest", "t=(int,)\nfor i in range(300): t=(t,t)\nisinstance('a',t)")
p("except_tuple", "t=(KeyError,)*400000\nwhile True:\n  try:\n    try: 1/0\n    except t: pass\n  except ZeroDivisionError: pass")
p("union_chain", "x=int|str\nwhile True: x=x|type('A',(),{})")
p("optional", "import typing\nx=int\nwhile True: x=typing.Optional[list[x]]")
p("generic_hash", "x=int\nfor i in range(200): x=dict[x,x]\nhash(x)")
p("generic_eq", "x=int;y=int\nfor i in range(200): x=dict[x,x];y=dict[y,y]\nx==y")
p("tuple_hash_exp", "x=()\nfor i in range(200): x=(x,x)\nhash(x)")
p("list_eq_exp", "x=[];y=[]\nfor i in range(200): x=[x,x];y=[y,y]\nx==y")
p("dict_eq_exp", "x={};y={}\nfor i in range(200): x={1:x,2:x};y={1:y,2:y}\nx==y")
p("list_repr_exp", "x=[]\nfor i in range(200): x=[x,x]\nrepr(x)")
p("json_exp", "import json\nx=[]\nfor i in range(100): x=[x,x]\njson.dumps(x)")
p("fstr_exp", "x='a'\nwhile True: x=f'{x}{x}'")
p("str_double", "x='a'\nwhile True: x+=x")
p("str_concat", "x=''\nwhile True: x+='ab'")
p("str_mul", '"x" * 10**12')
p("str_mul_loop", 'while True: "x" * 10**7')
p("list_mul_loop", 'while True: [1]*400000')
p("join_big", "x=['a'*1000]*10000\nwhile True: ','.join(x)")
p("join_sep", "('a'*1000000).join(['']*400000)")
p("replace_grow", "x='a'*1000\nwhile True: x=x.replace('a','aa')")
p("replace_miss", "x='a'*10000000\nwhile True: x.replace('b','c')")
p("translate", "x='a'*1000000\nt={97:'b'*100}\nwhile True: x.translate(t)")
p("upper", "x='a'*10000000\nwhile True: x.upper()")
p("isalpha", "x='a'*10000000\nwhile True: x.isalpha(); x.isidentifier(); x.islower()")
p("find_quadratic", "x='a'*4000000\ny='a'*2000000+'b'\nwhile True: x.find(y)")
p("rfind_quadratic2", "x='a'*4000000\ny='a'*2000000+'b'\nwhile True: x.rfind(y)")
p("in_quadratic", "x='a'*4000000\ny='a'*2000000+'b'+'a'*10\nwhile True: y in x")
p("count_q", "x='a'*4000000\ny='a'*2000000+'b'\nwhile True: x.count(y)")
p("split_q", "x='a'*4000000\ny='a'*2000000+'b'\nwhile True: x.split(y); x.rsplit(y); x.partition(y); x.rpartition(y)")
p("strip_chars", "x='a'*10000000\ny='b'*1000000+'a'\nwhile True: x.strip(y)")
p("startswith2", "x='a'*1000000\nt=('b',)*400000\nwhile True: x.startswith(t)")
p("str_eq", "x='a'*10000000\ny='a'*9999999+'a'\nwhile True: x==y")
p("str_index_neg", "x='ä'*5000000\nwhile True: x[-1]")
p("str_slice_step", "x='ä'*5000000\nwhile True: x[::-1]")
p("repr_big", "x='\\n'*4000000\nwhile True: repr(x)")
p("fmt_width", "'%1000000000d' % 5")
p("fmt_width2", "f'{1:1000000000}'")
p("fmt_nested", "while True: f'{1:{10**9}}'")
p("fmt_star", "while True: '%*d' % (10**7, 5)")
p("strftime", "import datetime\nx='%Y'*1000000\nwhile True: datetime.datetime(2020,1,1).strftime(x)")
p("pow", "10**10**8")
p("pow2", "2**10**10**10")
p("pow_loop", "while True: 3**160000")
p("mul_big", "x=3**80000\nwhile True: x*x")
p("div_big", "x=3**160000\ny=7**40000\nwhile True: x//y")
p("shift_huge", "1<<10**12")
p("cmp_big", "x=3**160000\ny=3**160000\nwhile True: x==y; x<y; hash(x)")
p("str_bigint", "x=3**160000\nwhile True: str(x)")
p("int_str3", "x='9'*70000\nwhile True: int(x)")
p("factorial2", "import math\nwhile True: math.factorial(2000)")
p("fib", "a,b=1,1\nwhile True: a,b=b,a+b")
p("sum_inf", "sum(iter(int,1))")
p("list_inf", "list(iter(int,1))")
p("sorted_inf", "sorted(iter(int,1))")
p("in_inf", "5 in iter(int,1)")
p("zip_inf", "import itertools\nfor i in zip(itertools.count(),itertools.count()): pass")
p("product", "import itertools\nlist(itertools.product(range(100),repeat=100))")
p("permutations", "import itertools\nlist(itertools.permutations(range(100)))")
p("iter_nest", "x=[1]\nfor i in range(100000): x=enumerate(x)\nlist(x)")
p("gen_nest", "x=[1]\ndef g(x):\n  yield from x\nfor i in range(100000): x=g(x)\nlist(x)")
p("zip_wide", "x=[range(10**9)]*100000\nfor i in zip(*x): pass")
p("reverse_list", "x=list(range(400000))\nwhile True: x.reverse()")
p("slice_list", "x=list(range(400000))\nwhile True: x[1:]")
p("sort", "x=list(range(400000))\nwhile True: x.sort()")
p("sort_str", "x=['a'*10000+str(i) for i in range(1000)]\nwhile True: sorted(x)")
p("list_insert", "x=list(range(300000))\nwhile True: x.insert(0,1)")
p("list_pop0", "x=list(range(400000))\nwhile x:\n  x.pop(0); x.append(1)")
p("list_count", "x=list(range(400000))\nwhile True: x.count(5)")
p("list_eq", "x=list(range(400000));y=list(range(400000))\nwhile True: x==y")
p("tuple_hash", "x=tuple(range(400000))\nwhile True: hash(x)")
p("range_list", "while True: list(range(400000))")
p("range_in2", "x=range(10**9)\nwhile True: 1.5 in x")
p("dict_update", "x={i:i for i in range(200000)}\nwhile True: x.update(x)")
p("dict_eq", "x={i:i for i in range(200000)};y=dict(x)\nwhile True: x==y")
p("dict_pop_first", "x={i:i for i in range(200000)}\nn=200000\nwhile True:\n  k=next(iter(x)); del x[k]; x[n]=1; n+=1")
p("dict_popitem", "x={i:i for i in range(200000)}\nwhile True: x.popitem(); x[1]=1")
p("set_pop", "x=set(range(400000))\nwhile x: x.pop()")
p("set_ops", "x=set(range(200000));y=set(range(100000,300000))\nwhile True: x&y; x|y; x-y; x^y; x<=y; x==y; x.isdisjoint(y)")
p("hash_collide", "class A:\n  def __hash__(self): return 1\nd={}\nwhile True: d[A()]=1")
p("hash_collide_int", "d={}\nM=2**61-1\ni=1\nwhile True: d[i*M+5]=1; i+=1")
p("hash_collide_big_eq", "class A(str):\n  def __hash__(self): return 1\nx=['a'*1000000+str(i) for i in range(10)]\nx=[A(i) for i in x]*10000\nset(x)")
p("hash_big_keys", "class A:\n  def __init__(s,x): s.x=x\n  def __hash__(self): return 1\n  def __eq__(s,o): return s.x==o.x\nx=[A(['a'*1000000+str(i)]) for i in range(20)]*1000\nset(x)")
p("rec_eq", "class A:\n  def __eq__(s,o): return s==o\nA()==A()")
p("rec_repr", "class A:\n  def __repr__(s): return repr(s)\nrepr(A())")
p("rec_hash", "class A:\n  def __hash__(s): return hash(s)\nhash(A())")
p("rec_iter", "class A:\n  def __iter__(s): return iter(s)\niter(A())")
p("rec_getattr", "class A:\n  def __getattr__(s,n): return getattr(s,n+'a')\nA().x")
p("rec_bool", "class A:\n  def __bool__(s): return bool(s)\nbool(A())")
p("rec_init", "class A:\n  def __init__(s): A()\nA()")
p("rec_desc", "class D:\n  def __get__(s,o,c): return o.x\nclass A: x=D()\nA().x")
p("rec_format", "class A:\n  def __format__(s,f): return format(s,f)\nf'{A()}'")
p("rec_lambda", "f=lambda: f()\nf()")
p("exc_loop", "while True:\n  try: raise ValueError('x')\n  except ValueError: pass")
p("exc_chain", "e=None\nwhile True:\n  try:\n    raise ValueError from e\n  except ValueError as f: e=f")
p("gen_loop", "def g():\n  while True: yield 1\nfor x in g(): pass")
p("gen_throw", "def g():\n  while True:\n    try: yield\n    except ValueError: pass\ng=g();next(g)\nwhile True: g.throw(ValueError)")
p("yield_from_chain", "def g(n):\n  if n: yield from g(n-1)\n  else:\n    while True: yield 1\nfor x in g(150): pass")
p("nested_comp", "[a for a in range(10**4) for b in range(10**4) for c in range(10**4)]")
p("set_comp", "{a for a in range(10**9)}")
p("match_or", "while True:\n  match 5:\n    case " + "|".join(str(i) for i in range(10,20000)) + ": pass")
p("re_cat", "import re\nre.match('(a+)+$','a'*50+'b')")
p("re_cat2", "import re\nre.match('(a|aa)+$','a'*50+'b')")
p("re_star", "import re\nre.search('.*.*.*=.*','a'*5000)")
p("re_sub", "import re\nwhile True: re.sub('a','bb','a'*100000)")
p("decimal_pow", "from decimal import Decimal\nDecimal(10)**Decimal(10**8)")
p("decimal_exp2", "from decimal import Decimal\nx=Decimal('1e999999')\nwhile True: x*x; int(x)")
p("json_big", "import json\nx='['*100000+']'*100000\njson.loads(x)")
p("json_dump", "import json\nx='a'*5000000\nwhile True: json.dumps(x)")
p("textwrap", "import textwrap\nx=' a\\n'*100000\nwhile True: textwrap.dedent(x)")
p("deque_rot", "import collections\nx=collections.deque(range(400000))\nwhile True: x.rotate(1); x.appendleft(1); x.pop()")
p("enum_big", "import enum\nwhile True: enum.Enum('A',['a%d'%i for i in range(5000)])")
p("flag", "import enum\nclass A(enum.Flag):\n  " + ";".join("a%d=enum.auto()"%i for i in range(500)) + "\nx=A.a0\nwhile True:\n  for i in A: x|=i; repr(x)")
p("dataclass_chain", "import dataclasses\nclass A: pass\nwhile True:\n  A=dataclasses.dataclass(type('A',(A,),{'__annotations__':{'x':int}}))")
p("dataclass_eq", "import dataclasses\n@dataclasses.dataclass\nclass A:\n  x:object\nx=A(1);y=A(1)\nfor i in range(100): x=A([x,x]);y=A([y,y])\nx==y")
p("setattr_many", "class A: pass\na=A()\ni=0\nwhile True: setattr(a,'x%d'%i,1); i+=1")
p("input_names", "x='a'*5000000\nwhile True: setattr(type('A',(),{}),x,1)")
p("import_many", "i=0\nwhile True:\n  __import__('mod%d'%i); i+=1")
p("unknown_chain", "import nothere\nx=nothere\nwhile True: x=x.a")
p("bytes_hex", "x=b'a'*5000000\nwhile True: x.hex()")
p("environ", "import os\ni=0\nwhile True: os.environ['a%d'%i]='b'*10000; i+=1")
p("exitstack", "import contextlib\nwith contextlib.ExitStack() as s:\n  while True: s.callback(lambda: 1)")
p("nest_paren", "("*100000+")"*100000)
p("nest_brack", "x="+"["*100000+"]"*100000)
p("nest_unary", "x="+"-"*100000+"1")
p("nest_lambda", "x="+"lambda:"*100000+"1")
p("nest_call", "x=a"+"()"*300000)
p("nest_block", "\n".join(" "*i+"if 1:" for i in range(1400)) + "\n"+" "*1400+"pass")
p("nest_pattern", "match 1:\n  case "+"["*100000+"]"*100000+": pass")


def allowed(name):
    for prefix in sorted(CODES, key=len, reverse=True):
        if name.startswith(prefix):
            return CODES[prefix].split("|")
    return ["RT1501", "RT1502", "RT1503", "RT1504", "RT1505"]


def run(name, folder):
    path = folder / f"{name}.py"
    path.write_text(PROGRAMS[name])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run([EVAL, str(path)], capture_output=True, timeout=BOUND)
    except subprocess.TimeoutExpired:
        return "does not end", 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = done.stdout.decode("utf-8", "replace")
    found = re.search(r"^(?:limit|refused): (RT[0-9]{4}): |^(raises) ", text, re.M)
    seconds = after.ru_utime - before.ru_utime
    if done.returncode or not found or (found[1] or found[2]) not in allowed(name):
        return f"exit {done.returncode}: {text[-200:]}{done.stderr.decode()[:300]}", seconds
    return (None if re.search(rf"^  at {name}\.py:[0-9]+", text, re.M) else "no place"), seconds


def main():
    status, times = 0, []
    share = int(os.environ.get("RETORT_SHARE", "1"))
    with tempfile.TemporaryDirectory() as top:
        for name in list(PROGRAMS)[::share]:
            problem, seconds = run(name, pathlib.Path(top))
            times.append((seconds, name))
            if problem:
                print(f"FAIL {name}: {problem}")
                status = 1
    print(f"{len(times)} programs; slowest:",
          ", ".join(f"{n} {s:.2f} s" for s, n in sorted(times, reverse=True)[:8]))
    return status


sys.exit(main())
