#include "config.h"

#include "sql/advisory.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/parse_tree.h"
#include "sql/render.h"

/* Nothing longer is a key; and what is not about locks need not be parsed. */
enum { DEPTH_MAX = 20 };

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* -- keys as SQL --------------------------------------------------------------------------------
 *
 * Each gives NULL for what might say another thing at another time.
 */

struct look {
    struct arena *arena;
    const char *text;
};

static const char *expression(const struct look *look, const json_t *node, int depth);

/* The last part of a name, where the others are pg_catalog; "" otherwise. */
static const char *system_name(const json_t *names)
{
    size_t count = json_array_size(names);
    for (size_t i = 0; i < count; i++) {
        const char *part = text_of(json_object_get(json_array_get(names, i), "String"), "sval");
        if (i + 1 == count)
            return part;
        if (!str_eq(part, "pg_catalog"))
            break;
    }
    return "";
}

static bool is_in(const char *name, const char *const *names)
{
    while (*names && !str_eq(*names, name))
        names++;
    return *names != NULL;
}

/* The tree leaves out what is not positive: 0 and -1 look the same, so the text is read again. */
static const char *integer(const struct look *look, const json_t *c, const json_t *ival)
{
    const json_t *value = json_object_get(ival, "ival"), *place = json_object_get(c, "location");
    size_t at = (size_t)json_integer_value(place);
    if (value)
        return arena_printf(look->arena, "%lld", (long long)json_integer_value(value));
    if (!place || at >= strlen(look->text))
        return NULL;
    const char *sign = look->text + at, *digits = sign + (*sign == '-' ? 1 : 0);
    digits += strspn(digits, " \t\r\n");
    size_t len = strspn(digits, "0123456789");
    return len ? arena_printf(look->arena, "%s%.*s", *sign == '-' ? "-" : "", (int)len, digits)
               : NULL;
}

static const char *constant(const struct look *look, const json_t *c)
{
    struct arena *a = look->arena;
    const json_t *ival = json_object_get(c, "ival"), *fval = json_object_get(c, "fval"),
                 *sval = json_object_get(c, "sval");
    if (ival)
        return integer(look, c, ival);
    if (fval) /* a number that is no int */
        return arena_strdup(a, text_of(fval, "fval"));
    return sval ? sql_string(a, text_of(sval, "sval")) : NULL;
}

static const char *cast(const struct look *look, const json_t *node, int depth)
{
    static const char *const types[] = {"int2", "int4",    "int8", "numeric", "text",
                                        "oid",  "varchar", "name", "bit",     NULL};
    const char *arg = expression(look, json_object_get(node, "arg"), depth);
    const json_t *type = json_object_get(node, "typeName");
    const char *name = system_name(json_object_get(type, "names"));
    const json_t *length = json_array_get(json_object_get(type, "typmods"), 0);
    const char *text = length ? expression(look, length, depth) : NULL;
    if (!arg || !is_in(name, types) || (length && !text))
        return NULL;
    return arena_printf(look->arena, "(%s)::pg_catalog.%s%s%s%s", arg, name, text ? "(" : "",
                        text ? text : "", text ? ")" : "");
}

static const char *call(const struct look *look, const json_t *node, int depth)
{
    static const char *const functions[] = {
        "hashtext", "hashtextextended", "md5", "abs", "substr", "left", "right", "lower", "upper",
        "concat",   "current_database", NULL};
    const char *name = system_name(json_object_get(node, "funcname"));
    const json_t *args = json_object_get(node, "args");
    struct str s = STR_IN(look->arena);
    if (!is_in(name, functions))
        return NULL;
    str_addf(&s, "pg_catalog.%s(", name);
    for (size_t i = 0; i < json_array_size(args); i++) {
        const char *arg = expression(look, json_array_get(args, i), depth);
        if (!arg)
            return NULL;
        str_addf(&s, "%s%s", i > 0 ? ", " : "", arg);
    }
    str_addc(&s, ')');
    return s.ptr;
}

static const char *operation(const struct look *look, const json_t *node, int depth)
{
    static const char *const operators[] = {"+",  "-",  "*", "/", "%", "||",
                                            "<<", ">>", "&", "|", "#", NULL};
    const json_t *left = json_object_get(node, "lexpr");
    const char *name = system_name(json_object_get(node, "name"));
    const char *l = left ? expression(look, left, depth) : "",
               *r = expression(look, json_object_get(node, "rexpr"), depth);
    if (!str_eq(text_of(node, "kind"), "AEXPR_OP") || !is_in(name, operators) || !l || !r)
        return NULL;
    return arena_printf(look->arena, "(%s OPERATOR(pg_catalog.%s) %s)", l, name, r);
}

static const char *expression(const struct look *look, const json_t *node, int depth)
{
    static const struct {
        const char *node;
        const char *(*make)(const struct look *look, const json_t *node, int depth);
    } rows[] = {{"TypeCast", cast}, {"FuncCall", call}, {"A_Expr", operation}};
    if (depth <= 0)
        return NULL;
    if (json_object_get(node, "A_Const"))
        return constant(look, json_object_get(node, "A_Const"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (json_object_get(node, rows[i].node))
            return rows[i].make(look, json_object_get(node, rows[i].node), depth - 1);
    return NULL;
}

/* -- finding ------------------------------------------------------------------------------------
 */

static void add(struct arena *a, struct sql_advisory_list *list, const struct sql_advisory *lock)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].count == lock->count && str_eq(list->at[i].args[0], lock->args[0]) &&
            str_eq(list->at[i].args[1], lock->args[1]))
            return;
    vec_push(a, list, *lock);
}

static void take_call(const struct look *look, const json_t *node, struct sql_advisory_list *list)
{
    static const char *const functions[] = {"pg_advisory_lock", "pg_advisory_xact_lock",
                                            "pg_try_advisory_lock", "pg_try_advisory_xact_lock",
                                            NULL};
    const json_t *args = json_object_get(node, "args");
    struct sql_advisory lock = {.count = json_array_size(args)};
    if (!is_in(system_name(json_object_get(node, "funcname")), functions) || lock.count < 1 ||
        lock.count > 2)
        return;
    for (size_t i = 0; i < lock.count; i++) {
        lock.args[i] = expression(look, json_array_get(args, i), DEPTH_MAX);
        if (!lock.args[i])
            return;
    }
    add(look->arena, list, &lock);
}

static void walk(const struct look *look, const json_t *node, struct sql_advisory_list *list)
{
    const char *key;
    json_t *value;
    size_t i;
    json_array_foreach(node, i, value) walk(look, value, list);
    json_object_foreach((json_t *)(uintptr_t)node, key, value)
    {
        if (str_eq(key, "FuncCall"))
            take_call(look, value, list);
        walk(look, value, list);
    }
}

void sql_advisory_find(struct arena *a, const char *text, struct sql_advisory_list *list)
{
    const struct look look = {.arena = a, .text = text};
    json_t *tree = strcasestr(text, "advisory") ? sql_parse_tree(text) : NULL;
    if (tree)
        walk(&look, tree, list);
    json_decref(tree);
}
