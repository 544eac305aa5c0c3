# typing.NamedTuple and typing.TypedDict: classes that a class statement makes from annotations.

from collections import namedtuple

_own = ('__new__', '__init__', '__slots__', '__getnewargs__', '_fields', '_field_defaults',
        '_field_types', '_make', '_replace', '_asdict', '_source')
_made = ('__module__', '__name__', '__annotations__')


def _named(typename, types, defaults=()):
    made = namedtuple(typename, list(types), defaults=defaults)
    made.__annotations__ = made.__new__.__annotations__ = dict(types)
    return made


class _NamedTupleMeta(type):
    def __new__(cls, typename, bases, namespace):
        if not bases:
            return type.__new__(cls, typename, bases, namespace)
        types = namespace.get('__annotations__', {})
        defaults = []
        for name in types:
            if name in namespace:
                defaults.append(name)
            elif defaults:
                raise TypeError(f'Non-default namedtuple field {name} cannot follow default field'
                                f'{"s" if len(defaults) > 1 else ""} {", ".join(defaults)}')
        made = _named(typename, types, [namespace[name] for name in defaults])
        for key, value in namespace.items():
            if key in _own:
                raise AttributeError('Cannot overwrite NamedTuple attribute ' + key)
            if key not in _made and key not in types:
                setattr(made, key, value)
        return made


class NamedTuple(metaclass=_NamedTupleMeta):
    def __new__(cls, typename, fields=None, /, **kwargs):
        if fields is None:
            fields = kwargs.items()
        elif kwargs:
            raise TypeError('Either list of fields or keywords can be provided to NamedTuple, '
                            'not both')
        return _named(typename, dict(fields))


class _TypedDictMeta(type):
    def __new__(cls, name, bases, namespace, total=True):
        if not bases:
            return type.__new__(cls, name, bases, namespace)
        own = namespace.get('__annotations__', {})
        annotations, required, optional = {}, set(), set()
        for base in bases:
            annotations.update(base.__dict__.get('__annotations__', {}))
            required |= base.__dict__.get('__required_keys__', set())
            optional |= base.__dict__.get('__optional_keys__', set())
        (required if total else optional).update(own)
        namespace['__annotations__'] = annotations | own
        namespace['__required_keys__'] = frozenset(required)
        namespace['__optional_keys__'] = frozenset(optional)
        namespace['__total__'] = total
        return type.__new__(cls, name, (dict,), namespace)

    def __init__(cls, name, bases, namespace, total=True):
        pass

    def __call__(cls, /, *args, total=True, **kwargs):
        if cls is not TypedDict:
            return dict(*args, **kwargs)
        name, fields = args if len(args) > 1 else (args[0], kwargs)
        return _TypedDictMeta(name, (TypedDict,), {'__annotations__': dict(fields)}, total=total)

    def __instancecheck__(cls, other):
        raise TypeError('TypedDict does not support instance and class checks')


class TypedDict(metaclass=_TypedDictMeta):
    pass
