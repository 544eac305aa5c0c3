/* Names and strings as SQL text: when to quote, and how (spec/ops.md, section 1). */
#ifndef SCHEMA_IDENTIFIER_H
#define SCHEMA_IDENTIFIER_H

#include "schema/name.h"

struct arena;

/* A name: quoted where it has to be. */
const char *sql_identifier(struct arena *a, const char *name);

/* 'text' with quotes doubled; backslashes stay as they are. */
const char *sql_string(struct arena *a, const char *text);

/* A name: quoted where it has to be, or as its quote says. */
const char *sql_name(struct arena *a, struct name name);

/* schema.name; the schema is one name, dots and all. schema NULL: name alone. */
const char *sql_qualified(struct arena *a, const char *schema, enum tristate schema_quote,
                          struct name name);

/*
 * The same where Alembic prints it and not SQLAlchemy (ALTER TABLE of columns, RENAME, comments of
 * alter_column): dots of an unquoted schema separate names.
 */
const char *sql_qualified_dotted(struct arena *a, const char *schema, enum tristate schema_quote,
                                 struct name name);

/* "a, b" */
const char *sql_name_list(struct arena *a, const struct name_list *names);

#endif
