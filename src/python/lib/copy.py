# copy, of plain data. What has state of another kind is refused, not half copied.
from _host import is_plain_object as _is_plain, refuse as _refuse


class Error(Exception):
    pass


_atoms = (type(None), int, float, bool, str, bytes, type, type(...), type(len), type(lambda: 0))


def copy(x):
    if isinstance(x, _atoms) or isinstance(x, (tuple, frozenset)):
        return x
    cls = type(x)
    if cls in (list, dict, set):
        return cls(x)
    if hasattr(cls, '__copy__'):
        return x.__copy__()
    if isinstance(x, (list, dict, set)):
        made = cls.__new__(cls)
        made.extend(x) if isinstance(x, list) else made.update(x)
        made.__dict__.update(x.__dict__)
        return made
    if not _is_plain(x):
        _refuse(f'copy.copy() of {cls.__name__} is not supported')
    made = cls.__new__(cls)
    made.__dict__.update(x.__dict__)
    return made


def deepcopy(x, memo=None):
    memo = {} if memo is None else memo
    if isinstance(x, _atoms):
        return x
    if id(x) in memo:
        return memo[id(x)]
    cls = type(x)
    if hasattr(cls, '__deepcopy__'):
        made = memo[id(x)] = x.__deepcopy__(memo)
        return made
    if cls is list:
        made = memo[id(x)] = []
        for item in x:
            made.append(deepcopy(item, memo))
        return made
    if cls is dict:
        made = memo[id(x)] = {}
        for key, value in x.items():
            made[deepcopy(key, memo)] = deepcopy(value, memo)
        return made
    if cls in (tuple, set, frozenset):
        made = memo[id(x)] = cls([deepcopy(item, memo) for item in x])
        return made
    if not _is_plain(x):
        _refuse(f'copy.deepcopy() of {cls.__name__} is not supported')
    made = memo[id(x)] = cls.__new__(cls)
    for key, value in x.__dict__.items():
        made.__dict__[key] = deepcopy(value, memo)
    return made
