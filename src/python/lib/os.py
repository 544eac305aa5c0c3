# os: the environment that retort was given, and nothing else of the host.
from _host import environ as _environ, unknown as _unknown
import os.path as path

name = 'posix'
sep = path.sep
altsep = None
extsep = path.extsep
pathsep = path.pathsep
curdir = path.curdir
pardir = path.pardir
linesep = '\n'
devnull = '/dev/null'


def _check(value):
    if not isinstance(value, str):
        raise TypeError(f'str expected, not {type(value).__name__}')
    return value


class _Environ(dict):
    def __setitem__(self, key, value):
        dict.__setitem__(self, _check(key), _check(value))

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def copy(self):
        return dict(self)

    def __repr__(self):
        return f'environ({dict(self)!r})'


environ = _Environ(_environ())


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(key, value):
    pass


def unsetenv(key):
    pass


def fspath(path):
    if isinstance(path, (str, bytes)):
        return path
    return path.__fspath__()


def getcwd():
    return _unknown('os.getcwd()', 'the current folder is not known')
