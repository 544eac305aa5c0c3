# json (RFC 8259), byte for byte as CPython writes it.

_ESCAPES = {'\\': '\\\\', '"': '\\"', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r',
            '\t': '\\t'}
_UNESCAPES = {'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r',
              't': '\t'}
_SPACE = ' \t\n\r'


# ---- writing ----

def _string(text, ascii_only):
    out = []
    for c in text:
        code = ord(c)
        if c in _ESCAPES:
            out.append(_ESCAPES[c])
        elif code < 32:
            out.append('\\u%04x' % code)
        elif code < 127 or not ascii_only:
            out.append(c)
        elif code < 65536:
            out.append('\\u%04x' % code)
        else:
            code -= 65536
            out.append('\\u%04x\\u%04x' % (0xd800 | code >> 10, 0xdc00 | code & 0x3ff))
    return '"' + ''.join(out) + '"'


class JSONEncoder:
    item_separator = ', '
    key_separator = ': '

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True,
                 sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ','
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(f'Object of type {o.__class__.__name__} is not JSON serializable')

    def encode(self, o):
        out = []
        self._write(o, out, '\n', [])
        return ''.join(out)

    def iterencode(self, o, _one_shot=False):
        yield self.encode(o)

    def _float(self, o):
        if o != o:
            text = 'NaN'
        elif o in (float('inf'), float('-inf')):
            text = 'Infinity' if o > 0 else '-Infinity'
        else:
            return float.__repr__(o)
        if not self.allow_nan:
            raise ValueError('Out of range float values are not JSON compliant')
        return text

    def _key(self, key):
        if isinstance(key, str):
            return key
        if isinstance(key, float):
            return self._float(key)
        if key is True:
            return 'true'
        if key is False:
            return 'false'
        if key is None:
            return 'null'
        if isinstance(key, int):
            return int.__repr__(key)
        if self.skipkeys:
            return None
        raise TypeError('keys must be str, int, float, bool or None, not '
                        f'{key.__class__.__name__}')

    def _write(self, o, out, newline, parents):
        if isinstance(o, str):
            out.append(_string(o, self.ensure_ascii))
        elif o is None:
            out.append('null')
        elif o is True:
            out.append('true')
        elif o is False:
            out.append('false')
        elif isinstance(o, int):
            out.append(int.__repr__(o))
        elif isinstance(o, float):
            out.append(self._float(o))
        else:
            if any(o is parent for parent in parents):
                raise ValueError('Circular reference detected')
            parents.append(o)
            if isinstance(o, (list, tuple)):
                self._write_list(o, out, newline, parents)
            elif isinstance(o, dict):
                self._write_dict(o, out, newline, parents)
            else:
                self._write(self.default(o), out, newline, parents)
            parents.pop()

    def _deeper(self, newline):
        indent = self.indent
        return newline + (' ' * indent if isinstance(indent, int) else indent)

    def _write_list(self, items, out, newline, parents):
        if not items:
            out.append('[]')
            return
        separator, inner, close = self.item_separator, newline, ''
        out.append('[')
        if self.indent is not None:
            inner = self._deeper(newline)
            separator += inner
            out.append(inner)
            close = newline
        for i, item in enumerate(items):
            if i:
                out.append(separator)
            self._write(item, out, inner, parents)
        out.append(close + ']')

    def _write_dict(self, values, out, newline, parents):
        if not values:
            out.append('{}')
            return
        separator, inner, close = self.item_separator, newline, ''
        out.append('{')
        if self.indent is not None:
            inner = self._deeper(newline)
            separator += inner
            out.append(inner)
            close = newline
        first = True
        for key, value in sorted(values.items()) if self.sort_keys else values.items():
            key = self._key(key)
            if key is None:
                continue
            if not first:
                out.append(separator)
            first = False
            out.append(_string(key, self.ensure_ascii) + self.key_separator)
            self._write(value, out, inner, parents)
        out.append(close + '}')


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None,
          indent=None, separators=None, default=None, sort_keys=False, **kw):
    return (cls or JSONEncoder)(skipkeys=skipkeys, ensure_ascii=ensure_ascii,
                                check_circular=check_circular, allow_nan=allow_nan, indent=indent,
                                separators=separators, default=default, sort_keys=sort_keys,
                                **kw).encode(obj)


def dump(obj, fp, **kw):
    fp.write(dumps(obj, **kw))


# ---- reading ----

class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        lineno = doc.count('\n', 0, pos) + 1
        colno = pos - doc.rfind('\n', 0, pos)
        super().__init__(f'{msg}: line {lineno} column {colno} (char {pos})')
        self.msg, self.doc, self.pos, self.lineno, self.colno = msg, doc, pos, lineno, colno


def _skip(s, i):
    while i < len(s) and s[i] in _SPACE:
        i += 1
    return i


