/*
 * TOML 1.0, for pyproject.toml. The whole file is read; what is not TOML is an error with its line.
 * Floats, dates and times are checked but kept as text: nothing here asks for their value.
 */
#ifndef CONFIG_TOML_H
#define CONFIG_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"

struct arena;
struct err;
struct toml_value;

enum toml_kind {
    TOML_STRING,
    TOML_INTEGER,
    TOML_BOOLEAN,
    TOML_FLOAT, /* text only */
    TOML_TIME,  /* any date, time or both; text only */
    TOML_ARRAY,
    TOML_TABLE,
};

VEC_DEFINE(toml_values, struct toml_value *);

struct toml_value {
    enum toml_kind kind;
    int line;
    const char *text;  /* TOML_STRING: its value; TOML_FLOAT, TOML_TIME: as written */
    int64_t integer;
    bool boolean;
    struct toml_values items; /* TOML_ARRAY */
    struct map table;         /* TOML_TABLE: key -> struct toml_value * */
};

/*
 * Reads a document; its root table is left in *out, in the arena. False with ERR_CONFIG at a line.
 */
bool toml_parse(struct arena *a, const char *path, const char *text, size_t len,
                struct toml_value **out, struct err *err);

/* The value at a dotted path of plain keys ("tool.alembic"), or NULL. */
const struct toml_value *toml_at(const struct toml_value *table, const char *path);

#endif
