#include "config.h"

/* The small pieces: strings, names, options, SQL text. */

#include <string.h>

#include "autogenerate/write_private.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/quote.h"
#include "schema/expr.h"
#include "sql/render_expr.h"

void write_string(struct writer *w, const char *text)
{
    if (text)
        quote_python(w->out, text, strlen(text), false);
    else
        str_add(w->out, "None");
}

void write_strings(struct writer *w, const struct name_list *names)
{
    str_addc(w->out, '[');
    for (size_t i = 0; i < names->len; i++) {
        str_add(w->out, i > 0 ? ", " : "");
        write_string(w, names->at[i]);
    }
    str_addc(w->out, ']');
}

void write_name(struct writer *w, struct name name)
{
    bool made = name.text && name.final;
    if (made)
        str_addf(w->out, "%sf(", w->op);
    write_string(w, name.text);
    if (made)
        str_addc(w->out, ')');
}

void write_option(struct writer *w, const char *key, const char *text)
{
    if (!text)
        return;
    str_addf(w->out, ", %s=", key);
    write_string(w, text);
}

void write_flag(struct writer *w, const char *key, bool value)
{
    str_addf(w->out, ", %s=%s", key, value ? "True" : "False");
}

const char *write_escaped(struct writer *w, const char *sql)
{
    struct str escaped = STR_IN(w->arena);
    const char *name;
    size_t done = 0, at = 0, len;
    while (expr_next_bind(sql, &at, &name, &len)) {
        size_t colon = (size_t)(name - sql) - 1;
        str_addn(&escaped, sql + done, colon - done);
        str_addc(&escaped, '\\');
        done = colon;
    }
    str_add(&escaped, sql + done);
    return escaped.ptr;
}

bool write_sql(struct writer *w, const struct expr *e)
{
    struct str sql = STR_IN(w->arena);
    if (!sql_expr_render(w->arena, e, SQL_EXPR_DDL, &sql, w->err))
        return false;
    write_string(w, write_escaped(w, sql.ptr));
    return true;
}

bool write_text(struct writer *w, const struct expr *e)
{
    str_addf(w->out, "%stext(", w->sa);
    if (!write_sql(w, e))
        return false;
    str_addc(w->out, ')');
    return true;
}

void write_import(struct writer *w, struct name_list *list, const char *text)
{
    size_t at = 0;
    while (at < list->len && strcmp(list->at[at], text) < 0)
        at++;
    if (at < list->len && strcmp(list->at[at], text) == 0)
        return;
    vec_push(w->arena, list, text);
    for (size_t i = list->len - 1; i > at; i--)
        list->at[i] = list->at[i - 1];
    list->at[at] = arena_strdup(w->arena, text);
}

bool write_dialect_options(struct writer *w, const struct dialect_option_list *given)
{
    for (size_t i = 0; i < given->len; i++) {
        str_addf(w->out, ", %s=", given->at[i].name);
        if (given->at[i].python)
            str_add(w->out, given->at[i].python);
        else if (!write_text(w, given->at[i].value))
            return false;
    }
    return true;
}

bool write_item(struct writer *w, const char *kind, const void *object, bool *done)
{
    struct name_list imports = {0};
    *done = false;
    if (!w->options->item)
        return true;
    if (!w->options->item(w->options->payload, kind, object, w->out, &imports, done, w->err))
        return false;
    for (size_t i = 0; i < imports.len; i++)
        write_import(w, &w->imports->lines, imports.at[i]);
    return true;
}
