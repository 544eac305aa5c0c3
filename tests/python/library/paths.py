from pathlib import Path, PurePosixPath

p = PurePosixPath('/a//b/./c.tar.gz')
print(p, repr(p), p.name, p.stem, p.suffix, p.suffixes, p.parent, p.parts, p.is_absolute())
print([str(x) for x in p.parents], p / 'd', '/x' / PurePosixPath('y'), p.joinpath('e', 'f'))
print(p.with_name('x'), p.with_suffix('.py'), p.relative_to('/a'), PurePosixPath('.'), PurePosixPath())
print(p == PurePosixPath('/a/b/c.tar.gz'), {p: 1}[p], PurePosixPath('a') < PurePosixPath('b'))
print(str(Path('/a/b/c.py').parent.parent / 'd'), Path('x').name, Path('.hidden').suffix)
for wrong in (lambda: p.relative_to('/x'), lambda: p.with_name(''), lambda: p.with_suffix('x')):
    try:
        wrong()
    except ValueError as e:
        print(type(e).__name__)
