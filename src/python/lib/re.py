# re: a backtracking matcher. A pattern becomes functions m(state, i, k): they try to match at i and
# go on with k(j); True: all of it matched.
from _host import refuse as _refuse

A = ASCII = 256
I = IGNORECASE = 2
L = LOCALE = 4
U = UNICODE = 32
M = MULTILINE = 8
S = DOTALL = 16
X = VERBOSE = 64
NOFLAG = 0

_LETTERS = {'a': A, 'i': I, 'L': L, 'm': M, 's': S, 'x': X, 'u': U}
_ESCAPES = {'n': '\n', 't': '\t', 'r': '\r', 'f': '\f', 'v': '\v', 'a': '\a'}
_MANY = 4294967295
_ANCHOR = 'anchor'  # in the place of a test: what cannot be repeated


class error(Exception):
    def __init__(self, msg, pattern=None, pos=None):
        super().__init__(msg if pos is None else f'{msg} at position {pos}')
        self.msg, self.pattern, self.pos = msg, pattern, pos


PatternError = error


# ---- characters ----

def _is_word(c):
    return c.isalnum() or c == '_'


def _is_ascii_word(c):
    return c.isascii() and _is_word(c)


def _class_test(letter, ascii_only):
    """The test of \\d, \\w, \\s and their opposites."""
    low = letter.lower()
    if low == 'd':
        test = (lambda c: '0' <= c <= '9') if ascii_only else (lambda c: c.isdecimal())
    elif low == 'w':
        test = _is_ascii_word if ascii_only else _is_word
    else:
        test = (lambda c: c in ' \t\n\r\f\v') if ascii_only else (lambda c: c.isspace())
    return test if letter == low else lambda c: not test(c)


def _char_test(char, flags):
    if flags & I and char.lower() != char.upper():
        if not char.isascii():
            _refuse('re.IGNORECASE with characters beyond ASCII is not supported')
        both = char.lower() + char.upper()
        return lambda c: c in both
    return lambda c: c == char


def _range_test(low, high, flags):
    if flags & I:
        return lambda c: low <= c <= high or low <= c.lower() <= high or low <= c.upper() <= high
    return lambda c: low <= c <= high


# ---- matchers ----

def _one(test):
    return lambda st, i, k: i < st.end and test(st.text[i]) and k(i + 1)


def _empty(st, i, k):
    return k(i)


def _pair(first, second):
    return lambda st, i, k: first(st, i, lambda j: second(st, j, k))


def _choice(options):
    def match(st, i, k):
        for option in options:
            saved = st.groups[:]
            if option(st, i, k):
                return True
            st.groups[:] = saved
        return False
    return match


def _group(number, inner):
    def match(st, i, k):
        def done(j):
            saved = st.groups[number], st.last
            st.groups[number], st.last = (i, j), number
            if k(j):
                return True
            st.groups[number], st.last = saved
            return False
        return inner(st, i, done)
    return match


def _back_reference(number, flags):
    def match(st, i, k):
        span = st.groups[number]
        if span is None:
            return False
        wanted = st.text[span[0]:span[1]]
        found = st.text[i:min(i + len(wanted), st.end)]
        same = found.lower() == wanted.lower() if flags & I else found == wanted
        return same and k(i + len(wanted))
    return match


def _look(inner, ahead, wanted, width):
    def match(st, i, k):
        start = i if ahead else i - width
        saved = st.groups[:]
        found = start >= 0 and inner(st, start, lambda j: ahead or j == i)
        if found != wanted:
            st.groups[:] = saved
            return False
        if not wanted:
            st.groups[:] = saved
        if k(i):
            return True
        st.groups[:] = saved
        return False
    return match


def _repeat_one(test, low, high, lazy):
    """A repeated single character needs no recursion."""
    def match(st, i, k):
        most = min(st.end - i, high)
        if lazy:
            n = 0
            while n < low:
                if n >= most or not test(st.text[i + n]):
                    return False
                n += 1
            while True:
                if k(i + n):
                    return True
                if n >= most or not test(st.text[i + n]):
                    return False
                n += 1
        n = 0
        while n < most and test(st.text[i + n]):
            n += 1
        while n >= low:
            if k(i + n):
                return True
            n -= 1
        return False
    return match


def _repeat(inner, low, high, lazy):
    """An iteration that matches nothing is made, but is the last one."""
    def match(st, i, k):
        def attempt(at, n, last):
            if lazy and n >= low and k(at):
                return True
            if n < low or (n < high and at != last):
                before = last if n < low else at
                saved = st.groups[:]
                if inner(st, at, lambda j: attempt(j, n + 1, before)):
                    return True
                st.groups[:] = saved
            return not lazy and n >= low and k(at)
        return attempt(i, 0, -1)
    return match


