#include "config.h"

#include "sql/relations.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/parse_tree.h"

static void add_name(struct arena *a, const char *name, struct name_list *out)
{
    for (size_t i = 0; i < out->len; i++)
        if (str_eq(out->at[i], name))
            return;
    vec_push(a, out, arena_strdup(a, name));
}

/* Every RangeVar has its relation as "relname", and nothing else has such a key. */
static void walk(struct arena *a, const json_t *node, struct name_list *out)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_array(node)) {
        json_array_foreach((json_t *)node, i, value)
            walk(a, value, out);
        return;
    }
    json_object_foreach((json_t *)node, key, value) {
        if (str_eq(key, "relname") && json_is_string(value))
            add_name(a, json_string_value(value), out);
        else
            walk(a, value, out);
    }
}

bool sql_relations(struct arena *a, const char *text, struct name_list *out)
{
    json_t *tree = sql_parse_tree(text);
    if (!tree)
        return false;
    walk(a, tree, out);
    json_decref(tree);
    return true;
}
