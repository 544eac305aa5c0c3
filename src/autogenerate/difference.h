/*
 * What differs between the models and the database: the result of the comparison, for `revision
 * --autogenerate`, `check`, `diff` and the console. Pure data, in the arena of the comparison.
 */
#ifndef AUTOGENERATE_DIFFERENCE_H
#define AUTOGENERATE_DIFFERENCE_H

#include <stdbool.h>

#include "base/vec.h"
#include "schema/op.h"
#include "schema/schema.h"
#include "schema/table.h"
#include "sql/statement.h"

struct arena;
struct err;

/* The kinds are the rows of differences.def; those at its end are beyond what Alembic detects. */
enum difference_kind {
#define DIFFERENCE(kind, sign, beyond, help) DIFFERENCE_##kind,
#include "autogenerate/differences.def"
#undef DIFFERENCE
    DIFFERENCE_COUNT
};

/* A line that Alembic logs: "alembic.autogenerate.compare.tables", "Detected added table 't'". A
 * warning has no logger: it is one of Python's warnings module, "UserWarning: ...". */
struct log_line {
    const char *logger, *text;
    bool warning;
};

/*
 * One thing to do; its operations stand together in a revision. The upgrade of a revision is the
 * `upgrade` of every difference in their order; its downgrade is the `downgrade` of every
 * difference in the opposite order (each list by itself is in the order in which it runs).
 */
struct difference {
    enum difference_kind kind;
    const char *schema, *table; /* schema NULL: the default one; table NULL: of no table. What
                                   render_as_batch groups by, but for ADDED_ and REMOVED_TABLE */
    const char *name; /* column, index, constraint, type; NULL: the table itself, or unnamed */
    const char *old_name;       /* PROBABLE_RENAME: the column's name in the database; else NULL */
    const char *database, *model; /* in words: "VARCHAR(10)", "VARCHAR(20)"; NULL: absent */
    struct file_line place;         /* in the models; line 0: nowhere there */
    bool cosmetic;              /* makes no difference to what the database stores or refuses */
    const char *warning;        /* what will go wrong when it is applied; NULL: nothing known */
    struct op_list upgrade, downgrade;
};

/*
 * A PROBABLE_RENAME stands for two other items, the added and the removed column of its table
 * (name, and old_name): whoever takes it leaves those out.
 */
struct differences {
    VEC(struct difference) items; /* in Alembic's order (spec/autogenerate.md, section 4) */
    VEC(struct log_line) log;     /* in Alembic's order */
    VEC(struct difference)
    ignored; /* that the project wants to hear no more of; in no list above */
    /* What was not compared, each with its reason. table NULL: not known which; nothing is said
     * about tables that the models (place.file NULL: the database) seem to lack then. */
    VEC(struct unknown_table) left_out;
};

/*
 * The operations of a revision made of the items whose `included` is set (NULL: all that Alembic
 * detects), in the order in which they run. Of a column that is both renamed and added or removed
 * the rename counts.
 */
void differences_operations(struct arena *a, const struct differences *all, const bool *included,
                            struct op_list *upgrade, struct op_list *downgrade);

/* Whether Alembic does not detect this kind. */
bool difference_is_beyond(enum difference_kind kind);

/* Its name in settings and JSON: "added_column". In the arena. */
const char *difference_name(struct arena *a, enum difference_kind kind);

/* One line of what it is: "added column". */
const char *difference_help(enum difference_kind kind);

/* 'A', 'D', 'M' or '?', as differences.def says. */
char difference_sign(enum difference_kind kind);

/* What it is about: "schema.table.column", or as much of it as there is. In the arena. */
const char *difference_subject(struct arena *a, const struct difference *difference);

/*
 * The statements of its upgrade or downgrade, appended to out. False where an operation cannot be
 * rendered; the statements before it are in out.
 */
bool difference_render(struct arena *a, const struct op_list *ops, struct statement_list *out,
                       struct err *err);

#endif