# ---- the parser ----

class _Parser:
    def __init__(self, pattern, flags):
        self.pattern, self.flags, self.pos = pattern, flags, 0
        self.count, self.names, self.open = 0, {}, []

    def fail(self, message, pos=None):
        raise error(message, self.pattern, self.pos if pos is None else pos)

    def peek(self):
        return self.pattern[self.pos:self.pos + 1]

    def take(self, text):
        if self.pattern.startswith(text, self.pos):
            self.pos += len(text)
            return True
        return False

    def parse(self):
        match, width, _ = self.alternatives()
        if self.pos < len(self.pattern):
            self.fail('unbalanced parenthesis')
        return match

    def alternatives(self):
        """(matcher, width or None, test of a single character or None)"""
        options, widths, test = [], [], None
        while True:
            match, width, test = self.sequence()
            options.append(match)
            widths.append(width)
            if not self.take('|'):
                break
        if len(options) == 1:
            return options[0], widths[0], test
        same = all(width == widths[0] for width in widths)
        return _choice(options), widths[0] if same else None, None

    def sequence(self):
        items, width, test = [], 0, None
        while self.pos < len(self.pattern) and self.peek() not in '|)':
            if self.flags & X and self.skip_verbose():
                continue
            start = self.pos
            item = self.atom()
            if item is None:
                continue
            match, size, test = self.quantified(item, start)
            items.append(match)
            width = None if width is None or size is None else width + size
        if not items:
            return _empty, 0, None
        match = items[-1]
        for item in items[-2::-1]:
            match = _pair(item, match)
        return match, width, test if len(items) == 1 else None

    def skip_verbose(self):
        if self.peek() in ' \t\n\r\f\v':
            self.pos += 1
            return True
        if self.peek() == '#':
            end = self.pattern.find('\n', self.pos)
            self.pos = len(self.pattern) if end < 0 else end
            return True
        return False

    def bounds(self):
        """The quantifier here: (low, high), or None."""
        for sign, low, high in (('*', 0, _MANY), ('+', 1, _MANY), ('?', 0, 1)):
            if self.take(sign):
                return low, high
        if self.peek() != '{':
            return None
        end = self.pattern.find('}', self.pos)
        low, comma, high = self.pattern[self.pos + 1:end].partition(',')
        good = end > 0 and (low.isdecimal() or (comma and not low)) and (
            not high or high.isdecimal()) and (low or high or comma)
        if not good:
            return None
        start, self.pos = self.pos, end + 1
        least = int(low or 0)
        most = (int(high) if high else _MANY) if comma else least
        if most < least:
            self.fail('min repeat greater than max repeat', start + 1)
        return least, most

    def quantified(self, item, start):
        match, width, test = item
        while True:
            if self.flags & X and self.pos < len(self.pattern) and self.skip_verbose():
                continue
            at = self.pos
            bounds = self.bounds()
            if bounds is None:
                return match, width, None if test is _ANCHOR else test
            if test is _ANCHOR:
                self.fail('nothing to repeat', at)
            lazy = self.take('?')
            if self.peek() == '+' and not lazy:
                _refuse('possessive quantifiers are not supported')
            low, high = bounds
            if test is not None:
                match = _repeat_one(test, low, high, lazy)
            else:
                match = _repeat(match, low, high, lazy)
            width = width * low if width is not None and low == high else None
            test = None
            mark = self.pos
            if self.peek() and self.peek() in '*+?{' and self.bounds() is not None:
                self.fail('multiple repeat', mark)
            return match, width, None

    def single(self, test):
        return _one(test), 1, test

    def atom(self):
        at, flags = self.pos, self.flags
        c = self.peek()
        self.pos += 1
        if c == '.':
            return self.single((lambda c: True) if flags & S else (lambda c: c != '\n'))
        if c == '[':
            return self.single(self.char_class(at))
        if c == '(':
            return self.group(at)
        if c == '\\':
            return self.escape(at)
        if c == '^':
            if flags & M:
                return (lambda st, i, k: (i == 0 or st.text[i - 1] == '\n') and k(i)), 0, _ANCHOR
            return (lambda st, i, k: i == 0 and k(i)), 0, _ANCHOR
        if c == '$':
            if flags & M:
                return (lambda st, i, k: (i == st.end or st.text[i] == '\n') and k(i)), 0, _ANCHOR
            return (lambda st, i, k: (i == st.end or (i == st.end - 1 and st.text[i] == '\n'))
                    and k(i)), 0, _ANCHOR
        if c in '*+?':
            self.fail('nothing to repeat', at)
        if c == '{':
            self.pos = at
            if self.bounds() is not None:
                self.fail('nothing to repeat', at)
            self.pos = at + 1
        return self.single(_char_test(c, flags))

    def code_escape(self, c, at):
        """A character by its number, or None."""
        sizes = {'x': 2, 'u': 4, 'U': 8}
        if c in sizes:
            digits = self.pattern[self.pos:self.pos + sizes[c]]
            if len(digits) < sizes[c] or any(d not in '0123456789abcdefABCDEF' for d in digits):
                self.fail(f'incomplete escape \\{c}{digits}', at)
            self.pos += sizes[c]
            return chr(int(digits, 16))
        if c == '0':
            size = 0
            while size < 2 and self.peek() and self.peek() in '01234567':
                self.pos += 1
                size += 1
            return chr(int(self.pattern[at + 1:self.pos], 8))
        return None

    def escape(self, at):
        c = self.peek()
        flags = self.flags
        if not c:
            self.fail('bad escape (end of pattern)', at)
        self.pos += 1
        if c in 'dDwWsS':
            return self.single(_class_test(c, flags & A))
        if c == 'A':
            return (lambda st, i, k: i == 0 and k(i)), 0, _ANCHOR
        if c == 'Z':
            return (lambda st, i, k: i == st.end and k(i)), 0, _ANCHOR
        if c in 'bB':
            word, wanted = (_is_ascii_word if flags & A else _is_word), c == 'b'

            def boundary(st, i, k):
                before = i > 0 and word(st.text[i - 1])
                after = i < st.end and word(st.text[i])
                return (before != after) == wanted and (wanted or st.end > 0) and k(i)
            return boundary, 0, _ANCHOR
        if c in '123456789':
            digits = c
            if self.peek() and self.peek() in '0123456789':
                if c in '0123' and self.pattern[self.pos:self.pos + 2].isdecimal():
                    _refuse('octal escapes in patterns are not supported')
                digits += self.peek()
                self.pos += 1
            return self.reference(int(digits), at + 1)
        char = self.code_escape(c, at)
        if char is None:
            char = _ESCAPES.get(c)
        if char is None:
            if c.isascii() and c.isalpha():
                self.fail(f'bad escape \\{c}', at)
            char = c
        return self.single(_char_test(char, flags))

    def reference(self, number, at):
        if number > self.count:
            self.fail(f'invalid group reference {number}', at)
        if number in self.open:
            self.fail('cannot refer to an open group', at - 1)
        return _back_reference(number, self.flags), None, None

    def class_item(self, at):
        """A character of a class, or the test of an escape like \\d."""
        c = self.peek()
        if not c:
            self.fail('unterminated character set', at)
        start = self.pos
        self.pos += 1
        if c != '\\':
            return c, None
        c = self.peek()
        self.pos += 1
        if c and c in 'dDwWsS':
            return None, _class_test(c, self.flags & A)
        if c == 'b':
            return '\b', None
        char = self.code_escape(c, start)
        if char is None:
            char = _ESCAPES.get(c)
        if char is None:
            if not c or (c.isascii() and c.isalnum()):
                self.fail(f'bad escape \\{c}', start)
            char = c
        return char, None

    def char_class(self, at):
        negated = self.take('^')
        tests, first = [], True
        while first or self.peek() != ']':
            start = self.pos
            first = False
            char, test = self.class_item(at)
            if self.peek() == '-' and self.pattern[self.pos + 1:self.pos + 2] not in (']', ''):
                self.pos += 1
                high, other = self.class_item(at)
                if char is None or high is None or high < char:
                    self.fail(f'bad character range {self.pattern[start:self.pos]}', start)
                test = _range_test(char, high, self.flags)
            elif test is None:
                test = _char_test(char, self.flags)
            tests.append(test)
        self.pos += 1
        if negated:
            return lambda c: not any(test(c) for test in tests)
        return tests[0] if len(tests) == 1 else lambda c: any(test(c) for test in tests)

    def name(self, close):
        end = self.pattern.find(close, self.pos)
        if end < 0:
            self.fail(f'missing {close}, unterminated name')
        name = self.pattern[self.pos:end]
        if not name:
            self.fail('missing group name')
        if not name.isidentifier():
            self.fail(f'bad character in group name {name!r}')
        self.pos = end + 1
        return name

    def close(self, at):
        if not self.take(')'):
            self.fail('missing ), unterminated subpattern', at)

    def group(self, at):
        saved, capture, look = self.flags, True, None
        name = None
        if self.take('?'):
            if self.take('P<'):
                start = self.pos
                name = self.name('>')
                if name in self.names:
                    self.fail(f'redefinition of group name {name!r} as group {self.count + 1}; '
                              f'was group {self.names[name]}', start)
            elif self.take('P='):
                start = self.pos
                name = self.name(')')
                if name not in self.names:
                    self.fail(f'unknown group name {name!r}', start)
                return self.reference(self.names[name], start)
            elif self.take('#'):
                end = self.pattern.find(')', self.pos)
                if end < 0:
                    self.fail('missing ), unterminated comment', at)
                self.pos = end + 1
                return None
            elif self.take('='):
                look = True, True
            elif self.take('!'):
                look = True, False
            elif self.take('<='):
                look = False, True
            elif self.take('<!'):
                look = False, False
            elif not self.take(':') and self.inline_flags(at):
                return None
            capture = name is not None
        number = 0
        if capture:
            self.count += 1
            number = self.count
            self.open.append(number)
            if name is not None:
                self.names[name] = number
        match, width, test = self.alternatives()
        self.close(at)
        self.flags = saved
        if look is not None:
            if not look[0] and width is None:
                raise error('look-behind requires fixed-width pattern')
            return _look(match, look[0], look[1], width), 0, None
        if capture:
            self.open.remove(number)
            return _group(number, match), width, None
        return match, width, test

    def inline_flags(self, at):
        """(?ims) for all of the pattern: True. (?i:...) and (?-i:...): False, at the colon."""
        add, drop, target = 0, 0, True
        start = self.pos
        while self.peek() and (self.peek() in _LETTERS or self.peek() == '-'):
            if self.peek() == '-':
                target = False
            elif target:
                add |= _LETTERS[self.peek()]
            else:
                drop |= _LETTERS[self.peek()]
            self.pos += 1
        if start == self.pos or not self.peek() or self.peek() not in ':)':
            _refuse(f'(?{self.pattern[start:start + 1]}...) in patterns is not supported')
        if self.take(':'):
            self.flags = (self.flags | add) & ~drop
            return False
        self.pos += 1
        if at != 0:
            self.fail('global flags not at the start of the expression', at)
        self.flags |= add
        return True


