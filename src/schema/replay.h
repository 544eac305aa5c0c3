/*
 * What a schema will be after operations that have not been carried out: a plan's later revisions
 * are shown a catalog as the earlier ones would leave it.
 *
 * What the server would add is added as far as it is certain: names of unnamed constraints, the
 * default of a SERIAL. What is not known after an operation (text that defines something, say) is
 * said in schema.unknown, and whoever asks about it must be told that.
 */
#ifndef SCHEMA_REPLAY_H
#define SCHEMA_REPLAY_H

#include "schema/op.h"
#include "schema/schema.h"

/* A copy that can be changed without changing the original: tables are shared till they change. */
struct schema *schema_copy(struct arena *a, const struct schema *s);

/* Carries out one operation on the copy. Those that define nothing that a schema holds, and SQL
 * text (whose effect only src/sql knows), change nothing. */
void schema_replay(struct arena *a, struct schema *s, const struct op *op);

/* Says that a table (NULL: whatever there is) is not known any more; the reason is borrowed. */
void schema_forget(struct arena *a, struct schema *s, const char *schema, const char *table,
                   const char *reason);

/* Why what would be asked about a table (NULL: more than one) is not known; NULL: it is. */
const char *schema_is_unknown(const struct schema *s, const char *schema, const char *table);

#endif
