/* select() and compounds of it, for Python programs. Each method answers a changed copy. */
#include "config.h"

#include <string.h>

#include "alembic/sa_build.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* A copy of the statement that a method may change. Lists are copied when they grow. */
struct draft {
    struct expr *e;
    struct select *select;
};

static struct draft draft_of(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct draft d;

    if (self->kind == EXPR_PARAMETERS)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "a statement that has parameters cannot be changed");
    d.e = arena_memdup(py_arena(run), self, sizeof(*self));
    d.select = arena_memdup(py_arena(run), self->as.select, sizeof(*d.select));
    d.e->as.select = d.select;
    return d;
}

static struct py_value answer(struct py_run *run, struct py_call *call, struct draft d)
{
    return sa_object_like(run, call->self, d.e);
}

/* Pushes to a list that is shared with the statement it was copied from. */
static void add(struct py_run *run, struct expr_list *list, const struct expr *e)
{
    struct expr_list longer = {0};

    for (size_t i = 0; i < list->len; i++)
        vec_push(py_arena(run), &longer, list->at[i]);
    vec_push(py_arena(run), &longer, e);
    *list = longer;
}

/* ------------------------------------------------------------------ scalar, exists */

const struct expr *sa_scalar(struct py_run *run, const struct expr *query)
{
    struct expr *e = expr_new(py_arena(run), EXPR_SCALAR_SELECT, NULL);
    struct expr_list columns = {0};

    expr_selected(py_arena(run), query, &columns);
    if (columns.len > 0)
        e->type = columns.at[0]->type;
    e->as.inner = query;
    return e;
}

const struct expr *sa_exists(struct py_run *run, const struct expr *query)
{
    return expr_unary(py_arena(run), EXPR_OP_EXISTS, EXPR_OP_NONE, NULL, sa_scalar(run, query),
                      expr_type(TYPE_BOOLEAN));
}

/* ------------------------------------------------------------------ columns */

static void add_columns(struct py_run *run, struct select *select, const struct py_tuple *items)
{
    for (size_t i = 0; i < items->len; i++)
        add(run, &select->columns, sa_select_entry(run, items->items[i]));
}

/* select(a, b), and SQLAlchemy 1.4's select([a, b], whereclause, ...). */
struct py_value sa_new_select(struct py_run *run, struct py_call *call)
{
    struct select *select = PY_NEW(run, struct select);
    struct expr *e = expr_new(py_arena(run), EXPR_SELECT, NULL);
    struct py_value rest = py_new_tuple(run, call->args, call->count);

    e->as.select = select;
    if (call->kwargs && py_len(run, py_object(&call->kwargs->base)) > 0)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "keyword arguments of select() are not supported");
    if (call->count > 1 && py_is_list(call->args[0])) {
        add_columns(run, select, py_items(run, call->args[0]));
        if (call->count > 2)
            py_refuse(run, PY_REFUSE_CONSTRUCT,
                      "more than a list and a condition in select() is not supported");
        if (!py_is_none(call->args[1]))
            vec_push(py_arena(run), &select->where, sa_condition(run, call->args[1]));
    } else {
        add_columns(run, select, sa_arguments(run, rest));
    }
    return sa_object(run, e);
}

static struct py_value select_add_columns(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    struct py_value rest = py_new_tuple(run, call->args, call->count);

    add_columns(run, d.select, sa_arguments(run, rest));
    return answer(run, call, d);
}

static struct py_value select_only_columns(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    struct py_value rest = py_new_tuple(run, call->args, call->count);

    memset(&d.select->columns, 0, sizeof(d.select->columns));
    add_columns(run, d.select, sa_arguments(run, rest));
    return answer(run, call, d);
}

/* ------------------------------------------------------------------ conditions and order */

static struct py_value select_where(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    bool having = strcmp(call->function->name, "having") == 0;

    for (size_t i = 0; i < call->count; i++)
        add(run, having ? &d.select->having : &d.select->where,
            sa_condition(run, call->args[i]));
    return answer(run, call, d);
}

static struct py_value select_filter_by(struct py_run *run, struct py_call *call)
{
    (void)call;
    py_refuse(run, PY_REFUSE_CONSTRUCT, "Select.filter_by() is not supported");
}

