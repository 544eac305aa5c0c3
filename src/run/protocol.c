#include "config.h"

#include "run/protocol.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "run/activity_json.h"
#include "run/plan.h"

/* -- names --------------------------------------------------------------------------------------
 */

static const char *const role_names[] = {
    [CLIENT_LOOKS] = "look", [CLIENT_WATCHES] = "watch", [CLIENT_STEERS] = "steer"};

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",     [LOG_SQL] = "sql",     [LOG_INFO] = "info",
    [LOG_WARNING] = "warning", [LOG_ERROR] = "error",
};

static const char *const signal_names[] = {
    [WATCHER_CANCEL] = "cancel", [WATCHER_TERMINATE] = "terminate"};

static const char *const err_names[] = {
    [ERR_NONE] = "none",         [ERR_USAGE] = "usage",         [ERR_COMMAND] = "command",
    [ERR_CONFIG] = "config",     [ERR_GRAPH] = "graph",         [ERR_IO] = "io",
    [ERR_PYTHON] = "python",     [ERR_RAISED] = "raised",       [ERR_LIMIT] = "limit",
    [ERR_DATABASE] = "database", [ERR_CONNECT] = "connect",     [ERR_BUSY] = "busy",
    [ERR_STALE] = "stale",       [ERR_CANCELLED] = "cancelled", [ERR_CONFIRM] = "confirm",
    [ERR_INTERNAL] = "internal",
};

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

static bool find_name(const char *const *names, size_t count, const char *name, size_t *out)
{
    for (*out = 0; *out < count; ++*out)
        if (str_eq(name, names[*out]))
            return true;
    return false;
}

const char *client_role_name(enum client_role role)
{
    return role_names[role];
}

bool client_role_find(const char *name, enum client_role *out)
{
    size_t i;
    if (!find_name(role_names, COUNT(role_names), name, &i))
        return false;
    *out = (enum client_role)i;
    return true;
}

const char *protocol_level(enum log_level level)
{
    return level_names[level];
}

bool protocol_read_level(const char *name, enum log_level *out)
{
    size_t i;
    if (!find_name(level_names, COUNT(level_names), name, &i))
        return false;
    *out = (enum log_level)i;
    return true;
}

const char *protocol_signal(enum watcher_signal how)
{
    return signal_names[how];
}

bool protocol_read_signal(const char *name, enum watcher_signal *out)
{
    size_t i;
    if (!find_name(signal_names, COUNT(signal_names), name, &i))
        return false;
    *out = (enum watcher_signal)i;
    return true;
}

/* -- small things -------------------------------------------------------------------------------
 */

static void set_text(json_t *o, const char *key, const char *text)
{
    if (text)
        json_object_set_new(o, key, json_string(text));
}

static void set_number(json_t *o, const char *key, int64_t number, int64_t none)
{
    if (number != none)
        json_object_set_new(o, key, json_integer(number));
}

static void set_true(json_t *o, const char *key, bool value)
{
    if (value)
        json_object_set_new(o, key, json_true());
}

