/*
 * What the parts of the expression renderer share. Only for render_expr.c, render_operator.c,
 * render_call.c, render_select.c, render_from.c and render_dml.c; everybody else uses
 * render_expr.h.
 */
#ifndef SQL_EXPR_COMPILE_H
#define SQL_EXPR_COMPILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "schema/expr.h"

/* What surrounds the expression being rendered. */
enum {
    IN_COLUMNS = 1,   /* in the list of a SELECT: labels are printed with AS */
    IN_LABEL = 2,     /* inside such a label: further labels are not */
    NO_TABLE = 4,     /* columns stand alone */
    NO_SCHEMA = 8,    /* tables without their schema */
    IN_OPERATION = 16, /* an operand of something: eager operators want parentheses */
    IN_FROM = 32,     /* tables and queries print what stands in FROM */
    IN_ALIAS = 64,    /* directly inside an alias */
};

struct around {
    unsigned flags;
    const struct expr *as_label; /* this label is printed as its name alone */
};

/* A name made up for something: `base`_N. */
struct anon_name {
    const struct expr *of;
    const char *base;
    size_t extra; /* tells several names of one expression apart */
    const char *name;
};

struct anon_counter {
    const char *base;
    int next;
};

struct cte_text {
    const struct expr *cte;
    const char *name;
    const char *text; /* NULL while it is being rendered */
};

/* One statement that is being rendered; the innermost first. */
struct enclosing {
    const struct enclosing *outer;
    const struct expr *statement;
    struct expr_list correlate_froms, asfrom_froms;
    struct expr_list froms; /* of a SELECT */
};

struct compiler {
    struct arena *a;
    struct err *err;
    bool in_ddl;
    bool executes;      /* values go as the driver sends them */
    bool only_literals; /* placeholders and parameters are refused */
    bool unset_null; /* a bind without a value is NULL, not an error */
    VEC(struct anon_name) anon;
    VEC(struct anon_counter) counters;
    VEC(struct cte_text) ctes;
    VEC(const char *) truncated; /* names that were cut; their count makes the next suffix */
    const struct enclosing *stack; /* NULL: outside of statements */
    const struct expr *parameters; /* PARAMETERS around it, or NULL */
};

/* Appends an expression. False: c->err is set. */
bool compile_expr(struct compiler *c, struct str *out, const struct expr *e, struct around in);

/* ":name", the place of a parameter (paramstyle "named"), with the cast its type asks for. */
bool compile_placeholder(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in);

/* Items with a separator; those that print nothing are left out. */
bool compile_list(struct compiler *c, struct str *out, const struct expr_list *items,
                  const char *separator, struct around in);

/* Where conditions, after " WHERE " or whatever lead is; nothing when there are none. */
bool compile_criteria(struct compiler *c, struct str *out, const char *lead,
                      const struct expr_list *conditions, struct around in);

bool compile_select(struct compiler *c, struct str *out, const struct expr *e, struct around in,
                    bool as_from, bool lateral);
bool compile_dml(struct compiler *c, struct str *out, const struct expr *e, struct around in);

/* A name in ORDER BY or GROUP BY that may be a label of the query. */
bool compile_reference(struct compiler *c, struct str *out, const struct expr *e,
                       struct around in);

/* What stands in FROM: `t`, `t AS a`, `(SELECT …) AS a`, `a JOIN b ON …`. */
bool compile_from(struct compiler *c, struct str *out, const struct expr *e, struct around in);

/* ON, when a program did not say: the foreign key between two sides. NULL: there is none. */
const struct expr *compile_join_condition(struct compiler *c, const struct expr *left,
                                          const struct expr *right);

/* "RETURNING a, b" */
bool compile_returning(struct compiler *c, struct str *out, const struct expr_list *columns,
                       struct around in);

/* "WITH x AS (…) " in front of the text of an outermost statement. */
void compile_with(struct compiler *c, struct str *text);

/* The name made up for an expression, the same every time it is asked for. */
const char *compile_anon(struct compiler *c, const struct expr *of, const char *base, size_t extra);

/*
 * The name by which the query at hand knows a table that has no schema, when another of its tables
 * has this name in a schema: t_1, for `FROM s.t, t AS t_1`. NULL: the name is not ambiguous.
 */
const char *compile_ambiguous_name(struct compiler *c, const char *table);

/* A label or alias cut to what PostgreSQL accepts. */
const char *compile_cut(struct compiler *c, const char *name);

/* The name of an alias, subquery, CTE or label, made up where it has to be. Unquoted. */
const char *compile_alias_name(struct compiler *c, const struct expr *e);
const char *compile_label_name(struct compiler *c, const struct expr *e);

/* The name under which a query shows a column to the query around it. Unquoted. */
const char *compile_column_name(struct compiler *c, const struct expr *column);

/* A made-up name for an expression in a list of columns: count_1, anon_1, or the name of what is
 * cast. */
const char *compile_fallback_label(struct compiler *c, const struct expr *e);

/* What an expression stands on: the things it needs in FROM, in order of appearance, with
 * repetitions. */
void compile_from_objects(struct arena *a, const struct expr *e, struct expr_list *out);

bool compile_has(const struct expr_list *list, const struct expr *e);

/* What only_literals does not allow. Returns false. */
bool compile_refuse_parameter(struct compiler *c);

/* An error of SQLAlchemy's; type with its module. Returns false. */
bool compile_raise(struct compiler *c, const char *type, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What renders one kind of node; the table of them is in render_expr.c. */
typedef bool (*compile_fn)(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in);

bool compile_unary(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_as_boolean(struct compiler *c, struct str *out, const struct expr *e,
                        struct around in);
bool compile_binary(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_joined(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_tuple(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_array(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_slice(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_function(struct compiler *c, struct str *out, const struct expr *e,
                      struct around in);
bool compile_next_value(struct compiler *c, struct str *out, const struct expr *e,
                        struct around in);
bool compile_cast(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_case(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_extract(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_over(struct compiler *c, struct str *out, const struct expr *e, struct around in);
bool compile_within_group(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in);
bool compile_aggregate_order(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in);
bool compile_filter(struct compiler *c, struct str *out, const struct expr *e, struct around in);

/* What surrounds the operands of an expression that `in` surrounds. */
struct around compile_operand_around(struct around in);

/* CAST(operand AS type). */
bool compile_cast_of(struct compiler *c, struct str *out, const struct expr *operand_,
                     const struct type *type, struct around in);

/* The query without rows that stands for an empty list behind left IN. */
void compile_empty_in(struct str *out, const struct expr *left, bool negated);

#endif
