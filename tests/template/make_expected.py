"""Writes what real Mako makes of the templates here, for tests/unit/test_template.c.

Needs Mako. Templates that Mako (or retort on purpose) refuses have no .expected file.
"""
import datetime
import pathlib

from mako.template import Template

HERE = pathlib.Path(__file__).resolve().parent


def comma(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else ", ".join(value)


VARIABLES = {
    "message": "it's a \"message\"",
    "up_revision": "ab12",
    "down_revision": ("a1", "b2"),
    "branch_labels": None,
    "depends_on": ["c3"],
    "create_date": datetime.datetime(2026, 11, 22, 6, 39, 36, 888951),
    "comma": comma,
    "imports": "import one\nimport two",
    "upgrades": "first()\n    second()",
    "downgrades": "",
}
REFUSED = {"open"}  # Mako runs what it is given

for path in sorted(HERE.glob("*.mako")):
    if path.stem in REFUSED:
        continue
    try:
        text = Template(filename=str(path)).render_unicode(**VARIABLES)
    except Exception as error:
        print(path.name, "is refused:", type(error).__name__, error)
        continue
    path.with_suffix(".expected").write_bytes(text.encode())
