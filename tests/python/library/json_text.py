import json
from enum import IntEnum


class Level(IntEnum):
    LOW = 1


value = {'a': [1, 2.5, None, True, {'é': '😀\n"\\\x01\x7f'}], 'b': (), 'c': {}, 1: 1e100, None: -0.0}
print(json.dumps(value))
print(json.dumps(value, ensure_ascii=False, indent=2))
print(json.dumps(value, separators=(',', ':')), json.dumps({'b': 1, 'a': 2}, sort_keys=True, indent='\t'))
print(json.dumps([float('nan'), float('inf'), 0.1, 1e-7, 10**25, Level.LOW]), json.dumps({1, 2}, default=list))
print(json.loads('{"a": [1, 2.5, null, true, "\\u00e9\\ud83d\\ude00\\n"], "b": {"c": -1e5}}'))
print(json.loads(' [] '), json.loads('"x"'), json.loads(b'1'), json.loads('[1.5]', parse_float=str))
for text in ('', '[1,]', '{"a" 1}', '{a: 1}', '"abc', '[1] x', '"\\x"', 'nul', '{"a":1,}', '"\n"'):
    try:
        print(json.loads(text))
    except ValueError as e:
        print(type(e).__name__, e)
for wrong in (object, {1, 2}, {(1, 2): 3}):
    try:
        json.dumps(wrong)
    except TypeError as e:
        print(e)
loop = []
loop.append(loop)
try:
    json.dumps(loop)
except ValueError as e:
    print(e)