# ---- patterns and matches ----

class _State:
    def __init__(self, text, end, count):
        self.text, self.end = text, end
        self.groups = [None] * (count + 1)
        self.last = None
        self.stop = None


class Match:
    def __init__(self, pattern, state, start, pos, endpos):
        self.re, self.string, self.pos, self.endpos = pattern, state.text, pos, endpos
        self._spans = [(start, state.stop)] + state.groups[1:]
        self.lastindex = state.last

    def _index(self, group):
        if isinstance(group, str):
            if group not in self.re.groupindex:
                raise IndexError('no such group')
            return self.re.groupindex[group]
        if not 0 <= group < len(self._spans):
            raise IndexError('no such group')
        return group

    def _text(self, group, default=None):
        span = self._spans[self._index(group)]
        return default if span is None else self.string[span[0]:span[1]]

    def group(self, *groups):
        if len(groups) <= 1:
            return self._text(groups[0] if groups else 0)
        return tuple(self._text(group) for group in groups)

    def __getitem__(self, group):
        return self._text(group)

    def groups(self, default=None):
        return tuple(self._text(i, default) for i in range(1, len(self._spans)))

    def groupdict(self, default=None):
        return {name: self._text(i, default) for name, i in self.re.groupindex.items()}

    def span(self, group=0):
        return self._spans[self._index(group)] or (-1, -1)

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    @property
    def lastgroup(self):
        for name, number in self.re.groupindex.items():
            if number == self.lastindex:
                return name
        return None

    def expand(self, template):
        return _expand(template, self)

    def __bool__(self):
        return True

    def __repr__(self):
        return f'<re.Match object; span={self.span()!r}, match={self.group()!r}>'


