/* func.<name>(...): function calls, what can be done with them, and functions in FROM. */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "alembic/sa_build.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* ------------------------------------------------------------------ known functions */

enum { TYPE_FROM_ARGS = TYPE_COUNT, TYPE_FROM_ARRAY };

struct known_function {
    const char *name, *keyword;
    int result;
    const char *flags;
};

static const struct known_function known_functions[] = {
#define SA_FUNCTION(name_, keyword_, result_, flags_) {#name_, keyword_, TYPE_##result_, flags_},
#include "alembic/sa_functions.def"
#undef SA_FUNCTION
};

static const struct known_function *find_known(const char *name)
{
    for (size_t i = 0; i < sizeof(known_functions) / sizeof(known_functions[0]); i++) {
        const char *p = known_functions[i].name, *q = name;
        while (*p && tolower((unsigned char)*q) == *p)
            p++, q++;
        if (!*p && !*q)
            return &known_functions[i];
    }
    return NULL;
}

static const struct type *known_type(struct py_run *run, const struct known_function *known,
                                     const struct expr_list *args)
{
    const struct type *found = NULL;

    if (known->result == TYPE_NULL)
        return NULL;
    if (known->result < TYPE_COUNT)
        return expr_type((enum type_kind)known->result);
    for (size_t i = 0; i < args->len && !found; i++)
        if (!expr_type_is_null(args->at[i]->type))
            found = args->at[i]->type;
    if (known->result == TYPE_FROM_ARRAY && found && type_family(found) != FAMILY_ARRAY) {
        struct type *array = arena_memdup(py_arena(run), expr_type(TYPE_TEXT), sizeof(*array));
        array->kind = TYPE_ARRAY;
        array->item = found;
        found = array;
    }
    return found;
}

static const struct expr *all_rows(struct py_run *run)
{
    struct expr *e = expr_column(py_arena(run), name_of("*"), NULL, NULL, NULL);
    e->as.column.is_literal = true;
    return e;
}

const struct expr *sa_call_function(struct py_run *run, const struct name_list *path,
                                    const struct expr_list *args, const struct type *type)
{
    const struct known_function *known = path->len == 1 ? find_known(path->at[0]) : NULL;
    struct expr *e = expr_new(py_arena(run), EXPR_FUNCTION, type);
    const char *name = path->at[path->len - 1];

    e->as.function.path = *path;
    if (known) {
        e->as.function.keyword = known->keyword ? known->keyword : known->name;
        e->as.function.bare = strchr(known->flags, 'b') != NULL;
        name = known->name;
        if (strchr(known->flags, 'c') && args->len == 0)
            vec_push(py_arena(run), &e->as.function.args, all_rows(run));
        if (!type)
            e->type = known_type(run, known, args);
    }
    e->as.function.name = name;
    for (size_t i = 0; i < args->len; i++)
        vec_push(py_arena(run), &e->as.function.args,
                 expr_group(py_arena(run), args->at[i], EXPR_OP_COMMA, NULL));
    return e;
}

static struct py_value function_object(struct py_run *run, const struct expr *e)
{
    bool known = e->as.function.keyword != NULL;
    return sa_element_new(run, known ? &sa_generic_function_class : &sa_function_class, e);
}

/* ------------------------------------------------------------------ func */

/* What func and func.a answer: a path that can be called. */
struct func_path {
    struct name_list path;
};

static struct py_value func_getattr(struct py_run *run, struct py_call *call)
{
    struct func_path *self = py_require_payload(run, call->self, &sa_func_class, "func"), *longer;
    const char *name = py_as_string(run, call->args[0], "name");
    size_t len = strlen(name);
    void *payload;
    struct py_value made;

    if (str_starts_with(name, "__"))
        py_raise(run, &py_attribute_error_class, "%s", name);
    if (len > 1 && name[len - 1] == '_')
        name = arena_strndup(py_arena(run), name, len - 1);
    made = py_new(run, &sa_func_class, &payload);
    longer = payload;
    for (size_t i = 0; i < self->path.len; i++)
        vec_push(py_arena(run), &longer->path, self->path.at[i]);
    vec_push(py_arena(run), &longer->path, name);
    return made;
}