static const char *get_text(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static int64_t get_number(const json_t *o, const char *key, int64_t none)
{
    const json_t *value = json_object_get(o, key);
    return json_is_integer(value) ? json_integer_value(value) : none;
}

static bool get_true(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

/* -- errors -------------------------------------------------------------------------------------
 */

json_t *protocol_err(const struct err *err)
{
    if (!err || err->code == ERR_NONE)
        return NULL;
    json_t *o = json_object();
    set_text(o, "code", err_names[err->code]);
    set_text(o, "message", err->message);
    set_text(o, "hint", err->hint);
    set_text(o, "file", err->file);
    set_number(o, "line", err->line, 0);
    set_number(o, "column", err->column, 0);
    set_text(o, "source_line", err->source_line);
    set_text(o, "sqlstate", *err->sqlstate ? err->sqlstate : NULL);
    set_text(o, "detail", err->detail);
    set_text(o, "statement", err->statement);
    set_number(o, "position", err->position, 0);
    return o;
}

static char *copy(const char *text)
{
    return text ? mem_strdup(text) : NULL;
}

void protocol_read_err(const json_t *json, struct err *out)
{
    size_t code;
    err_clear(out);
    if (!json_is_object(json) ||
        !find_name(err_names, COUNT(err_names), get_text(json, "code"), &code) || code == ERR_NONE)
        return;
    const char *message = get_text(json, "message"), *hint = get_text(json, "hint");
    const char *source_line = get_text(json, "source_line");
    err_set(out, (enum err_code)code, "%s", message ? message : "an error without words");
    if (hint)
        err_hint(out, "%s", hint);
    err_at(out, get_text(json, "file"), (int)get_number(json, "line", 0),
           (int)get_number(json, "column", 0));
    if (source_line)
        err_source_line(out, source_line, strlen(source_line));
    const char *sqlstate = get_text(json, "sqlstate");
    if (sqlstate && strlen(sqlstate) < sizeof(out->sqlstate))
        memcpy(out->sqlstate, sqlstate, strlen(sqlstate) + 1);
    out->detail = copy(get_text(json, "detail"));
    out->statement = copy(get_text(json, "statement"));
    out->position = (int)get_number(json, "position", 0);
}

/* -- events -------------------------------------------------------------------------------------
 */

/* The step that an event at that place is about when it does not say otherwise. */
static const struct plan_step *step_at(const struct plan *plan, size_t step)
{
    return step < plan->steps.len ? &plan->steps.at[step] : NULL;
}

static json_t *asked_json(const struct live_asked *asked)
{
    json_t *o = json_object();
    set_text(o, "sql", asked->sql);
    set_text(o, "call", asked->call);
    set_text(o, "answer", asked->answer);
    set_text(o, "note", asked->note);
    set_text(o, "file", asked->origin.file);
    set_number(o, "line", asked->origin.line, 0);
    set_number(o, "revision_line", asked->origin.revision_line, 0);
    return o;
}

bool protocol_read_asked(const json_t *json, struct live_asked *out)
{
    *out = (struct live_asked){
        .sql = get_text(json, "sql"),
        .call = get_text(json, "call"),
        .answer = get_text(json, "answer"),
        .note = get_text(json, "note"),
        .origin = {.file = get_text(json, "file"),
                   .line = (int)get_number(json, "line", 0),
                   .revision_line = (int)get_number(json, "revision_line", 0)},
    };
    return out->sql || out->call;
}

json_t *protocol_event(const struct run_event *event, const struct plan *plan)
{
    json_t *o = json_object();
    set_text(o, "kind", "event");
    set_text(o, "event", run_event_name(event->kind));
    set_text(o, "state", runner_state_name(event->state));
    json_object_set_new(o, "at",
                        position_json((struct position){event->step, event->statement}));
    if (event->plan_step && event->plan_step != step_at(plan, event->step))
        set_number(o, "of", event->plan_step - plan->steps.at, -1);
    set_true(o, "statement", event->plan_statement != NULL);
    set_text(o, "text", event->text);
    set_number(o, "rows", event->rows, -1);
    set_number(o, "duration", event->duration, 0);
    json_t *error = protocol_err(event->err);
    if (error)
        json_object_set_new(o, "error", error);
    if (event->kind == RUN_EVENT_BREAKPOINT)
        json_object_set_new(o, "on", json_boolean(event->breakpoint));
    if (event->edit)
        json_object_set_new(o, "edit", run_edit_json(event->edit));
    if (event->asked)
        json_object_set_new(o, "asked", asked_json(event->asked));
    set_true(o, "differs", event->differs);
    if (event->activity)
        json_object_set_new(o, "activity", activity_to_json(event->activity));
    json_object_set_new(o, "next", position_json(event->next));
    json_object_set_new(o, "committed", position_json(event->committed));
    set_true(o, "in_transaction", event->in_transaction);
    set_true(o, "outcome_unknown", event->outcome_unknown);
    return o;
}

/* The step and the statement that the event is about; false when the plan has no such place. */
static bool find_place(const json_t *json, const struct plan *plan, struct run_event *out)
{
    int64_t of = get_number(json, "of", (int64_t)out->step);
    if (of < 0)
        return false;
    out->plan_step = step_at(plan, (size_t)of);
    if (!get_true(json, "statement"))
        return true;
    const struct plan_step *step = step_at(plan, out->step);
    if (!step || out->statement >= step->statements.len)
        return false;
    out->plan_statement = &step->statements.at[out->statement];
    return true;
}

bool protocol_read_event(const json_t *json, const struct plan *plan, struct run_event *out,
                         struct err *err_out)
{
    struct position at;
    *out = (struct run_event){
        .text = get_text(json, "text"),
        .rows = get_number(json, "rows", -1),
        .duration = get_number(json, "duration", 0),
        .in_transaction = get_true(json, "in_transaction"),
        .outcome_unknown = get_true(json, "outcome_unknown"),
        .breakpoint = get_true(json, "on"),
        .differs = get_true(json, "differs"),
    };
    if (!run_event_find(get_text(json, "event"), &out->kind) ||
        !runner_state_find(get_text(json, "state"), &out->state) ||
        !position_read(json_object_get(json, "at"), &at) ||
        !position_read(json_object_get(json, "next"), &out->next) ||
        !position_read(json_object_get(json, "committed"), &out->committed))
        return false;
    out->step = at.step;
    out->statement = at.statement;
    protocol_read_err(json_object_get(json, "error"), err_out);
    out->err = err_out->code != ERR_NONE ? err_out : NULL;
    return find_place(json, plan, out);
}
