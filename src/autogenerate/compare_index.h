/* What the two files about indexes and UNIQUE constraints share. Only for compare_index*.c. */
#ifndef AUTOGENERATE_COMPARE_INDEX_H
#define AUTOGENERATE_COMPARE_INDEX_H

#include "autogenerate/compare_private.h"

/* An element of an index as Alembic compares it: without case, quotes, casts, default order. */
const char *index_clean_element(struct arena *a, const char *table, const char *element);

/*
 * Why two indexes differ, in Alembic's words; NULL: they do not, or it cannot be told (*skipped).
 */
const char *index_changes(struct comparison *c, const struct index *database,
                          const struct index *model, const char *table, const char **skipped);
const char *unique_changes(struct comparison *c, const struct constraint *database,
                           const struct constraint *model);

/* Names in the order of their bytes. */
struct name_list index_sorted(struct comparison *c, const struct name_list *names);

#endif
