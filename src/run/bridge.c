#include "config.h"

#include "run/bridge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/str.h"
#include "base/utf8.h"
#include "config/config.h"
#include "config/url.h"
#include "python/refusals.h"

struct bridge {
    struct arena *arena;
    struct child *child;
    enum bridge_task task;
    const char *python, *revision, *file, *database;
    int64_t time_limit;
    const char *secrets[3]; /* what is masked; ended by NULL */
    struct bridge_answer answer;
    size_t taken;        /* of the child's answer */
    const char *last_line; /* that it printed */
    struct err failure;  /* as the child tells it */
    void (*on_output)(const char *line, void *payload);
    void *payload;
};

const char *bridge_command(struct arena *a, const char *revision, enum direction direction)
{
    return arena_printf(a, "alembic %s %s",
                        direction == DIRECTION_UPGRADE ? "upgrade" : "downgrade", revision);
}

/* -- what it prints -----------------------------------------------------------------------------
 */

/* The text without the password, without what would steer a terminal, and as UTF-8. */
static const char *clean(struct bridge *b, struct arena *a, const char *text, size_t len)
{
    struct str out = STR_IN(a);
    for (size_t i = 0, size; i < len; i += size) {
        size_t secret = 0;
        for (size_t k = 0; b->secrets[k] && !secret; k++) {
            size_t n = strlen(b->secrets[k]);
            secret = i + n <= len && memcmp(text + i, b->secrets[k], n) == 0 ? n : 0;
        }
        size = secret;
        if (secret) {
            str_add(&out, "***");
            continue;
        }
        uint32_t c = utf8_decode(text + i, len - i, &size);
        if (c == '\t')
            str_addc(&out, ' ');
        else if (c == UTF8_BAD && size == 1)
            str_addc(&out, '?');
        else if (c >= 0x20 && (c < 0x7f || c > 0x9f))
            str_addn(&out, text + i, size);
    }
    return out.ptr;
}

static void on_line(const char *line, size_t len, void *payload)
{
    struct bridge *b = payload;
    struct arena *a = arena_new();
    const char *text = clean(b, a, line, len);
    if (*text)
        b->last_line = arena_strndup(b->arena, text, strnlen(text, 500));
    if (b->on_output)
        b->on_output(text, b->payload);
    arena_free(a);
}

