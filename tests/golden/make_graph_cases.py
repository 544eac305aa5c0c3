#!/usr/bin/env python3
"""Writes graph.txt: random revision graphs, and what real Alembic makes of them.

Needs Alembic 1.19 (PYTHONPATH). Alembic keeps revisions in hash sets in places; they are replaced
by ordered ones here, so that the answers are those with "load order" wherever it leaves the order
open. Lines are tab separated; lists are separated by blanks:

    graph   NAME
    rev     ID  DOWN  DEPENDS_ON  LABELS
    heads   HEADS  REAL_HEADS  BASES  REAL_BASES        of the graph, or
    broken  MESSAGE                                     for one that cannot be built
    state   ID  LABELS  NDOWN                           of a revision
    resolve SYMBOL  ANSWER
    history FROM  TO  ANSWER
    upgrade ROWS  TARGET  ANSWER                        steps in order
    downgrade ROWS  TARGET  ANSWER
    changes ROWS  TARGET  ANSWER                        of the version table, with an upgrade
    changes- ROWS  TARGET  ANSWER                       ... a downgrade
    stamp   ROWS  TARGETS  ANSWER
    current ROWS  ANSWER

ANSWER is a list, or "! " and the message of a CommandError, or "!!" where Alembic ends with a
traceback. An empty field is written "-".
"""
import random
import sys
import types
import warnings

from sqlalchemy.util import OrderedSet

from alembic import util
from alembic.runtime import migration
from alembic.script import ScriptDirectory
from alembic.script import revision as revision_module

revision_module.set = OrderedSet
revision_module.frozenset = OrderedSet
migration.set = OrderedSet
revision_module.isinstance = lambda x, kinds: isinstance(x, kinds) or (
    isinstance(kinds, tuple) and OrderedSet in kinds and isinstance(x, set))
revision_module.Revision.nextrev = OrderedSet()
revision_module.Revision._all_nextrev = OrderedSet()
warnings.simplefilter("ignore")
SEED = 20240611


class Script(revision_module.Revision):
    module = types.SimpleNamespace(upgrade=lambda: None, downgrade=lambda: None)
    doc = ""


class NoDatabase:
    """What HeadMaintainer writes to: records the changes."""

    def __init__(self):
        self.changes = []
        self.as_sql = True


class Maintainer(migration.HeadMaintainer):
    def _insert_version(self, version):
        assert version not in self.heads
        self.heads.add(version)
        self.context.changes.append("+" + version)

    def _delete_version(self, version):
        self.heads.remove(version)
        self.context.changes.append("-" + version)

    def _update_version(self, from_, to_):
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)
        self.context.changes.append(from_ + ">" + to_)


def directory(revisions):
    sd = ScriptDirectory.__new__(ScriptDirectory)
    sd.revision_map = revision_module.RevisionMap(lambda: [Script(*r) for r in revisions])
    return sd


def text(items):
    return " ".join(items) or "-"


def answer(fn):
    try:
        return text(fn())
    except util.CommandError as e:
        return "! " + str(e)
    except Exception:
        return "!!"


def random_revisions(rng, size, labels, deps, bases, merges):
    ids, out = [], []
    for i in range(size):
        while True:
            new = "".join(rng.choice("0123456789abcdef") for _ in range(rng.choice([4, 6, 12])))
            if new not in ids and not new.isdigit():
                break
        down = ()
        if ids and rng.random() > bases:
            recent = ids[-6:]
            count = rng.choice([2, 2, 3]) if rng.random() < merges else 1
            down = tuple(rng.sample(recent, min(count, len(recent))))
        depends = ()
        if ids and rng.random() < deps:
            pool = [i for i in ids if i not in down]
            if pool:
                depends = tuple(rng.sample(pool, min(rng.choice([1, 1, 2]), len(pool))))
        label = ("lab%d" % i,) if rng.random() < labels else ()
        ids.append(new)
        out.append((new, down or None, depends or None, label or None))
    rng.shuffle(out)
    return out


def symbols(rng, sd):
    keys = [k for k in sd.revision_map._revision_map if k]
    label_names = [k for k in keys if k.startswith("lab")]
    ids = [k for k in keys if not k.startswith("lab")]
    some = lambda pool: rng.choice(pool or ids)
    return [
        "head", "heads", "base", "nosuch", "-1", "-2", "+1", "+2", "+9",
        some(ids), some(ids)[:4], some(ids)[:2], some(ids) + "-1", some(ids) + "+1",
        some(ids) + "@head", some(ids) + "@base", some(label_names), some(label_names) + "@head",
        some(label_names) + "@heads", some(label_names) + "@base", some(label_names) + "@-1",
        some(label_names) + "@+1", some(label_names) + "@" + some(ids), "head-1",
        some(label_names) + "@" + some(ids) + "-1", some(ids) + "@-1", "zz@head", "heads-1",
    ]


def steps_of(sd, verb, rows, target):
    revs = sd._upgrade_revs if verb == "upgrade" else sd._downgrade_revs
    return revs(target, rows)


