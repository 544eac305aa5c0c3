/*
 * What a role must be allowed for a statement: the privileges that the PostgreSQL manual names
 * under each command, as far as the statement's text tells. What a function does when it is called,
 * and what is read in a subquery, it does not tell.
 */
#ifndef SQL_NEEDS_H
#define SQL_NEEDS_H

#include <stdbool.h>

#include "base/vec.h"

struct arena;

enum sql_need_kind {
    SQL_NEED_OWNER, /* of the relation */
    SQL_NEED_SELECT,
    SQL_NEED_INSERT,
    SQL_NEED_UPDATE,
    SQL_NEED_DELETE,
    SQL_NEED_TRUNCATE,
    SQL_NEED_TRIGGER,
    SQL_NEED_REFERENCES,
    SQL_NEED_SCHEMA_USAGE,
    SQL_NEED_SCHEMA_CREATE, /* no name: the first schema of the search path */
    SQL_NEED_SCHEMA_OWNER,
    SQL_NEED_DATABASE_CREATE,
    SQL_NEED_TYPE_USAGE,
    SQL_NEED_TYPE_OWNER,
    SQL_NEED_ROLE, /* to become the role: SET ROLE, OWNER TO */
    SQL_NEED_EXTENSION,
    SQL_NEED_KINDS
};

struct sql_need {
    enum sql_need_kind kind;
    const char *schema; /* NULL: none was written */
    const char *name;   /* NULL: of none in particular */
};

VEC_DEFINE(sql_need_list, struct sql_need);

/* Appends what the text needs, in its order; in the arena. False: the grammar does not read it. */
bool sql_needs(struct arena *a, const char *text, struct sql_need_list *out);

#endif