def _hex4(s, i):
    digits = s[i:i + 4]
    if len(digits) != 4 or any(c not in '0123456789abcdefABCDEF' for c in digits):
        raise JSONDecodeError('Invalid \\uXXXX escape', s, i - 1)
    return int(digits, 16)


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None,
                 strict=True, object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or float
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        value, end = self.raw_decode(s, _skip(s, 0))
        end = _skip(s, end)
        if end != len(s):
            raise JSONDecodeError('Extra data', s, end)
        return value

    def raw_decode(self, s, idx=0):
        return self._value(s, idx)

    def _value(self, s, i):
        c = s[i:i + 1]
        if c == '"':
            return self._string(s, i + 1)
        if c == '{':
            return self._object(s, i + 1)
        if c == '[':
            return self._array(s, i + 1)
        for word, value in (('null', None), ('true', True), ('false', False)):
            if s.startswith(word, i):
                return value, i + len(word)
        for word in ('NaN', 'Infinity', '-Infinity'):
            if s.startswith(word, i):
                return self.parse_constant(word), i + len(word)
        return self._number(s, i)

    def _number(self, s, start):
        i = start + (s[start:start + 1] == '-')
        if s[i:i + 1] == '0':
            i += 1
        elif s[i:i + 1] in tuple('123456789'):
            while s[i:i + 1] in tuple('0123456789'):
                i += 1
        else:
            raise JSONDecodeError('Expecting value', s, start)
        end = i
        if s[i:i + 1] == '.' and s[i + 1:i + 2] in tuple('0123456789'):
            i += 2
            while s[i:i + 1] in tuple('0123456789'):
                i += 1
            end = i
        if s[i:i + 1] in ('e', 'E'):
            i += 1 + (s[i + 1:i + 2] in ('+', '-'))
            digits = i
            while s[i:i + 1] in tuple('0123456789'):
                i += 1
            if i > digits:
                end = i
        text = s[start:end]
        whole = text.isdigit() or text[1:].isdigit() and text[0] == '-'
        return (self.parse_int if whole else self.parse_float)(text), end

    def _string(self, s, i):
        begin = i - 1
        out = []
        while True:
            start = i
            while i < len(s) and s[i] != '"' and s[i] != '\\' and (s[i] >= ' ' or not self.strict):
                i += 1
            out.append(s[start:i])
            if i >= len(s):
                raise JSONDecodeError('Unterminated string starting at', s, begin)
            if s[i] == '"':
                return ''.join(out), i + 1
            if s[i] != '\\':
                raise JSONDecodeError('Invalid control character at', s, i)
            c = s[i + 1:i + 2]
            if not c:
                raise JSONDecodeError('Unterminated string starting at', s, begin)
            if c != 'u':
                if c not in _UNESCAPES:
                    raise JSONDecodeError('Invalid \\escape', s, i)
                out.append(_UNESCAPES[c])
                i += 2
                continue
            code = _hex4(s, i + 2)
            i += 6
            if 0xd800 <= code <= 0xdbff and s.startswith('\\u', i):
                low = _hex4(s, i + 2)
                if 0xdc00 <= low <= 0xdfff:
                    code = 0x10000 + ((code - 0xd800) << 10 | low - 0xdc00)
                    i += 6
            out.append(chr(code))

    def _array(self, s, i):
        values = []
        i = _skip(s, i)
        if s[i:i + 1] == ']':
            return values, i + 1
        while True:
            value, i = self._value(s, i)
            values.append(value)
            i = _skip(s, i)
            if s[i:i + 1] == ']':
                return values, i + 1
            if s[i:i + 1] != ',':
                raise JSONDecodeError("Expecting ',' delimiter", s, i)
            i = _skip(s, i + 1)

    def _object(self, s, i):
        pairs = []
        i = _skip(s, i)
        if s[i:i + 1] != '}':
            while True:
                if s[i:i + 1] != '"':
                    raise JSONDecodeError(
                        'Expecting property name enclosed in double quotes', s, i)
                key, i = self._string(s, i + 1)
                i = _skip(s, i)
                if s[i:i + 1] != ':':
                    raise JSONDecodeError("Expecting ':' delimiter", s, i)
                value, i = self._value(s, _skip(s, i + 1))
                pairs.append((key, value))
                i = _skip(s, i)
                if s[i:i + 1] == '}':
                    break
                if s[i:i + 1] != ',':
                    raise JSONDecodeError("Expecting ',' delimiter", s, i)
                i = _skip(s, i + 1)
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs), i + 1
        made = dict(pairs)
        return made if self.object_hook is None else self.object_hook(made), i + 1


def loads(s, *, cls=None, **kw):
    if isinstance(s, bytes):
        s = s.decode('utf-8')
    if not isinstance(s, str):
        raise TypeError('the JSON object must be str, bytes or bytearray, not '
                        f'{s.__class__.__name__}')
    if s.startswith('\ufeff'):
        raise JSONDecodeError('Unexpected UTF-8 BOM (decode using utf-8-sig)', s, 0)
    return (cls or JSONDecoder)(**kw).decode(s)
