# pathlib: paths as text. Whatever would look at the disk is not here.
import os.path as _path
from _host import is_unknown as _is_unknown, unknown as _unknown


def _normal(text):
    """As PurePosixPath writes a path: without double slashes and '.' parts."""
    root = ''
    if text.startswith('/'):
        root = '//' if text.startswith('//') and not text.startswith('///') else '/'
    parts = [part for part in text.split('/') if part and part != '.']
    return root, parts


class PurePath:
    def __new__(cls, *args):
        for arg in args:
            if _is_unknown(arg):
                return arg
        texts = [str(arg) if isinstance(arg, PurePath) else arg for arg in args]
        for text in texts:
            if not isinstance(text, str):
                raise TypeError('argument should be a str or an os.PathLike object where '
                                '__fspath__ returns a str, not '
                                f'{type(text).__name__!r}')
        self = object.__new__(cls)
        self._root, self._parts = _normal(_path.join(*texts) if texts else '')
        return self

    def _make(self, root, parts):
        made = object.__new__(type(self))
        made._root, made._parts = root, parts
        return made

    def __str__(self):
        return self._root + '/'.join(self._parts) or '.'

    __fspath__ = as_posix = __str__

    def __repr__(self):
        return f'{type(self).__name__}({str(self)!r})'

    def __eq__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return str(self) == str(other)

    def __hash__(self):
        return hash(str(self))

    def __lt__(self, other):
        return self.parts < other.parts

    def __truediv__(self, key):
        return type(self)(self, key)

    def __rtruediv__(self, key):
        return type(self)(key, self)

    def joinpath(self, *args):
        return type(self)(self, *args)

    @property
    def root(self):
        return self._root

    anchor = root
    drive = ''

    @property
    def parts(self):
        return tuple(([self._root] if self._root else []) + self._parts)

    @property
    def parent(self):
        return self._make(self._root, self._parts[:-1])

    @property
    def parents(self):
        count = len(self._parts)
        return tuple(self._make(self._root, self._parts[:i]) for i in range(count - 1, -1, -1))

    @property
    def name(self):
        return self._parts[-1] if self._parts else ''

    @property
    def suffix(self):
        name = self.name
        dot = name.rfind('.')
        return name[dot:] if 0 < dot < len(name) - 1 else ''

    @property
    def suffixes(self):
        name = self.name
        if name.endswith('.'):
            return []
        return ['.' + part for part in name.lstrip('.').split('.')[1:]]

    @property
    def stem(self):
        suffix = self.suffix
        return self.name[:len(self.name) - len(suffix)]

    def is_absolute(self):
        return bool(self._root)

    def with_name(self, name):
        if not self.name:
            raise ValueError(f'{self!r} has an empty name')
        if not name or '/' in name or name == '.':
            raise ValueError(f'Invalid name {name!r}')
        return self._make(self._root, self._parts[:-1] + [name])

    def with_suffix(self, suffix):
        if suffix and (not suffix.startswith('.') or suffix == '.' or '/' in suffix):
            raise ValueError(f'Invalid suffix {suffix!r}')
        return self.with_name(self.stem + suffix)

    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)

    def is_relative_to(self, *other):
        there = type(self)(*other)
        return (self._root == there._root and
                self._parts[:len(there._parts)] == there._parts)

    def relative_to(self, *other):
        there = type(self)(*other)
        if not self.is_relative_to(there):
            raise ValueError(f'{str(self)!r} is not in the subpath of {str(there)!r} OR one path '
                             'is relative and the other is absolute.')
        return self._make('', self._parts[len(there._parts):])

    def absolute(self):
        if self._root:
            return self
        return _unknown('Path.absolute()', 'the current folder is not known')

    def resolve(self, strict=False):
        if self._root:
            return type(self)(_path.normpath(str(self)))
        return _unknown('Path.resolve()', 'the current folder is not known')


class PurePosixPath(PurePath):
    pass


class Path(PurePosixPath):
    @classmethod
    def home(cls):
        return _unknown('Path.home()', 'the home folder is not known')

    @classmethod
    def cwd(cls):
        return _unknown('Path.cwd()', 'the current folder is not known')

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}')
        return _unknown(f'Path.{name}', 'the disk is not looked at')


class PosixPath(Path):
    pass