/* The password, and how it is written in a URL. */
static void keep_secrets(struct bridge *b, const char *password)
{
    struct str quoted = STR_IN(b->arena);
    if (!password || !*password)
        return;
    for (const char *p = password; *p; p++) {
        bool plain = strchr("-._~", *p) || (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
                     (*p >= 'A' && *p <= 'Z');
        if (plain)
            str_addc(&quoted, *p);
        else
            str_addf(&quoted, "%%%02X", (unsigned)(unsigned char)*p);
    }
    b->secrets[0] = arena_strdup(b->arena, password);
    if (!str_eq(quoted.ptr, password))
        b->secrets[1] = quoted.ptr;
}

/* -- what it tells ------------------------------------------------------------------------------
 */

static const char *member(struct bridge *b, const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    return json_is_string(value) ? clean(b, b->arena, json_string_value(value),
                                         json_string_length(value))
                                 : NULL;
}

static void take_versions(struct bridge *b, const json_t *o)
{
    b->answer.python = member(b, o, "python");
    b->answer.alembic = member(b, o, "alembic");
    b->answer.sqlalchemy = member(b, o, "sqlalchemy");
}

/* A statement keeps its lines; the terminator is Alembic's way to print. */
static void take_statement(struct bridge *b, const json_t *o)
{
    const char *sql = json_string_value(json_object_get(o, "sql"));
    struct str text = STR_IN(b->arena);
    str_add(&text, sql ? sql : "");
    str_trim(&text);
    if (text.len > 0 && text.ptr[text.len - 1] == ';')
        str_cut(&text, text.len - 1);
    vec_push(b->arena, &b->answer.statements, text.ptr);
}

static void hint_install(struct bridge *b, const char *module)
{
    err_hint(&b->failure,
             "install it there (%s -m pip install %s), or name the project's Python with python in "
             "[retort]",
             b->python, module);
}

static void take_refused(struct bridge *b, const json_t *o)
{
    static const struct {
        const char *name;
        enum err_code code;
    } codes[] = {{"missing", ERR_CONFIG}, {"elsewhere", ERR_CONFIG}, {"stale", ERR_STALE}};
    const char *name = member(b, o, "code"), *message = member(b, o, "message");
    const char *hint = member(b, o, "hint");
    enum err_code code = ERR_RAISED;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (str_eq(codes[i].name, name))
            code = codes[i].code;
    if (b->failure.code != ERR_NONE)
        return;
    err_set(&b->failure, code, "%s", message ? message : "the bridge was refused");
    if (str_eq(name, "missing"))
        hint_install(b, "alembic");
    else if (hint)
        err_hint(&b->failure, "%s", hint);
}

static void take_raised(struct bridge *b, const json_t *o)
{
    const char *message = member(b, o, "message"), *missing = member(b, o, "missing");
    if (b->failure.code != ERR_NONE) /* what came of that */
        return;
    err_set(&b->failure, ERR_RAISED, "Alembic: %s", message ? message : "an error");
    if (missing)
        hint_install(b, missing);
    int line = (int)json_integer_value(json_object_get(o, "line"));
    if (line > 0)
        err_at(&b->failure, b->file, line, 0);
}

static void take_message(struct bridge *b, const json_t *o)
{
    const char *kind = json_string_value(json_object_get(o, "kind"));
    if (str_eq(kind, "versions")) {
        take_versions(b, o);
    } else if (str_eq(kind, "session")) {
        b->answer.backend_pid = (int)json_integer_value(json_object_get(o, "pid"));
        b->answer.backend_start = member(b, o, "start");
    } else if (str_eq(kind, "began")) {
        b->answer.began = true;
    } else if (str_eq(kind, "statement")) {
        take_statement(b, o);
    } else if (str_eq(kind, "refused")) {
        take_refused(b, o);
    } else if (str_eq(kind, "raised")) {
        take_raised(b, o);
    } else if (str_eq(kind, "done")) {
        b->answer.done = true;
    }
}

static void take_messages(struct bridge *b)
{
    const struct str *text = child_answer(b->child);
    for (;;) {
        const char *start = text->ptr + b->taken;
        const char *end = memchr(start, '\n', text->len - b->taken);
        if (!end)
            return;
        json_t *o = json_loadb(start, (size_t)(end - start), 0, NULL);
        if (o)
            take_message(b, o);
        json_decref(o);
        b->taken += (size_t)(end - start) + 1;
    }
}

/* -- starting -----------------------------------------------------------------------------------
 */

static json_t *text_or_null(const char *text)
{
    json_t *value = text ? json_string(text) : NULL;
    return value ? value : json_null();
}

static json_t *names_json(const struct name_list *names)
{
    json_t *array = json_array();
    for (size_t i = 0; names && i < names->len; i++)
        json_array_append_new(array, text_or_null(names->at[i]));
    return array;
}

/* A downgrade goes to what is below; Alembic only shows that to env.py. */
static const char *target_of(const struct bridge_request *request)
{
    return request->direction == DIRECTION_UPGRADE ? request->revision : "base";
}

/* What it has to know: through the channel, since a URL has a password in it. */
static char *input_of(const struct bridge_request *request)
{
    static const char *const tasks[] = {"versions", "render", "run"};
    const struct bridge_project *project = request->project;
    const struct config *config = project->config;
    const struct version_table *table = request->table;
    uint64_t token = (uint64_t)request->token;
    json_t *o = json_object();
    json_object_set_new(o, "task", json_string(tasks[request->task]));
    json_object_set_new(o, "sql", json_boolean(request->task == BRIDGE_RENDER));
    json_object_set_new(o, "ini", text_or_null(config->ini_path));
    json_object_set_new(o, "toml", text_or_null(config->toml_path));
    json_object_set_new(o, "section", text_or_null(config->section));
    json_object_set_new(o, "x", names_json(&project->x_arguments));
    json_object_set_new(o, "tag", text_or_null(project->tag));
    json_object_set_new(o, "url", text_or_null(project->url));
    json_object_set_new(o, "direction",
                        json_string(request->direction == DIRECTION_UPGRADE ? "upgrade"
                                                                            : "downgrade"));
    json_object_set_new(o, "revision", text_or_null(request->revision));
    json_object_set_new(o, "target", text_or_null(target_of(request)));
    json_object_set_new(o, "file", text_or_null(request->file));
    json_object_set_new(o, "rows", names_json(request->rows));
    json_object_set_new(o, "table", text_or_null(table ? table->name : NULL));
    json_object_set_new(o, "schema", text_or_null(table ? table->schema : NULL));
    json_object_set_new(o, "database", text_or_null(request->database));
    json_object_set_new(o, "token_high", json_integer((json_int_t)(token >> 32)));
    json_object_set_new(o, "token_low", json_integer((json_int_t)(token & 0xffffffff)));
    char *text = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    return text;
}

static bool has_name(const char *entry, const char *name)
{
    size_t len = strlen(name);
    return strncmp(entry, name, len) == 0 && entry[len] == '=';
}

/* As the front end's, with what makes output come at once and readable. */
static const char *const *environment(struct arena *a, const struct bridge_project *project)
{
    static const char *const added[] = {"PYTHONUNBUFFERED=1", "PYTHONIOENCODING=utf-8:replace",
                                        "PGAPPNAME=retort bridge"};
    size_t count = 0, n = 0;
    while (project->environ_ && project->environ_[count])
        count++;
    const char **out = ARENA_ARRAY(a, count + 4, const char *);
    for (size_t i = 0; i < count; i++)
        if (!has_name(project->environ_[i], "PYTHONUNBUFFERED") &&
            !has_name(project->environ_[i], "PYTHONIOENCODING") &&
            !has_name(project->environ_[i], "PGAPPNAME"))
            out[n++] = project->environ_[i];
    for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++)
        out[n++] = added[i];
    return out;
}