static struct py_value select_sort(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    bool order = strcmp(call->function->name, "order_by") == 0;
    struct expr_list *list = order ? &d.select->order_by : &d.select->group_by;

    if (call->count == 1 && py_is_none(call->args[0])) {
        memset(list, 0, sizeof(*list));
        return answer(run, call, d);
    }
    struct py_value rest = py_new_tuple(run, call->args, call->count);
    struct py_tuple *items = sa_arguments(run, rest);
    for (size_t i = 0; i < items->len; i++)
        add(run, list, sa_sort_key(run, items->items[i], order));
    return answer(run, call, d);
}

static struct py_value select_distinct(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);

    d.select->distinct = true;
    for (size_t i = 0; i < call->count; i++)
        add(run, &d.select->distinct_on, sa_sort_key(run, call->args[i], false));
    return answer(run, call, d);
}

static const struct expr *row_count(struct py_run *run, struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);

    if (e || py_is_none(v))
        return e;
    return expr_integer(py_arena(run), py_as_int64(run, v, "limit"), expr_type(TYPE_INTEGER));
}

static struct py_value select_limit(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);

    if (strcmp(call->function->name, "offset") == 0) {
        d.select->offset = row_count(run, call->args[0]);
    } else {
        d.select->limit = row_count(run, call->args[0]);
        d.select->fetch = NULL;
    }
    return answer(run, call, d);
}

static struct py_value select_slice(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    int64_t start = py_is_none(call->args[0]) ? 0 : py_as_int64(run, call->args[0], "start");

    if (!py_is_none(call->args[1]))
        d.select->limit = expr_integer(py_arena(run),
                                       py_as_int64(run, call->args[1], "stop") - start,
                                       expr_type(TYPE_INTEGER));
    d.select->offset =
        start > 0 ? expr_integer(py_arena(run), start, expr_type(TYPE_INTEGER)) : NULL;
    return answer(run, call, d);
}

enum { FETCH_COUNT, FETCH_TIES, FETCH_PERCENT };
static const struct py_arg fetch_args[] = {
    [FETCH_COUNT] = PY_REQUIRED("count"),
    [FETCH_TIES] = PY_DEFAULTED("with_ties"),
    [FETCH_PERCENT] = PY_DEFAULTED("percent"),
    PY_ARGS_END,
};

static struct py_value select_fetch(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);

    d.select->limit = NULL;
    d.select->fetch = row_count(run, call->args[FETCH_COUNT]);
    d.select->fetch_with_ties = py_truth(run, call->args[FETCH_TIES]);
    d.select->fetch_percent = py_truth(run, call->args[FETCH_PERCENT]);
    return answer(run, call, d);
}

enum { LOCK_NOWAIT, LOCK_READ, LOCK_OF, LOCK_SKIP, LOCK_KEY };
static const struct py_arg lock_args[] = {
    [LOCK_NOWAIT] = PY_DEFAULTED("nowait"),      [LOCK_READ] = PY_DEFAULTED("read"),
    [LOCK_OF] = PY_OPTIONAL("of"),               [LOCK_SKIP] = PY_DEFAULTED("skip_locked"),
    [LOCK_KEY] = PY_DEFAULTED("key_share"),      PY_ARGS_END,
};

static struct py_value select_for_update(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    struct for_update *lock = PY_NEW(run, struct for_update);
    struct py_value of = call->args[LOCK_OF];

    lock->nowait = py_truth(run, call->args[LOCK_NOWAIT]);
    lock->read = py_truth(run, call->args[LOCK_READ]);
    lock->skip_locked = py_truth(run, call->args[LOCK_SKIP]);
    lock->key_share = py_truth(run, call->args[LOCK_KEY]);
    if (!py_is_unset(of)) {
        bool many = py_is_list(of) || py_is_tuple(of);
        struct py_tuple *items = many ? py_items(run, of) : NULL;
        for (size_t i = 0; i < (many ? items->len : 1); i++) {
            const struct expr *e = sa_expr_of(run, many ? items->items[i] : of);
            if (!e)
                sa_expected(run, "Column expression or FROM clause", of);
            vec_push(py_arena(run), &lock->of, e);
        }
    }
    d.select->for_update = lock;
    return answer(run, call, d);
}

/* ------------------------------------------------------------------ FROM */

