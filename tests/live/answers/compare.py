"""Holds what retort answers with --json against retort-json(5): every member of every answer is
described there, for the command that gives it, and every member described is one of the program's.

usage: compare.py PAGE SOURCES RETORT       in a copy of the example project with an empty database
"""

import json
import pathlib
import re
import subprocess
import sys

page, sources, retort = (pathlib.Path(a) for a in sys.argv[1:])
problems = []


def members_of_sections(text):
    """Section title -> the names of its lists' items."""
    sections, names = {}, set()
    for line in text.splitlines():
        if line.startswith((".Ss ", ".Sh ")):
            names = sections.setdefault(line[4:], set())
        elif line.startswith(".It Li "):
            names.update(re.split(r" , ", line[7:]))
    return sections


described = members_of_sections(page.read_text())


def section_of(command):
    for title, names in described.items():
        if command in title.split(", "):
            return names
    problems.append(f"retort-json(5) has no section for {command}")
    return set()


# What an answer has of another section.
REVISION = section_of("show")
BORROWED = {
    "current": REVISION,
    "render": section_of("plan"),
    "attach": described["FAILURES"],
}
# Objects that are told as a whole, in words.
WHOLE = {"activity", "edit"}


def keys(value):
    if isinstance(value, list):
        for item in value:
            yield from keys(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            if key not in WHOLE:
                yield from keys(item)


def objects(text):
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        text = text[end:]
        yield value


def answer(*arguments, exit_status=0):
    command = next(a for a in arguments if not a.startswith("-"))
    done = subprocess.run([retort, *arguments, "--json"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    what = " ".join(arguments)
    if done.returncode != exit_status:
        problems.append(f"{what}: exit {done.returncode}, not {exit_status}: {done.stderr}")
    answers = list(objects(done.stdout))
    if not answers:
        problems.append(f"{what}: no answer")
    for value in answers:
        if value.get("retort") != 1:
            problems.append(f"{what}: the member retort is {value.get('retort')!r}, not 1")
        names = described["FAILURES"] if "error" in value else section_of(command)
        names = names | BORROWED.get(command, set()) | {"retort"}
        for key in sorted(set(keys(value)) - names):
            problems.append(f"{what}: retort-json(5) does not describe the member {key}")
    return answers


answer("current")
answer("plan", "-o", "plan.json")
answer("plan", "--plan", "plan.json")
answer("upgrade", "head", exit_status=3)
answer("upgrade", "--plan", "plan.json", "--confirm", "model_app")
answer("current")
answer("plan", "-1")
answer("heads")
answer("show", "head")
answer("branches")
answer("history", "-i")
answer("render", "--direction", "both")
answer("render", "--live", "2b8d4fa06c31")
answer("check", exit_status=255)
answer("diff")
answer("stamp", "head", "--yes")
answer("ensure_version", "--yes")
answer("help")
answer("help", "upgrade")
answer("list_templates")
answer("init", "elsewhere")
answer("doctor")
answer("attach", exit_status=1)
answer("upgrade", "nowhere", exit_status=255)
answer("runs", "--verify")
made = answer("revision", "-m", "fails")
path = pathlib.Path(made[0]["path"])
path.write_text(path.read_text() + """

def upgrade():
    op.execute("CREATE TABLE left_behind (id int)")
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY half ON left_behind (id)")
    op.execute("SELECT 1 / 0")
""")
answer("upgrade", "head", "--yes", exit_status=1)
answer("resume")
run = answer("runs")[0]["runs"][0]["run"]
answer("runs", run)
answer("resume", "--mark-not-done", "--yes")

literals = set()
for source in [*sources.glob("src/cli/*.c"), *sources.glob("src/run/*.c")]:
    literals.update(re.findall(r'"([a-z_0-9]+)\\?"', source.read_text()))
for title, names in described.items():
    for name in sorted(names - literals):
        problems.append(f"{title}: no source has the member {name}")

print("\n".join(problems) or f"{sum(map(len, described.values()))} members are as described")
sys.exit(1 if problems else 0)
