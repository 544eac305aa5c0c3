#!/usr/bin/python3
"""Programs that put objects of other kinds where the interpreter keeps its own: it ends with an
answer each time, whichever, and never with a signal or a sanitizer's report.

They stand in odd_objects.txt, one behind the other, with a line of three hyphens in between.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(os.environ["top_srcdir"]) / "tests" / "hostile"
EVAL = os.path.join(os.environ["top_builddir"], "tests", "unit", "python_eval")


def main():
    status, programs = 0, (HERE / "odd_objects.txt").read_text().split("---\n")
    with tempfile.TemporaryDirectory() as top:
        path = pathlib.Path(top) / "odd.py"
        for program in programs:
            path.write_text(program)
            done = subprocess.run([EVAL, str(path)], capture_output=True, timeout=120)
            if done.returncode or done.stderr:
                print(f"FAIL exit {done.returncode}:\n{program}{done.stderr.decode()[:400]}")
                status = 1
    print(f"{len(programs)} programs")
    return status


sys.exit(main())
