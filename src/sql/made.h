/*
 * What a statement makes or takes away, where that is one thing that a catalog can be asked for: to
 * find out, after the answer was lost, whether it was carried out, and what would undo it.
 */
#ifndef SQL_MADE_H
#define SQL_MADE_H

#include <stdbool.h>

struct arena;

enum sql_made_kind {
    SQL_MADE_UNKNOWN,    /* data, several statements, anything else */
    SQL_MADE_NOTHING,    /* it can be repeated: VACUUM, ANALYZE, REINDEX, REFRESH */
    SQL_MADE_RELATION,   /* a table, view or sequence */
    SQL_MADE_INDEX,
    SQL_MADE_TYPE,
    SQL_MADE_SCHEMA,
    SQL_MADE_EXTENSION,
    SQL_MADE_COLUMN,     /* object: the table; part: its name */
    SQL_MADE_ENUM_VALUE, /* object: the type; part: the value */
};

struct sql_made {
    enum sql_made_kind kind;
    bool drops;          /* it takes it away */
    bool concurrent;     /* an index may be left INVALID */
    bool is_qualified;   /* object names its schema: search_path does not matter */
    const char *word;    /* "TABLE", "INDEX": of a DROP */
    const char *object;  /* quoted as SQL; of a made index the table; REINDEX: what it works on */
    const char *part; /* bare: the name of a column, of an index that is made, a value; "" else */
};

void sql_made_by(struct arena *a, const char *text, struct sql_made *out);

/*
 * The statement that takes back what one has made; NULL: there is none. *loses says whether data
 * may go with it.
 */
const char *sql_made_undo(struct arena *a, const struct sql_made *made, bool *loses);

#endif