static struct py_value select_from(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);

    for (size_t i = 0; i < call->count; i++) {
        const struct expr *e = sa_from_element(run, call->args[i]);
        bool known = false;
        for (size_t j = 0; j < d.select->from.len; j++)
            known = known || d.select->from.at[j] == e;
        if (!known)
            add(run, &d.select->from, e);
    }
    return answer(run, call, d);
}

static void add_join(struct py_run *run, struct select *select, struct select_join join)
{
    struct select longer = {0};

    for (size_t i = 0; i < select->joins.len; i++)
        vec_push(py_arena(run), &longer.joins, select->joins.at[i]);
    vec_push(py_arena(run), &longer.joins, join);
    select->joins.at = longer.joins.at;
    select->joins.len = longer.joins.len;
    select->joins.cap = longer.joins.cap;
}

enum { JOIN_TARGET, JOIN_ON, JOIN_OUTER, JOIN_FULL };
static const struct py_arg join_args[] = {
    [JOIN_TARGET] = PY_REQUIRED("target"),
    [JOIN_ON] = PY_OPTIONAL("onclause"),
    [JOIN_OUTER] = PY_KEYWORD_DEFAULTED("isouter"),
    [JOIN_FULL] = PY_KEYWORD_DEFAULTED("full"),
    PY_ARGS_END,
};
static const struct py_arg outerjoin_args[] = {
    PY_REQUIRED("target"),
    PY_OPTIONAL("onclause"),
    PY_KEYWORD_DEFAULTED("full"),
    PY_ARGS_END,
};
enum { FROM_LEFT, FROM_TARGET, FROM_ON, FROM_OUTER, FROM_FULL };
static const struct py_arg join_from_args[] = {
    [FROM_LEFT] = PY_REQUIRED("from_"),
    [FROM_TARGET] = PY_REQUIRED("target"),
    [FROM_ON] = PY_OPTIONAL("onclause"),
    [FROM_OUTER] = PY_KEYWORD_DEFAULTED("isouter"),
    [FROM_FULL] = PY_KEYWORD_DEFAULTED("full"),
    PY_ARGS_END,
};
static const struct py_arg outerjoin_from_args[] = {
    PY_REQUIRED("from_"),
    PY_REQUIRED("target"),
    PY_OPTIONAL("onclause"),
    PY_KEYWORD_DEFAULTED("full"),
    PY_ARGS_END,
};

static struct py_value select_join(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    const char *name = call->function->name;
    bool outer = str_starts_with(name, "outer"), from = str_ends_with(name, "_from");
    const struct py_value *args = call->args + (from ? 1 : 0);
    struct select_join join = {.right = sa_join_side(run, args[0]),
                               .on = sa_on_clause(run, args[1])};

    if (from)
        join.left = sa_from_element(run, call->args[FROM_LEFT]);
    join.outer = outer || py_truth(run, args[2]);
    join.full = py_truth(run, outer ? args[2] : args[3]);
    add_join(run, d.select, join);
    return answer(run, call, d);
}

static void set_correlation(struct py_run *run, struct select *select, const char *method,
                            const struct py_value *froms, size_t count)
{
    bool except = strcmp(method, "correlate_except") == 0;
    struct expr_list *list = except ? &select->correlate_except : &select->correlate;

    if (except)
        select->has_correlate_except = true;
    else
        select->has_correlate = true;
    for (size_t i = 0; i < count; i++)
        if (!py_is_none(froms[i]) && froms[i].kind != PY_BOOL)
            add(run, list, sa_from_element(run, froms[i]));
}

static struct py_value select_correlate(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);

    set_correlation(run, d.select, call->function->name, call->args, call->count);
    return answer(run, call, d);
}

/* ------------------------------------------------------------------ text around, CTEs */

static const struct expr *text_of(struct py_run *run, struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);
    return e ? e : expr_text(py_arena(run), py_as_string(run, v, "prefix"));
}

/* prefix_with(), suffix_with(): for PostgreSQL, or for every dialect. */
static bool for_postgresql(struct py_run *run, const struct py_dict *kwargs)
{
    struct py_value dialect = kwargs ? py_dict_get_name(kwargs, "dialect") : py_absent();

    if (py_is_unset(dialect))
        return true;
    const char *name = py_as_string(run, dialect, "dialect");
    return strcmp(name, "*") == 0 || strcmp(name, "postgresql") == 0;
}

