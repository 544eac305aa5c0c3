/* Which names the statements of a body bind, found without running them. */
#ifndef PYTHON_BINDING_H
#define PYTHON_BINDING_H

#include "python/ast.h"

/* Called with each name; node is what binds it: a statement, or the NAME of a target. */
typedef void py_binding_fn(const struct py_name *name, const struct py_node *node, void *payload);

/* In source order, inside of if, for, while, with, try and match too; not inside of functions and
 * classes. A name bound twice comes twice. */
void py_each_binding(const struct py_nodes *body, py_binding_fn *fn, void *payload);
void py_statement_bindings(const struct py_node *statement, py_binding_fn *fn, void *payload);

#endif
