/*
 * What the files of the walk over the tree share: scope_walk.c has names, scopes, expressions and
 * the table of all visitors, scope_define.c what opens scopes, scope_statement.c the statements.
 */
#ifndef PYTHON_SCOPE_VISIT_H
#define PYTHON_SCOPE_VISIT_H

#include "python/scope_build.h"

/* Visits a node of one kind. */
typedef void (*visit_fn)(struct walk *w, struct py_node *node);

/* Visits a node of any kind; NULL is fine. */
void scope_visit(struct walk *w, struct py_node *node);
void scope_visit_all(struct walk *w, const struct py_nodes *nodes);
void scope_visit_target(struct walk *w, struct py_node *node); /* that is assigned to */

/* ---- names and scopes (scope_walk.c) ---- */

/* A private name in a class carries the class's name. */
const struct py_name *scope_mangle(struct walk *w, const struct py_name *name);

/*
 * Notes that a name stands in the current scope, as SYMBOL_...; scope_bind: that it is bound there.
 */
void scope_record(struct walk *w, struct py_ref *ref, unsigned flags);
void scope_bind(struct walk *w, struct py_ref *ref);

bool scope_in_function(const struct walk *w);

/* A scope inside the current one, which is the current one until it is closed. */
struct py_scope *scope_open(struct walk *w, enum py_scope_kind kind, const struct py_name *name);
void scope_close(struct walk *w);

/* The scope of [T] around a definition, with its names. */
void scope_open_type_params(struct walk *w, struct py_type_params *params);

void scope_bind_params(struct walk *w, struct py_params *params);
void scope_visit_defaults(struct walk *w, const struct py_params *params);
void scope_visit_annotations(struct walk *w, const struct py_function *f);

/* ---- what opens scopes (scope_define.c) ---- */

void scope_visit_function(struct walk *w, struct py_node *node);
void scope_visit_class(struct walk *w, struct py_node *node);
void scope_visit_lambda(struct walk *w, struct py_node *node);
void scope_visit_type_alias(struct walk *w, struct py_node *node);
void scope_visit_comprehension(struct walk *w, struct py_node *node);
void scope_visit_named(struct walk *w, struct py_node *node);

/* Arguments of a call or a class. */
void scope_visit_keywords(struct walk *w, struct py_keywords *keywords);
void scope_visit_starrable(struct walk *w, const struct py_nodes *nodes);

/* ---- statements (scope_statement.c) ---- */

void scope_visit_return(struct walk *w, struct py_node *node);
void scope_visit_delete(struct walk *w, struct py_node *node);
void scope_visit_assign(struct walk *w, struct py_node *node);
void scope_visit_aug_assign(struct walk *w, struct py_node *node);
void scope_visit_ann_assign(struct walk *w, struct py_node *node);
void scope_visit_for(struct walk *w, struct py_node *node);
void scope_visit_while(struct walk *w, struct py_node *node);
void scope_visit_if(struct walk *w, struct py_node *node);
void scope_visit_with(struct walk *w, struct py_node *node);
void scope_visit_raise(struct walk *w, struct py_node *node);
void scope_visit_try(struct walk *w, struct py_node *node);
void scope_visit_assert(struct walk *w, struct py_node *node);
void scope_visit_import(struct walk *w, struct py_node *node);
void scope_visit_declaration(struct walk *w, struct py_node *node); /* global, nonlocal */
void scope_visit_jump(struct walk *w, struct py_node *node);        /* break, continue */

#endif
