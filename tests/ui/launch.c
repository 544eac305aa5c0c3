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
