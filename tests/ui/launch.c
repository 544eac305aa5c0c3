#include "config.h"

#include "ui/launch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

void launch_in(struct pty *pty, struct live *live, const char *ini, int rows, int columns,
                      const char *const *variables)
{
    const char *program = getenv("RETORT");
    const char *url =
        arena_printf(live->arena, "postgresql://%s@/%s?host=%s&port=%s", live->url.user,
                     live->url.database, live->url.host, live->url.port);
    const char *argv[] = {program ? program : "./retort", "-c", ini, "--url", url, NULL};
    const char *home = arena_printf(live->arena, "HOME=%s", live_server.dir);
    const char *state = arena_printf(live->arena, "XDG_STATE_HOME=%s/state", live_server.dir);
    VEC(const char *) all = {0};
    vec_push(live->arena, &all, home);
    vec_push(live->arena, &all, state);
    vec_push(live->arena, &all, "RETORT_CONSOLE_STATE=off"); /* no test hangs on another */
    for (; variables && *variables; variables++)
        vec_push(live->arena, &all, *variables);
    vec_push(live->arena, &all, NULL);
    pty_start(pty, rows, columns, argv, all.at);
}

void launch(struct pty *pty, struct live *live, int rows, int columns,
                   const char *const *variables)
{
    const char *source = getenv("top_srcdir");
    const char *ini =
        arena_printf(live->arena, "%s/examples/model_app/alembic.ini", source ? source : ".");
    launch_in(pty, live, ini, rows, columns, variables);
}

void start(struct pty *pty, struct live *live, int rows, int columns,
                  const char *const *variables)
{
    launch(pty, live, rows, columns, variables);
    pty_idle(pty);
}

void press(struct pty *pty, const char *keys)
{
    assert_int_equal(write(pty->master, keys, strlen(keys)), strlen(keys));
}

void quit(struct pty *pty)
{
    press(pty, "Q");
    int status = pty_end(pty);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    pty_expect_restored(pty);
    pty_clear(pty);
}

void launch_database(struct live *live, const char *name)
{
    struct err err = ERR_INIT;
    struct database_url url = live->url;
    struct connection *admin;
    const char *drop = arena_printf(live->arena, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    const char *make = arena_printf(live->arena, "CREATE DATABASE %s", name);
    connection_close(live->conn);
    url.database = "postgres";
    assert_true(connection_open(&url, NULL, &admin, &err));
    live->url.database = name;
    assert_true(connection_query(admin, drop, NULL, 0, NULL, &err));
    assert_true(connection_query(admin, make, NULL, 0, NULL, &err));
    connection_close(admin);
    assert_true(connection_open(&live->url, NULL, &live->conn, &err));
}

const char *launch_editor(struct live *live, const char *command)
{
    const char *path =
        arena_printf(live->arena, "%s/editor-%s", live_server.dir, live->url.database);
    const char *script = arena_printf(live->arena, "#!/bin/sh\n%s\n", command);
    struct err err = ERR_INIT;
    if (!file_write(path, script, strlen(script), 0755, true, &err))
        fail_msg("%s", err.message);
    return arena_printf(live->arena, "VISUAL=%s", path);
}

void launch_write(struct live *live, const char *path, const char *text)
{
    struct err err = ERR_INIT;
    assert_true(file_make_dirs(path_dir(live->arena, path), 0755, &err));
    assert_true(file_write(path, text, strlen(text), 0644, true, &err));
}

const char *launch_project(struct live *live, const char *name, const char *settings)
{
    static const char env[] = "from alembic import context\n"
                              "context.configure(target_metadata=None)\n"
                              "context.run_migrations()\n";
    const char *folder = arena_printf(live->arena, "%s/%s", live_server.dir, name);
    const char *ini = arena_printf(live->arena, "%s/alembic.ini", folder);
    launch_write(live, ini,
                 arena_printf(live->arena,
                              "[alembic]\nscript_location = %%(here)s/migrations\n%s", settings));
    launch_write(live, arena_printf(live->arena, "%s/migrations/env.py", folder), env);
    return ini;
}

const char *launch_runnable(struct live *live, const char *name, const char *models)
{
    static const char env[] =
        "from alembic import context\n"
        "from sqlalchemy import create_engine\n"
        "%s\n\n"
        "if context.is_offline_mode():\n"
        "    context.configure(target_metadata=target, literal_binds=True,\n"
        "                      dialect_name='postgresql')\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
        "else:\n"
        "    engine = create_engine(context.config.get_main_option('sqlalchemy.url'))\n"
        "    with engine.connect() as connection:\n"
        "        context.configure(connection=connection, target_metadata=target)\n"
        "        with context.begin_transaction():\n"
        "            context.run_migrations()\n";
    static const char mako[] =
        "\"\"\"${message}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n"
        "${imports if imports else \"\"}\n"
        "revision = ${repr(up_revision)}\n"
        "down_revision = ${repr(down_revision)}\n\n\n"
        "def upgrade():\n    ${upgrades if upgrades else \"pass\"}\n\n\n"
        "def downgrade():\n    ${downgrades if downgrades else \"pass\"}\n";
    const char *folder = arena_printf(live->arena, "%s/%s", live_server.dir, name);
    const char *url =
        arena_printf(live->arena,
                     "prepend_sys_path = %%(here)s\n"
                     "sqlalchemy.url = postgresql+psycopg2://%s@/%s?host=%s&port=%s\n",
                     live->url.user, live->url.database, live->url.host, live->url.port);
    const char *ini = launch_project(live, name, url);
    const char *target = models ? "from models import metadata as target" : "target = None";
    launch_write(live, arena_printf(live->arena, "%s/migrations/env.py", folder),
                 arena_printf(live->arena, env, target));
    launch_write(live, arena_printf(live->arena, "%s/migrations/script.py.mako", folder), mako);
    if (models)
        launch_write(live, arena_printf(live->arena, "%s/models.py", folder), models);
    return ini;
}

static const char *read_text(struct live *live, const char *path)
{
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    if (!file_read(live->arena, path, 1 << 20, &text, &len, &err))
        fail_msg("%s", err.message);
    return text;
}

const char *launch_alembic(struct live *live, const char *ini, const char *words)
{
    const char *log = arena_printf(live->arena, "%s/alembic.log", live_server.dir);
    const char *command = arena_printf(
        live->arena,
        "PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m alembic -c '%s' %s >'%s' 2>&1", ini, words,
        log);
    int status = system(command); /* NOLINT: a test */
    const char *said = read_text(live, log);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("alembic %s: %s", words, said);
    return said;
}

const char *launch_read(struct live *live, const char *project, const char *id)
{
    return read_text(live, arena_printf(live->arena, "%s/%s/migrations/versions/%s.py",
                                        live_server.dir, project, id));
}

void launch_revision(struct live *live, const char *project, const char *id, const char *parent,
                     const char *doc, const char *up, const char *down)
{
    const char *path = arena_printf(live->arena, "%s/%s/migrations/versions/%s.py",
                                    live_server.dir, project, id);
    launch_write(live, path,
                 arena_printf(live->arena,
                              "\"\"\"%s\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n"
                              "revision = \"%s\"\ndown_revision = %s\n\n\n"
                              "def upgrade():\n    %s\n\n\ndef downgrade():\n    %s\n",
                              doc, id, parent, up, down));
}
