"""While retort waits for a server, the list of processes does not show the password of --url.

The server is a socket of the test that accepts the connection and never answers.
"""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

RETORT = os.environ["RETORT"]
INI = "[alembic]\nscript_location = %(here)s/migrations\n"
ENV = """from alembic import context
context.configure(url="postgresql://nowhere/none")
context.run_migrations()
"""


def arguments_of(pid):
    return pathlib.Path("/proc/%d/cmdline" % pid).read_bytes().decode().split("\0")[:-1]


def main():
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        pathlib.Path(folder, "alembic.ini").write_text(INI)
        pathlib.Path(folder, "migrations/versions").mkdir(parents=True)
        pathlib.Path(folder, "migrations/env.py").write_text(ENV)
        url = "postgresql://me:s3cr:e@t@127.0.0.1:%d/db" % server.getsockname()[1]
        run = subprocess.Popen([RETORT, "--url", url, "-x", "plain", "current"], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        server.settimeout(30)
        connection, _ = server.accept()
        shown = arguments_of(run.pid)
        connection.close()
        out, errors = run.communicate(timeout=30)
    hidden = url.replace("s3cr:e@t", "x" * len("s3cr:e@t"))
    if shown[-5:] != ["--url", hidden, "-x", "plain", "current"]:
        sys.exit("the list of processes shows %r" % shown)
    if b"s3cr" in out + errors:
        sys.exit("it is printed: %r" % (out + errors))


if __name__ == "__main__":
    if not os.path.isdir("/proc/self"):
        print("SKIP: no /proc here")
        sys.exit(77)
    main()
