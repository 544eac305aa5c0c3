/*
 * Modules of the project that cannot be followed to their end: what a statement would have declared
 * is told from its text, as far as that goes. Where it does not, a table without a name is unknown.
 */
#include "config.h"

#include <ctype.h>

#include "alembic/declarative.h"
#include "alembic/env_run.h"
#include "alembic/host.h"
#include "alembic/models_private.h"
#include "alembic/sqlmodel.h"
#include "base/arena.h"
#include "base/source.h"
#include "base/str.h"
#include "python/ast.h"
#include "python/binding.h"

/* Which MetaData the table would be in is not known. */
static void mark(struct py_run *run, const struct py_refused *refused, const char *schema,
                 const char *name)
{
    model_mark_unknown(run, py_absent(), schema, name, refused->reason,
                       model_in_project(run, refused->place));
}

/* ------------------------------------------------------------------ classes */

/* The value that a class's body gives to the name; NULL: none. */
static const struct py_node *assigned_in(const struct py_class *cls, const char *name)
{
    const struct py_node *value = NULL;
    for (uint32_t i = 0; !value && i < cls->body.count; i++)
        value = model_assigned(cls->body.at[i], name);
    return value;
}

static const struct py_node *keyword_of(const struct py_class *cls, const char *name)
{
    for (uint32_t i = 0; i < cls->keywords.count; i++)
        if (cls->keywords.at[i].name && str_eq(cls->keywords.at[i].name->text, name))
            return cls->keywords.at[i].value;
    return NULL;
}

struct base_check {
    const struct py_refused *refused;
    const struct py_node *base;
    struct py_type *cls;   /* NULL: it is none, or not known */
    struct py_type *model; /* the same, when it is a model; else NULL */
};

static void check_base(struct py_run *run, void *payload)
{
    struct base_check *check = payload;
    const struct span span = check->base->span;
    const char *text = arena_strndup(py_arena(run), check->refused->source->text + span.start,
                                     span.end - span.start);
    struct py_value v = py_eval_text(run, text, check->refused->module, NULL);
    check->cls = py_is_class(v) ? py_type_of(v) : NULL;
    if (py_is_class(v) && (py_class_is(py_type_of(v), &declarative_base_class) ||
                           py_class_is(py_type_of(v), &declarative_root_class)))
        check->model = py_type_of(v);
}

/* The base that is a declarative base or derives from one; NULL: none. */
static struct py_type *model_base(struct py_run *run, const struct py_refused *refused,
                                  const struct py_class *cls)
{
    for (uint32_t i = 0; i < cls->bases.count; i++) {
        struct base_check check = {.refused = refused, .base = cls->bases.at[i]};
        struct py_outcome outcome;
        py_run_protect(run, check_base, &check, &outcome);
        if (check.model)
            return check.model;
    }
    return NULL;
}

/* Whether the bases name the tables of classes as SQLModel itself does. */
static bool has_default_name(struct py_run *run, const struct py_refused *refused,
                             const struct py_class *cls)
{
    for (uint32_t i = 0; i < cls->bases.count; i++) {
        struct base_check check = {.refused = refused, .base = cls->bases.at[i]};
        struct py_outcome outcome;
        struct py_type *owner;
        py_run_protect(run, check_base, &check, &outcome);
        if (!check.cls)
            return false;
        struct py_value name = py_class_lookup(run, check.cls, "__tablename__", &owner);
        if (!py_is_absent(name) && owner->native != &sqlmodel_class)
            return false;
    }
    return true;
}

/* A class statement that was refused: the table that it would have made. In which schema that would
 * be is not known where there are options. */
static void lose_class(struct py_run *run, const struct py_refused *refused,
                       const struct py_class *cls)
{
    const struct py_node *given = assigned_in(cls, "__tablename__");
    const char *name = model_is_constant(given, PY_CONST_STR) ? given->as.constant.text : NULL;
    if (model_is_constant(assigned_in(cls, "__abstract__"), PY_CONST_TRUE))
        return;
    bool is_table = keyword_of(cls, "table") != NULL;
    if (!name && is_table && has_default_name(run, refused, cls)) {
        char *lower = arena_strdup(py_arena(run), cls->ref.name->text);
        for (char *p = lower; *p; p++)
            *p = (char)tolower((unsigned char)*p);
        name = lower;
    }
    struct py_type *base = name ? NULL : model_base(run, refused, cls);
    struct py_value above = base ? model_table_of(run, base, NULL) : py_absent();
    if (!py_is_absent(above)) { /* its columns are missing there */
        const struct table *t = sa_table_of(run, above, "Table")->table;
        mark(run, refused, t->schema, t->name.text);
    } else if (name || base || is_table || given) {
        mark(run, refused, NULL, assigned_in(cls, "__table_args__") ? NULL : name);
    }
}

/* ------------------------------------------------------------------ other statements */

/* A line of a text that starts in an indented block of a def. */
struct line {
    const char *text;
    size_t len, indent;
};

static bool holds(const struct line *line, const char *what)
{
    size_t n = strlen(what);
    for (size_t i = 0; i + n <= line->len; i++)
        if (memcmp(line->text + i, what, n) == 0)
            return true;
    return false;
}

static struct line line_at(const char *p)
{
    struct line line = {.text = p, .len = strcspn(p, "\n")};
    line.indent = strspn(p, " \t");
    line.indent = line.indent < line.len ? line.indent : line.len;
    return line;
}