def changes_of(sd, verb, rows, target):
    context = NoDatabase()
    maintainer = Maintainer(context, rows)
    for step in steps_of(sd, verb, rows, target):
        maintainer.update_to_step(step)
    return context.changes, tuple(maintainer.heads)


def stamp_of(sd, rows, targets):
    context = NoDatabase()
    maintainer = Maintainer(context, rows)
    out = []
    for step in sd._stamp_revs(targets, rows):
        context.changes.clear()
        maintainer.update_to_step(step)
        out.append("%s=%s:%s" % (",".join(step.from_), ",".join(step.to_),
                                 ",".join(context.changes)))
    return out


def write_graph(out, rng, name, revisions):
    print("graph", name, sep="\t", file=out)
    for new, down, depends, labels in revisions:
        print("rev", new, text(down or ()), text(depends or ()), text(labels or ()), sep="\t",
              file=out)
    sd = directory(revisions)
    m = sd.revision_map
    try:
        m._revision_map
    except Exception as e:
        kind = isinstance(e, revision_module.RevisionError)
        print("broken", e if kind else "!!", sep="\t", file=out)
        return
    print("heads", text(m.heads), text(m._real_heads), text(m.bases), text(m._real_bases),
          sep="\t", file=out)
    for key, r in m._revision_map.items():
        if key and key == r.revision:
            print("state", key, text(sorted(r.branch_labels)), text(r._normalized_down_revisions),
                  sep="\t", file=out)
    states = [()]
    for target in rng.sample(list(symbols(rng, sd)), 8) + ["heads"]:
        rows = rng.choice(states)
        try:
            states.append(changes_of(sd, "upgrade", rows, target)[1])
        except Exception:
            pass
    for s in symbols(rng, sd):
        if not s.startswith("+") and "+" not in s and (s[:1] == "-" or "-" not in s):
            print("resolve", s, answer(lambda: [r.revision for r in sd.get_revisions(s)]),
                  sep="\t", file=out)
    pool = symbols(rng, sd)
    for _ in range(12):
        a, b = rng.choice(["base"] + pool), rng.choice(["heads"] + pool)
        if a[0] == "-" and "+" in b:
            b = "heads"
        print("history", a, b, answer(lambda: [r.revision for r in sd.walk_revisions(a, b)]),
              sep="\t", file=out)
    print("history", "base", "heads",
          answer(lambda: [r.revision for r in sd.walk_revisions("base", "heads")]),
          sep="\t", file=out)
    for _ in range(14):
        rows, target = rng.choice(states), rng.choice(pool)
        for verb in ("upgrade", "downgrade"):
            print(verb, text(rows), target,
                  answer(lambda: [s.revision.revision for s in steps_of(sd, verb, rows, target)]),
                  sep="\t", file=out)
            print("changes" + ("-" if verb == "downgrade" else ""), text(rows), target,
                  answer(lambda: changes_of(sd, verb, rows, target)[0]), sep="\t", file=out)
        targets = tuple(rng.sample(pool, rng.choice([1, 1, 2])))
        if any(t[0] == "-" for t in targets):
            targets = targets[:1]
        print("stamp", text(rows), text(targets), answer(lambda: stamp_of(sd, rows, targets)),
              sep="\t", file=out)
        print("current", text(rows),
              answer(lambda: sorted(r.revision for r in sd.get_all_current(rows))),
              sep="\t", file=out)


BROKEN = {
    "self_loop": [("a", ("a",), None, None)],
    "dependency_self_loop": [("a", None, ("a",), None)],
    "illegal": [("a+b-c@d:e", None, None, None)],
    "cycle_whole": [("a", ("b",), None, None), ("b", ("a",), None, None)],
    "cycle_aside": [("r", None, None, None), ("b", ("c",), None, None), ("c", ("b",), None, None)],
    "dependency_cycle": [("r", None, None, None), ("a", ("r",), ("b",), None),
                         ("b", ("r",), ("a",), None)],
    "label_twice": [("a", None, None, ("x",)), ("b", ("a",), None, ("x",))],
    "label_is_id": [("a", None, None, ("b",)), ("b", ("a",), None, None)],
    "parent_missing": [("a", ("gone",), None, None)],
    "dependency_missing": [("a", None, ("gone",), None)],
    "label_as_parent": [("a", None, None, ("x",)), ("b", ("x",), None, None)],
}


def main():
    rng = random.Random(SEED)
    with open(sys.argv[1], "w") as out:
        for name, revisions in BROKEN.items():
            write_graph(out, rng, name, revisions)
        for i in range(int(sys.argv[2]) if len(sys.argv) > 2 else 40):
            revisions = random_revisions(
                rng, rng.choice([3, 6, 10, 18, 30]), labels=rng.choice([0, 0.1, 0.3]),
                deps=rng.choice([0, 0, 0.1, 0.3]), bases=rng.choice([0, 0.1, 0.25]),
                merges=rng.choice([0, 0.1, 0.3]))
            write_graph(out, rng, "random_%03d" % i, revisions)


main()
