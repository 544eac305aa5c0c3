#!/usr/bin/env python3
"""What CPython makes of Python files, in the notation of src/python/ast_dump.h.

    make_golden.py FILE.py...            writes FILE.ast beside each
    make_golden.py --stdout FILE.py      prints it; --spans adds the bytes of each node
    make_golden.py --errors errors.txt   fills in line and message of each bad input

Run it with CPython 3.11, the version the committed files were made with.
"""
import ast
import sys
import warnings

warnings.simplefilter("ignore")
sys.set_int_max_str_digits(0)
sys.setrecursionlimit(20000)


class Dump:
    def __init__(self, text, spans):
        self.spans = spans
        self.in_fstring = 0
        self.classes = []
        self.starts = [0]
        data = text.encode("utf-8", "surrogatepass")
        for i, byte in enumerate(data):
            if byte == 10 or (byte == 13 and data[i + 1:i + 2] != b"\n"):
                self.starts.append(i + 1)

    def mangle(self, name):
        """Private names in a class, as the compiler changes them."""
        if name is None:
            return "-"
        if (not self.classes or not name.startswith("__") or name.endswith("__")
                or "." in name):
            return name
        owner = self.classes[-1].lstrip("_")
        return f"_{owner}{name}" if owner else name

    def tag(self, node, name=None):
        text = "(" + (name or type(node).__name__)
        if self.spans and not self.in_fstring:
            start = self.starts[node.lineno - 1] + node.col_offset
            end = self.starts[node.end_lineno - 1] + node.end_col_offset
            text += f"@{start}-{end}"
        return text

    def join(self, head, *fields):
        return " ".join((head,) + fields) + ")"

    def list(self, nodes):
        return "[" + " ".join(self.node(n) for n in nodes) + "]"

    def text(self, data):
        return '"' + "".join(
            chr(c) if 0x20 <= c < 0x7F and c not in b'"\\' else f"\\x{c:02x}" for c in data) + '"'

    def constant(self, value, kind=None):
        if value is Ellipsis:
            return "Ellipsis"
        if value is None or isinstance(value, bool):
            return str(value)
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return "%.17gf" % value
        if isinstance(value, complex):
            return "%.17gj" % value.imag
        if isinstance(value, bytes):
            return "b" + self.text(value)
        return ("u" if kind else "") + self.text(value.encode("utf-8", "surrogatepass"))

    def arg(self, arg, default=None):
        if arg is None:
            return "-"
        return self.join("(arg", self.mangle(arg.arg), self.node(arg.annotation),
                         self.node(default))

    def arguments(self, a):
        positional = a.posonlyargs + a.args
        defaults = [None] * (len(positional) - len(a.defaults)) + a.defaults
        out = ["(arguments"]
        everything = list(zip(positional, defaults)) + list(zip(a.kwonlyargs, a.kw_defaults))
        for i, (arg, default) in enumerate(everything):
            if 0 < i == len(a.posonlyargs):
                out.append("/")
            if i == len(positional):
                out.append("*")
            out.append(self.arg(arg, default))
        return self.join(*out, ",", self.arg(a.vararg), self.arg(a.kwarg))

    def node(self, node):
        if node is None:
            return "-"
        special = getattr(self, "do_" + type(node).__name__, None)
        if special:
            return special(node)
        fields = []
        for name in node._fields:
            if name in ("ctx", "type_comment", "kind", "op", "ops") and name != "op":
                continue
            fields.append(self.field(getattr(node, name)))
        return self.join(self.tag(node), *fields)

    def field(self, value):
        if isinstance(value, list):
            if value and isinstance(value[0], str):
                return "[" + " ".join(self.mangle(v) for v in value) + "]"
            return self.list(value)
        if isinstance(value, (ast.operator, ast.unaryop, ast.boolop)):
            return type(value).__name__
        if isinstance(value, str):
            return self.mangle(value)
        if isinstance(value, int):
            return str(value)
        return self.node(value)

    def do_Constant(self, n):
        return self.join(self.tag(n), self.constant(n.value, n.kind))

    def do_MatchSingleton(self, n):
        return self.join(self.tag(n), self.constant(n.value))

    def do_MatchClass(self, n):
        return self.join(self.tag(n), self.node(n.cls), self.list(n.patterns),
                         "[" + " ".join(n.kwd_attrs) + "]", self.list(n.kwd_patterns))

    def do_Compare(self, n):
        ops = "[" + " ".join(type(op).__name__ for op in n.ops) + "]"
        return self.join(self.tag(n), self.node(n.left), ops, self.list(n.comparators))

    def function(self, n):
        return self.join(self.tag(n), self.mangle(n.name), self.arguments(n.args),
                         self.list(n.body), self.list(n.decorator_list), self.node(n.returns),
                         self.type_params(n))

    do_FunctionDef = do_AsyncFunctionDef = function

    def type_params(self, n):
        return self.list(getattr(n, "type_params", []))

    def do_ClassDef(self, n):
        bases = self.list(n.bases)
        keywords = self.list(n.keywords)
        decorators = self.list(n.decorator_list)
        name = self.mangle(n.name)
        self.classes.append(n.name)
        body = self.list(n.body)
        self.classes.pop()
        return self.join(self.tag(n), name, bases, keywords, body, decorators,
                         self.type_params(n))

    def do_Lambda(self, n):
        return self.join(self.tag(n), self.arguments(n.args), self.node(n.body))

    def do_FormattedValue(self, n):
        conversion = "-" if n.conversion < 0 else chr(n.conversion)
        return self.join(self.tag(n), self.node(n.value), conversion, self.node(n.format_spec))

    def do_JoinedStr(self, n):
        tag = self.tag(n)
        self.in_fstring += 1
        values = self.list(n.values)
        self.in_fstring -= 1
        return self.join(tag, values)

    def do_withitem(self, n):
        return self.join("(withitem", self.node(n.context_expr), self.node(n.optional_vars))

    def do_match_case(self, n):
        return self.join("(match_case", self.node(n.pattern), self.node(n.guard),
                         self.list(n.body))

    def do_comprehension(self, n):
        return self.join("(comprehension", self.node(n.target), self.node(n.iter),
                         self.list(n.ifs), str(n.is_async))

    def do_alias(self, n):
        return self.join(self.tag(n), n.name, n.asname or "-")

    def do_ImportFrom(self, n):
        return self.join(self.tag(n), n.module or "-", self.list(n.names), str(n.level))


