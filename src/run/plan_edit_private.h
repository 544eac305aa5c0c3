/* What plan_edit.c and plan_edit_text.c share. */
#ifndef RUN_PLAN_EDIT_PRIVATE_H
#define RUN_PLAN_EDIT_PRIVATE_H

#include "run/plan_edit.h"

/*
 * Appends the statements of a text; from is the statement in whose place they come, NULL where they
 * are new. At least one, unless may_be_empty.
 */
bool plan_edit_split(struct arena *a, const char *text, const struct plan_statement *from,
                     bool in_transaction, bool may_be_empty, struct plan_statement_list *out,
                     struct plan_doubt_list *doubts, struct err *err);

/* Arranges and checks the step as it would be; it is changed only when that is all right. */
bool plan_edit_put(struct arena *a, struct plan *plan, size_t step,
                   const struct plan_statement_list *statements, struct err *err);

#endif