static struct py_value select_prefix(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);
    bool suffix = strcmp(call->function->name, "suffix_with") == 0;

    for (size_t i = 0; i < call->count && for_postgresql(run, call->kwargs); i++)
        add(run, suffix ? &d.select->suffixes : &d.select->prefixes,
            text_of(run, call->args[i]));
    return answer(run, call, d);
}

static struct py_value select_add_cte(struct py_run *run, struct py_call *call)
{
    struct draft d = draft_of(run, call);

    if (call->kwargs && py_truth(run, py_dict_get_name(call->kwargs, "nest_here")))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "nest_here is not supported");
    for (size_t i = 0; i < call->count; i++)
        add(run, &d.select->ctes, sa_from_element(run, call->args[i]));
    return answer(run, call, d);
}

/* ------------------------------------------------------------------ queries as parts of others */

static const struct py_arg name_args[] = {PY_OPTIONAL("name"), PY_ARGS_END};

static struct py_value query_subquery(struct py_run *run, struct py_call *call)
{
    bool lateral = strcmp(call->function->name, "lateral") == 0;
    return sa_subquery(run, lateral ? EXPR_LATERAL : EXPR_SUBQUERY, sa_self(run, call),
                       call->args[0]);
}

enum { CTE_NAME, CTE_RECURSIVE, CTE_NESTING };
static const struct py_arg cte_args[] = {
    [CTE_NAME] = PY_OPTIONAL("name"),
    [CTE_RECURSIVE] = PY_DEFAULTED("recursive"),
    [CTE_NESTING] = PY_DEFAULTED("nesting"),
    PY_ARGS_END,
};

struct py_value sa_query_cte(struct py_run *run, struct py_call *call)
{
    struct py_value cte;
    struct sa_element *element;
    struct expr *e;

    if (py_truth(run, call->args[CTE_NESTING]))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "nesting CTEs are not supported");
    cte = sa_subquery(run, EXPR_CTE, sa_self(run, call), call->args[CTE_NAME]);
    element = py_payload(cte, &sa_clause_element_class);
    e = (struct expr *)(uintptr_t)element->expr; /* fresh: nobody else has seen it */
    e->as.alias.recursive = py_truth(run, call->args[CTE_RECURSIVE]);
    return cte;
}

static struct py_value query_scalar(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_scalar(run, sa_self(run, call)));
}

static struct py_value query_label(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_label(run, sa_scalar(run, sa_self(run, call)), call->args[0]));
}

static struct py_value query_exists(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_exists(run, sa_self(run, call)));
}

/* .c of a query: SQLAlchemy 1.4's way to .subquery().c */
static struct py_value query_selected(struct py_run *run, struct py_call *call)
{
    struct py_value collection = sa_column_collection_new(run);
    struct expr_list columns = {0};

    expr_selected(py_arena(run), sa_self(run, call), &columns);
    for (size_t i = 0; i < columns.len; i++) {
        const struct expr *c = columns.at[i];
        const char *key = c->kind == EXPR_COLUMN  ? c->as.column.name.text
                          : c->kind == EXPR_LABEL ? c->as.label.name.text
                                                  : NULL;
        if (key)
            sa_column_collection_add(run, collection, key, sa_object(run, c));
    }
    return collection;
}

static struct py_value query_compound(struct py_run *run, struct py_call *call)
{
    static const struct {
        const char *method, *keyword;
    } rows[] = {
        {"union", "UNION"},         {"union_all", "UNION ALL"},
        {"except_", "EXCEPT"},      {"except_all", "EXCEPT ALL"},
        {"intersect", "INTERSECT"}, {"intersect_all", "INTERSECT ALL"},
    };
    struct py_value *members = arena_array(py_arena(run), call->count + 1, sizeof(*members));
    size_t count = 0;

    if (!py_is_absent(call->self))
        members[count++] = call->self;
    for (size_t i = 0; i < call->count; i++)
        members[count++] = call->args[i];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].method, call->function->name) == 0)
            return sa_object(run, sa_compound(run, rows[i].keyword, members, count));
    return py_none();
}

struct py_value sa_new_compound(struct py_run *run, struct py_call *call)
{
    return query_compound(run, call);
}