/* Whether functions of a source declare tables: classes with a table's name, or Table(). */
static bool functions_declare(const char *text)
{
    bool in_function = false;
    for (const char *p = text; *p;) {
        struct line line = line_at(p);
        const char *word = line.text + line.indent;
        if (line.indent == 0 && line.len > 0 && *word != '#' && *word != ')')
            in_function = str_starts_with(word, "def ") || str_starts_with(word, "async def ");
        else if (in_function && (holds(&line, "__tablename__") || holds(&line, "table=True") ||
                                 holds(&line, "Table(")))
            return true;
        p += line.len + (p[line.len] == '\n');
    }
    return false;
}

/* "name" in Table("name", ...), in the text of a statement; *found says that there is a call. */
static const char *table_name_in(struct arena *a, const char *text, bool *found)
{
    const char *call = strstr(text, "Table(");
    *found = call != NULL;
    if (!call)
        return NULL;
    const char *p = call + strlen("Table(");
    p += strspn(p, " \t\r\n");
    if (*p != '"' && *p != '\'')
        return NULL;
    const char *end = strchr(p + 1, *p);
    if (strstr(p, "Table("))
        return NULL; /* several */
    return end ? arena_strndup(a, p + 1, (size_t)(end - p - 1)) : NULL;
}

/* Whether functions declare tables where the statement stands, or where it was refused. */
static bool calls_declare(struct py_run *run, const struct py_refused *refused)
{
    const struct source *called =
        refused->place.file ? py_source_of(run, refused->place.file) : NULL;
    return functions_declare(refused->source->text) || (called && functions_declare(called->text));
}

/* The classes in the bodies of a statement. */
struct class_search {
    struct py_run *run;
    const struct py_refused *refused;
    size_t count;
};

static void lose_inner_class(const struct py_name *name, const struct py_node *node, void *payload)
{
    struct class_search *search = payload;
    (void)name;
    if (node->kind != PY_NODE_CLASS_DEF)
        return;
    lose_class(search->run, search->refused, node->as.class_def);
    search->count++;
}

/* An if, try or with: the classes in it are known by name. What a loop makes is not. */
static bool lose_inner_classes(struct py_run *run, const struct py_refused *refused)
{
    struct class_search search = {.run = run, .refused = refused};
    int kind = refused->statement->kind;
    if (kind != PY_NODE_IF && kind != PY_NODE_TRY && kind != PY_NODE_WITH)
        return false;
    py_statement_bindings(refused->statement, lose_inner_class, &search);
    return search.count > 0;
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* A table that the statement names, itself or by its class, may have been changed by it. */
static void lose_named(struct py_run *run, const struct py_refused *refused, const char *name)
{
    struct py_value v = py_run_global(run, refused->module, name);
    struct sa_table *t = py_payload(v, &sa_table_class);
    if (!t && py_is_class(v))
        t = py_payload(model_table_of(run, py_type_of(v), NULL), &sa_table_class);
    if (t)
        model_mark_unknown(run, t->metadata, t->table->schema, t->table->name.text,
                           refused->reason, model_in_project(run, refused->place));
}

/* In strings and comments too: a table more that is left out does no harm. */
static void lose_named_tables(struct py_run *run, const struct py_refused *refused,
                              const char *text)
{
    for (const char *p = text; *p;) {
        size_t len = 0;
        while (is_name_byte(p[len]))
            len++;
        if (len > 0 && (p == text || p[-1] != '.'))
            lose_named(run, refused, arena_strndup(py_arena(run), p, len));
        p += len ? len : 1;
    }
}

static const char *statement_text(struct py_run *run, const struct py_refused *refused)
{
    const struct span span = refused->statement->span;
    return arena_strndup(py_arena(run), refused->source->text + span.start,
                         span.end - span.start);
}

static void lose_statement(struct py_run *run, const struct py_refused *refused)
{
    const char *text = statement_text(run, refused);
    lose_named_tables(run, refused, text);
    bool is_table = false;
    const char *name = table_name_in(py_arena(run), text, &is_table);
    bool is_import = refused->statement->kind == PY_NODE_IMPORT ||
                     refused->statement->kind == PY_NODE_IMPORT_FROM;
    if (!is_table && lose_inner_classes(run, refused))
        return;
    if (is_table || is_import || strstr(text, "__tablename__") || strstr(text, "table=True") ||
        (strchr(text, '(') && calls_declare(run, refused)))
        mark(run, refused, NULL, name);
}

static void note(struct py_run *run, const struct py_refused *refused)
{
    struct model_state *state = model_state(run);
    for (size_t i = 0; i < state->notes.len; i++)
        if (str_eq(state->notes.at[i].reason, refused->reason) &&
            state->notes.at[i].place.line == refused->place.line)
            return;
    struct model_note entry = {refused->reason, model_in_project(run, refused->place)};
    vec_push(py_arena(run), &state->notes, entry);
}

bool model_recover(struct py_run *run, const struct py_refused *refused, void *payload)
{
    struct env_run *env = payload;
    if (refused->refusal == PY_REFUSE_SYNTAX || refused->refusal == PY_REFUSE_ENCODING)
        return false; /* Python would stop there too */
    bool is_import = refused->statement->kind == PY_NODE_IMPORT ||
                     refused->statement->kind == PY_NODE_IMPORT_FROM;
    bool in_env = str_eq(refused->source->path, env->project->env_path);
    if (in_env && !is_import && !alembic_host(run)->for_models)
        return false;
    env->is_lenient = env->is_lenient || (in_env && !is_import);
    if (refused->in_class)
        return true; /* what is made of the class says what it lacks */
    if (strstr(statement_text(run, refused), "naming_convention"))
        return false; /* the names of all constraints hang on it */
    note(run, refused);
    if (in_env && !is_import)
        return true; /* no tables are declared there */
    if (refused->statement->kind == PY_NODE_CLASS_DEF)
        lose_class(run, refused, refused->statement->as.class_def);
    else
        lose_statement(run, refused);
    return true;
}
