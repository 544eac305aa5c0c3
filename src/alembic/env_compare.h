/*
 * The functions that env.py gives to a comparison (spec/autogenerate.md, sections 5 and 11):
 * include_name, include_object, compare_type, compare_server_default; and
 * process_revision_directives and render_item. They are called by the interpreter, in the
 * evaluation that they come from, with objects that show what such functions look at.
 *
 * Each answers true at once where env.py gives no such function. False, with the place: the
 * function raised, or what it says is not known; nothing is guessed then.
 */
#ifndef ALEMBIC_ENV_COMPARE_H
#define ALEMBIC_ENV_COMPARE_H

#include <stdbool.h>

#include "alembic/project.h"
#include "base/err.h"
#include "base/str.h"
#include "schema/table.h"

/* A table, or of it a column, an index or a constraint. */
struct env_object {
    const struct table *table;
    const struct column *column;
    const struct index *index;
    const struct constraint *constraint;
};

/* What a comparing function says: None, or a truth. */
enum env_verdict { ENV_NO_VERDICT, ENV_SAME, ENV_DIFFERENT };

struct env_columns {
    const struct table *database_table, *model_table;
    const struct column *database, *model;
    const char *database_default, *model_default; /* as SQL; NULL: none */
};

bool env_has_function(const struct env_options *options, enum env_function function);

/* Python's name of it: "include_object"; "<lambda>". */
const char *env_function_name(const struct env_options *options, enum env_function function);

/* type: "schema", "table", "column", ...; name NULL: None. */
bool env_include_name(const struct env_options *options, const char *type, const char *name,
                      const char *schema, const char *table, bool *include, struct err *err);

/* other: all NULL for compare_to None. */
bool env_include_object(const struct env_options *options, const char *type, const char *name,
                        const struct env_object *object, bool reflected,
                        const struct env_object *other, bool *include, struct err *err);

bool env_compare_type(const struct env_options *options, const struct env_columns *columns,
                      enum env_verdict *out, struct err *err);
bool env_compare_default(const struct env_options *options, const struct env_columns *columns,
                         enum env_verdict *out, struct err *err);

/*
 * Calls process_revision_directives with one directive, of which it can see whether its operations
 * are empty, and which it can take out of the list: *keep is false then, and no file is written.
 */
bool env_process_directives(const struct env_options *options, bool is_empty, bool *keep,
                            struct err *err);

/*
 * Calls render_item for an object that is about to be written; kind as Alembic names it. It can see
 * of a type all that there is, of other objects nothing. *done: it gave a text, which is appended
 * to *out; what it added to autogen_context.imports is in *imports, in the arena.
 */
bool env_render_item(struct arena *a, const struct env_options *options, const char *kind,
                     const void *object, struct str *out, struct name_list *imports, bool *done,
                     struct err *err);

#endif