def decode(data):
    """The text that CPython's parser sees."""
    import io
    import tokenize
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding)


def dump(data, spans=False):
    compile(data, "input", "exec", dont_inherit=True)
    tree = ast.parse(data)
    d = Dump(decode(data), spans)
    return "".join(d.node(n) + "\n" for n in tree.body)


def fill_errors(path):
    """Cases are separated by lines '### line: message'; each such line ends its case."""
    out, case = [], []
    for line in open(path, encoding="utf-8"):
        if not line.startswith("###"):
            case.append(line)
            continue
        source = "".join(case).encode()
        case = []
        out.append(source.decode())
        if line.startswith("###!"):  # newer than 3.11, or other words: by hand
            out.append(line)
            continue
        try:
            compile(source, "input", "exec", dont_inherit=True)
            out.append("### accepted\n")
        except SyntaxError as e:
            out.append(f"### {e.lineno}: {e.msg}\n")
    open(path, "w", encoding="utf-8").write("".join(out))


def main(args):
    if args[0] == "--errors":
        fill_errors(args[1])
    elif args[0] == "--stdout":
        spans = "--spans" in args
        sys.stdout.write(dump(open(args[-1], "rb").read(), spans))
    else:
        for path in args:
            with open(path, "rb") as f:
                text = dump(f.read())
            with open(path[:-3] + ".ast", "w", encoding="utf-8") as f:
                f.write(text)


main(sys.argv[1:])
