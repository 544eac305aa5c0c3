/*
 * The comparison: what the models declare against what a database holds (spec/autogenerate.md,
 * sections 2 and 4 to 11). A pure function: it finds what Alembic finds, in its order and its
 * words, and besides that what the kinds at the end of differences.def name.
 *
 * Two things it cannot know by itself. Whether two SQL expressions mean the same only the server
 * can say: they become questions, and the comparison is made again with their answers. What the
 * functions of env.py say (include_object and its like) is asked through struct compare_hooks.
 *
 * Never a bogus drop: a table that the models (or the catalog) do not know for certain is left out
 * of both sides, and told.
 */
#ifndef AUTOGENERATE_COMPARE_H
#define AUTOGENERATE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "autogenerate/difference.h"
#include "base/err.h"
#include "base/vec.h"
#include "schema/schema.h"

struct arena;

/* What filters are asked about (spec, section 11): the words that env.py's functions are given. */
enum compare_kind {
    COMPARE_SCHEMA,
    COMPARE_TABLE,
    COMPARE_COLUMN,
    COMPARE_INDEX,
    COMPARE_UNIQUE,
    COMPARE_FOREIGN_KEY,
    COMPARE_CHECK,
};

/* A thing of one side: the table, and of it the column, index or constraint where it is one. */
struct compare_object {
    const struct table *table;
    const struct column *column;
    const struct index *index;
    const struct constraint *constraint;
};

/* What a function of env.py says about a pair: it has no opinion where it returns None. */
enum compare_verdict { VERDICT_NONE, VERDICT_SAME, VERDICT_DIFFERENT };

/* A column of both sides. */
struct compare_columns {
    const struct table *database_table, *model_table;
    const struct column *database, *model;
    const char *database_default, *model_default; /* as SQL; NULL: none */
};

/*
 * Functions that the caller has; NULL: there is none. Each is false, with err, when what it says is
 * not known; the comparison then ends with that err. Called once for each pair and pass.
 */
struct compare_hooks {
    /* include_name: name NULL is the default schema; schema and table say whose part it is. */
    bool (*include_name)(void *payload, enum compare_kind kind, const char *name,
                         const char *schema, const char *table, bool *include, struct err *err);
    /* include_object: reflected when `object` is of the database and the models have no such thing;
     * other is the same thing on the other side, all NULL when there is none. */
    bool (*include_object)(void *payload, enum compare_kind kind, const char *name,
                           const struct compare_object *object, bool reflected,
                           const struct compare_object *other, bool *include, struct err *err);
    bool (*compare_type)(void *payload, const struct compare_columns *columns,
                         enum compare_verdict *out, struct err *err);
    bool (*compare_default)(void *payload, const struct compare_columns *columns,
                            enum compare_verdict *out, struct err *err);
    const char *compare_default_name; /* of the function, for the log */
    void *payload;
};

/* The parts of Alembic's comparison that autogenerate_plugins can leave out. */
enum compare_plugin {
    PLUGIN_SCHEMAS,
    PLUGIN_TABLES,
    PLUGIN_TYPES,
    PLUGIN_CONSTRAINTS,
    PLUGIN_DEFAULTS,
    PLUGIN_COMMENTS,
    PLUGIN_CHECKS,
    PLUGIN_COUNT,
};

struct compare_options {
    bool compare_type, compare_server_default, include_schemas;
    const char *version_table, *version_table_schema; /* schema NULL: the default one */
    bool without[PLUGIN_COUNT];
    struct compare_hooks hooks;
};

/* A plugin's name ("alembic.autogenerate.tables"). */
const char *compare_plugin_name(enum compare_plugin plugin);

/*
 * What autogenerate_plugins leaves out. False with Alembic's "Did not locate plugins: ..." as
 * ERR_COMMAND, or with its ValueError as ERR_RAISED.
 */
bool compare_read_plugins(struct arena *a, const struct name_list *plugins,
                          struct compare_options *options, struct err *err);

enum compare_answer {
    COMPARE_PENDING,  /* not asked yet */
    COMPARE_SAME,
    COMPARE_OTHER,
    COMPARE_REFUSED,  /* the server cannot say: reason */
};

/* Do two expressions mean the same? Fields as in struct question (src/postgres/question.h). */
struct compare_question {
    const char *database, *model, *type;
    const struct table *table;
    enum compare_answer answer; /* set by the caller */
    const char *reason;
};
VEC_DEFINE(compare_questions, struct compare_question);

/*
 * Compares. `questions` holds those asked in an earlier pass with their answers; new ones are
 * appended as COMPARE_PENDING, and as long as there is one, the result is to be thrown away: answer
 * them and compare again. Everything in the arena, which must outlive the result as the two schemas
 * must. False: a hook's error, or a type or expression of the models that cannot be rendered
 * (ERR_RAISED).
 */
bool compare_schemas(struct arena *a, const struct schema *models, const struct schema *database,
                     const struct compare_options *options, struct compare_questions *questions,
                     struct differences *out, struct err *err);

/* Whether a pass ended with questions to be answered. */
bool compare_is_pending(const struct compare_questions *questions);

#endif
