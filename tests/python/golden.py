#!/usr/bin/python3
"""Writes NAME.out beside each NAME.py of tests/python/eval: what CPython prints for it.

Run it with Python 3.11 after adding a program; the files are committed. The last line tells an
exception that was not caught, in the words of tests/unit/python_eval.c.
"""
import contextlib
import io
import os
import sys
import traceback

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "eval")


def run(path):
    out = io.StringIO()
    sys.path.insert(0, here)
    kept = set(sys.modules)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    import types

    main = types.ModuleType("__main__")
    main.__file__ = path
    sys.modules["__main__"] = main
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(text, path, "exec"), main.__dict__)
        except BaseException as e:
            cls = type(e)
            name = cls.__qualname__
            if cls.__module__ not in ("builtins", "__main__"):
                name = cls.__module__ + "." + name
            print(f"raises {name}: {e}")
            last = traceback.extract_tb(e.__traceback__)[-1]
            print(f"  at {os.path.basename(last.filename)}:{last.lineno}")
    sys.path.pop(0)
    for name in set(sys.modules) - kept:
        del sys.modules[name]
    return out.getvalue()


def main():
    real = sys.modules["__main__"]
    only = sys.argv[1:]
    for name in sorted(os.listdir(here)):
        if not name.endswith(".py") or name.startswith("mod_"):
            continue
        if only and name not in only:
            continue
        text = run(os.path.join(here, name))
        sys.modules["__main__"] = real
        with open(os.path.join(here, name[:-3] + ".out"), "w", encoding="utf-8") as f:
            f.write(text)


main()
