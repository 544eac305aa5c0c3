"""Every revision of tests/refused is refused with the code, at the line and column it says.

The line that is refused ends with a comment: "# RT1401 at 12" names the code and the column; a place
that is no line of the file is left out: "# RT1410". And every row of src/python/refusals.def is
met by a test: here, in tests/python/refused, or in a unit test that names the code.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ["top_srcdir"])
RETORT = os.environ["RETORT"]
ENV = """
from alembic import context
context.configure(url="postgresql://nowhere/none")
with context.begin_transaction():
    context.run_migrations()
"""


def expected(path):
    for number, line in enumerate(path.read_bytes().decode("latin-1").split("\n"), 1):
        found = re.search(r"# (RT\d{4})(?: at (\d+))?$", line)
        if found:
            code, column = found.groups()
            return (code, number, int(column)) if column else (code, 0, 0)
    raise SystemExit(f"{path.name}: expects nothing")


def render(path, folder):
    """What retort says of one revision in a project of its own: (code, line, column)."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n"
                                        "prepend_sys_path = .\n")
    (folder / "migrations" / "env.py").write_text(ENV)
    (folder / "outside.py").symlink_to(TOP / "tests" / "refused" / "outside.txt")
    (versions / path.name).write_bytes(path.read_bytes())
    done = subprocess.run([RETORT, "render", "--json"], cwd=folder, capture_output=True, text=True,
                          errors="replace", timeout=60)
    if done.stdout:
        answer = json.loads(done.stdout.splitlines()[-1])
        return answer.get("code"), answer.get("line", 0), answer.get("column", 0), answer
    said = re.search(r"\.py:(?:(\d+):(\d+):)? (RT\d{4}): ", done.stderr)
    if not said:
        return None, 0, 0, done.stderr
    line, column, code = said.groups()
    return code, int(line or 0), int(column or 0), done.stderr


def uncovered(met):
    """The codes of the table that no test meets."""
    rows = re.findall(r'^PY_REFUSAL\(\w+, "(RT\d{4})"', (TOP / "src/python/refusals.def").read_text(),
                      re.M)
    assert rows and len(rows) == len(set(rows)) and rows == sorted(rows), "codes are unique, in order"
    for out in (TOP / "tests/python/refused").glob("*.out"):
        met.update(re.findall(r"^(?:refused|limit): (RT\d{4}): ", out.read_text(), re.M))
    for unit in (TOP / "tests/unit").glob("*.c"):
        met.update(re.findall(r'diagnostic, "(RT\d{4})"', unit.read_text()))
    return [code for code in rows if code not in met]


def main():
    status, met = 0, set()
    for path in sorted((TOP / "tests" / "refused").glob("*.py")):
        want = expected(path)
        with tempfile.TemporaryDirectory() as folder:
            *got, answer = render(path, pathlib.Path(folder))
        if want != tuple(got):
            print(f"FAIL {path.name}: expected {want}, got {tuple(got)}: {answer}")
            status = 1
        met.add(want[0])
    for code in uncovered(met):
        print(f"FAIL no test is refused with {code}")
        status = 1
    return status


sys.exit(main())