/* Whether a member has clauses of its own that need parentheses around it. */
static bool needs_parentheses(const struct expr *e)
{
    const struct select *s = e->kind == EXPR_SELECT ? e->as.select : NULL;

    return e->kind == EXPR_COMPOUND ||
           (s && (s->limit || s->offset || s->fetch || s->order_by.len > 0));
}

const struct expr *sa_compound(struct py_run *run, const char *keyword,
                               const struct py_value *members, size_t count)
{
    struct select *select = PY_NEW(run, struct select);
    struct expr *e = expr_new(py_arena(run), EXPR_COMPOUND, NULL);

    select->keyword = keyword;
    for (size_t i = 0; i < count; i++) {
        const struct expr *member = sa_expr_of(run, members[i]);
        if (member && member->kind == EXPR_SUBQUERY)
            member = member->as.alias.element;
        if (!member || (member->kind != EXPR_SELECT && member->kind != EXPR_COMPOUND &&
                        member->kind != EXPR_TEXT_SELECT))
            sa_expected(run, "SELECT construct for inclusion in a UNION or other set construct",
                        members[i]);
        vec_push(py_arena(run), &select->members,
                 needs_parentheses(member) ? expr_parentheses(py_arena(run), member) : member);
    }
    e->as.select = select;
    return e;
}

/* ------------------------------------------------------------------ classes */

static const struct py_member base_members[] = {
    PY_METHOD("subquery", query_subquery, name_args),
    PY_METHOD("alias", query_subquery, name_args),
    PY_METHOD("lateral", query_subquery, name_args),
    PY_METHOD("cte", sa_query_cte, cte_args),
    PY_FUNCTION_N("scalar_subquery", query_scalar, 0, 0),
    PY_FUNCTION_N("as_scalar", query_scalar, 0, 0),
    PY_METHOD("label", query_label, name_args),
    PY_FUNCTION_N("exists", query_exists, 0, 0),
    PY_FUNCTION_N("union", query_compound, 0, -1),
    PY_FUNCTION_N("union_all", query_compound, 0, -1),
    PY_FUNCTION_N("except_", query_compound, 0, -1),
    PY_FUNCTION_N("except_all", query_compound, 0, -1),
    PY_FUNCTION_N("intersect", query_compound, 0, -1),
    PY_FUNCTION_N("intersect_all", query_compound, 0, -1),
    PY_PROPERTY("c", query_selected),
    PY_PROPERTY("columns", query_selected),
    PY_PROPERTY("selected_columns", query_selected),
    PY_MEMBERS_END,
};

static const struct py_arg value_args[] = {PY_REQUIRED("value"), PY_ARGS_END};

#define SORTS                                                                                      \
    PY_FUNCTION_N("order_by", select_sort, 0, -1), PY_FUNCTION_N("group_by", select_sort, 0, -1),  \
        PY_METHOD("limit", select_limit, value_args),                                              \
        PY_METHOD("offset", select_limit, value_args),                                             \
        PY_FUNCTION_N("slice", select_slice, 2, 2), PY_METHOD("fetch", select_fetch, fetch_args),  \
        PY_METHOD("with_for_update", select_for_update, lock_args),                                \
        PY_FUNCTION_ANY("add_cte", select_add_cte)

static const struct py_member compound_members[] = {SORTS, PY_MEMBERS_END};

static const struct py_member select_members[] = {
    SORTS,
    PY_FUNCTION_N("where", select_where, 0, -1),
    PY_FUNCTION_N("filter", select_where, 0, -1),
    PY_FUNCTION_N("having", select_where, 0, -1),
    PY_FUNCTION_ANY("filter_by", select_filter_by),
    PY_FUNCTION_N("distinct", select_distinct, 0, -1),
    PY_FUNCTION_N("select_from", select_from, 0, -1),
    PY_METHOD("join", select_join, join_args),
    PY_METHOD("outerjoin", select_join, outerjoin_args),
    PY_METHOD("join_from", select_join, join_from_args),
    PY_METHOD("outerjoin_from", select_join, outerjoin_from_args),
    PY_FUNCTION_N("correlate", select_correlate, 0, -1),
    PY_FUNCTION_N("correlate_except", select_correlate, 0, -1),
    PY_FUNCTION_ANY("prefix_with", select_prefix),
    PY_FUNCTION_ANY("suffix_with", select_prefix),
    PY_FUNCTION_N("add_columns", select_add_columns, 0, -1),
    PY_FUNCTION_N("column", select_add_columns, 1, 1),
    PY_FUNCTION_N("with_only_columns", select_only_columns, 0, -1),
    PY_MEMBERS_END,
};

