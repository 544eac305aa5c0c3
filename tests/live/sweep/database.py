"""The databases of the sweep, and what is in them, asked without retort."""
import os
import re
import subprocess
import time

from wire import ServerError, Session

HOST = os.environ["PGHOST"]
PG_DUMP = os.environ["PG_BIN"] + "/pg_dump"
COUNTER = "SELECT what, count(*) FROM oracle.log WHERE what <> '%s' GROUP BY 1 ORDER BY 1"
BROKEN = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid ORDER BY 1"


def wait_for_server():
    till = time.monotonic() + 30
    while True:
        try:
            return Session(HOST, "postgres").close()
        except (OSError, ServerError):
            if time.monotonic() > till:
                raise
            time.sleep(0.02)


def sort_rows(dump):
    """The rows of each COPY in order: where they lie in the table is no difference."""
    out, rows = [], None
    for line in dump.splitlines():
        if rows is None:
            out.append(line)
            rows = [] if line.startswith("COPY ") else None
        elif line == "\\.":
            out += sorted(rows) + [line]
            rows = None
        else:
            rows.append(line)
    return "\n".join(out)


class Seen:
    """What has taken effect: version rows, the log of the oracle, sums of the rows; and indexes that
    are not valid."""

    def __init__(self, rows, log, sums, broken):
        self.rows, self.log, self.sums, self.broken = rows, log, sums, broken

    def same(self, other):
        return (self.rows, self.log, self.sums) == (other.rows, other.log, other.sums)

    def __str__(self):
        return "rows %s, sums %s, broken %s, log %s" % (
            [r[0] for r in self.rows], self.sums, self.broken, ["%s x%s" % line for line in self.log])


class Database:
    """One database, made anew for each point."""

    def __init__(self, name):
        self.name = name
        self.session = None
        self.passed_over = ""  # in the log

    def admin(self, sql):
        """Asks the server from another database; waits for it when it has crashed."""
        for left in (True, False):
            try:
                if not self.session:
                    self.session = Session(HOST, "postgres")
                return self.session.query(sql)
            except (OSError, ServerError):
                self.session = None
                if not left:
                    raise
                wait_for_server()

    def make(self, template):
        self.admin('DROP DATABASE IF EXISTS "%s" WITH (FORCE)' % self.name)
        version = int(self.admin("SHOW server_version_num")[0][0])
        fast = "STRATEGY file_copy" if version >= 150000 else ""  # all there was before
        self.admin('CREATE DATABASE "%s" TEMPLATE "%s" %s' % (self.name, template, fast))

    def ask(self, sql):
        session = Session(HOST, self.name)
        try:
            return session.query(sql)
        finally:
            session.close()

    def seen(self):
        session = Session(HOST, self.name)
        try:
            tables = session.query("SELECT to_regclass('public.alembic_version'), "
                                   "to_regclass('public.account')")[0]
            return Seen(
                session.query("SELECT version_num FROM alembic_version ORDER BY 1")
                if tables[0] else [],
                session.query(COUNTER % self.passed_over),
                session.query("SELECT count(*), sum(n) FROM account") if tables[1] else None,
                [row[0] for row in session.query(BROKEN)])
        finally:
            session.close()

    def dump(self):
        """Schema and data, but for what is retort's and the oracle's own."""
        text = subprocess.run(
            [PG_DUMP, "-d", self.name, "--no-owner", "-N", "oracle", "-N", "retort"],
            check=True, capture_output=True, text=True).stdout
        return sort_rows(re.sub(r"^\\(un)?restrict .*\n", "", text, flags=re.M))

    def sessions(self):
        """Those of others, as [(pid, application, state, query)]."""
        return self.admin("SELECT pid, application_name, state, query FROM pg_stat_activity "
                          "WHERE datname = '%s'" % self.name)

    def wait_alone(self, limit=20):
        till = time.monotonic() + limit
        while self.sessions():
            if time.monotonic() > till:
                raise TimeoutError("sessions stay: %s" % self.sessions())
            time.sleep(0.01)
