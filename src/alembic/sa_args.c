#include "config.h"

/* Readers of the arguments that schema constructs and directives share. */

#include "alembic/sa_schema.h"
#include "base/arena.h"
#include "base/quote.h"
#include "base/str.h"

enum tristate sa_tristate(struct py_run *run, struct py_value v)
{
    if (py_is_unset(v))
        return UNSET;
    return py_truth(run, v) ? YES : NO;
}

const char *sa_text_or_null(struct py_run *run, struct py_value v, const char *what)
{
    return arena_strdup(py_arena(run), py_as_string_or_null(run, v, what));
}

void sa_add_names(struct py_run *run, struct py_value v, struct name_list *out)
{
    if (py_is_unset(v))
        return;
    struct py_tuple *items = py_items(run, v);
    for (size_t i = 0; i < items->len; i++)
        vec_push(py_arena(run), out, sa_column_name(run, items->items[i]));
}

bool sa_has_name(const struct name_list *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], name))
            return true;
    return false;
}

void sa_check_foreign_key(struct py_run *run, const struct constraint *k)
{
    struct name_list distinct = {0};
    for (size_t i = 0; i < k->columns.len; i++)
        if (!sa_has_name(&distinct, k->columns.at[i]))
            vec_push(py_arena(run), &distinct, k->columns.at[i]);
    if (distinct.len == k->referred_columns.len && distinct.len == k->columns.len)
        return;
    if (distinct.len != k->columns.len)
        py_raise(run, &sa_argument_error_class,
                 "ForeignKeyConstraint with duplicate source column references are not supported.");
    py_raise(run, &sa_argument_error_class,
             "ForeignKeyConstraint number of constrained columns must match the number of "
             "referenced columns.");
}

const char *sa_column_name(struct py_run *run, struct py_value v)
{
    py_require_known(run, v);
    struct sa_column *c = py_payload(v, &sa_column_class);
    if (c)
        return c->column->name.text;
    const struct expr *e = sa_expr_of(run, v);
    if (e && e->kind == EXPR_COLUMN && !e->as.column.is_literal)
        return e->as.column.name.text;
    return arena_strdup(py_arena(run), py_as_string(run, v, "column"));
}

void sa_split_target(struct py_run *run, const char *target, struct constraint *k)
{
    struct arena *a = py_arena(run);
    const char *dot = strrchr(target, '.');
    if (!dot)
        py_raise(run, &py_value_error_class, "not enough values to unpack (expected 2, got 1)");
    vec_push(a, &k->referred_columns, arena_strdup(a, dot + 1));
    char *table = arena_strndup(a, target, (size_t)(dot - target));
    char *schema_end = strrchr(table, '.');
    if (schema_end) {
        *schema_end = '\0';
        k->referred_schema = table;
        k->referred_table = schema_end + 1;
    } else {
        k->referred_schema = NULL;
        k->referred_table = table;
    }
}

static bool is_allowed(const char *name, const char *const *allowed)
{
    for (; *allowed; allowed++)
        if (str_eq(name, *allowed))
            return true;
    return false;
}

void sa_check_dialect_options(struct py_run *run, struct py_dict *kw, const char *const *allowed,
                              const char *class_name)
{
    struct py_value key;
    for (size_t i = 0; kw && py_dict_next(kw, &i, &key, NULL);) {
        const char *name = py_as_string(run, key, "keyword");
        const char *underscore = *name ? strchr(name + 1, '_') : NULL;
        if (!underscore || !underscore[1])
            py_raise(run, &py_type_error_class,
                     "Additional arguments should be named <dialectname>_<argument>, got '%s'",
                     name);
        if (str_starts_with(name, "postgresql_") &&
            !is_allowed(name + strlen("postgresql_"), allowed))
            py_raise(run, &sa_argument_error_class,
                     "Argument '%s' is not accepted by dialect 'postgresql' on behalf of <class "
                     "'%s'>",
                     name, class_name);
    }
}

/* How Python shows a value made of plain data, a Column standing for its name; false: it is not. */
static bool add_plain(struct py_run *run, struct py_value v, struct str *out)
{
    struct sa_column *column = py_payload(v, &sa_column_class);
    if (column && column->column->name.text) {
        quote_python(out, column->column->name.text, strlen(column->column->name.text), false);
        return true;
    }
    if (v.kind != PY_OBJECT || py_is_str(v)) {
        str_add(out, py_repr_text(run, v));
        return v.kind != PY_ABSENT;
    }
    if (!py_is_list(v) && !py_is_tuple(v) && !py_is_dict(v))
        return false;
    struct py_tuple *items = py_items(run, v);
    str_addc(out, py_is_dict(v) ? '{' : py_is_list(v) ? '[' : '(');
    for (size_t i = 0; i < items->len; i++) {
        str_add(out, i > 0 ? ", " : "");
        if (!add_plain(run, items->items[i], out))
            return false;
        if (!py_is_dict(v))
            continue;
        str_add(out, ": ");
        if (!add_plain(run, py_getitem(run, v, items->items[i]), out))
            return false;
    }
    if (py_is_tuple(v) && items->len == 1)
        str_addc(out, ',');
    str_addc(out, py_is_dict(v) ? '}' : py_is_list(v) ? ']' : ')');
    return true;
}