static const struct py_member no_members[] = {PY_MEMBERS_END};

#define QUERY_CLASS(id, name_, base_, members_)                                                    \
    const struct py_native_class id = {                                                            \
        .name = (name_),                                                                           \
        .module = "sqlalchemy.sql.selectable",                                                     \
        .bases = PY_BASES(&base_),                                                                 \
        .members = (members_),                                                                     \
        .payload_size = sizeof(struct sa_element),                                                 \
        .flags = PY_CLASS_INERT,                                                                   \
    }

QUERY_CLASS(sa_select_base_class, "SelectBase", sa_clause_element_class, base_members);
QUERY_CLASS(sa_select_class, "Select", sa_select_base_class, select_members);
QUERY_CLASS(sa_compound_class, "CompoundSelect", sa_select_base_class, compound_members);
QUERY_CLASS(sa_textual_select_class, "TextualSelect", sa_select_base_class, no_members);

/* ------------------------------------------------------------------ ScalarSelect, Exists */

/* The query inside changed by a method of Select. */
static struct py_value scalar_changed(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct py_value query = sa_object(run, self->as.inner), changed;

    changed = py_call_method(run, query, call->function->name, call->args, call->count);
    return sa_object(run, sa_scalar(run, sa_expr_of(run, changed)));
}

static const struct py_member scalar_members[] = {
    PY_FUNCTION_N("where", scalar_changed, 0, -1),
    PY_FUNCTION_N("correlate", scalar_changed, 0, -1),
    PY_FUNCTION_N("correlate_except", scalar_changed, 0, -1),
    PY_MEMBERS_END,
};

QUERY_CLASS(sa_scalar_select_class, "ScalarSelect", sa_grouping_class, scalar_members);

static const struct expr *exists_query(const struct expr *exists)
{
    return exists->as.unary.operand->as.inner;
}

static struct py_value exists_changed(struct py_run *run, struct py_call *call)
{
    struct py_value query = sa_object(run, exists_query(sa_self(run, call))), changed;

    changed = py_call_method(run, query, call->function->name, call->args, call->count);
    return sa_object(run, sa_exists(run, sa_expr_of(run, changed)));
}

static struct py_value exists_select(struct py_run *run, struct py_call *call)
{
    struct select *select = PY_NEW(run, struct select);
    struct expr *e = expr_new(py_arena(run), EXPR_SELECT, NULL);

    vec_push(py_arena(run), &select->columns, sa_self(run, call));
    e->as.select = select;
    return sa_object(run, e);
}

static const struct py_member exists_members[] = {
    PY_FUNCTION_N("where", exists_changed, 0, -1),
    PY_FUNCTION_N("correlate", exists_changed, 0, -1),
    PY_FUNCTION_N("correlate_except", exists_changed, 0, -1),
    PY_FUNCTION_N("select_from", exists_changed, 0, -1),
    PY_FUNCTION_N("select", exists_select, 0, 0),
    PY_MEMBERS_END,
};

QUERY_CLASS(sa_exists_class, "Exists", sa_expression_class, exists_members);

/* exists(), exists(column), exists(select(...)) */
struct py_value sa_new_exists(struct py_run *run, struct py_call *call)
{
    const struct expr *query = call->count > 0 ? sa_expr_of(run, call->args[0]) : NULL;
    struct select *select;
    struct expr *e;

    if (query && query->kind == EXPR_SCALAR_SELECT)
        query = query->as.inner;
    if (query && (query->kind == EXPR_SELECT || query->kind == EXPR_COMPOUND ||
                  query->kind == EXPR_TEXT_SELECT))
        return sa_object(run, sa_exists(run, query));
    select = PY_NEW(run, struct select);
    e = expr_new(py_arena(run), EXPR_SELECT, NULL);
    e->as.select = select;
    for (size_t i = 0; i < call->count; i++)
        vec_push(py_arena(run), &select->columns, sa_select_entry(run, call->args[i]));
    if (call->count == 0)
        vec_push(py_arena(run), &select->columns, sa_select_entry(run, py_new_str(run, "*")));
    return sa_object(run, sa_exists(run, e));
}
