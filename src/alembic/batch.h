/*
 * Between batch.c, which takes what a block of batch_alter_table() does, and batch_recreate.c,
 * which does it where the table is made anew.
 */
#ifndef ALEMBIC_BATCH_H
#define ALEMBIC_BATCH_H

#include "python/native.h"
#include "schema/op.h"

/* What one directive of the block did, and where add_column() wants its column. */
struct batch_change {
    struct op *op;
    const char *before, *after; /* insert_before=, insert_after=; NULL: not given */
};
VEC_DEFINE(batch_change_list, struct batch_change);

/* recreate="always" with copy_from=: the arguments of batch_alter_table(), as given. */
struct batch_copy {
    struct py_value table; /* copy_from: a Table object */
    struct py_value table_args, table_kwargs, partial_reordering;
    const struct batch_change_list *changes;
};

/*
 * Adds what Alembic does to move a table: the new one under a name of its own, its rows, the old
 * one dropped, the new one renamed, its indexes (alembic.operations.batch, ApplyBatchImpl). Raises
 * what Alembic raises; refuses tables and changes of which it is not known what becomes of them.
 */
void batch_recreate(struct py_run *run, const struct batch_copy *copy);

#endif