const char *sa_plain_text(struct py_run *run, struct py_value v)
{
    struct str text = STR_IN(py_arena(run));
    return add_plain(run, v, &text) ? text.ptr : NULL;
}

/* Bytes of the dialect's name, with its underscore. */
static size_t dialect_length(const char *name)
{
    const char *underscore = strchr(name, '_');
    return underscore ? (size_t)(underscore - name) + 1 : strlen(name);
}

/* Behind the last option of the same dialect, else at the end. */
static void insert_option(struct arena *a, struct dialect_option_list *out,
                          struct dialect_option option)
{
    size_t at = out->len, length = dialect_length(option.name);
    for (size_t i = 0; i < out->len; i++)
        if (strncmp(out->at[i].name, option.name, length) == 0)
            at = i + 1;
    vec_push(a, out, option);
    for (size_t i = out->len - 1; i > at; i--)
        out->at[i] = out->at[i - 1];
    out->at[at] = option;
}

void sa_keep_dialect_options(struct py_run *run, struct py_dict *kw,
                             struct dialect_option_list *out)
{
    struct arena *a = py_arena(run);
    struct py_value key, value;
    for (size_t i = 0; kw && py_dict_next(kw, &i, &key, &value);) {
        struct dialect_option option = {.name = arena_strdup(a, py_as_string(run, key, "keyword"))};
        struct sa_column *column = py_payload(value, &sa_column_class);
        if (!column)
            option.value = sa_expr_of(run, value);
        if (!option.value)
            option.python = sa_plain_text(run, value);
        if (option.value || option.python)
            insert_option(a, out, option);
    }
}

struct py_value sa_dialect_option(const struct py_dict *kw, const char *name)
{
    char key[64] = "postgresql_";
    if (!kw || strlen(name) + strlen(key) >= sizeof(key))
        return py_absent();
    memcpy(key + strlen("postgresql_"), name, strlen(name) + 1);
    return py_dict_get_name(kw, key);
}

void sa_key_options(struct py_run *run, struct constraint *k, struct py_dict *kw,
                    const char *class_name)
{
    static const char *const unique[] = {"include", "nulls_not_distinct", NULL};
    static const char *const primary[] = {"include", NULL};
    sa_check_dialect_options(run, kw, k->kind == CONSTRAINT_UNIQUE ? unique : primary, class_name);
    sa_keep_dialect_options(run, kw, &k->given);
    sa_add_names(run, sa_dialect_option(kw, "include"), &k->include);
    struct py_value distinct = sa_dialect_option(kw, "nulls_not_distinct");
    if (distinct.kind == PY_BOOL)
        k->nulls_not_distinct = distinct.boolean ? YES : NO;
}

void sa_validity_option(struct py_run *run, struct constraint *k, struct py_dict *kw,
                        const char *class_name)
{
    static const char *const allowed[] = {"not_valid", NULL};
    sa_check_dialect_options(run, kw, allowed, class_name);
    sa_keep_dialect_options(run, kw, &k->given);
    k->not_valid = py_truth(run, sa_dialect_option(kw, "not_valid"));
}

/* WITH (key = value): values as str() prints them. */
static void add_storage(struct py_run *run, struct index *ix, struct py_value with)
{
    if (!py_truth(run, with))
        return;
    if (!py_is_dict(with))
        py_raise(run, &py_attribute_error_class, "'%s' object has no attribute 'items'",
                 py_class_name(run, with));
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(py_dict_of(with), &i, &key, &value);) {
        const char *name = py_as_string(run, py_to_str(run, key), "postgresql_with");
        const char *text = py_as_string(run, py_to_str(run, value), "postgresql_with");
        struct option option = {arena_strdup(py_arena(run), name),
                                arena_strdup(py_arena(run), text)};
        vec_push(py_arena(run), &ix->with, option);
    }
}

void sa_index_options(struct py_run *run, struct index *ix, struct py_dict *kw)
{
    static const char *const allowed[] = {"include", "using", "where", "ops", "concurrently",
                                          "with", "tablespace", "nulls_not_distinct", NULL};
    sa_check_dialect_options(run, kw, allowed, "sqlalchemy.sql.schema.Index");
    sa_keep_dialect_options(run, kw, &ix->given);
    sa_add_names(run, sa_dialect_option(kw, "include"), &ix->include);
    struct py_value using = sa_dialect_option(kw, "using");
    if (py_truth(run, using))
        ix->using_ = sa_text_or_null(run, using, "postgresql_using");
    struct py_value where = sa_dialect_option(kw, "where");
    if (!py_is_unset(where))
        ix->where = sa_expr_or_text(run, where);
    ix->concurrently = py_truth(run, sa_dialect_option(kw, "concurrently"));
    add_storage(run, ix, sa_dialect_option(kw, "with"));
    ix->tablespace = sa_text_or_null(run, sa_dialect_option(kw, "tablespace"), "tablespace");
    struct py_value distinct = sa_dialect_option(kw, "nulls_not_distinct");
    if (distinct.kind == PY_BOOL)
        ix->nulls_not_distinct = distinct.boolean ? YES : NO;
}

