/* Values of catalog columns as the server prints them, taken apart. Pure functions. */
#ifndef POSTGRES_CATALOG_TEXT_H
#define POSTGRES_CATALOG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "schema/name.h"

struct arena;
struct expr;

VEC_DEFINE(number_list, int);

/* The numbers of an int2vector ("1 2") or of an int2[] ("{1,2}"). NULL: none. */
void catalog_numbers(struct arena *a, const char *text, struct number_list *out);

/* The words of an oidvector. */
void catalog_words(struct arena *a, const char *text, struct name_list *out);

/* The elements of a text[], unquoted (PostgreSQL manual, "Array Input and Output Syntax"); those
 * that are NULL are left out. NULL: none. */
void catalog_strings(struct arena *a, const char *text, struct name_list *out);

/* The names of a list as in search_path: "\"$user\", public", unquoted names in lower case. */
void catalog_identifiers(struct arena *a, const char *text, char separator, struct name_list *out);

/* SQL of the server as SQLAlchemy's text(): what would be a :bind there is escaped. NULL: NULL. */
const struct expr *catalog_expr(struct arena *a, const char *text);

/*
 * The condition of "CHECK (...) NO INHERIT NOT VALID", with one more pair of parentheses around
 * the whole of it left out, as reflection does. NULL: it is no such text.
 */
const char *catalog_check(struct arena *a, const char *text);

#endif
