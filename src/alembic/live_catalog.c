#include "config.h"

#include "alembic/live_catalog.h"

#include <stdlib.h>
#include <string.h>

#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"
#include "schema/expr.h"

/* ------------------------------------------------------------------ small parts */

static void put(struct py_run *run, struct py_value dict, const char *key, struct py_value value)
{
    py_dict_put_name(run, py_dict_of(dict), key, value);
}

static struct py_value text_or_none(struct py_run *run, const char *text)
{
    return text ? py_new_str(run, text) : py_none();
}

static struct py_value names_of(struct py_run *run, const struct name_list *names)
{
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < names->len; i++)
        py_list_append(run, list, py_new_str(run, names->at[i]));
    return list;
}

/* Where a table really is; table.schema is NULL when the search path finds it. */
static const char *real_schema(const struct schema *s, const struct table *t)
{
    if (t->relation && t->relation->schema)
        return t->relation->schema;
    return t->schema ? t->schema : s->default_schema;
}

static bool is_in(const struct schema *s, const char *wanted, const struct table *t)
{
    if (!wanted)
        return t->schema == NULL;
    const char *schema = real_schema(s, t);
    return schema && str_eq(schema, wanted);
}

static const struct table *find_in(const struct schema *s, const struct table_list *list,
                                   const char *schema, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i]->name.text, name) && is_in(s, schema, list->at[i]))
            return list->at[i];
    return NULL;
}

const struct table *live_catalog_table(const struct schema *s, const char *schema,
                                       const char *table)
{
    const struct table *t = find_in(s, &s->tables, schema, table);
    return t ? t : find_in(s, &s->foreign, schema, table);
}

static bool type_is_in(const struct schema *s, const char *wanted, const struct type *type)
{
    const char *schema = type->schema ? type->schema : s->default_schema;
    return wanted ? schema && str_eq(schema, wanted) : type->schema == NULL;
}

bool live_catalog_has_type(const struct schema *s, const char *schema, const char *name)
{
    const struct type_list *lists[] = {&s->enums, &s->domains};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->len; i++)
            if (str_eq(lists[l]->at[i]->name.text, name) && type_is_in(s, schema, lists[l]->at[i]))
                return true;
    return false;
}

/* ------------------------------------------------------------------ columns */

static struct py_value show_identity(struct py_run *run, const struct identity *id)
{
    struct py_value dict = py_new_dict(run);
    put(run, dict, "always", py_bool(id->always));
    put(run, dict, "start", py_int(id->start));
    put(run, dict, "increment", py_int(id->increment));
    put(run, dict, "minvalue", py_int(id->minvalue));
    put(run, dict, "maxvalue", py_int(id->maxvalue));
    put(run, dict, "cache", py_int(id->cache));
    put(run, dict, "cycle", py_bool(id->cycle == YES));
    return dict;
}

/*
 * A name in a sequence's default gets the schema that was asked for (SQLAlchemy always quotes it).
 */
static const char *qualified_default(struct py_run *run, const char *text, const char *schema)
{
    const char *call = text ? strstr(text, "nextval('") : NULL;
    const char *name = call ? call + strlen("nextval('") : NULL;
    const char *end = name ? strchr(name, '\'') : NULL;
    if (!end || !schema || memchr(name, '.', (size_t)(end - name)))
        return text;
    return arena_printf(py_arena(run), "%.*s\"%s\".%s", (int)(name - text), text, schema, name);
}

static struct py_value show_column(struct py_run *run, const struct column *c, const char *schema)
{
    struct py_value dict = py_new_dict(run);
    const char *text = qualified_default(run, c->default_text, schema);
    bool is_serial = text && strstr(text, "nextval('") && type_family(c->type) == FAMILY_INTEGER;
    put(run, dict, "name", py_new_str(run, c->name.text));
    put(run, dict, "type", sa_type_object(run, c->type));
    put(run, dict, "nullable", py_bool(column_is_nullable(c)));
    put(run, dict, "default", c->computed ? py_none() : text_or_none(run, text));
    put(run, dict, "autoincrement", py_bool(is_serial || c->identity));
    put(run, dict, "comment", text_or_none(run, c->comment));
    if (c->computed) {
        struct py_value computed = py_new_dict(run);
        put(run, computed, "sqltext", text_or_none(run, c->default_text));
        put(run, computed, "persisted", py_bool(true));
        put(run, dict, "computed", computed);
    }
    if (c->identity)
        put(run, dict, "identity", show_identity(run, c->identity));
    return dict;
}

static struct py_value show_columns(struct py_run *run, const struct schema *s,
                                    const struct table *t, const char *schema)
{
    (void)s;
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < t->columns.len; i++)
        py_list_append(run, list, show_column(run, t->columns.at[i], schema));
    return list;
}