static bool is_text_search(const char *name)
{
    return str_ends_with(name, "to_tsvector") || str_ends_with(name, "to_tsquery") ||
           strcmp(name, "ts_headline") == 0;
}

/* func.cast() and func.extract() are the constructs of these names. */
static bool call_construct(struct py_run *run, struct py_call *call, const char *name,
                           struct py_value *out)
{
    static const char *const constructs[] = {"cast", "extract"};

    for (size_t i = 0; i < 2; i++) {
        if (strcasecmp(name, constructs[i]) != 0)
            continue;
        *out = py_call(run,
                       py_getattr(run, py_import(run, "sqlalchemy.sql.expression"), constructs[i]),
                       call->args, call->count, call->kwargs);
        return true;
    }
    return false;
}

static struct py_value func_call(struct py_run *run, struct py_call *call)
{
    struct func_path *self = py_require_payload(run, call->self, &sa_func_class, "func");
    struct expr_list args = {0};
    const struct type *type = NULL;
    struct py_value made;

    if (self->path.len == 0)
        py_raise(run, &py_type_error_class, "'_FunctionGenerator' object needs a name");
    if (self->path.len == 1 && call_construct(run, call, self->path.at[0], &made))
        return made;
    if (call->kwargs)
        type = sa_type_argument(run, py_dict_get_name(call->kwargs, "type_"));
    for (size_t i = 0; i < call->count; i++) {
        bool config = i == 0 && call->count > 1 && self->path.len == 1 &&
                      is_text_search(self->path.at[0]);
        vec_push(py_arena(run), &args,
                 sa_operand(run, call->args[i], config ? expr_type(TYPE_PG_REGCONFIG) : NULL));
    }
    return function_object(run, sa_call_function(run, &self->path, &args, type));
}

static const struct py_arg name_args[] = {PY_REQUIRED("name"), PY_ARGS_END};

static const struct py_member func_members[] = {
    PY_METHOD("__getattr__", func_getattr, name_args),
    PY_FUNCTION_ANY("__call__", func_call),
    PY_MEMBERS_END,
};

const struct py_native_class sa_func_class = {
    .name = "_FunctionGenerator",
    .module = "sqlalchemy.sql.functions",
    .members = func_members,
    .payload_size = sizeof(struct func_path),
    .flags = PY_CLASS_COMPLETE,
};

/* Function("name", *args) */
static struct py_value function_init(struct py_run *run, struct py_call *call)
{
    struct sa_element *element =
        py_require_payload(run, call->self, &sa_clause_element_class, "self");
    struct name_list path = {0};
    struct expr_list args = {0};
    const struct type *type = NULL;

    if (call->count == 0)
        py_raise(run, &py_type_error_class,
                 "Function.__init__() missing 1 required positional argument: 'name'");
    vec_push(py_arena(run), &path, py_as_string(run, call->args[0], "name"));
    for (size_t i = 1; i < call->count; i++)
        vec_push(py_arena(run), &args, sa_operand(run, call->args[i], NULL));
    if (call->kwargs)
        type = sa_type_argument(run, py_dict_get_name(call->kwargs, "type_"));
    element->expr = sa_call_function(run, &path, &args, type);
    return py_none();
}

/* ------------------------------------------------------------------ OVER, FILTER, WITHIN GROUP */

static void add_keys(struct py_run *run, struct expr_list *list, struct py_value v)
{
    struct py_tuple *items;

    if (py_is_unset(v))
        return;
    if (!py_is_list(v) && !py_is_tuple(v)) {
        vec_push(py_arena(run), list, sa_sort_key(run, v, false));
    } else {
        items = py_items(run, v);
        for (size_t i = 0; i < items->len; i++)
            vec_push(py_arena(run), list, sa_sort_key(run, items->items[i], false));
    }
    for (size_t i = 0; i < list->len; i++)
        list->at[i] = expr_group(py_arena(run), list->at[i], EXPR_OP_COMMA, NULL);
}

static struct frame_bound frame_bound(struct py_run *run, struct py_value v)
{
    struct frame_bound bound = {.kind = FRAME_UNBOUNDED};

