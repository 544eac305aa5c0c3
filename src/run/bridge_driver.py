# What the project's own Python is given to run by retort's bridge (src/run/bridge.h), and all of it.
#
# The command line of the project's Alembic is called as `alembic upgrade` calls it; only the question
# which revisions are to be run is answered here: one, after it was made sure of that this is the
# database, and that these are the version rows, that retort has seen. What is told goes to the
# channel, a line of JSON each; what Alembic, env.py and the revision print stays theirs.
#
# Understood by every Python that an Alembic since 1.0 runs on.
import json
import os
import sys

CHANNEL = 3


def read_request():
    parts = []
    while True:
        part = os.read(CHANNEL, 65536)
        if not part:
            return json.loads(b"".join(parts).decode("utf-8"))
        parts.append(part)


def tell(kind, **members):
    members["kind"] = kind
    data = (json.dumps(members) + "\n").encode("utf-8")
    while data:
        data = data[os.write(CHANNEL, data):]


class Refused(Exception):
    """Something is not as it must be; nothing was done."""


def refuse(code, message, hint=None):
    tell("refused", code=code, message=message, hint=hint)
    raise Refused(message)


def version_of(name):
    try:
        return getattr(__import__(name), "__version__", None)
    except ImportError:
        return None


def import_alembic():
    # `python -c` looks for modules in the working folder first, the program alembic does not.
    if sys.path and sys.path[0] == "":
        del sys.path[0]
    try:
        import alembic
        import alembic.command
        import alembic.config
        import alembic.runtime.migration
    except ImportError as e:
        name = getattr(e, "name", None) or "alembic"
        refuse("missing", "%s has no module %s" % (sys.executable, name))
    tell(
        "versions",
        python=".".join(str(n) for n in sys.version_info[:3]),
        alembic=getattr(alembic, "__version__", "?"),
        sqlalchemy=version_of("sqlalchemy"),
    )
    return alembic


def is_recent(alembic, major, minor):
    numbers = []
    for part in alembic.__version__.split(".")[:2]:
        digits = "".join(c for c in part if c.isdigit())
        numbers.append(int(digits or 0))
    return tuple(numbers) >= (major, minor)


def arguments(alembic, request):
    args = ["--raiseerr"]
    if request["ini"]:
        args += ["-c", request["ini"]]
    # Alembic reads pyproject.toml since 1.16.
    if request["toml"] and is_recent(alembic, 1, 16):
        args += ["-c", request["toml"]]
    args += ["-n", request["section"]]
    for x in request["x"]:
        args += ["-x", x]
    args.append(request["direction"])
    if request["sql"]:
        args.append("--sql")
    if request["tag"]:
        args += ["--tag", request["tag"]]
    if request["sql"] and request["direction"] == "downgrade":
        args.append(request["revision"] + ":" + request["target"])
    else:
        args.append(request["target"])
    return args


# -- the database -------------------------------------------------------------------------------

# Whoever holds the lock is the run; a lock is seen in its own database only.
IDENTITY = """
SELECT pg_catalog.pg_backend_pid(),
       (SELECT CAST(round(1000000 * extract(epoch FROM backend_start)) AS bigint)
        FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()),
       pg_catalog.current_database(),
       pg_catalog.current_setting('server_version'),
       EXISTS (SELECT 1 FROM pg_catalog.pg_locks
               WHERE locktype = 'advisory' AND granted AND objsubid = 1
                 AND database = (SELECT oid FROM pg_catalog.pg_database
                                 WHERE datname = pg_catalog.current_database())
                 AND CAST(classid AS bigint) = %d AND CAST(objid AS bigint) = %d)
"""


def check_database(context, request):
    import sqlalchemy

    connection = context.connection
    if connection is None:
        refuse("elsewhere", "env.py gives Alembic no connection")
    dialect = connection.dialect.name
    if dialect != "postgresql":
        refuse("elsewhere", "env.py connects to another kind of database: %s" % dialect)
    query = IDENTITY % (request["token_high"], request["token_low"])
    pid, start, database, version, same = connection.execute(sqlalchemy.text(query)).fetchone()
    tell("session", pid=pid, start=str(start or ""))
    if not same:
        refuse(
            "elsewhere",
            "env.py connects elsewhere than retort does: to database %s of another server or "
            "cluster (PostgreSQL %s)" % (database, version)
            if database == request["database"]
            else "env.py connects elsewhere than retort does: to database %s, not %s"
            % (database, request["database"]),
            "let both take the URL from the same place; retort doctor shows where retort's is from",
        )


