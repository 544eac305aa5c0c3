/* The syntax tree as text, for tests and diagnostics. */
#ifndef PYTHON_AST_DUMP_H
#define PYTHON_AST_DUMP_H

#include <stdbool.h>

struct py_module_ast;
struct str;

/*
 * Appends one line per top-level statement: (Assign [(Name x)] (Constant 1)). The classes and the
 * order of the fields are those of CPython's module ast, without contexts and type comments; NULL
 * is "-". With spans each node has its bytes: (Name@0-1 x); those inside an f-string have none.
 * tests/python/make_golden.py writes the same from CPython's tree.
 */
void py_ast_dump(struct str *out, const struct py_module_ast *module, bool spans);

#endif
