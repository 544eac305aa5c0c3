# os.path: what can be said about a path without looking at the disk.
from _host import is_unknown as _is_unknown, unknown as _unknown

sep = '/'
altsep = None
extsep = '.'
pathsep = ':'
curdir = '.'
pardir = '..'
defpath = '/bin:/usr/bin'


def _text(path):
    if _is_unknown(path) or isinstance(path, (str, bytes)):
        return path
    return path.__fspath__()


def join(a, *paths):
    out = _text(a)
    for part in paths:
        part = _text(part)
        if _is_unknown(out) or _is_unknown(part):
            return _unknown('os.path.join()', 'a part of the path is not known')
        if part.startswith('/'):
            out = part
        elif not out or out.endswith('/'):
            out += part
        else:
            out += '/' + part
    return out


def split(p):
    p = _text(p)
    if _is_unknown(p):
        return p, p
    i = p.rfind('/') + 1
    head, tail = p[:i], p[i:]
    if head and head != '/' * len(head):
        head = head.rstrip('/')
    return head, tail


def dirname(p):
    return split(p)[0]


def basename(p):
    return split(p)[1]


def splitext(p):
    p = _text(p)
    if _is_unknown(p):
        return p, p
    dot, slash = p.rfind('.'), p.rfind('/')
    if dot > slash and p[slash + 1:dot].strip('.'):
        return p[:dot], p[dot:]
    return p, ''


def splitdrive(p):
    return '', _text(p)


def isabs(s):
    return _text(s).startswith('/')


def normcase(s):
    return _text(s)


def normpath(path):
    path = _text(path)
    if _is_unknown(path):
        return path
    if not path:
        return '.'
    slashes = 0
    if path.startswith('/'):
        slashes = 2 if path.startswith('//') and not path.startswith('///') else 1
    parts = []
    for part in path.split('/'):
        if part in ('', '.'):
            continue
        if part != '..' or (not slashes and not parts) or (parts and parts[-1] == '..'):
            parts.append(part)
        elif parts:
            parts.pop()
    return '/' * slashes + '/'.join(parts) or '.'


def abspath(path):
    path = _text(path)
    if _is_unknown(path):
        return path
    if not path.startswith('/'):
        return _unknown('os.path.abspath()', 'the current folder is not known')
    return normpath(path)


realpath = abspath


def expandvars(path):
    return _unknown('os.path.expandvars()', 'is not supported') if '$' in path else path


def expanduser(path):
    path = _text(path)
    if _is_unknown(path) or not path.startswith('~'):
        return path
    return _unknown('os.path.expanduser()', 'the home folder is not known')


def commonprefix(m):
    if not m:
        return ''
    low, high = min(m), max(m)
    for i, c in enumerate(low):
        if c != high[i]:
            return low[:i]
    return low


def relpath(path, start='.'):
    if not isabs(path) or not isabs(start):
        return _unknown('os.path.relpath()', 'the current folder is not known')
    here = [part for part in normpath(start).split('/') if part]
    there = [part for part in normpath(path).split('/') if part]
    same = 0
    while same < min(len(here), len(there)) and here[same] == there[same]:
        same += 1
    return '/'.join(['..'] * (len(here) - same) + there[same:]) or '.'
