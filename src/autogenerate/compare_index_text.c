/*
 * Whether two indexes of one name are the same: Alembic's comparison of their elements' text
 * (spec/autogenerate.md, section 6, "Index compare").
 */
#include "config.h"

#include <string.h>

#include "autogenerate/compare_index.h"
#include "base/str.h"
#include "sql/render_expr.h"

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

/* Takes every occurrence of what out of text, in place. */
static void take_out(char *text, const char *what)
{
    size_t len = strlen(what);
    for (char *p = text; len > 0 && (p = strstr(p, what));)
        memmove(p, p + len, strlen(p + len) + 1);
}

/* Takes out `::type`: words and blanks up to the last word, two characters or more. */
static void take_out_casts(char *text)
{
    for (char *p = text; (p = strstr(p, "::"));) {
        size_t len = 2;
        while (is_word(p[len]) || p[len] == ' ')
            len++;
        while (p[len - 1] == ' ')
            len--;
        if (len < 4)
            p += 2;
        else
            memmove(p, p + len, strlen(p + len) + 1);
    }
}

static char *without_parentheses(char *text)
{
    for (size_t len = strlen(text); len > 0 && *text == '(' && text[len - 1] == ')'; len -= 2) {
        if (len == 1)
            return text + 1;
        text[len - 1] = '\0';
        text++;
    }
    return text;
}

/* Takes out of the end what is the default order anyway. */
static void take_out_order(char *text)
{
    size_t len = strlen(text);
    if (str_ends_with(text, " asc nulls last"))
        text[len - strlen(" asc nulls last")] = '\0';
    else if (str_ends_with(text, " nulls last") && !str_ends_with(text, " desc nulls last"))
        text[len - strlen(" nulls last")] = '\0';
    else if (str_ends_with(text, " asc"))
        text[len - strlen(" asc")] = '\0';
    else if (str_ends_with(text, " asc nulls first"))
        strcpy(text + len - strlen(" asc nulls first"), " nulls first");
    else if (str_ends_with(text, " desc nulls first"))
        text[len - strlen(" nulls first")] = '\0';
}

/* Takes `cast(x as type)` apart: every "cast(" goes, and every "as type)". */
static void take_out_cast_calls(char *text)
{
    bool starts = false;
    for (char *p = text; (p = strstr(p, "cast"));) {
        size_t len = strlen("cast") + strspn(p + strlen("cast"), " \t\n");
        if (p[len] != '(') {
            p++;
            continue;
        }
        if (p == text)
            starts = true;
        else if (!starts)
            return;
        memmove(p, p + len + 1, strlen(p + len + 1) + 1);
    }
    for (char *p = text; starts && (p = strstr(p, "as"));) {
        size_t blanks = strspn(p + 2, " \t\n"), type = strcspn(p + 2, ")");
        if (blanks > 0 && type > blanks && p[2 + type] == ')')
            memmove(p, p + 3 + type, strlen(p + 3 + type) + 1);
        else
            p++;
    }
}

const char *index_clean_element(struct arena *a, const char *table, const char *element)
{
    char *text = arena_strdup(a, element);
    for (char *p = text; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    take_out(text, "\"");
    take_out(text, "'");
    char *qualifier = arena_printf(a, "%s.", table);
    for (char *p = qualifier; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    take_out(text, qualifier);
    take_out_casts(text);
    text = without_parentheses(text);
    take_out_order(text);
    text = without_parentheses(text);
    take_out_cast_calls(text);
    take_out(text, " ");
    return text;
}

/* Text that ends in the name of an operator class, behind an expression: it cannot be compared. */
static bool has_operator_class(const char *element)
{
    struct str text = STR_INIT;
    str_add(&text, element);
    str_trim(&text);
    bool has = str_ends_with(text.ptr, "_ops") && (strchr(element, ' ') || strchr(element, ')'));
    str_clear(&text);
    return has;
}

static void add_reason(struct str *out, const char *text)
{
    str_addf(out, "%s%s", out->len ? ", " : "", text);
}

/* Alembic takes this reason apart into its characters. */
static void add_letters(struct str *out, const char *text)
{
    for (; *text; text++)
        add_reason(out, (const char[]){*text, '\0'});
}

static const char *distinct_tuple(enum tristate nulls_not_distinct)
{
    return nulls_not_distinct == YES ? "('nulls_not_distinct',)" : "()";
}

static void compare_elements(struct comparison *c, const struct index *database,
                             const struct index *model, const char *table, struct str *changed,
                             struct str *skipped)
{
    for (size_t i = 0; i < model->elements.len && !c->failed; i++) {
        const char *wanted = compare_sql(c, model->elements.at[i].expression, SQL_EXPR_DDL);
        const char *found = compare_sql(c, database->elements.at[i].expression, SQL_EXPR_DDL);
        if (strcmp(index_clean_element(c->a, table, wanted),
                   index_clean_element(c->a, table, found)) == 0)
            continue;
        if (!has_operator_class(wanted)) {
            add_reason(changed, arena_printf(c->a, "expression #%zu %s to %s", i + 1,
                                             compare_repr(c, found), compare_repr(c, wanted)));
            continue;
        }
        add_reason(skipped,
                   arena_printf(c->a,
                                "expression #%zu %s detected as including operator clause.", i + 1,
                                compare_repr(c, wanted)));
        compare_warn(
            c,
            "UserWarning: Expression #%zu %s in index %s detected to include an operator "
            "clause. Expression compare cannot proceed. Please move the operator clause to "
            "the ``postgresql_ops`` dict to enable proper compare of the index expressions: "
            "https://docs.sqlalchemy.org/en/latest/dialects/postgresql.html"
            "#operator-classes",
            i + 1, compare_repr(c, wanted), compare_repr(c, database->name.text));
    }
}

const char *index_changes(struct comparison *c, const struct index *database,
                          const struct index *model, const char *table, const char **skipped)
{
    struct str changed = STR_IN(c->a), skip = STR_IN(c->a);
    *skipped = NULL;
    if (database->unique != model->unique)
        add_reason(&changed,
                   arena_printf(c->a, "unique=%s to unique=%s", database->unique ? "True" : "False",
                                model->unique ? "True" : "False"));
    if (database->elements.len != model->elements.len)
        add_reason(&changed, arena_printf(c->a, "expression number %zu to %zu",
                                          database->elements.len, model->elements.len));
    if (changed.len)
        return changed.ptr;
    compare_elements(c, database, model, table, &changed, &skip);
    if ((database->nulls_not_distinct == YES) != (model->nulls_not_distinct == YES))
        add_letters(&changed, arena_printf(c->a, "options %s to %s",
                                           distinct_tuple(database->nulls_not_distinct),
                                           distinct_tuple(model->nulls_not_distinct)));
    if (skip.len && !changed.len)
        *skipped = skip.ptr;
    return changed.len ? changed.ptr : NULL;
}

const char *unique_changes(struct comparison *c, const struct constraint *database,
                           const struct constraint *model)
{
    struct name_list found = index_sorted(c, &database->columns);
    struct name_list wanted = index_sorted(c, &model->columns);
    const char *old = compare_tuple(c, &found), *new = compare_tuple(c, &wanted);
    if (strcmp(old, new) == 0) {
        old = distinct_tuple(database->nulls_not_distinct);
        new = distinct_tuple(model->nulls_not_distinct);
    }
    return strcmp(old, new) == 0 ? NULL : arena_printf(c->a, "expression %s to %s", old, new);
}
