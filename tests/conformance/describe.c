#include "config.h"

#include "describe.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "schema/naming.h"
#include "sql/render_expr.h"
#include "sql/render_type.h"

json_t *describe_text(const char *text)
{
    return text ? json_string(text) : json_null();
}

json_t *describe_tristate(enum tristate t)
{
    return t == UNSET ? json_null() : json_boolean(t == YES);
}

json_t *describe_names(const struct name_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->len; i++)
        json_array_append_new(out, json_string(list->at[i]));
    return out;
}

struct ddl describe_ddl(struct printer *p)
{
    err_clear(&p->err);
    return (struct ddl){.arena = p->arena, .err = &p->err};
}

/* What a function of src/sql appended, or its error in angle brackets. */
json_t *describe_made(struct printer *p, bool ok, const struct str *text)
{
    if (!ok)
        return json_string(arena_printf(p->arena, "<%s>", p->err.message));
    return json_string(text->ptr ? text->ptr : "");
}

json_t *describe_constraint_name(struct printer *p, struct name name)
{
    if (!name.text)
        return json_null();
    const char *fit = naming_fit(p->arena, name, &p->err);
    return json_string(fit ? fit : p->err.message);
}

json_t *describe_expression(struct printer *p, const struct expr *e)
{
    struct str out = STR_IN(p->arena);
    err_clear(&p->err);
    return describe_made(p, sql_expr_render(p->arena, e, SQL_EXPR_DDL, &out, &p->err), &out);
}

/* ------------------------------------------------------------------ columns */

json_t *describe_identity(const struct identity *id)
{
    if (!id)
        return json_null();
    json_t *out = json_pack("{s:b}", "always", id->always);
    const struct {
        const char *key;
        bool has;
        int64_t value;
    } numbers[] = {
        {"start", id->has_start, id->start},
        {"increment", id->has_increment, id->increment},
        {"minvalue", id->has_minvalue, id->minvalue},
        {"maxvalue", id->has_maxvalue, id->maxvalue},
        {"cache", id->has_cache, id->cache},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i].has)
            json_object_set_new(out, numbers[i].key, json_integer(numbers[i].value));
    if (id->nominvalue)
        json_object_set_new(out, "nominvalue", json_true());
    if (id->nomaxvalue)
        json_object_set_new(out, "nomaxvalue", json_true());
    if (id->cycle != UNSET)
        json_object_set_new(out, "cycle", json_boolean(id->cycle == YES));
    return out;
}

json_t *describe_type(struct printer *p, const struct type *type)
{
    struct str out = STR_IN(p->arena);
    if (!type || type->kind == TYPE_NULL)
        return json_string("NULL");
    err_clear(&p->err);
    return describe_made(p, sql_type_render(p->arena, type, &out, &p->err), &out);
}

json_t *describe_column(struct printer *p, const struct table *t, const struct column *c)
{
    struct ddl d = describe_ddl(p);
    struct str whole = STR_IN(p->arena), value = STR_IN(p->arena);
    json_t *out = json_object();
    json_object_set_new(out, "name", json_string(c->name.text));
    json_object_set_new(out, "type", describe_type(p, c->type));
    json_object_set_new(out, "nullable", json_boolean(column_is_nullable(c)));
    json_object_set_new(out, "primary_key", json_boolean(c->primary_key));
    json_object_set_new(out, "autoincrement", json_boolean(table_autoincrement_column(t) == c));
    json_object_set_new(out, "server_default",
                        c->server_default
                            ? describe_made(p, ddl_default(&d, c->server_default, &value), &value)
                            : json_null());
    json_object_set_new(out, "identity", describe_identity(c->identity));
    json_object_set_new(out, "computed", json_null());
    if (c->computed)
        json_object_set_new(out, "computed",
                            json_pack("{s:o,s:o}", "sqltext",
                                      describe_expression(p, c->computed->expression), "persisted",
                                      describe_tristate(c->computed->persisted)));
    json_object_set_new(out, "comment", describe_text(c->comment));
    if (c->has_fetched_value)
        json_object_set_new(out, "server_default_fetched", json_true());
    json_object_set_new(out, "key", describe_text(c->key));
    json_object_set_new(
        out, "ddl",
        describe_made(p, ddl_column(&d, t, c, &whole) && ddl_column_checks(&d, c, &whole), &whole));
    return out;
}

/* ------------------------------------------------------------------ constraints and indexes */

json_t *describe_constraint_text(struct printer *p, const struct table *t,
                                 const struct constraint *k)
{
    struct ddl d = describe_ddl(p);
    struct str out = STR_IN(p->arena);
    return describe_made(p, ddl_constraint(&d, t, k, &out), &out);
}