def _expand(template, match):
    out, i = [], 0
    while i < len(template):
        c = template[i]
        i += 1
        if c != '\\':
            out.append(c)
            continue
        c = template[i:i + 1]
        i += 1
        if c == 'g' and template[i:i + 1] == '<':
            end = template.find('>', i)
            name = template[i + 1:end]
            if end < 0 or not name:
                raise error('missing >, unterminated name' if end < 0 else 'missing group name',
                            template, i + 1)
            i = end + 1
            if name.isdecimal():
                if int(name) > match.re.groups:
                    raise error(f'invalid group reference {name}', template, i - len(name) - 1)
                name = int(name)
            elif name not in match.re.groupindex:
                raise IndexError(f'unknown group name {name!r}')
            out.append(match._text(name, ''))
        elif c and c in '123456789':
            digits = c
            if template[i:i + 1] and template[i] in '0123456789':
                digits += template[i]
                i += 1
                if template[i:i + 1] and template[i] in '01234567' and digits[0] in '0123':
                    _refuse('octal escapes in templates are not supported')
            if int(digits) > match.re.groups:
                raise error(f'invalid group reference {digits}', template, i - len(digits))
            out.append(match._text(int(digits), ''))
        elif c == '0':
            _refuse('octal escapes in templates are not supported')
        elif c in _ESCAPES:
            out.append(_ESCAPES[c])
        elif c == '\\':
            out.append(c)
        elif c.isascii() and c.isalpha():
            raise error(f'bad escape \\{c}', template, i - 2)
        else:
            out.append('\\' + c)
    return ''.join(out)


