/* The statements that exec.c has done at once (exec_simple.c). For import, see interp.h. */
#ifndef PYTHON_EXEC_PRIVATE_H
#define PYTHON_EXEC_PRIVATE_H

#include "python/interp.h"

/* An assignment, also an annotated one, of a value that is computed. */
void py_exec_assign(struct py_run *run, const struct py_node *node, struct py_value v);

/* x += y. resumed: y was a yield, and sent is what it gave. */
void py_exec_aug_assign(struct py_run *run, const struct py_node *node, struct py_value sent,
                        bool resumed);

/* Notes a name's annotation in __annotations__. */
void py_exec_annotation(struct py_run *run, struct py_frame *f, const struct py_node *node);

/* The same for a statement that was refused with that reason. */
void py_note_refused(struct py_run *run, struct py_frame *f, const struct py_node *node,
                     const char *reason);

/* type X = ... */
void py_exec_type_alias(struct py_run *run, const struct py_node *node);

void py_exec_raise(struct py_run *run, const struct py_node *node);
void py_exec_assert(struct py_run *run, const struct py_node *node);
void py_exec_def(struct py_run *run, const struct py_node *node);

#endif
