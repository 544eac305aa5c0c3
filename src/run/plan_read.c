/* Plans from JSON; what it looks like stands in plan_json.h. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "run/plan_json.h"
#include "run/plan_names.h"

/* The first member that is not as it must be ends the reading; what is read till then is not used.
 */
struct reader {
    struct arena *arena;
    const struct graph *graph;
    struct err *err;
    bool failed;
};

static void damaged(struct reader *r, const char *key)
{
    if (!r->failed)
        err_set(r->err, ERR_IO, "the plan is damaged: '%s' is missing or not what it must be", key);
    r->failed = true;
}

/* -- members ------------------------------------------------------------------------------------
 */

/* NULL where the member is null or was never written. */
static const char *optional_text(struct reader *r, const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    if (!value || json_is_null(value))
        return NULL;
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value)) {
        damaged(r, key);
        return NULL;
    }
    return arena_strdup(r->arena, json_string_value(value));
}

static const char *text(struct reader *r, const json_t *o, const char *key)
{
    const char *value = optional_text(r, o, key);
    if (!value)
        damaged(r, key);
    return value ? value : "";
}

static bool boolean(struct reader *r, const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    if (!json_is_boolean(value))
        damaged(r, key);
    return json_is_true(value);
}

static json_int_t integer(struct reader *r, const json_t *o, const char *key, json_int_t max)
{
    const json_t *value = json_object_get(o, key);
    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= max)
        return json_integer_value(value);
    damaged(r, key);
    return 0;
}

/* Which of words (ended by NULL) it is. */
static int word(struct reader *r, const json_t *o, const char *key, const char *const *words)
{
    const char *value = text(r, o, key);
    for (int i = 0; words[i]; i++)
        if (str_eq(words[i], value))
            return i;
    damaged(r, key);
    return 0;
}

static const json_t *object(struct reader *r, const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    if (!json_is_object(value))
        damaged(r, key);
    return value;
}

/* An array; NULL, which is an empty one for jansson, when it is none. */
static const json_t *array(struct reader *r, const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    if (!json_is_array(value))
        damaged(r, key);
    return value;
}

static struct name_list names(struct reader *r, const json_t *o, const char *key)
{
    struct name_list out = {0};
    const json_t *list = array(r, o, key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (!name)
            damaged(r, key);
        else
            vec_push(r->arena, &out, arena_strdup(r->arena, name));
    }
    return out;
}

/* -- parts --------------------------------------------------------------------------------------
 */

static enum sql_lock read_lock(struct reader *r, const json_t *o)
{
    const char *name = text(r, o, "lock");
    for (int lock = SQL_LOCK_NONE; lock <= SQL_LOCK_ACCESS_EXCLUSIVE; lock++)
        if (str_eq(sql_lock_name((enum sql_lock)lock), name))
            return (enum sql_lock)lock;
    damaged(r, "lock");
    return SQL_LOCK_NONE;
}

static struct sql_locked_list read_locked(struct reader *r, const json_t *o)
{
    struct sql_locked_list out = {0};
    const json_t *list = array(r, o, "locked");
    for (size_t i = 0; i < json_array_size(list) && !r->failed; i++) {
        const json_t *one = json_array_get(list, i);
        vec_push(r->arena, &out,
                 ((struct sql_locked){text(r, one, "relation"), read_lock(r, one)}));
    }
    return out;
}

static struct sql_effect read_effect(struct reader *r, const json_t *o)
{
    return (struct sql_effect){
        .known = boolean(r, o, "known"),
        .statements = (size_t)integer(r, o, "statements", INT32_MAX),
        .tag = optional_text(r, o, "tag"),
        .relation = optional_text(r, o, "relation"),
        .lock = read_lock(r, o),
        .locked = read_locked(r, o),
        .makes_relation = boolean(r, o, "makes_relation"),
        .outside_only = boolean(r, o, "outside_only"),
        .concurrent = boolean(r, o, "concurrent"),
        .control = (enum sql_control)word(r, o, "control", plan_control_words),
        .sets_timeouts = (enum sql_sets)word(r, o, "sets_timeouts", plan_sets_words),
        .loses_data = optional_text(r, o, "loses_data"),
        .rewrites = boolean(r, o, "rewrites"),
    };
}

/* Members that only some plans have. */
static size_t optional_count(struct reader *r, const json_t *o, const char *key)
{
    return json_object_get(o, key) ? (size_t)integer(r, o, key, INT32_MAX) : 0;
}

static struct op_origin read_origin(struct reader *r, const json_t *o)
{
    return (struct op_origin){.file = optional_text(r, o, "file"),
                              .line = (int)integer(r, o, "line", INT32_MAX),
                              .column = (int)integer(r, o, "column", INT32_MAX),
                              .revision_line = (int)integer(r, o, "revision_line", INT32_MAX),
                              .revision_end = (int)optional_count(r, o, "revision_end")};
}