/* The operator class of an element: ops= by its key. */
static const char *opclass_of(struct py_run *run, struct py_value ops, const char *key)
{
    if (!key || !py_truth(run, ops))
        return NULL;
    if (!py_is_dict(ops))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "ops must be a dict");
    struct py_value found = py_dict_get_name(py_dict_of(ops), key);
    return py_is_absent(found) ? NULL : arena_strdup(py_arena(run), py_str_text(run, found));
}

/* What ops= knows an element by: a column's name, a label. */
static const char *element_key(const struct expr *e)
{
    if (e->kind == EXPR_COLUMN)
        return e->as.column.column && e->as.column.column->key ? e->as.column.column->key
                                                                : e->as.column.name.text;
    return e->kind == EXPR_LABEL ? e->as.label.name.text : NULL;
}

/* The column that an expression is about; NULL when it is not one. */
static const char *element_column(const struct expr *e)
{
    switch ((int)e->kind) {
    case EXPR_COLUMN:
        return e->as.column.name.text;
    case EXPR_TEXT:
        return e->as.text.text;
    case EXPR_UNARY:
        return element_column(e->as.unary.operand);
    case EXPR_LABEL:
        return element_column(e->as.label.element);
    default:
        return NULL;
    }
}

void sa_index_add(struct py_run *run, struct index *ix, struct py_value element,
                  struct py_value ops)
{
    struct arena *a = py_arena(run);
    struct index_element added = {0};
    if (py_is_str(element)) {
        struct name name = sa_name(run, element, "column");
        added.expression = expr_column(a, name, NULL, NULL, NULL);
        added.by_name = true;
    } else {
        added.expression = sa_expr_of(run, element);
        if (!added.expression && py_class(run, element)->partial)
            py_refuse(run, PY_REFUSE_CONSTRUCT, "a %s in an index is not supported",
                      py_class_name(run, element));
        if (!added.expression)
            py_raise(run, &sa_argument_error_class,
                     "String column name or column expression for DDL constraint expected, got %s.",
                     py_repr_text(run, element));
    }
    added.column = element_column(added.expression);
    added.opclass = opclass_of(run, ops, element_key(added.expression));
    vec_push(a, &ix->elements, added);
}

void sa_index_add_textual(struct py_run *run, struct index *ix, struct py_value element,
                          struct py_value ops)
{
    sa_index_add(run, ix, element, ops);
    struct index_element *added = &vec_last(&ix->elements);
    if (added->expression->kind == EXPR_TEXT)
        added->opclass = opclass_of(run, ops, added->expression->as.text.text);
}

void sa_exclude_add(struct py_run *run, struct constraint *k, struct py_value element,
                    struct py_value ops)
{
    struct arena *a = py_arena(run);
    struct py_tuple *pair = py_items(run, element);
    if (pair->len != 2)
        py_raise(run, &py_value_error_class, "not enough values to unpack (expected 2, got %zu)",
                 pair->len);
    struct exclude_element added = {0};
    if (py_is_str(pair->items[0]))
        added.expression = expr_column(a, sa_name(run, pair->items[0], "column"), NULL, NULL, NULL);
    else
        added.expression = sa_expr_of(run, pair->items[0]);
    if (!added.expression)
        py_raise(run, &sa_argument_error_class, "Column expression or string name expected, got %s",
                 py_repr_text(run, pair->items[0]));
    added.operator = arena_strdup(a, py_as_string(run, pair->items[1], "operator"));
    added.opclass = opclass_of(run, ops, element_key(added.expression));
    vec_push(a, &k->elements, added);
}

struct constraint *sa_copy_constraint(struct py_run *run, const struct constraint *k)
{
    struct arena *a = py_arena(run);
    struct constraint *copy = arena_memdup(a, k, sizeof(*k));
    copy->order = sa_next_order(run);
    /* The lists that settling writes to must not be shared. */
    copy->columns = copy->referred_columns = (struct name_list){0};
    for (size_t i = 0; i < k->columns.len; i++)
        vec_push(a, &copy->columns, k->columns.at[i]);
    for (size_t i = 0; i < k->referred_columns.len; i++)
        vec_push(a, &copy->referred_columns, k->referred_columns.at[i]);
    return copy;
}

struct column *sa_copy_column_struct(struct py_run *run, const struct column *c)
{
    struct arena *a = py_arena(run);
    struct column *copy = arena_memdup(a, c, sizeof(*c));
    copy->table = NULL;
    copy->checks = (struct constraint_list){0};
    copy->foreign_keys = (struct constraint_list){0};
    for (size_t i = 0; i < c->checks.len; i++)
        vec_push(a, &copy->checks, sa_copy_constraint(run, c->checks.at[i]));
    for (size_t i = 0; i < c->foreign_keys.len; i++)
        vec_push(a, &copy->foreign_keys, sa_copy_constraint(run, c->foreign_keys.at[i]));
    return copy;
}
