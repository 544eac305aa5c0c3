/*
 * What the parts of the expression language share (sa_*.c). Everybody else uses sa_expr.h.
 */
#ifndef ALEMBIC_SA_BUILD_H
#define ALEMBIC_SA_BUILD_H

#include "alembic/sa_expr.h"
#include "schema/expr_build.h"

/* Classes besides those of sa_expr.h. */
extern const struct py_native_class sa_bind_class, sa_binary_class, sa_label_class,
    sa_column_proxy_class, sa_function_class, sa_generic_function_class, sa_expression_class,
    sa_grouping_class, sa_scalar_select_class, sa_exists_class, sa_case_class, sa_array_class,
    sa_window_class, sa_select_base_class, sa_select_class, sa_compound_class,
    sa_textual_select_class, sa_alias_class, sa_subquery_class, sa_cte_class, sa_lateral_class,
    sa_join_class, sa_values_class, sa_function_table_class, sa_insert_class, sa_pg_insert_class,
    sa_update_class, sa_delete_class, sa_func_class, sa_custom_op_class;

/* ------------------------------------------------------------------ roles (sa_coerce.c)
 *
 * What SQLAlchemy's coercions make of a value where an expression of some role is expected. Each
 * raises SQLAlchemy's ArgumentError for what does not fit.
 */

/* An operand or argument: expressions as they are, queries as scalar subqueries, None as NULL, any
 * other value as a literal of the type (NULL: its own). */
const struct expr *sa_operand(struct py_run *run, struct py_value v, const struct type *type);

/* The other side of an operator with `side`: a literal takes its type from there. */
const struct expr *sa_other_side(struct py_run *run, const struct expr *side, enum expr_op op,
                                 struct py_value v);

/* A literal compared with something of type `side`. */
const struct expr *sa_literal_beside(struct py_run *run, struct py_value v,
                                     const struct type *side);

/* A condition: True, False and None are constants; a str is refused. */
const struct expr *sa_condition(struct py_run *run, struct py_value v);

/* Something to sort or group by: a str is the name of a label or column. */
const struct expr *sa_sort_key(struct py_run *run, struct py_value v, bool is_order_by);

/* One entry of select(): columns, tables, numbers, "*". */
const struct expr *sa_select_entry(struct py_run *run, struct py_value v);

/* Something that can stand in FROM. what: for messages. */
const struct expr *sa_from_element(struct py_run *run, struct py_value v);

/* A query: select(), union(), text().columns(). */
const struct expr *sa_query(struct py_run *run, struct py_value v);

/* "<what> expected, got <repr>." */
PY_NORETURN void sa_expected(struct py_run *run, const char *what, struct py_value v);

/* A str where text() has to be written. */
PY_NORETURN void sa_text_required(struct py_run *run, const char *text);

/* Appends the arguments of a call: *args, or one list as in SQLAlchemy 1.4. */
struct py_tuple *sa_arguments(struct py_run *run, struct py_value rest);

/* A literal from a value, for lists. */
const struct literal *sa_literal_new(struct py_run *run, struct py_value v,
                                     const struct type *type);

/* The type argument type_= or a positional type; NULL when None or absent. */
const struct type *sa_type_argument(struct py_run *run, struct py_value v);

/* The expression of self, for methods. */
const struct expr *sa_self(struct py_run *run, struct py_call *call);

/* ------------------------------------------------------------------ makers */

/* The operators of a column element, as rows for its class (sa_operate.c). */
extern const struct py_member sa_operator_members[], sa_typed_operator_members[];
const struct expr *sa_text_contains(struct py_run *run, struct py_call *call);

/* A new object of the same class as model. */
struct py_value sa_object_like(struct py_run *run, struct py_value model, const struct expr *expr);

/* INSERT and UPDATE of a Table with what SQLAlchemy adds when they are executed: default= and
 * onupdate= of columns that are not given, and RETURNING for a key that the server makes. Any other
 * expression is answered as it is. */
const struct expr *sa_completed(struct py_run *run, const struct expr *e);

/* Whether that is the same for a statement that is executed and for one that is printed: it has
 * values, and no column has any that SQLAlchemy makes up when it executes it. */
bool sa_completes_alike(struct py_run *run, const struct expr *e);

/* The statement with values for its binds; the statement itself when there are none. */
const struct expr *sa_with_parameters(struct py_run *run, const struct expr *e,
                                      const struct py_dict *values);

/* The Python object of something in FROM that was made before. */
struct py_value sa_from_value(struct py_run *run, const struct expr *from);

/* Whether it is a query: select(), union(), text().columns(). */
bool sa_is_query(const struct expr *e);

const struct expr *sa_scalar(struct py_run *run, const struct expr *query);
const struct expr *sa_label(struct py_run *run, const struct expr *e, struct py_value name);
const struct expr *sa_window(struct py_run *run, const struct expr *element, struct py_value *args);
const struct expr *sa_exists(struct py_run *run, const struct expr *query);

const struct expr *sa_filter(struct py_run *run, const struct expr *element,
                             const struct py_value *criteria, size_t count);
const struct expr *sa_within_group(struct py_run *run, const struct expr *element,
                                   const struct py_value *keys, size_t count);

/* func itself: the function of a PY_VALUE row. */
struct py_value sa_func(struct py_run *run, struct py_call *call);

/* A function call by name, as func.<name>(...) makes it (sa_func.c). */
const struct expr *sa_call_function(struct py_run *run, const struct name_list *path,
                                    const struct expr_list *args, const struct type *type);

/* Gives something in FROM that stands for a query the query's columns. */
void sa_add_proxies(struct py_run *run, struct expr *from, const struct expr *query);

/* subquery(), cte(), lateral() of a query. */
struct py_value sa_subquery(struct py_run *run, enum expr_kind kind, const struct expr *query,
                            struct py_value name);

/* cte() of a query or statement, as a method; exists(), select(), union() and its relatives as
 * functions of a module. */
struct py_value sa_query_cte(struct py_run *run, struct py_call *call);
struct py_value sa_new_exists(struct py_run *run, struct py_call *call);
struct py_value sa_new_select(struct py_run *run, struct py_call *call);
struct py_value sa_new_compound(struct py_run *run, struct py_call *call);

/* UNION and its relatives. */
const struct expr *sa_compound(struct py_run *run, const char *keyword,
                               const struct py_value *members, size_t count);

/* The right side of a join, and its condition (NULL: by foreign key). */
const struct expr *sa_join_side(struct py_run *run, struct py_value v);
const struct expr *sa_on_clause(struct py_run *run, struct py_value v);
struct py_value sa_new_join(struct py_run *run, const struct expr *left, struct py_value right,
                            struct py_value on, bool outer, bool full);

/* table.insert() and its relatives, as methods. */
struct py_value sa_table_insert(struct py_run *run, struct py_call *call);
struct py_value sa_table_update(struct py_run *run, struct py_call *call);
struct py_value sa_table_delete(struct py_run *run, struct py_call *call);

/* Makes the object of something in FROM, with its collection of columns. */
struct py_value sa_from_object(struct py_run *run, const struct py_native_class *cls,
                               const struct expr *from);

#endif
