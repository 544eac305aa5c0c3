#!/usr/bin/python3
"""Writes what real Alembic makes of the env.py of each folder here, as `expected`: what reaches
context.configure(), offline and online, with engines that do not connect. Needs Alembic, SQLAlchemy 2,
SQLModel, python-dotenv and pydantic-settings. A folder with a file `by-hand` is left alone: its
libraries are too old or too new for the others."""

import os
import pathlib
import subprocess
import sys
import types
import warnings

here = pathlib.Path(__file__).parent

OPTIONS = ("version_table", "version_table_schema", "version_table_pk", "transaction_per_migration",
           "transactional_ddl", "literal_binds", "compare_type", "compare_server_default",
           "include_schemas")


class Inert:
    """An engine, connection or transaction."""

    def __init__(self, url, log, connect_args=None):
        self.url, self.log, self.connect_args = url, log, connect_args or {}
        self.dialect = types.SimpleNamespace(name="postgresql")

    def again(self, *args, **kw):
        return self

    connect = begin = __enter__ = execution_options = again
    sync_engine = property(again)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        pass

    def __exit__(self, *args):
        pass

    def commit(self):
        pass

    async def dispose(self):
        pass

    async def run_sync(self, fn, *args):
        fn(self, *args)

    def execute(self, statement):
        self.log.append(f"execute {statement}")


def shown(url, connect_args=()):
    from sqlalchemy.engine import make_url

    url = make_url(url)
    if connect_args:
        url = url.update_query_dict(connect_args)
    return url.render_as_string(hide_password=False)


def evaluate(folder, offline):
    import sqlalchemy
    import sqlalchemy.ext.asyncio as aio
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    log, said = [], {}

    def create_engine(url, **kw):
        return Inert(sqlalchemy.make_url(url), log, kw.get("connect_args"))

    def engine_from_config(section, prefix="sqlalchemy.", **kw):
        return create_engine(section[prefix + "url"])

    sqlalchemy.create_engine = aio.create_async_engine = create_engine
    sqlalchemy.engine_from_config = aio.async_engine_from_config = engine_from_config
    x = folder / "x"
    options = types.SimpleNamespace(x=x.read_text().splitlines() if x.exists() else None)
    config = Config("alembic.ini", cmd_opts=options)

    def configure(self, connection=None, url=None, **kw):
        said.clear()
        said.update(kw)
        if connection is not None:
            said["url"] = shown(connection.url, connection.connect_args)
        elif url is not None:
            said["url"] = shown(url)

    class Block:
        def __enter__(self):
            log.append("begin")

        def __exit__(self, *args):
            log.append("end")

    # The functions of alembic.context call these.
    EnvironmentContext.configure = configure
    EnvironmentContext.run_migrations = lambda self, **kw: log.append(
        "run" + "".join(f" {k}={v!r}" for k, v in kw.items()))
    EnvironmentContext.execute = lambda self, sql, execution_options=None: log.append(
        f"execute {sql}")
    EnvironmentContext.static_output = lambda self, text: log.append(f"static {text}")
    EnvironmentContext.begin_transaction = lambda self: Block()

    import builtins
    builtins.print = lambda *a: log.append("print " + " ".join(map(str, a)))
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, as_sql=offline):
        script.run_env()
    return said, log


def child(mode):
    warnings.simplefilter("ignore")
    write = sys.stdout.write
    try:
        said, log = evaluate(pathlib.Path.cwd(), mode == "offline")
    except BaseException as e:
        write(f"{mode} raises {type(e).__name__}\n")
        return
    write(f"{mode} url {said.get('url', '-')}\n")
    for name in OPTIONS:
        if said.get(name) is not None:
            write(f"{mode} {name} {said[name]}\n")
    metadata = said.get("target_metadata")
    for key, value in (metadata.naming_convention if metadata is not None else {}).items():
        if isinstance(key, str) and key != "ix" or value != "ix_%(column_0_label)s":
            write(f"{mode} naming {key} {value}\n")
    for line in log:
        write(f"{mode} step {line}\n")


def main():
    for path in sorted(here.iterdir()):
        if not (path / "migrations").is_dir() or (path / "by-hand").exists():
            continue
        out = ""
        environ = path / "environ"
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        if environ.exists():
            env.update(line.split("=", 1) for line in environ.read_text().splitlines())
        for mode in ("offline", "online"):
            done = subprocess.run([sys.executable, "-B", __file__, mode], cwd=path, env=env,
                                  stdout=subprocess.PIPE, text=True, check=True)
            out += done.stdout
        (path / "expected").write_text(out)


if __name__ == "__main__":
    child(sys.argv[1]) if len(sys.argv) > 1 else main()