/* ------------------------------------------------------------------ constraints */

static struct py_value key_options(struct py_run *run, const struct constraint *k)
{
    struct py_value options = py_new_dict(run);
    put(run, options, "postgresql_include", names_of(run, &k->include));
    if (k->kind == CONSTRAINT_UNIQUE)
        put(run, options, "postgresql_nulls_not_distinct", py_bool(k->nulls_not_distinct == YES));
    return options;
}

static struct py_value show_primary_key(struct py_run *run, const struct schema *s,
                                        const struct table *t, const char *schema)
{
    (void)s, (void)schema;
    const struct constraint *k = table_primary_key(t);
    struct py_value dict = py_new_dict(run);
    put(run, dict, "constrained_columns", k ? names_of(run, &k->columns) : py_new_list(run));
    put(run, dict, "name", text_or_none(run, k ? k->name.text : NULL));
    if (!k)
        return dict;
    put(run, dict, "comment", text_or_none(run, k->comment));
    put(run, dict, "dialect_options", key_options(run, k));
    return dict;
}

static const char *referred_schema(const struct schema *s, const struct constraint *k,
                                   const char *schema)
{
    const struct table *referred = live_catalog_table(s, k->referred_schema, k->referred_table);
    if (k->referred_schema || !schema || !referred)
        return k->referred_schema;
    const char *real = real_schema(s, referred);
    return real && str_eq(real, schema) ? schema : NULL;
}

static struct py_value show_foreign_key(struct py_run *run, const struct schema *s,
                                        const struct constraint *k, const char *schema)
{
    struct py_value dict = py_new_dict(run), options = py_new_dict(run);
    put(run, dict, "name", text_or_none(run, k->name.text));
    put(run, dict, "constrained_columns", names_of(run, &k->columns));
    put(run, dict, "referred_schema", text_or_none(run, referred_schema(s, k, schema)));
    put(run, dict, "referred_table", py_new_str(run, k->referred_table));
    put(run, dict, "referred_columns", names_of(run, &k->referred_columns));
    if (k->onupdate)
        put(run, options, "onupdate", py_new_str(run, k->onupdate));
    if (k->ondelete)
        put(run, options, "ondelete", py_new_str(run, k->ondelete));
    if (k->initially)
        put(run, options, "initially", py_new_str(run, k->initially));
    if (k->deferrable != UNSET)
        put(run, options, "deferrable", py_bool(k->deferrable == YES));
    if (k->match)
        put(run, options, "match", py_new_str(run, k->match));
    put(run, dict, "options", options);
    put(run, dict, "comment", text_or_none(run, k->comment));
    return dict;
}

/* The condition inside CHECK (...), without one more pair around it. */
static struct py_value check_text(struct py_run *run, const struct constraint *k)
{
    const char *open = k->text ? strchr(k->text, '(') : NULL;
    const char *close = open ? strrchr(open, ')') : NULL;
    if (!close)
        return py_new_str(run, "");
    const char *start = open + 1, *end = close;
    if (end - start >= 2 && *start == '(' && end[-1] == ')') {
        int depth = 0;
        const char *p = start;
        for (; p < end; p++) {
            depth += (*p == '(') - (*p == ')');
            if (depth == 0)
                break;
        }
        if (p == end - 1) {
            start++;
            end--;
        }
    }
    return py_new_strn(run, start, (size_t)(end - start));
}

static struct py_value show_check(struct py_run *run, const struct constraint *k)
{
    struct py_value dict = py_new_dict(run), options = py_new_dict(run);
    put(run, dict, "name", text_or_none(run, k->name.text));
    put(run, dict, "sqltext", check_text(run, k));
    put(run, dict, "comment", text_or_none(run, k->comment));
    if (k->not_valid || k->not_validated)
        put(run, options, "not_valid", py_bool(true));
    if (k->no_inherit)
        put(run, options, "no_inherit", py_bool(true));
    if (py_dict_of(options)->table.len > 0)
        put(run, dict, "dialect_options", options);
    return dict;
}

static struct py_value show_unique(struct py_run *run, const struct constraint *k)
{
    struct py_value dict = py_new_dict(run);
    put(run, dict, "column_names", names_of(run, &k->columns));
    put(run, dict, "name", text_or_none(run, k->name.text));
    put(run, dict, "comment", text_or_none(run, k->comment));
    put(run, dict, "dialect_options", key_options(run, k));
    return dict;
}

static int by_constraint_name(const void *a, const void *b)
{
    const struct constraint *const *x = a, *const *y = b;
    return strcmp((*x)->name.text ? (*x)->name.text : "", (*y)->name.text ? (*y)->name.text : "");
}

