/*
 * Types: Alembic's comparison of their PostgreSQL text (spec/autogenerate.md, section 5, "Type").
 */
#include "config.h"

#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"
#include "sql/render_type.h"

bool compare_type_is_known(const struct type *type)
{
    return type && type_impl(type)->kind != TYPE_NULL;
}

const char *compare_type_text(struct comparison *c, const struct type *type)
{
    struct str out = STR_IN(c->a);
    if (c->failed)
        return "";
    if (!compare_type_is_known(type))
        return "NULL";
    if (!sql_type_render(c->a, type, &out, c->err))
        compare_fail(c);
    return out.ptr;
}

/* A type's text taken apart: the words outside of parentheses, and the last list inside of some. */
struct words {
    struct name_list words, arguments;
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           (unsigned char)c >= 0x80;
}

static void add_arguments(struct arena *a, const char *text, size_t len, struct name_list *out)
{
    out->len = 0;
    for (size_t i = 0; i < len;) {
        size_t start = i;
        while (i < len && !strchr("(),", text[i]))
            i++;
        struct str term = STR_IN(a);
        str_addn(&term, text + start, i - start);
        str_trim(&term);
        if (i > start)
            vec_push(a, out, term.ptr);
        i += i < len;
    }
}

static void take_apart(struct arena *a, const char *type, struct words *out)
{
    char *text = arena_strdup(a, type);
    *out = (struct words){{0}, {0}};
    for (char *p = text; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    for (const char *p = text; *p;) {
        const char *close = *p == '(' && p[1] ? strchr(p + 2, ')') : NULL;
        size_t len = 0;
        while (is_word(p[len]))
            len++;
        if (close) {
            add_arguments(a, p + 1, (size_t)(close - p) - 1, &out->arguments);
            p = close + 1;
        } else if (len > 0) {
            vec_push(a, &out->words, arena_strndup(a, p, len));
            p += len;
        } else {
            p++;
        }
    }
}

static bool same_names(const struct name_list *left, const struct name_list *right, size_t from)
{
    for (size_t i = from; i < left->len; i++)
        if (strcmp(left->at[i], right->at[i]) != 0)
            return false;
    return true;
}

static const char *all_words(struct arena *a, const struct words *w)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < w->words.len; i++)
        str_addf(&out, "%s%s", i > 0 ? " " : "", w->words.at[i]);
    return out.ptr;
}

/* Two names for one type, by their first words or by all of them. */
static bool are_synonyms(const char *left, const char *right)
{
    static const char *const synonyms[][2] = {{"numeric", "decimal"},
                                              {"float", "double precision"}};
    for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++) {
        const char *const *s = synonyms[i];
        if ((str_eq(left, s[0]) || str_eq(left, s[1])) &&
            (str_eq(right, s[0]) || str_eq(right, s[1])))
            return true;
    }
    return false;
}

bool compare_types_differ(struct arena *a, const char *database, const char *model)
{
    struct words d, m;
    take_apart(a, database, &d);
    take_apart(a, model, &m);
    if (d.words.len == 0 || m.words.len == 0)
        return strcmp(database, model) != 0;
    if (strcmp(d.words.at[0], m.words.at[0]) != 0 &&
        !are_synonyms(all_words(a, &d), all_words(a, &m)) &&
        !are_synonyms(d.words.at[0], m.words.at[0]))
        return true;
    if (d.words.len == m.words.len && !same_names(&d.words, &m.words, 1))
        return true;
    return d.arguments.len == m.arguments.len && !same_names(&d.arguments, &m.arguments, 0);
}

/* ------------------------------------------------------------------ conversions */

/* Families whose values PostgreSQL assigns to one another by itself. */
static bool is_temporal(enum type_family family)
{
    return family == FAMILY_DATE || family == FAMILY_DATETIME;
}

bool compare_type_needs_using(const struct type *database, const struct type *model)
{
    enum type_family from = type_family(database), to = type_family(model);
    if (!compare_type_is_known(database) || from == FAMILY_OTHER || to == FAMILY_OTHER ||
        to == FAMILY_STRING || from == FAMILY_NULL)
        return false;
    if (to == FAMILY_ENUM && type_named(model) == NULL)
        return false; /* VARCHAR */
    if (from == FAMILY_ENUM && to == FAMILY_ENUM)
        return true; /* one type to another */
    bool numbers = (from == FAMILY_INTEGER || from == FAMILY_NUMERIC) &&
                   (to == FAMILY_INTEGER || to == FAMILY_NUMERIC);
    return from != to && !numbers && !(is_temporal(from) && is_temporal(to)) &&
           !(from == FAMILY_DATETIME && to == FAMILY_TIME) &&
           !(from == FAMILY_INTERVAL && to == FAMILY_TIME) &&
           !(from == FAMILY_TIME && to == FAMILY_INTERVAL);
}