static bool optional_boolean(struct reader *r, const json_t *o, const char *key)
{
    return json_object_get(o, key) && boolean(r, o, key);
}

static struct plan_statement read_statement(struct reader *r, const json_t *o)
{
    const char *sql = text(r, o, "sql"), *rendered = optional_text(r, o, "rendered");
    return (struct plan_statement){
        .sql = sql,
        .rendered = rendered ? rendered : sql,
        .origin = read_origin(r, o),
        .in_transaction = boolean(r, o, "in_transaction"),
        .version_row = boolean(r, o, "version_row"),
        .nondeterministic = boolean(r, o, "nondeterministic"),
        /* Plans of earlier versions have none. */
        .number = optional_count(r, o, "number"),
        .asked_before = optional_count(r, o, "asked_before"),
        .effect = read_effect(r, object(r, o, "effect")),
    };
}

static struct plan_statement_list read_statements(struct reader *r, const json_t *o,
                                                  const char *key)
{
    struct plan_statement_list out = {0};
    const json_t *list = array(r, o, key);
    vec_reserve(r->arena, &out, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list) && !r->failed; i++)
        vec_push(r->arena, &out, read_statement(r, json_array_get(list, i)));
    return out;
}

static struct row_change_list read_changes(struct reader *r, const json_t *o)
{
    struct row_change_list out = {0};
    const json_t *list = array(r, o, "changes");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct row_change change = {
            .kind = (enum row_change_kind)word(r, one, "kind", plan_change_words),
            .from = optional_text(r, one, "from"),
            .to = optional_text(r, one, "to"),
        };
        if ((change.kind != ROW_INSERT && !change.from) ||
            (change.kind != ROW_DELETE && !change.to))
            damaged(r, "changes");
        vec_push(r->arena, &out, change);
    }
    return out;
}

static struct revision_prints read_prints(struct reader *r, const json_t *o, const char *key)
{
    struct revision_prints out = {0};
    const json_t *list = array(r, o, key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct revision_print print = {.before = (size_t)integer(r, one, "before", INT32_MAX),
                                       .text = text(r, one, "text")};
        vec_push(r->arena, &out, print);
    }
    return out;
}

static uint64_t read_fingerprint(struct reader *r, const json_t *o)
{
    char *end;
    const char *hex = text(r, o, "fingerprint");
    uint64_t value = strtoull(hex, &end, 16);
    if (strlen(hex) != 16 || *end)
        damaged(r, "fingerprint");
    return value;
}

static struct revision_modules read_files(struct reader *r, const json_t *o)
{
    struct revision_modules out = {0};
    const json_t *list = array(r, o, "files");
    for (size_t i = 0; i < json_array_size(list) && !r->failed; i++) {
        const json_t *one = json_array_get(list, i);
        struct revision_module file = {text(r, one, "file"), read_fingerprint(r, one)};
        vec_push(r->arena, &out, file);
    }
    return out;
}

static void read_status(struct reader *r, const json_t *o, struct rendering *out)
{
    out->status = (enum reading_status)word(r, o, "status", plan_status_words);
    const char *reason = optional_text(r, o, "reason");
    if (out->status == READING_OK || !reason)
        return;
    err_set(&out->err, out->status == READING_RAISES ? ERR_RAISED : ERR_PYTHON, "%s", reason);
    err_at(&out->err, optional_text(r, o, "file"), (int)integer(r, o, "line", INT32_MAX),
           (int)integer(r, o, "column", INT32_MAX));
}

static enum plan_verb read_verb(struct reader *r, const json_t *o)
{
    const char *verb = text(r, o, "verb");
    for (int i = PLAN_UPGRADE; i <= PLAN_STAMP; i++)
        if (str_eq(plan_verb_name((enum plan_verb)i), verb))
            return (enum plan_verb)i;
    damaged(r, "verb");
    return PLAN_STAMP;
}

static enum plan_scope read_scope(struct reader *r, const json_t *o)
{
    enum plan_scope scope = PLAN_SCOPE_REVISION;
    if (!plan_scope_parse(text(r, o, "scope"), &scope))
        damaged(r, "scope");
    return scope;
}

/*
 * Each statement of the version table carries out one change, in their order; all of them come with
 * the one statement of a step for the bridge.
 */
static void check_version_rows(struct reader *r, const struct plan_step *step)
{
    size_t rows = step->bridge && step->statements.len == 1 ? step->changes.len : 0;
    for (size_t i = 0; i < step->statements.len; i++)
        rows += step->statements.at[i].version_row ? 1 : 0;
    if (rows != step->changes.len)
        damaged(r, "version_row");
}