/* Those of a kind, by name: SQLAlchemy asks for them in that order. */
static struct py_value show_constraints(struct py_run *run, const struct schema *s,
                                        const struct table *t, const char *schema,
                                        enum constraint_kind kind)
{
    struct constraint_list found = {0};
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < t->constraints.len; i++)
        if (t->constraints.at[i]->kind == kind)
            vec_push(py_arena(run), &found, t->constraints.at[i]);
    if (found.len > 0)
        qsort(found.at, found.len, sizeof(*found.at), by_constraint_name);
    for (size_t i = 0; i < found.len; i++) {
        const struct constraint *k = found.at[i];
        py_list_append(run, list,
                       kind == CONSTRAINT_FOREIGN_KEY ? show_foreign_key(run, s, k, schema)
                       : kind == CONSTRAINT_CHECK     ? show_check(run, k)
                                                      : show_unique(run, k));
    }
    return list;
}

static struct py_value show_foreign_keys(struct py_run *run, const struct schema *s,
                                         const struct table *t, const char *schema)
{
    return show_constraints(run, s, t, schema, CONSTRAINT_FOREIGN_KEY);
}

static struct py_value show_uniques(struct py_run *run, const struct schema *s,
                                    const struct table *t, const char *schema)
{
    return show_constraints(run, s, t, schema, CONSTRAINT_UNIQUE);
}

static struct py_value show_checks(struct py_run *run, const struct schema *s,
                                   const struct table *t, const char *schema)
{
    return show_constraints(run, s, t, schema, CONSTRAINT_CHECK);
}

/* ------------------------------------------------------------------ indexes */

/* An element as the inspector names it: the column, or the expression's text. */
static struct py_value element_text(struct py_run *run, const struct index_element *e)
{
    const struct expr *x = e->expression;
    if (e->column)
        return py_new_str(run, e->column);
    return x && x->kind == EXPR_TEXT ? py_new_str(run, x->as.text.text) : py_none();
}

static struct py_value show_sorting(struct py_run *run, const struct index *ix)
{
    struct py_value dict = py_new_dict(run);
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct index_element *e = &ix->elements.at[i];
        struct py_value words[2];
        size_t count = 0;
        if (e->is_desc)
            words[count++] = py_new_str(run, "desc");
        if (e->is_desc != e->nulls_first)
            words[count++] = py_new_str(run, e->is_desc ? "nulls_last" : "nulls_first");
        if (count > 0)
            py_dict_put(run, py_dict_of(dict), element_text(run, e),
                        py_new_tuple(run, words, count));
    }
    return dict;
}

static struct py_value index_options(struct py_run *run, const struct index *ix)
{
    struct py_value options = py_new_dict(run), ops = py_new_dict(run), with = py_new_dict(run);
    for (size_t i = 0; i < ix->elements.len; i++)
        if (ix->elements.at[i].opclass)
            py_dict_put(run, py_dict_of(ops), element_text(run, &ix->elements.at[i]),
                        py_new_str(run, ix->elements.at[i].opclass));
    for (size_t i = 0; i < ix->with.len; i++)
        put(run, with, ix->with.at[i].key, py_new_str(run, ix->with.at[i].value));
    if (py_dict_of(ops)->table.len > 0)
        put(run, options, "postgresql_ops", ops);
    if (ix->with.len > 0)
        put(run, options, "postgresql_with", with);
    if (ix->using_ && !str_eq(ix->using_, "btree"))
        put(run, options, "postgresql_using", py_new_str(run, ix->using_));
    if (ix->where_text)
        put(run, options, "postgresql_where", py_new_str(run, ix->where_text));
    put(run, options, "postgresql_include", names_of(run, &ix->include));
    if (ix->nulls_not_distinct == YES)
        put(run, options, "postgresql_nulls_not_distinct", py_bool(true));
    return options;
}

/* constraint: the index is behind it. */
static struct py_value show_index(struct py_run *run, const struct index *ix,
                                  const struct constraint *constraint)
{
    struct py_value dict = py_new_dict(run), columns = py_new_list(run), all = py_new_list(run);
    const char *name = constraint ? constraint->name.text : ix->name.text;
    bool has_expressions = false;
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct index_element *e = &ix->elements.at[i];
        has_expressions = has_expressions || !e->column;
        py_list_append(run, columns, text_or_none(run, e->column));
        py_list_append(run, all, element_text(run, e));
    }
    put(run, dict, "name", text_or_none(run, name));
    put(run, dict, "unique", py_bool(ix->unique));
    put(run, dict, "column_names", columns);
    if (has_expressions)
        put(run, dict, "expressions", all);
    struct py_value sorting = show_sorting(run, ix);
    if (py_dict_of(sorting)->table.len > 0)
        put(run, dict, "column_sorting", sorting);
    if (constraint)
        put(run, dict, "duplicates_constraint", text_or_none(run, name));
    put(run, dict, "include_columns", names_of(run, &ix->include));
    put(run, dict, "dialect_options", index_options(run, ix));
    return dict;
}

