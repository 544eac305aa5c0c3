#include "config.h"

#include "schema/schema.h"

#include <string.h>

#include "base/str.h"

static bool same_schema(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

struct table *schema_table(const struct schema *s, const char *schema, const char *name)
{
    for (size_t i = 0; i < s->tables.len; i++) {
        struct table *t = s->tables.at[i];
        if (str_eq(t->name.text, name) && same_schema(t->schema, schema))
            return t;
    }
    return NULL;
}