    if (!py_is_none(v)) {
        bound.offset = py_as_int64(run, v, "range value");
        bound.kind = bound.offset == 0 ? FRAME_CURRENT : FRAME_OFFSET;
    }
    return bound;
}

static const struct py_arg over_args[] = {
    PY_OPTIONAL("partition_by"), PY_OPTIONAL("order_by"), PY_OPTIONAL("range_"),
    PY_OPTIONAL("rows"),         PY_OPTIONAL("groups"),   PY_ARGS_END,
};

const struct expr *sa_window(struct py_run *run, const struct expr *element, struct py_value *args)
{
    struct window *w = PY_NEW(run, struct window);
    struct expr *over = expr_new(py_arena(run), EXPR_OVER, element->type);
    size_t given = 0;

    add_keys(run, &w->partition_by, args[0]);
    add_keys(run, &w->order_by, args[1]);
    for (size_t i = 2; i < 5; i++) {
        struct py_tuple *pair;
        if (!py_truth(run, args[i]))
            continue;
        if (!py_is_tuple(args[i]) || py_tuple_of(args[i])->len != 2)
            py_raise(run, &sa_argument_error_class, "2-tuple expected for range/rows");
        pair = py_tuple_of(args[i]);
        w->frame = i == 2 ? FRAME_RANGE : i == 3 ? FRAME_ROWS : FRAME_GROUPS;
        w->from = frame_bound(run, pair->items[0]);
        w->to = frame_bound(run, pair->items[1]);
        given++;
    }
    if (given > 1)
        py_raise(run, &sa_argument_error_class,
                 "only one of 'rows', 'range_', or 'groups' may be provided");
    over->as.over.element = element;
    over->as.over.window = w;
    return over;
}

static struct py_value function_over(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_window(run, sa_self(run, call), call->args));
}

const struct expr *sa_filter(struct py_run *run, const struct expr *element,
                             const struct py_value *criteria, size_t count)
{
    struct expr *filter = expr_new(py_arena(run), EXPR_FILTER, element->type);
    const struct expr *all = NULL;

    if (element->kind == EXPR_FILTER) {
        all = element->as.filter.criterion;
        element = element->as.filter.element;
    }
    for (size_t i = 0; i < count; i++) {
        const struct expr *c = sa_condition(run, criteria[i]);
        struct expr_list both = {0};
        if (all)
            vec_push(py_arena(run), &both, all);
        vec_push(py_arena(run), &both, c);
        all = all ? expr_conjunction(py_arena(run), EXPR_OP_AND, &both) : c;
    }
    filter->as.filter.element = element;
    filter->as.filter.criterion = all;
    return all ? filter : element;
}

static struct py_value function_filter(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);

    if (call->count == 0)
        return call->self;
    return sa_object(run, sa_filter(run, self, call->args, call->count));
}

const struct expr *sa_within_group(struct py_run *run, const struct expr *element,
                                   const struct py_value *keys, size_t count)
{
    struct expr *e = expr_new(py_arena(run), EXPR_WITHIN_GROUP, element->type);

    e->as.ordered.element = element;
    for (size_t i = 0; i < count; i++)
        add_keys(run, &e->as.ordered.order_by, keys[i]);
    return e;
}

static struct py_value function_within_group(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_within_group(run, sa_self(run, call), call->args, call->count));
}

/* ------------------------------------------------------------------ functions in FROM */

static struct expr *new_function_table(struct py_run *run, const struct expr *function,
                                       struct py_value name)
{
    struct expr *e = expr_new(py_arena(run), EXPR_FUNCTION_TABLE, function->type);

    e->as.alias.element = function;
    e->as.alias.name = sa_name(run, name, "name");
    e->as.alias.base = "anon";
    return e;
}

static void add_function_column(struct py_run *run, struct expr *table, struct name name,
                                const struct type *type)
{
    vec_push(py_arena(run), &table->as.alias.columns,
             expr_column(py_arena(run), name, type, table, NULL));
}

enum { VALUED_COLUMNS, VALUED_NAME, VALUED_ORDINALITY, VALUED_JOINS };
static const struct py_arg table_valued_args[] = {
    [VALUED_COLUMNS] = PY_REST("expr"),
    [VALUED_NAME] = PY_KEYWORD_ONLY("name"),
    [VALUED_ORDINALITY] = PY_KEYWORD_ONLY("with_ordinality"),
    [VALUED_JOINS] = PY_KEYWORD_ONLY("joins_implicitly"),
    PY_ARGS_END,
};

