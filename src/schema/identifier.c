#include "config.h"

#include "schema/identifier.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"

/* Sorted, for bsearch(); spec/ops.md, section 1. */
static const char *const reserved[] = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric",
    "authorization", "between", "binary", "both", "case", "cast", "check", "collate", "column",
    "constraint", "create", "cross", "current_catalog", "current_date", "current_role",
    "current_schema", "current_time", "current_timestamp", "current_user", "default", "deferrable",
    "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign",
    "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner",
    "intersect", "into", "is", "isnull", "join", "leading", "left", "like", "limit", "localtime",
    "localtimestamp", "natural", "new", "not", "notnull", "null", "of", "off", "offset", "old",
    "on", "only", "or", "order", "outer", "over", "overlaps", "placing", "primary", "references",
    "returning", "right", "select", "session_user", "similar", "some", "symmetric", "table",
    "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose",
    "when", "where", "window", "with",
};

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

static bool needs_quotes(const char *name)
{
    if (!*name || isdigit((unsigned char)*name) || *name == '$')
        return true;
    for (const char *p = name; *p; p++)
        if (!(*p >= 'a' && *p <= 'z') && !isdigit((unsigned char)*p) && *p != '_' && *p != '$')
            return true;
    return bsearch(name, reserved, sizeof(reserved) / sizeof(reserved[0]), sizeof(reserved[0]),
                   compare_words) != NULL;
}

static const char *wrap(struct arena *a, const char *text, char quote)
{
    struct str out = STR_IN(a);
    str_addc(&out, quote);
    for (const char *p = text; *p; p++) {
        if (*p == quote)
            str_addc(&out, quote);
        str_addc(&out, *p);
    }
    str_addc(&out, quote);
    return str_take(&out);
}

const char *sql_identifier(struct arena *a, const char *name)
{
    return needs_quotes(name) ? wrap(a, name, '"') : name;
}

const char *sql_string(struct arena *a, const char *text)
{
    return wrap(a, text, '\'');
}

const char *sql_name(struct arena *a, struct name name)
{
    switch (name.quote) {
    case YES:
        return wrap(a, name.text, '"');
    case NO:
        return name.text;
    case UNSET:
        break;
    }
    return sql_identifier(a, name.text);
}

const char *sql_qualified(struct arena *a, const char *schema, enum tristate schema_quote,
                          struct name name)
{
    if (!schema || !*schema)
        return sql_name(a, name);
    return arena_printf(a, "%s.%s",
                        sql_name(a, (struct name){.text = schema, .quote = schema_quote}),
                        sql_name(a, name));
}

const char *sql_qualified_dotted(struct arena *a, const char *schema, enum tristate schema_quote,
                                 struct name name)
{
    if (!schema || !strchr(schema, '.') || schema_quote != UNSET)
        return sql_qualified(a, schema, schema_quote, name);
    struct str out = STR_IN(a);
    for (const char *p = schema;;) {
        size_t len = strcspn(p, ".");
        str_add(&out, sql_identifier(a, arena_strndup(a, p, len)));
        str_addc(&out, '.');
        if (!p[len])
            break;
        p += len + 1;
    }
    str_add(&out, sql_name(a, name));
    return str_take(&out);
}

const char *sql_name_list(struct arena *a, const struct name_list *names)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < names->len; i++) {
        if (i > 0)
            str_add(&out, ", ");
        str_add(&out, sql_identifier(a, names->at[i]));
    }
    return str_take(&out);
}