class Pattern:
    def __init__(self, pattern, flags):
        if not isinstance(pattern, str):
            _refuse('patterns of bytes are not supported')
        parser = _Parser(pattern, int(flags))
        self.pattern = pattern
        self._match = parser.parse()
        self.flags = parser.flags | (0 if parser.flags & A else U)
        self.groups = parser.count
        self.groupindex = parser.names

    def _at(self, string, i, pos, endpos, full=False, not_empty_at=-1):
        state = _State(string, endpos, self.groups)

        def done(j):
            if (full and j != endpos) or j == i == not_empty_at:
                return False
            state.stop = j
            return True
        return Match(self, state, i, pos, endpos) if self._match(state, i, done) else None

    def _limits(self, string, pos, endpos):
        if not isinstance(string, str):
            raise TypeError(f'expected string or bytes-like object, got {type(string).__name__!r}')
        end = len(string) if endpos is None else max(0, min(endpos, len(string)))
        return max(0, pos), end

    def match(self, string, pos=0, endpos=None):
        pos, end = self._limits(string, pos, endpos)
        return self._at(string, pos, pos, end) if pos <= end else None

    def fullmatch(self, string, pos=0, endpos=None):
        pos, end = self._limits(string, pos, endpos)
        return self._at(string, pos, pos, end, True) if pos <= end else None

    def search(self, string, pos=0, endpos=None):
        pos, end = self._limits(string, pos, endpos)
        for i in range(pos, end + 1):
            found = self._at(string, i, pos, end)
            if found:
                return found
        return None

    def finditer(self, string, pos=0, endpos=None):
        pos, end = self._limits(string, pos, endpos)
        i, empty_at = pos, -1
        while i <= end:
            found = self._at(string, i, pos, end, False, empty_at)
            if not found:
                i += 1
                continue
            yield found
            i = found.end()
            empty_at = i if found.start() == i else -1

    def findall(self, string, pos=0, endpos=None):
        out = []
        for found in self.finditer(string, pos, endpos):
            if self.groups > 1:
                out.append(found.groups(''))
            else:
                out.append(found._text(self.groups, ''))
        return out

    def split(self, string, maxsplit=0):
        out, last = [], 0
        for count, found in enumerate(self.finditer(string)):
            if maxsplit and count >= maxsplit:
                break
            out.append(string[last:found.start()])
            out.extend(found.groups())
            last = found.end()
        out.append(string[last:])
        return out

    def subn(self, repl, string, count=0):
        out, last, done = [], 0, 0
        for found in self.finditer(string):
            if count and done >= count:
                break
            out.append(string[last:found.start()])
            out.append(repl(found) if callable(repl) else _expand(repl, found))
            last = found.end()
            done += 1
        out.append(string[last:])
        return ''.join(out), done

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def __eq__(self, other):
        if not isinstance(other, Pattern):
            return NotImplemented
        return self.pattern == other.pattern and self.flags == other.flags

    def __hash__(self):
        return hash((self.pattern, self.flags))

    def __repr__(self):
        return f're.compile({self.pattern!r})'


_cache = {}


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError('cannot process flags argument with a compiled pattern')
        return pattern
    key = pattern, int(flags)
    if key not in _cache:
        _cache[key] = Pattern(pattern, flags)
    return _cache[key]


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def escape(pattern):
    special = '()[]{}?*+-|^$\\.&~# \t\n\r\v\f'
    return ''.join(['\\' + c if c in special else c for c in pattern])


def purge():
    _cache.clear()