static void read_asked(struct reader *r, const json_t *o, struct live_asked_list *out)
{
    const json_t *list = json_object_get(o, "asked") ? array(r, o, "asked") : NULL;
    for (size_t i = 0; i < json_array_size(list) && !r->failed; i++) {
        const json_t *one = json_array_get(list, i);
        struct live_asked asked = {.origin = read_origin(r, one),
                                   .sql = optional_text(r, one, "sql"),
                                   .call = optional_text(r, one, "call"),
                                   .answer = optional_text(r, one, "answer"),
                                   .note = optional_text(r, one, "note"),
                                   .outdated = boolean(r, one, "outdated")};
        if (!asked.sql == !asked.call)
            damaged(r, asked.sql ? "sql" : "call");
        vec_push(r->arena, out, asked);
    }
}

static void read_live(struct reader *r, const json_t *o, struct plan_step *step)
{
    step->live = optional_boolean(r, o, "live");
    step->open = json_object_get(o, "open") != NULL;
    if (step->open) {
        const json_t *open = object(r, o, "open");
        step->open_reason = optional_text(r, open, "reason");
        step->open_at = read_origin(r, open);
    }
    read_asked(r, o, &step->asked);
}

static struct plan_step read_step(struct reader *r, const json_t *o)
{
    struct plan_step step = {
        .verb = read_verb(r, o),
        .id = optional_text(r, o, "revision"),
        .file = optional_text(r, o, "file"),
        .doc = text(r, o, "doc"),
        .from = text(r, o, "from"),
        .to = text(r, o, "to"),
        .rows_before = names(r, o, "rows_before"),
        .rows_after = names(r, o, "rows_after"),
        .changes = read_changes(r, o),
        .edited = boolean(r, o, "edited"),
        .statements = read_statements(r, o, "statements"),
        .rendering = {.fingerprint = read_fingerprint(r, o), .prints = read_prints(r, o, "prints")},
        .applied.prints = read_prints(r, o, "prints_after"),
        .bridge = optional_boolean(r, o, "bridge"),
    };
    read_live(r, o, &step);
    if ((step.verb != PLAN_STAMP && !step.id) || (step.rendering.fingerprint && !step.file))
        damaged(r, "revision");
    if (r->graph && step.id)
        step.revision = graph_find(r->graph, step.id);
    if (step.edited)
        step.original = read_statements(r, o, "original");
    check_version_rows(r, &step);
    plan_find_segments(r->arena, &step);
    read_status(r, o, &step.rendering);
    return step;
}

static struct plan_database read_database(struct reader *r, const json_t *o)
{
    return (struct plan_database){
        .identity = text(r, o, "identity"),
        .name = text(r, o, "name"),
        .oid = (uint32_t)integer(r, o, "oid", UINT32_MAX),
        .server_version = (int)integer(r, o, "server_version", INT32_MAX),
    };
}

static struct version_table read_table(struct reader *r, const json_t *o)
{
    return (struct version_table){
        .name = text(r, o, "name"),
        .schema = optional_text(r, o, "schema"),
        .primary_key = boolean(r, o, "primary_key"),
    };
}

static bool check_form(struct reader *r, const json_t *json)
{
    const json_t *form = json_object_get(json, "retort_plan");
    if (!json_is_integer(form))
        return err_set(r->err, ERR_IO, "this is no plan");
    if (json_integer_value(form) == PLAN_FORM)
        return true;
    return err_set(r->err, ERR_IO,
                   "the plan has form %" JSON_INTEGER_FORMAT ", this program knows form %d",
                   json_integer_value(form), PLAN_FORM);
}

bool plan_from_json(struct arena *a, const json_t *json, const struct graph *graph,
                    struct plan **out, struct err *err)
{
    struct reader r = {.arena = a, .graph = graph, .err = err};
    struct plan *plan = ARENA_NEW(a, struct plan);
    plan->arena = a;
    if (!check_form(&r, json))
        return false;
    plan->verb = read_verb(&r, json);
    plan->target = text(&r, json, "target");
    plan->scope = read_scope(&r, json);
    plan->scope_chosen = boolean(&r, json, "scope_chosen");
    plan->database = read_database(&r, object(&r, json, "database"));
    plan->table = read_table(&r, object(&r, json, "version_table"));
    plan->create_version_table = boolean(&r, object(&r, json, "version_table"), "create");
    plan->rows = names(&r, json, "rows");
    plan->files = read_files(&r, json);
    plan->warning = optional_text(&r, json, "warning");
    const json_t *steps = array(&r, json, "steps");
    vec_reserve(a, &plan->steps, json_array_size(steps));
    for (size_t i = 0; i < json_array_size(steps) && !r.failed; i++) {
        vec_push(a, &plan->steps, read_step(&r, json_array_get(steps, i)));
        plan->statement_count += vec_last(&plan->steps).statements.len;
    }
    if (!r.failed &&
        plan->statement_count != (size_t)integer(&r, json, "statement_count", INT32_MAX))
        damaged(&r, "statement_count");
    if (!r.failed) {
        *out = plan;
        return true;
    }
    plan_clear(plan);
    return false;
}