static struct py_value function_table_valued(struct py_run *run, struct py_call *call)
{
    struct py_tuple *columns = py_tuple_of(call->args[VALUED_COLUMNS]);
    struct expr *e = new_function_table(run, sa_self(run, call), call->args[VALUED_NAME]);
    struct py_value ordinality = call->args[VALUED_ORDINALITY];

    for (size_t i = 0; i < columns->len; i++) {
        const struct expr *c = sa_expr_of(run, columns->items[i]);
        if (c && c->kind == EXPR_COLUMN)
            add_function_column(run, e, c->as.column.name, c->type);
        else
            add_function_column(run, e, sa_name(run, columns->items[i], "column"), NULL);
    }
    if (!py_is_unset(ordinality)) {
        e->as.alias.with_ordinality = true;
        add_function_column(run, e, sa_name(run, ordinality, "with_ordinality"),
                            expr_type(TYPE_INTEGER));
    }
    return sa_from_object(run, &sa_function_table_class, e);
}

static const struct py_arg alias_args[] = {
    PY_OPTIONAL("name"),
    PY_DEFAULTED("joins_implicitly"),
    PY_ARGS_END,
};

/* alias(): one column, named after the function. */
static struct py_value function_alias(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *e = new_function_table(run, self, call->args[0]);
    struct expr *column = expr_column(py_arena(run), (struct name){0}, self->type, e, NULL);

    column->as.column.proxy = sa_label(run, self, py_none());
    vec_push(py_arena(run), &e->as.alias.columns, column);
    return sa_from_object(run, &sa_function_table_class, e);
}

static struct py_value function_column_valued(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *e = new_function_table(run, self, call->args[0]);
    struct expr *column = expr_column(py_arena(run), e->as.alias.name, self->type, e, NULL);

    column->as.column.is_whole = true;
    return sa_object(run, column);
}

static struct py_value function_select(struct py_run *run, struct py_call *call)
{
    struct select *select = PY_NEW(run, struct select);
    struct expr *e = expr_new(py_arena(run), EXPR_SELECT, NULL);

    vec_push(py_arena(run), &select->columns, sa_self(run, call));
    e->as.select = select;
    return sa_object(run, e);
}

