#include "config.h"

#include "autogenerate/compare.h"

#include <stdarg.h>
#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/arena.h"
#include "base/quote.h"
#include "base/str.h"
#include "sql/render_expr.h"

/* ------------------------------------------------------------------ plugins */

static const char *const plugins[PLUGIN_COUNT] = {
    [PLUGIN_SCHEMAS] = "alembic.autogenerate.schemas",
    [PLUGIN_TABLES] = "alembic.autogenerate.tables",
    [PLUGIN_TYPES] = "alembic.autogenerate.types",
    [PLUGIN_CONSTRAINTS] = "alembic.autogenerate.constraints",
    [PLUGIN_DEFAULTS] = "alembic.autogenerate.defaults",
    [PLUGIN_COMMENTS] = "alembic.autogenerate.comments",
    [PLUGIN_CHECKS] = "alembic.autogenerate.checkconstraint_byname",
};

const char *compare_plugin_name(enum compare_plugin plugin)
{
    return plugins[plugin];
}

/* "a.*" and "a.b.c": a star stands for one part or more. */
static bool pattern_matches(const char *pattern, const char *name)
{
    size_t part = strcspn(pattern, ".");
    const char *rest = pattern + part;
    if (part == 1 && *pattern == '*') {
        for (const char *at = name; *at;) {
            at += strcspn(at, ".");
            if (*rest ? *at && pattern_matches(rest + 1, at + 1) : !*at)
                return true;
            if (*at)
                at++;
        }
        return false;
    }
    if (strncmp(pattern, name, part) != 0 || (name[part] && name[part] != '.'))
        return false;
    if (!*rest)
        return !name[part];
    return name[part] && pattern_matches(rest + 1, name + part + 1);
}

static bool pattern_is_valid(const char *pattern)
{
    for (const char *at = pattern;; at++) {
        size_t len = strcspn(at, ".");
        bool star = len == 1 && *at == '*';
        if (len == 0 || (*at >= '0' && *at <= '9'))
            return false;
        for (size_t i = 0; i < len && !star; i++)
            if (!(at[i] == '_' || (at[i] >= '0' && at[i] <= '9') ||
                  (at[i] >= 'a' && at[i] <= 'z') || (at[i] >= 'A' && at[i] <= 'Z') ||
                  (unsigned char)at[i] >= 0x80))
                return false;
        at += len;
        if (!*at)
            return true;
    }
}

bool compare_read_plugins(struct arena *a, const struct name_list *given,
                          struct compare_options *options, struct err *err)
{
    struct str missing = STR_IN(a);
    bool included[PLUGIN_COUNT] = {false}, excluded[PLUGIN_COUNT] = {false};
    for (size_t i = 0; i < given->len; i++) {
        bool out = given->at[i][0] == '~', found = false;
        const char *pattern = given->at[i] + out;
        if (!pattern_is_valid(pattern)) {
            struct str text = STR_IN(a);
            quote_python(&text, pattern, strlen(pattern), false);
            return err_set(err, ERR_RAISED, "ValueError: Invalid plugin expression %s", text.ptr);
        }
        for (size_t k = 0; k < PLUGIN_COUNT; k++)
            if (pattern_matches(pattern, plugins[k])) {
                (out ? excluded : included)[k] = true;
                found = true;
            }
        if (!found && !out)
            str_addf(&missing, "%s%s", missing.len ? ", " : "", pattern);
    }
    if (missing.len)
        return err_set(err, ERR_COMMAND, "Did not locate plugins: %s", missing.ptr);
    for (size_t k = 0; k < PLUGIN_COUNT; k++)
        options->without[k] = excluded[k] || !included[k];
    return true;
}

/* ------------------------------------------------------------------ tools */

void compare_fail(struct comparison *c)
{
    c->failed = true;
}

static void add_line(struct comparison *c, const char *logger, bool warning, const char *fmt,
                     va_list ap)
{
    struct log_line line = {logger, arena_vprintf(c->a, fmt, ap), warning};
    vec_push(c->a, &c->out->log, line);
}

void compare_log(struct comparison *c, const char *module, const char *fmt, ...)
{
    va_list ap;
    if (c->failed)
        return;
    va_start(ap, fmt);
    add_line(c, arena_printf(c->a, "alembic.autogenerate.compare.%s", module), false, fmt, ap);
    va_end(ap);
}

void compare_warn(struct comparison *c, const char *fmt, ...)
{
    va_list ap;
    if (c->failed)
        return;
    va_start(ap, fmt);
    add_line(c, NULL, true, fmt, ap);
    va_end(ap);
}

const char *compare_repr(struct comparison *c, const char *text)
{
    struct str out = STR_IN(c->a);
    if (!text)
        return "None";
    quote_python(&out, text, strlen(text), false);
    return out.ptr;
}