bool bridge_start(const struct bridge_request *request, struct bridge **out, struct err *err)
{
    struct bridge *b = mem_zalloc(sizeof(*b));
    bool run = request->task == BRIDGE_RUN;
    b->arena = arena_new();
    b->task = request->task;
    b->python = arena_strdup(b->arena, request->python);
    b->revision = arena_strdup(b->arena, request->revision);
    b->file = arena_strdup(b->arena, request->file);
    b->on_output = request->on_output;
    b->payload = request->payload;
    b->time_limit = request->time_limit || run ? request->time_limit : BRIDGE_TIME_LIMIT;
    b->answer.backend_start = "";
    keep_secrets(b, request->project->password);
    char *input = input_of(request);
    const char *const argv[] = {b->python, "-c", bridge_driver[0].text, NULL};
    const struct child_request child = {
        .argv = argv,
        .environ_ = environment(b->arena, request->project),
        .cwd = request->project->cwd,
        .input = input ? input : "{}",
        .time_limit = b->time_limit,
        .output_limit = request->output_limit ? request->output_limit
                        : run                 ? BRIDGE_RUN_OUTPUT_LIMIT
                                              : BRIDGE_OUTPUT_LIMIT,
        .on_line = on_line,
        .payload = b,
    };
    bool ok = child_start(&child, &b->child, err);
    free(input);
    *out = ok ? b : NULL;
    if (!ok)
        bridge_free(b);
    return ok;
}

/* -- going on -----------------------------------------------------------------------------------
 */

size_t bridge_polls(const struct bridge *bridge, struct pollfd *polls, size_t room)
{
    return child_polls(bridge->child, polls, room);
}

int bridge_timeout(const struct bridge *bridge)
{
    return child_timeout(bridge->child);
}

const struct bridge_answer *bridge_answer(const struct bridge *bridge)
{
    return &bridge->answer;
}

void bridge_cancel(struct bridge *bridge)
{
    child_cancel(bridge->child);
}

/* It ended without a word of its own: killed, by itself or by others, or no Python at all. */
static bool fail_silently(struct bridge *b, enum child_end end, struct err *err)
{
    int status = child_status(b->child);
    if (end == CHILD_SIGNALLED)
        err_set(err, ERR_RAISED, "Alembic's process was killed by signal %d", status);
    else if (!b->answer.python && (status == 126 || status == 127))
        err_set(err, ERR_CONFIG, "%s cannot be started", b->python);
    else if (!b->answer.python)
        err_set(err, ERR_CONFIG, "%s is no Python that works: it ended with status %d", b->python,
                status);
    else if (b->answer.done && !b->answer.began)
        err_set(err, ERR_CONFIG, "env.py does not come to context.run_migrations()");
    else
        err_set(err, ERR_RAISED, "Alembic ended with status %d, and does not say why", status);
    if (!b->answer.python)
        err_hint(err, "name the project's Python with python in [retort]%s%s",
                 b->last_line ? "; it said: " : "", b->last_line ? b->last_line : "");
    else if (b->last_line)
        err_hint(err, "the last that it said: %s", b->last_line);
    return false;
}

static bool judge(struct bridge *b, enum child_end end, struct err *err)
{
    bool done = b->answer.done && (b->answer.began || b->task == BRIDGE_VERSIONS);
    if (end == CHILD_CANCELLED)
        return err_set(err, ERR_CANCELLED, "Alembic was cancelled");
    if (end == CHILD_TIMED_OUT) {
        err_set(err, ERR_LIMIT, "Alembic did not end within %g s", (double)b->time_limit / 1000);
        return err_hint(err, "the last that it said: %s", b->last_line ? b->last_line : "nothing");
    }
    if (end == CHILD_TOO_LOUD)
        return err_set(err, ERR_LIMIT, "Alembic printed too much");
    if (b->failure.code != ERR_NONE) {
        err_move(err, &b->failure);
        return false;
    }
    if (end == CHILD_EXITED && child_status(b->child) == 0 && done)
        return true;
    return fail_silently(b, end, err);
}

enum progress bridge_advance(struct bridge *bridge, struct err *err)
{
    enum child_end end = child_advance(bridge->child);
    take_messages(bridge);
    if (end == CHILD_RUNNING)
        return PROGRESS_WAITING;
    return judge(bridge, end, err) ? PROGRESS_DONE : PROGRESS_FAILED;
}

bool bridge_wait(struct bridge *bridge, struct err *err)
{
    enum progress progress;
    while ((progress = bridge_advance(bridge, err)) == PROGRESS_WAITING) {
        struct pollfd polls[CHILD_POLLS];
        poll(polls, (nfds_t)bridge_polls(bridge, polls, CHILD_POLLS), bridge_timeout(bridge));
    }
    return progress == PROGRESS_DONE;
}

void bridge_free(struct bridge *bridge)
{
    if (!bridge)
        return;
    child_free(bridge->child);
    err_clear(&bridge->failure);
    arena_free(bridge->arena);
    mem_free(bridge);
}
