# string: the constants, capwords().

whitespace = ' \t\n\r\v\f'
ascii_lowercase = 'abcdefghijklmnopqrstuvwxyz'
ascii_uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
ascii_letters = ascii_lowercase + ascii_uppercase
digits = '0123456789'
hexdigits = digits + 'abcdef' + 'ABCDEF'
octdigits = '01234567'
punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or ' ').join(word.capitalize() for word in s.split(sep))


class Template:
    delimiter = '$'

    def __init__(self, template):
        self.template = template

    def _substitute(self, values, safe):
        text, out, i = self.template, [], 0
        while i < len(text):
            if text[i] != '$':
                out.append(text[i])
                i += 1
                continue
            if text[i + 1:i + 2] == '$':
                out.append('$')
                i += 2
                continue
            braced = text[i + 1:i + 2] == '{'
            end = start = i + 2 if braced else i + 1
            while end < len(text) and (text[end] == '_' or
                                       (text[end].isascii() and text[end].isalnum())):
                end += 1
            name = text[start:end]
            good = name and not name[0].isdigit() and (not braced or text[end:end + 1] == '}')
            if not good:
                if not safe:
                    lines = text[:i].splitlines(True) or ['']
                    column = i - len(''.join(lines[:-1]))
                    raise ValueError(f'Invalid placeholder in string: line {len(lines)}, '
                                     f'col {column + 1}')
                out.append('$')
                i += 1
                continue
            end += braced
            if name in values or not safe:
                out.append(str(values[name]))
            else:
                out.append(text[i:end])
            i = end
        return ''.join(out)

    def substitute(self, mapping=(), /, **kws):
        return self._substitute({**dict(mapping), **kws}, False)

    def safe_substitute(self, mapping=(), /, **kws):
        return self._substitute({**dict(mapping), **kws}, True)