static const struct py_member function_members[] = {
    PY_FUNCTION_ANY("__init__", function_init),
    PY_METHOD("over", function_over, over_args),
    PY_FUNCTION_N("filter", function_filter, 0, -1),
    PY_FUNCTION_N("within_group", function_within_group, 0, -1),
    PY_METHOD("table_valued", function_table_valued, table_valued_args),
    PY_METHOD("alias", function_alias, alias_args),
    PY_METHOD("column_valued", function_column_valued, alias_args),
    PY_FUNCTION_N("select", function_select, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class sa_function_class = {
    .name = "Function",
    .module = "sqlalchemy.sql.functions",
    .bases = PY_BASES(&sa_column_element_class),
    .members = function_members,
    .payload_size = sizeof(struct sa_element),
    .flags = PY_CLASS_INERT,
};

static const struct py_member no_members[] = {PY_MEMBERS_END};

/* A function that SQLAlchemy knows is a subclass: Python asks it first when it is compared with
 * any other function. */
const struct py_native_class sa_generic_function_class = {
    .name = "GenericFunction",
    .module = "sqlalchemy.sql.functions",
    .bases = PY_BASES(&sa_function_class),
    .members = no_members,
    .payload_size = sizeof(struct sa_element),
    .flags = PY_CLASS_INERT,
};

static const struct py_member window_members[] = {
    PY_METHOD("over", function_over, over_args),
    PY_FUNCTION_N("filter", function_filter, 0, -1),
    PY_FUNCTION_N("within_group", function_within_group, 0, -1),
    PY_MEMBERS_END,
};

const struct py_native_class sa_window_class = {
    .name = "Over",
    .module = "sqlalchemy.sql.elements",
    .bases = PY_BASES(&sa_column_element_class),
    .members = window_members,
    .payload_size = sizeof(struct sa_element),
    .flags = PY_CLASS_INERT,
};

/* render_derived(): AS name(a, b) */
enum { DERIVED_NAME, DERIVED_TYPES };
static const struct py_arg derived_args[] = {
    [DERIVED_NAME] = PY_OPTIONAL("name"),
    [DERIVED_TYPES] = PY_DEFAULTED("with_types"),
    PY_ARGS_END,
};

static struct py_value table_render_derived(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *e = new_function_table(run, self->as.alias.element, call->args[DERIVED_NAME]);

    for (size_t i = 0; i < self->as.alias.columns.len; i++) {
        const struct expr *c = self->as.alias.columns.at[i];
        add_function_column(run, e, c->as.column.name, c->type);
    }
    e->as.alias.with_ordinality = self->as.alias.with_ordinality;
    e->as.alias.lateral = self->as.alias.lateral;
    e->as.alias.render_columns = true;
    e->as.alias.render_types = py_truth(run, call->args[DERIVED_TYPES]);
    return sa_from_object(run, &sa_function_table_class, e);
}

/* The same under another name; without one, a name is made up from its own. */
static struct expr *renamed(struct py_run *run, const struct expr *self, struct py_value name)
{
    struct expr *e = new_function_table(run, self->as.alias.element, name);

    for (size_t i = 0; i < self->as.alias.columns.len; i++) {
        const struct expr *c = self->as.alias.columns.at[i];
        add_function_column(run, e, c->as.column.name, c->type);
    }
    if (self->as.alias.name.text)
        e->as.alias.base = self->as.alias.name.text;
    e->as.alias.with_ordinality = self->as.alias.with_ordinality;
    e->as.alias.render_columns = self->as.alias.render_columns;
    e->as.alias.render_types = self->as.alias.render_types;
    return e;
}

static struct py_value table_alias(struct py_run *run, struct py_call *call)
{
    return sa_from_object(run, &sa_function_table_class,
                          renamed(run, sa_self(run, call), call->args[0]));
}

static struct py_value table_lateral(struct py_run *run, struct py_call *call)
{
    struct expr *e = renamed(run, sa_self(run, call), call->args[0]);

    e->as.alias.lateral = true;
    return sa_from_object(run, &sa_function_table_class, e);
}

static struct py_value function_table_column(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *column = expr_column(py_arena(run), self->as.alias.name, self->type, self, NULL);

    column->as.column.is_whole = true;
    return sa_object(run, column);
}

static const struct py_arg lateral_args[] = {PY_OPTIONAL("name"), PY_ARGS_END};

static const struct py_member function_table_members[] = {
    PY_METHOD("render_derived", table_render_derived, derived_args),
    PY_METHOD("alias", table_alias, lateral_args),
    PY_METHOD("lateral", table_lateral, lateral_args),
    PY_PROPERTY("column", function_table_column),
    PY_MEMBERS_END,
};

const struct py_native_class sa_function_table_class = {
    .name = "TableValuedAlias",
    .module = "sqlalchemy.sql.selectable",
    .bases = PY_BASES(&sa_from_clause_class),
    .members = function_table_members,
    .payload_size = sizeof(struct sa_from),
    .flags = PY_CLASS_INERT,
};

/* ------------------------------------------------------------------ sqlalchemy.sql.functions */

struct py_value sa_func(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new(run, &sa_func_class, NULL);
}

/* Names of sqlalchemy.sql.functions: func.<name>. */
static struct py_value functions_getattr(struct py_run *run, const char *name)
{
    if (!find_known(name))
        return py_absent();
    return py_getattr(run, py_new(run, &sa_func_class, NULL), name);
}

static const struct py_member functions_members[] = {
    PY_VALUE("func", sa_func),
    PY_CLASS("Function", &sa_function_class),
    PY_CLASS("FunctionElement", &sa_function_class),
    PY_CLASS("GenericFunction", &sa_generic_function_class),
    PY_MEMBERS_END,
};

const struct py_native_module sa_functions_module = {
    .name = "sqlalchemy.sql.functions",
    .members = functions_members,
    .getattr = functions_getattr,
};