/* An index that a constraint made by a revision will have: nothing but its columns is known. */
static const struct index *index_of_key(struct py_run *run, const struct constraint *k)
{
    if (k->index)
        return k->index;
    struct index *ix = PY_NEW(run, struct index);
    ix->name = k->name;
    ix->unique = true;
    for (size_t i = 0; i < k->columns.len; i++)
        vec_push(py_arena(run), &ix->elements,
                 ((struct index_element){.column = k->columns.at[i]}));
    return ix;
}

struct shown_index {
    const struct index *index;
    const struct constraint *constraint;
};

static int by_index_name(const void *a, const void *b)
{
    const struct shown_index *x = a, *y = b;
    const char *left = x->index->name.text, *right = y->index->name.text;
    return strcmp(left ? left : "", right ? right : "");
}

static struct py_value show_indexes(struct py_run *run, const struct schema *s,
                                    const struct table *t, const char *schema)
{
    (void)s, (void)schema;
    VEC(struct shown_index) found = {0};
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < t->indexes.len; i++)
        vec_push(py_arena(run), &found, ((struct shown_index){t->indexes.at[i], NULL}));
    for (size_t i = 0; i < t->constraints.len; i++)
        if (t->constraints.at[i]->kind == CONSTRAINT_UNIQUE)
            vec_push(py_arena(run), &found,
                     ((struct shown_index){index_of_key(run, t->constraints.at[i]),
                                           t->constraints.at[i]}));
    if (found.len > 0)
        qsort(found.at, found.len, sizeof(*found.at), by_index_name);
    for (size_t i = 0; i < found.len; i++)
        py_list_append(run, list, show_index(run, found.at[i].index, found.at[i].constraint));
    return list;
}

static struct py_value show_comment(struct py_run *run, const struct schema *s,
                                    const struct table *t, const char *schema)
{
    (void)s, (void)schema;
    struct py_value dict = py_new_dict(run);
    put(run, dict, "text", text_or_none(run, t->comment));
    return dict;
}

/* ------------------------------------------------------------------ what a schema holds */

static struct py_value show_tables(struct py_run *run, const struct schema *s, const char *schema)
{
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < s->tables.len; i++)
        if (is_in(s, schema, s->tables.at[i]))
            py_list_append(run, list, py_new_str(run, s->tables.at[i]->name.text));
    return list;
}

static struct py_value show_enums(struct py_run *run, const struct schema *s, const char *schema)
{
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < s->enums.len; i++) {
        const struct type *type = s->enums.at[i];
        if (!(schema && str_eq(schema, "*")) && !type_is_in(s, schema, type))
            continue;
        struct py_value dict = py_new_dict(run), labels = py_new_list(run);
        for (size_t l = 0; l < type->label_count; l++)
            py_list_append(run, labels, py_new_str(run, type->labels[l]));
        put(run, dict, "name", py_new_str(run, type->name.text));
        put(run, dict, "schema",
            text_or_none(run, type->schema ? type->schema : s->default_schema));
        put(run, dict, "visible", py_bool(type->schema == NULL));
        put(run, dict, "labels", labels);
        py_list_append(run, list, dict);
    }
    return list;
}

/* ------------------------------------------------------------------ the functions by name */

static const struct {
    const char *name;
    struct py_value (*of_table)(struct py_run *run, const struct schema *s, const struct table *t,
                                const char *schema);
    struct py_value (*of_schema)(struct py_run *run, const struct schema *s, const char *schema);
} functions[] = {
    {"get_columns", show_columns, NULL},
    {"get_pk_constraint", show_primary_key, NULL},
    {"get_foreign_keys", show_foreign_keys, NULL},
    {"get_indexes", show_indexes, NULL},
    {"get_unique_constraints", show_uniques, NULL},
    {"get_check_constraints", show_checks, NULL},
    {"get_table_comment", show_comment, NULL},
    {"get_table_names", NULL, show_tables},
    {"get_enums", NULL, show_enums},
};

struct py_value live_catalog_show(struct py_run *run, const struct schema *s, const char *function,
                                  const char *schema, const char *table)
{
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (!str_eq(functions[i].name, function))
            continue;
        if (functions[i].of_schema)
            return functions[i].of_schema(run, s, schema);
        const struct table *t = table ? live_catalog_table(s, schema, table) : NULL;
        return t ? functions[i].of_table(run, s, t, schema) : py_absent();
    }
    py_raise(run, &py_attribute_error_class, "'Inspector' object has no attribute '%s'", function);
}
