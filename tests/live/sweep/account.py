"""What a journal says of a run, read by the rules of src/run/journal.h and nothing else.

Independent of retort's own reader on purpose: the sweep holds both against the database.
"""
import hashlib
import json
import pathlib
import re


class Account:
    """known: all before it is committed. possible: it may be that all before this is; else None.

    Positions are (step, statement). sent: the SQL outside of any transaction that has no answer.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.records, self.cut_off = [], False
        self.known, self.possible, self.sent = (0, 0), None, None
        self.next = (0, 0)
        self.end = None
        self._read()
        for record in self.records:
            getattr(self, "_" + record["kind"], lambda r: None)(record)

    def _read(self):
        before = ""
        for line in self.path.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                self.cut_off = True
                break
            text, found = re.fullmatch(rb'(.*),"hash":"([0-9a-f]{64})"}\n', line).groups()
            before = hashlib.sha256(before.encode() + text).hexdigest()
            assert before == found.decode(), "the chain of %s does not hold" % self.path
            self.records.append(json.loads(line))

    def _after(self, at):
        steps = self.records[0]["steps"]
        step, statement = at
        while step < len(steps) and statement >= steps[step]["statements"]:
            step, statement = step + 1, 0
        return step, statement

    def _run(self, record):
        self.known = self.next = tuple(record["start"])

    def _send(self, record):
        at = record["step"], record["statement"]
        self.in_transaction = record["in_transaction"]
        if not self.in_transaction:
            self.possible, self.sent = self._after((at[0], at[1] + 1)), record["sql"]

    def _done(self, record):
        self.next = self._after((record["step"], record["statement"] + 1))
        if not self.in_transaction:
            self.known, self.possible, self.sent = self.next, None, None

    def _failed(self, record):
        self.possible = self.sent = None

    def _commit(self, record):
        self.possible = self.next

    def _committed(self, record):
        self.known = self.next = tuple(record["up_to"])
        self.possible = self.sent = None

    def _rolled_back(self, record):
        self.known = self.next = tuple(record["back_to"])
        self.possible = self.sent = None

    def _resolved(self, record):
        if record["what"] == "committed":
            self.known = self.possible
        self.possible = None
        self.next = self.known

    def _end(self, record):
        self.end = record["state"]