const char *compare_tuple(struct comparison *c, const struct name_list *names)
{
    struct str out = STR_IN(c->a);
    str_addc(&out, '(');
    for (size_t i = 0; i < names->len; i++)
        str_addf(&out, "%s%s", i > 0 ? ", " : "", compare_repr(c, names->at[i]));
    str_add(&out, names->len == 1 ? ",)" : ")");
    return out.ptr;
}

bool compare_name_included(struct comparison *c, enum compare_kind kind, const char *name,
                           const struct pair *pair)
{
    const struct compare_hooks *hooks = &c->options->hooks;
    bool include = true;
    if (c->failed)
        return false;
    if (hooks->include_name &&
        !hooks->include_name(hooks->payload, kind, name, pair ? pair->schema : NULL,
                             pair ? pair->name : NULL, &include, c->err))
        compare_fail(c);
    return include && !c->failed;
}

bool compare_included(struct comparison *c, enum compare_kind kind, const char *name,
                      const struct compare_object *object, bool reflected,
                      const struct compare_object *other)
{
    static const struct compare_object nothing;
    const struct compare_hooks *hooks = &c->options->hooks;
    bool include = true;
    if (c->failed)
        return false;
    if (hooks->include_object &&
        !hooks->include_object(hooks->payload, kind, name, object, reflected,
                               other ? other : &nothing, &include, c->err))
        compare_fail(c);
    return include && !c->failed;
}

void compare_add(struct comparison *c, const struct difference *item)
{
    if (!c->failed)
        vec_push(c->a, &c->out->items, *item);
}

static const char *question_key(struct comparison *c, const struct compare_question *q)
{
    return arena_printf(c->a, "%p\1%s\1%s\1%s", (const void *)q->table, q->type ? q->type : "",
                        q->database, q->model);
}

enum compare_answer compare_ask(struct comparison *c, const struct compare_question *question,
                                const char **reason)
{
    const char *key = question_key(c, question);
    size_t at = (size_t)(uintptr_t)map_get(&c->asked, key);
    if (at == 0) {
        vec_push(c->a, c->questions, *question);
        at = c->questions->len;
        map_put(&c->asked, key, (void *)(uintptr_t)at);
    }
    if (reason)
        *reason = c->questions->at[at - 1].reason;
    return c->questions->at[at - 1].answer;
}

bool compare_is_pending(const struct compare_questions *questions)
{
    for (size_t i = 0; i < questions->len; i++)
        if (questions->at[i].answer == COMPARE_PENDING)
            return true;
    return false;
}

const char *compare_sql(struct comparison *c, const struct expr *e, unsigned flags)
{
    struct str out = STR_IN(c->a);
    if (c->failed)
        return "";
    if (!sql_expr_render(c->a, e, flags, &out, c->err)) {
        compare_fail(c);
        return "";
    }
    return out.ptr;
}

const char *compare_key(struct comparison *c, const char *schema, const char *name)
{
    size_t before = schema ? strlen(schema) : 0, len = strlen(name);
    char *key = arena_alloc(c->a, before + len + 2);
    if (schema)
        memcpy(key, schema, before);
    key[before] = '\1';
    memcpy(key + before + 1, name, len);
    return key;
}

const char *compare_schema(const struct comparison *c, const char *schema)
{
    return str_eq(schema, c->database->default_schema) ? NULL : schema;
}

/* ------------------------------------------------------------------ the entry */

static void index_questions(struct comparison *c)
{
    for (size_t i = 0; i < c->questions->len; i++)
        map_put(&c->asked, question_key(c, &c->questions->at[i]), (void *)(uintptr_t)(i + 1));
}

bool compare_schemas(struct arena *a, const struct schema *models, const struct schema *database,
                     const struct compare_options *options, struct compare_questions *questions,
                     struct differences *out, struct err *err)
{
    struct comparison c = {
        .a = a,
        .models = models,
        .database = database,
        .options = options,
        .questions = questions,
        .asked = MAP_IN(a),
        .out = out,
        .err = err,
        .model_tables = MAP_IN(a),
        .database_tables = MAP_IN(a),
        .referring = MAP_IN(a),
        .done = MAP_IN(a),
        .missing_types = MAP_IN(a),
        .names = MAP_IN(a),
    };
    *out = (struct differences){0};
    index_questions(&c);
    if (compare_has(&c, PLUGIN_SCHEMAS) && compare_has(&c, PLUGIN_TABLES)) {
        compare_collect(&c);
        compare_extensions(&c);
        compare_enums(&c);
        compare_tables(&c);
        compare_orphans(&c);
    }
    return !c.failed;
}