def check_table(context, request):
    schema = context.version_table_schema
    if (context.version_table, schema) != (request["table"], request["schema"]):
        refuse(
            "stale",
            "env.py keeps the versions in %s%s, retort has read %s%s"
            % (
                schema + "." if schema else "",
                context.version_table,
                request["schema"] + "." if request["schema"] else "",
                request["table"],
            ),
        )


def check_rows(rows, request):
    if sorted(rows) != sorted(request["rows"]):
        refuse(
            "stale",
            "for Alembic the database is at %s, the plan goes on from %s"
            % (", ".join(rows) or "no revision", ", ".join(request["rows"]) or "no revision"),
            "another migrator changed the version table: make a new plan",
        )


def check_file(script, request):
    module = script.module.__file__
    if os.path.realpath(module) != os.path.realpath(request["file"]):
        refuse(
            "stale",
            "Alembic finds revision %s in %s, retort in %s"
            % (request["revision"], module, request["file"]),
        )


# -- the one revision ---------------------------------------------------------------------------


class Step(object):
    """Stands where Alembic's command has its function: fn(rows, context) -> revisions to run."""

    def __init__(self, alembic, scripts, request):
        self.alembic = alembic
        self.scripts = scripts
        self.request = request
        self.called = False

    def __call__(self, rows, context):
        request = self.request
        if self.called:
            refuse("stale", "env.py runs the migrations more than once")
        self.called = True
        if not request["sql"]:
            check_database(context, request)
            check_table(context, request)
            check_rows(rows, request)
        script = self.scripts.get_revision(request["revision"])
        check_file(script, request)
        step = self.alembic.runtime.migration.MigrationStep
        make = step.upgrade_from_script
        if request["direction"] == "downgrade":
            make = step.downgrade_from_script
        made = make(self.scripts.revision_map, script)
        made.migration_fn = self.watched(made.migration_fn, context)
        return [made]

    def watched(self, function, context):
        def call(**kw):
            tell("began")
            if self.request["sql"]:
                return self.recorded(function, context.impl, kw)
            return function(**kw)

        return call

    def recorded(self, function, impl, kw):
        """What the revision itself prints as SQL, each statement apart."""
        printed = impl.static_output

        def static_output(text):
            tell("statement", sql=text)
            printed(text)

        impl.static_output = static_output
        try:
            return function(**kw)
        finally:
            impl.static_output = printed


def put_url(config, url):
    """The operator's URL in the place of sqlalchemy.url; with the project's driver."""
    from sqlalchemy.engine.url import make_url

    old = config.get_main_option("sqlalchemy.url")
    try:
        if "+" in make_url(old).drivername and "+" not in make_url(url).drivername:
            url = make_url(old).drivername + url[url.index(":"):]
    except Exception:
        pass  # there was none, or none that can be read
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))


def patched(alembic, request):
    original = alembic.command.EnvironmentContext

    # No subclass: Alembic keeps the names of alembic.context by class.
    def environment(config, script, **kw):
        kw["fn"] = Step(alembic, script, request)
        if request["sql"]:
            kw["starting_rev"] = request["rows"] or None
        if request["url"]:
            put_url(config, request["url"])
        return original(config, script, **kw)

    return environment


# -- what went wrong ----------------------------------------------------------------------------


def place_of(error, path):
    """The innermost line of the revision's file that the exception came through."""
    found = 0
    at = error.__traceback__
    while at is not None:
        if os.path.realpath(at.tb_frame.f_code.co_filename) == os.path.realpath(path):
            found = at.tb_lineno
        at = at.tb_next
    return found


def tell_raised(error, request):
    import traceback

    traceback.print_exc()
    lines = str(error).strip().splitlines() or [""]
    name = type(error).__name__
    missing = isinstance(error, ImportError) and getattr(error, "name", None)
    if isinstance(error, EOFError):
        tell(
            "raised",
            message="it asks for input, which nobody can give it here",
            line=place_of(error, request["file"]),
        )
    else:
        tell(
            "raised",
            message=name + (": " + lines[0] if lines[0] else ""),
            line=place_of(error, request["file"]),
            missing=missing or None,
        )


def main():
    request = read_request()
    alembic = import_alembic()
    if request["task"] == "versions":
        tell("done")
        return 0
    alembic.command.EnvironmentContext = patched(alembic, request)
    try:
        alembic.config.main(argv=arguments(alembic, request), prog="alembic")
    except Refused:
        raise
    except KeyboardInterrupt:
        tell("raised", message="interrupted", line=0)
        return 1
    except SystemExit as e:
        if e.code not in (None, 0):
            tell("raised", message="it ended with status %s" % e.code, line=0)
            return 1
    except BaseException as e:
        tell_raised(e, request)
        return 1
    tell("done")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused:
        sys.exit(1)