/* The condition of a CHECK, out of its text. */
static json_t *condition(struct printer *p, const struct table *t, const struct constraint *k)
{
    json_t *whole = describe_constraint_text(p, t, k);
    const char *text = json_string_value(whole), *start = strstr(text, "CHECK (");
    const char *end = strrchr(text, ')');
    json_t *out = start && end > start ? json_stringn(start + 7, (size_t)(end - start - 7)) : whole;
    if (out != whole)
        json_decref(whole);
    return out;
}

json_t *describe_check(struct printer *p, const struct table *t, const struct constraint *k,
                     const char *column_name)
{
    json_t *options = json_object();
    if (k->not_valid)
        json_object_set_new(options, "not_valid", json_true());
    return json_pack("{s:o,s:o,s:o,s:o}", "name", describe_constraint_name(p, k->name), "sqltext",
                     condition(p, t, k), "column", describe_text(column_name), "options", options);
}

static json_t *key_options(const struct constraint *k)
{
    json_t *options = json_object();
    if (k->nulls_not_distinct != UNSET)
        json_object_set_new(options, "nulls_not_distinct",
                            describe_tristate(k->nulls_not_distinct));
    if (k->include.len)
        json_object_set_new(options, "include", describe_names(&k->include));
    if (k->not_valid)
        json_object_set_new(options, "not_valid", json_true());
    return options;
}

json_t *describe_unique(struct printer *p, const struct constraint *k)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "name", describe_constraint_name(p, k->name),
                     "columns", describe_names(&k->columns), "deferrable",
                     describe_tristate(k->deferrable), "initially", describe_text(k->initially),
                     "options", key_options(k));
}

json_t *describe_foreign_key(struct printer *p, const struct constraint *k)
{
    json_t *out = json_pack("{s:o,s:o,s:o,s:o,s:o}", "name", describe_constraint_name(p, k->name),
                            "columns", describe_names(&k->columns), "referred_schema",
                            describe_text(k->referred_schema), "referred_table",
                            describe_text(k->referred_table), "referred_columns",
                            describe_names(&k->referred_columns));
    json_object_set_new(out, "onupdate", describe_text(k->onupdate));
    json_object_set_new(out, "ondelete", describe_text(k->ondelete));
    json_object_set_new(out, "deferrable", describe_tristate(k->deferrable));
    json_object_set_new(out, "initially", describe_text(k->initially));
    json_object_set_new(out, "match", describe_text(k->match));
    json_object_set_new(out, "use_alter", json_boolean(k->use_alter));
    json_object_set_new(out, "options", key_options(k));
    return out;
}

static json_t *index_options(struct printer *p, const struct index *ix)
{
    json_t *options = json_object(), *ops = json_object(), *with = json_object();
    if (ix->using_)
        json_object_set_new(options, "using", json_string(ix->using_));
    if (ix->where)
        json_object_set_new(options, "where", describe_expression(p, ix->where));
    if (ix->concurrently)
        json_object_set_new(options, "concurrently", json_true());
    if (ix->include.len)
        json_object_set_new(options, "include", describe_names(&ix->include));
    if (ix->nulls_not_distinct != UNSET)
        json_object_set_new(options, "nulls_not_distinct",
                            describe_tristate(ix->nulls_not_distinct));
    if (ix->tablespace)
        json_object_set_new(options, "tablespace", json_string(ix->tablespace));
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct index_element *e = &ix->elements.at[i];
        const char *key = e->expression->kind == EXPR_LABEL ? e->expression->as.label.name.text
                                                            : e->column;
        if (e->opclass && key)
            json_object_set_new(ops, key, json_string(e->opclass));
    }
    for (size_t i = 0; i < ix->with.len; i++)
        json_object_set_new(with, ix->with.at[i].key, json_string(ix->with.at[i].value));
    if (json_object_size(ops))
        json_object_set(options, "ops", ops);
    if (json_object_size(with))
        json_object_set(options, "with", with);
    json_decref(ops);
    json_decref(with);
    return options;
}

json_t *describe_index(struct printer *p, const struct index *ix)
{
    struct ddl d = describe_ddl(p);
    struct str text = STR_IN(p->arena);
    json_t *columns = json_array();
    bool expressions = false;
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct expr *e = ix->elements.at[i].expression;
        bool plain = e->kind == EXPR_COLUMN;
        expressions = expressions || !plain;
        json_array_append_new(columns, plain ? json_string(e->as.column.name.text)
                                             : describe_expression(p, e));
    }
    json_t *out = json_pack("{s:o,s:o,s:b,s:b,s:o}", "name", describe_constraint_name(p, ix->name),
                            "columns", columns, "expressions", expressions, "unique", ix->unique,
                            "options", index_options(p, ix));
    json_object_set_new(out, "ddl", describe_made(p, ddl_create_index(&d, ix, &text), &text));
    return out;
}
