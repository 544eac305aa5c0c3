/* Which tables and views a text names. */
#ifndef SQL_RELATIONS_H
#define SQL_RELATIONS_H

#include <stdbool.h>

#include "base/vec.h"
#include "schema/name.h"

struct arena;

/*
 * Appends the names of the relations in the text, without their schemas, each once; those of WITH
 * are among them. False: the grammar does not read it, and what it names is not known.
 */
bool sql_relations(struct arena *a, const char *text, struct name_list *out);

#endif
