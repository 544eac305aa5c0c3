/*
 * retort demo: a private PostgreSQL server, a copy of examples/model_app, and the console on it.
 *
 * The process stays behind as the keeper of the server: it does the work in a child, waits for it,
 * and stops and removes everything, however the child or the terminal ended.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "cli/cli.h"
#include "base/embedded.h"
#include "config/url.h"
#include "postgres/query.h"
#include "postgres/scratch.h"

#define DEMO_DATABASE "model_app"

VEC_DEFINE(argument_list, const char *);

/*
 * What is shown without a terminal: up, back one, and up again. One of the revisions drops a
 * column, so --yes would not be enough.
 */
static const char *const scripted[][5] = {
    {"current"},
    {"upgrade", "head", "--confirm", DEMO_DATABASE},
    {"history"},
    {"downgrade", "-1", "--confirm", DEMO_DATABASE},
    {"upgrade", "head", "--confirm", DEMO_DATABASE},
    {"current"},
};

static bool create_database(struct arena *a, const struct scratch_server *server, struct err *err)
{
    struct database_url url = {
        .user = server->user,
        .host = server->host,
        .port = server->port,
        .database = server->database,
        .options = MAP_IN(a),
        .origin = {.file = "retort demo"},
    };
    struct connection *conn;
    if (!connection_open(&url, NULL, &conn, err))
        return false;
    bool ok = connection_query(conn, "CREATE DATABASE " DEMO_DATABASE, NULL, 0, NULL, err);
    connection_close(conn);
    return ok;
}

/* The example, with a .env that points at the private server. */
static bool write_project(struct arena *a, const struct scratch_server *server, const char *dir,
                          struct err *err)
{
    for (const struct embedded_file *f = example_files; f->path; f++) {
        const char *path = path_join(a, dir, f->path);
        if (!file_make_dirs(path_dir(a, path), 0755, err) ||
            !file_write(path, f->text, strlen(f->text), 0644, false, err))
            return false;
    }
    const char *env = arena_printf(a,
                                   "DB_USER=%s\nDB_PASSWORD=\nDB_HOST=%s\nDB_PORT=%s\n"
                                   "DB_NAME=" DEMO_DATABASE "\n",
                                   server->user, server->host, server->port);
    return file_write(path_join(a, dir, ".env"), env, strlen(env), 0600, false, err);
}

/*
 * The environment without what would lead the demo to another database than its own, and with a
 * place for the journals of its runs that goes away with it.
 */
static const char *const *demo_environment(struct arena *a, const char *const *environ_,
                                           const char *dir)
{
    static const char *const foreign[] = {"DB_", "PG", "RETORT_URL=", "ALEMBIC_CONFIG=",
                                          "XDG_STATE_HOME="};
    struct argument_list kept = {0};
    for (; *environ_; environ_++) {
        bool keep = true;
        for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
            keep = keep && !str_starts_with(*environ_, foreign[i]);
        if (keep)
            vec_push(a, &kept, *environ_);
    }
    vec_push(a, &kept, arena_printf(a, "XDG_STATE_HOME=%s", path_join(a, dir, ".state")));
    vec_push(a, &kept, NULL);
    return kept.at;
}

/* Runs `retort -c DIR/alembic.ini ARGUMENT...` in this process. */
static int run_command(const struct cli *cli, struct arena *a, const char *dir,
                       const char *const *arguments, size_t count)
{
    struct argument_list argv = {0};
    vec_push(a, &argv, "-c");
    vec_push(a, &argv, path_join(a, dir, "alembic.ini"));
    for (size_t i = 0; i < count && arguments[i]; i++)
        vec_push(a, &argv, arguments[i]);
    if (cli_given(cli, OPTION_JSON))
        vec_push(a, &argv, "--json");
    vec_push(a, &argv, NULL);
    struct cli_process process = *cli->process;
    process.argv = argv.at;
    process.environ_ = demo_environment(a, cli->process->environ_, dir);
    process.cwd = dir;
    int status = cli_main(&process);
    fflush(process.out);
    return status;
}

static int run_scripted(const struct cli *cli, struct arena *a, const char *dir)
{
    FILE *out = cli_beside(cli);
    for (size_t i = 0; i < sizeof(scripted) / sizeof(*scripted); i++) {
        size_t count = sizeof(scripted[i]) / sizeof(*scripted[i]);
        fputs(i > 0 ? "\n$ retort" : "$ retort", out);
        for (size_t k = 0; k < count && scripted[i][k]; k++)
            fprintf(out, " %s", scripted[i][k]);
        fputc('\n', out);
        fflush(out);
        int status = run_command(cli, a, dir, scripted[i], count);
        if (status != 0)
            return status;
    }
    return 0;
}

static volatile sig_atomic_t child_pid;
static volatile sig_atomic_t signal_seen;

/* Ends the child too; waiting for it then ends, and the server is removed. */
static void on_signal(int signal_number)
{
    signal_seen = signal_number;
    if (child_pid > 0 && signal_number != SIGINT) /* a terminal's Ctrl-C reaches it by itself */
        kill((pid_t)child_pid, signal_number);
}

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};

static void catch_signals(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
        sigaction(caught[i], &action, NULL);
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return 1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs the demo in a child, so that the keeper outlives whatever happens to it. */
static bool run_in_child(struct cli *cli, struct arena *a, const char *dir, bool interactive,
                         struct err *err)
{
    fflush(cli->process->out);
    fflush(cli->process->errors);
    pid_t pid = fork();
    if (pid < 0)
        return err_set(err, ERR_IO, "fork: %s", strerror(errno));
    if (pid == 0) {
        catch_signals(SIG_DFL);
        if (chdir(dir) < 0)
            _exit(1);
        int status = interactive ? run_command(cli, a, dir, NULL, 0) : run_scripted(cli, a, dir);
        fflush(cli->process->out);
        fflush(cli->process->errors);
        _exit(status);
    }
    child_pid = pid;
    if (signal_seen && signal_seen != SIGINT) /* it came before child_pid was set */
        kill(pid, signal_seen);
    cli->exit_code = wait_for(pid);
    child_pid = 0;
    return true;
}

bool cmd_demo(struct cli *cli, struct err *err)
{
    struct arena *a = cli->arena;
    bool interactive = cli->process->in_is_terminal && cli->process->out_is_terminal &&
                       !cli_given(cli, OPTION_JSON);
    struct scratch_server server = {0};
    const char *path = cli_getenv(cli, "PATH");
    catch_signals(on_signal);
    bool ok = scratch_start(a, path ? path : "", &server, err);
    const char *dir = ok ? path_join(a, server.dir, DEMO_DATABASE) : NULL;
    ok = ok && create_database(a, &server, err) && write_project(a, &server, dir, err);
    if (ok && signal_seen) {
        cli->exit_code = 128 + signal_seen;
    } else if (ok) {
        fprintf(
            cli->process->errors,
            "retort demo: a private PostgreSQL server and a copy of the example project in %s;\n"
            "             both are removed at the end\n",
            server.dir);
        ok = run_in_child(cli, a, dir, interactive, err);
    }
    scratch_stop(&server);
    return ok;
}
