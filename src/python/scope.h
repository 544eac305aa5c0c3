/*
 * Where names live: fills in every py_ref and py_scope of a parsed module, and finds the mistakes
 * that CPython finds after parsing (return outside a function, two parameters of one name ...).
 * Rules: Python reference, "Naming and binding"; CPython's symtable and compiler.
 */
#ifndef PYTHON_SCOPE_H
#define PYTHON_SCOPE_H

#include <stdbool.h>

struct arena;
struct err;
struct py_module_ast;

/* depth limits the height of the tree, so that whoever walks it afterwards may recurse. */
bool py_scope_analyse(struct arena *a, struct py_module_ast *module, int depth, struct err *err);

#endif
