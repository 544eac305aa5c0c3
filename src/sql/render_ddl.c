#include "config.h"

#include "sql/render_ddl.h"

#include <inttypes.h>
#include <strings.h>

#include "base/arena.h"
#include "base/err.h"
#include "schema/naming.h"
#include "schema/type.h"
#include "schema/identifier.h"
#include "sql/render.h"
#include "sql/render_expr.h"
#include "sql/render_type.h"

#define COMPILE_ERROR "sqlalchemy.exc.CompileError: "

bool ddl_name(const struct ddl *d, struct name name, struct str *out)
{
    const char *fitted = naming_fit(d->arena, name, d->err);
    if (!fitted)
        return false;
    str_add(out, sql_name(d->arena, (struct name){.text = fitted, .quote = name.quote}));
    return true;
}

/* ------------------------------------------------------------------ columns */

bool ddl_default(const struct ddl *d, const struct expr *value, struct str *out)
{
    return sql_expr_render(d->arena, value, SQL_EXPR_IN_DDL, out, d->err);
}

void ddl_identity_options(const struct identity *o, struct str *out)
{
    size_t start = out->len;
    if (o->has_increment)
        str_addf(out, " INCREMENT BY %" PRId64, o->increment);
    if (o->has_start)
        str_addf(out, " START WITH %" PRId64, o->start);
    if (o->has_minvalue)
        str_addf(out, " MINVALUE %" PRId64, o->minvalue);
    if (o->has_maxvalue)
        str_addf(out, " MAXVALUE %" PRId64, o->maxvalue);
    if (o->nominvalue)
        str_add(out, " NO MINVALUE");
    if (o->nomaxvalue)
        str_add(out, " NO MAXVALUE");
    if (o->has_cache)
        str_addf(out, " CACHE %" PRId64, o->cache);
    if (o->cycle != UNSET)
        str_add(out, o->cycle == YES ? " CYCLE" : " NO CYCLE");
    if (out->len > start) { /* without the first blank */
        memmove(out->ptr + start, out->ptr + start + 1, out->len - start);
        str_cut(out, out->len - 1);
    }
}

void ddl_identity(const struct identity *identity, struct str *out)
{
    str_addf(out, "GENERATED %s AS IDENTITY", identity->always ? "ALWAYS" : "BY DEFAULT");
    struct str options = STR_INIT;
    ddl_identity_options(identity, &options);
    if (options.len > 0)
        str_addf(out, " (%s)", options.ptr);
    str_clear(&options);
}

static bool add_computed(const struct ddl *d, const struct computed *c, struct str *out)
{
    if (c->persisted == NO)
        return err_set(d->err, ERR_RAISED,
                       COMPILE_ERROR "PostrgreSQL computed columns do not support 'virtual' "
                       "persistence; set the 'persisted' flag to None or True for PostgreSQL "
                       "support.");
    str_add(out, " GENERATED ALWAYS AS (");
    if (!sql_expr_render(d->arena, c->expression, SQL_EXPR_DDL, out, d->err))
        return false;
    str_add(out, ") STORED");
    return true;
}

static const char *serial_name(const struct type *type)
{
    switch ((int)type_impl(type)->kind) {
    case TYPE_BIG_INTEGER:
    case TYPE_SQL_BIGINT:
        return " BIGSERIAL";
    case TYPE_SMALL_INTEGER:
    case TYPE_SQL_SMALLINT:
        return " SMALLSERIAL";
    default:
        return " SERIAL";
    }
}

/* Whether the column is numbered by a sequence that PostgreSQL makes (spec/ops.md, section 4). */
static bool is_serial(const struct ddl *d, const struct table *t, const struct column *c,
                      bool *serial)
{
    *serial = false;
    if (!c->primary_key || table_autoincrement_column(t) != c)
        return true;
    if (!column_can_autoincrement(c)) {
        struct str type = STR_IN(d->arena);
        if (!sql_type_render(d->arena, c->type, &type, d->err))
            return false;
        return err_set(d->err, ERR_RAISED,
                       "sqlalchemy.exc.ArgumentError: Column type %s on column '%s.%s' is not "
                       "compatible with autoincrement=True",
                       type.ptr, t->name.text, c->name.text);
    }
    *serial = !c->identity && !c->has_python_default && !c->sequence;
    return true;
}

bool ddl_column(const struct ddl *d, const struct table *t, const struct column *c,
                struct str *out)
{
    bool serial;
    if (!is_serial(d, t, c, &serial))
        return false;
    str_add(out, sql_name(d->arena, c->name));
    if (serial) {
        str_add(out, serial_name(c->type));
    } else {
        str_addc(out, ' ');
        if (!sql_type_render(d->arena, c->type, out, d->err))
            return false;
        if (c->server_default) {
            str_add(out, " DEFAULT ");
            if (!ddl_default(d, c->server_default, out))
                return false;
        }
    }
    if (c->computed && !add_computed(d, c->computed, out))
        return false;
    if (c->identity) {
        str_addc(out, ' ');
        ddl_identity(c->identity, out);
        if (c->nullable == YES)
            str_add(out, " NULL");
    } else if (!column_is_nullable(c)) {
        str_add(out, " NOT NULL");
    }
    return true;
}

bool ddl_column_checks(const struct ddl *d, const struct column *c, struct str *out)
{
    for (size_t i = 0; i < c->checks.len; i++) {
        str_addc(out, ' ');
        if (!ddl_constraint(d, NULL, c->checks.at[i], out))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ constraints */

/* Whether text is one of the words, in any case; words end with NULL. */
static bool is_phrase(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

static bool refuse_phrase(const struct ddl *d, const char *text)
{
    return err_set(d->err, ERR_RAISED,
                   COMPILE_ERROR "Unexpected SQL phrase: '%s' (matching against "
                                 "a fixed list)",
                   text);
}

static const char *const actions[] = {"RESTRICT", "CASCADE", "SET NULL", "NO ACTION",
                                      "SET DEFAULT", NULL};

/* SET NULL (a, b): what ON DELETE allows besides. */
static bool is_set_columns(const char *text)
{
    const char *p = text;
    if (strncasecmp(p, "SET NULL", 8) == 0)
        p += 8;
    else if (strncasecmp(p, "SET DEFAULT", 11) == 0)
        p += 11;
    else
        return false;
    p += strspn(p, " \t\n\r\f\v");
    size_t len = strlen(p);
    return len > 2 && p[0] == '(' && p[len - 1] == ')' && !strchr(p, '\n');
}

static bool add_deferrability(const struct ddl *d, const struct constraint *k, struct str *out)
{
    static const char *const when[] = {"DEFERRED", "IMMEDIATE", NULL};
    if (k->deferrable != UNSET)
        str_add(out, k->deferrable == YES ? " DEFERRABLE" : " NOT DEFERRABLE");
    if (!k->initially)
        return true;
    if (!is_phrase(k->initially, when))
        return refuse_phrase(d, k->initially);
    str_addf(out, " INITIALLY %s", k->initially);
    return true;
}

static bool add_cascades(const struct ddl *d, const struct constraint *k, struct str *out)
{
    if (k->match)
        str_addf(out, " MATCH %s", k->match);
    if (k->ondelete) {
        if (!is_phrase(k->ondelete, actions) && !is_set_columns(k->ondelete))
            return refuse_phrase(d, k->ondelete);
        str_addf(out, " ON DELETE %s", k->ondelete);
    }
    if (k->onupdate) {
        if (!is_phrase(k->onupdate, actions))
            return refuse_phrase(d, k->onupdate);
        str_addf(out, " ON UPDATE %s", k->onupdate);
    }
    return add_deferrability(d, k, out);
}

/* Column names in parentheses, quoted as the columns of the table say. */
static void add_columns(const struct ddl *d, const struct table *t, const struct name_list *names,
                        struct str *out)
{
    str_addc(out, '(');
    for (size_t i = 0; i < names->len; i++) {
        const struct column *c = t ? table_column(t, names->at[i]) : NULL;
        if (i > 0)
            str_add(out, ", ");
        str_add(out, sql_name(d->arena, c ? c->name : name_of(names->at[i])));
    }
    str_addc(out, ')');
}

static void add_include(const struct ddl *d, const struct name_list *include, struct str *out)
{
    if (include->len > 0)
        str_addf(out, " INCLUDE (%s)", sql_name_list(d->arena, include));
}

static void add_nulls(enum tristate nulls_not_distinct, const char *before, const char *behind,
                      struct str *out)
{
    if (nulls_not_distinct != UNSET)
        str_addf(out, "%s%s%s", before,
                 nulls_not_distinct == YES ? "NULLS NOT DISTINCT" : "NULLS DISTINCT", behind);
}

/* An autoincrement column stands first in a key made from primary_key=True flags. */
static bool add_primary_key(const struct ddl *d, const struct table *t, const struct constraint *k,
                            struct str *out)
{
    struct name_list names = {0};
    const struct column *first = t && k->implicit ? table_autoincrement_column(t) : NULL;
    if (first)
        vec_push(d->arena, &names, first->name.text);
    for (size_t i = 0; i < k->columns.len; i++)
        if (!first || !str_eq(k->columns.at[i], first->name.text))
            vec_push(d->arena, &names, k->columns.at[i]);
    str_add(out, "PRIMARY KEY ");
    add_columns(d, t, &names, out);
    add_include(d, &k->include, out);
    return add_deferrability(d, k, out);
}

static bool add_unique(const struct ddl *d, const struct table *t, const struct constraint *k,
                       struct str *out)
{
    str_add(out, "UNIQUE ");
    add_nulls(k->nulls_not_distinct, "", " ", out);
    add_columns(d, t, &k->columns, out);
    add_include(d, &k->include, out);
    return add_deferrability(d, k, out);
}

static bool add_check(const struct ddl *d, const struct table *t, const struct constraint *k,
                      struct str *out)
{
    str_add(out, "CHECK (");
    if (k->bound_type) {
        const struct column *c = t ? table_column(t, k->columns.at[0]) : NULL;
        str_addf(out, "%s IN (", sql_name(d->arena, c ? c->name : name_of(k->columns.at[0])));
        for (size_t i = 0; i < k->bound_type->label_count; i++)
            str_addf(out, "%s%s", i > 0 ? ", " : "",
                     sql_string(d->arena, k->bound_type->labels[i]));
        str_addc(out, ')');
    } else if (!sql_expr_render(d->arena, k->condition, SQL_EXPR_DDL, out, d->err)) {
        return false;
    }
    str_addc(out, ')');
    if (!add_deferrability(d, k, out))
        return false;
    str_add(out, k->not_valid ? " NOT VALID" : "");
    return true;
}

static void add_referred(const struct ddl *d, const struct constraint *k, struct str *out)
{
    str_addf(out, " REFERENCES %s (%s)",
             sql_qualified(d->arena, k->referred_schema, UNSET, name_of(k->referred_table)),
             sql_name_list(d->arena, &k->referred_columns));
}

bool ddl_references(const struct ddl *d, const struct constraint *k, struct str *out)
{
    add_referred(d, k, out);
    return add_cascades(d, k, out);
}

static bool add_foreign_key(const struct ddl *d, const struct table *t, const struct constraint *k,
                            struct str *out)
{
    str_add(out, "FOREIGN KEY");
    add_columns(d, t, &k->columns, out);
    add_referred(d, k, out);
    if (!add_cascades(d, k, out))
        return false;
    str_add(out, k->not_valid ? " NOT VALID" : "");
    return true;
}

/* An access method: word characters, lower-cased. */
static bool add_method(const struct ddl *d, const char *method, struct str *out)
{
    for (const char *p = method; *p; p++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *p))
            return refuse_phrase(d, method);
    for (const char *p = method; *p; p++)
        str_addc(out, (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p));
    return true;
}

static bool add_exclude(const struct ddl *d, const struct table *t, const struct constraint *k,
                        struct str *out)
{
    (void)t;
    str_add(out, "EXCLUDE USING ");
    if (!add_method(d, k->using_ ? k->using_ : "gist", out))
        return false;
    str_add(out, " (");
    for (size_t i = 0; i < k->elements.len; i++) {
        const struct exclude_element *e = &k->elements.at[i];
        str_add(out, i > 0 ? ", " : "");
        if (!sql_expr_render(d->arena, e->expression, SQL_EXPR_DDL, out, d->err))
            return false;
        str_addf(out, "%s%s WITH %s", e->opclass ? " " : "", e->opclass ? e->opclass : "",
                 e->operator);
    }
    str_addc(out, ')');
    if (k->where) {
        str_add(out, " WHERE (");
        if (!sql_expr_render(d->arena, k->where, SQL_EXPR_IN_DDL, out, d->err))
            return false;
        str_addc(out, ')');
    }
    return add_deferrability(d, k, out);
}

bool ddl_constraint(const struct ddl *d, const struct table *t, const struct constraint *k,
                    struct str *out)
{
    static bool (*const bodies[])(const struct ddl *, const struct table *,
                                  const struct constraint *, struct str *) = {
        [CONSTRAINT_PRIMARY_KEY] = add_primary_key, [CONSTRAINT_UNIQUE] = add_unique,
        [CONSTRAINT_CHECK] = add_check,             [CONSTRAINT_FOREIGN_KEY] = add_foreign_key,
        [CONSTRAINT_EXCLUDE] = add_exclude,
    };
    if (k->name.text) {
        str_add(out, "CONSTRAINT ");
        if (!ddl_name(d, k->name, out))
            return false;
        str_addc(out, ' ');
    }
    return bodies[k->kind](d, t, k, out);
}

/* ------------------------------------------------------------------ CREATE TABLE */

static void add_table_options(const struct ddl *d, const struct table *t, struct str *out)
{
    if (t->inherits.len > 0)
        str_addf(out, "\n INHERITS ( %s )", sql_name_list(d->arena, &t->inherits));
    if (t->partition_by)
        str_addf(out, "\n PARTITION BY %s", t->partition_by);
    if (t->using_)
        str_addf(out, "\n USING %s", t->using_);
    if (t->with_oids != UNSET)
        str_add(out, t->with_oids == YES ? "\n WITH OIDS" : "\n WITHOUT OIDS");
    if (t->on_commit) {
        str_add(out, "\n ON COMMIT ");
        for (const char *p = t->on_commit; *p; p++)
            str_addc(out, (char)(*p == '_' ? ' ' : *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
    }
    if (t->tablespace)
        str_addf(out, "\n TABLESPACE %s", sql_identifier(d->arena, t->tablespace));
}

/* Errors of a column's own DDL say which column it is, as SQLAlchemy's do. */
static bool wrap_column_error(const struct ddl *d, const struct table *t, const struct column *c)
{
    if (str_starts_with(d->err->message, COMPILE_ERROR)) {
        const char *text = d->err->message + strlen(COMPILE_ERROR);
        const char *copy = arena_strdup(d->arena, text);
        err_set(d->err, ERR_RAISED, COMPILE_ERROR "(in table '%s', column '%s'): %s", t->name.text,
                c->name.text, copy);
    }
    return false;
}

bool ddl_create_table(const struct ddl *d, const struct table *t, struct str *out)
{
    const char *first = d->as_compiled ? "\n\t" : "\n    ";
    const char *further = d->as_compiled ? ", \n\t" : ",\n    ";
    str_add(out, d->as_compiled ? "\nCREATE " : "CREATE ");
    for (size_t i = 0; i < t->prefixes.len; i++)
        str_addf(out, "%s ", t->prefixes.at[i]);
    str_addf(out, "TABLE %s%s (", t->if_not_exists ? "IF NOT EXISTS " : "",
             sql_qualified(d->arena, t->schema, t->schema_quote, t->name));
    const char *separator = first;
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column *c = t->columns.at[i];
        if (c->system)
            continue;
        str_add(out, separator);
        separator = further;
        if (!ddl_column(d, t, c, out) || !ddl_column_checks(d, c, out))
            return wrap_column_error(d, t, c);
    }
    for (size_t i = 0; i < t->constraints.len; i++) {
        const struct constraint *k = t->constraints.at[i];
        if (k->use_alter)
            continue;
        str_add(out, separator);
        separator = further;
        if (!ddl_constraint(d, t, k, out))
            return false;
    }
    str_add(out, "\n)");
    add_table_options(d, t, out);
    str_add(out, d->as_compiled ? "\n\n" : "");
    return true;
}

/* ------------------------------------------------------------------ indexes */

static bool add_elements(const struct ddl *d, const struct index *ix, struct str *out)
{
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct index_element *e = &ix->elements.at[i];
        str_add(out, i > 0 ? ", " : "");
        if (!sql_expr_render(d->arena, e->expression, SQL_EXPR_DDL | SQL_EXPR_INDEX_ELEMENT, out,
                             d->err))
            return false;
        if (e->opclass)
            str_addf(out, " %s", e->opclass);
    }
    return true;
}

bool ddl_create_index(const struct ddl *d, const struct index *ix, struct str *out)
{
    if (!ix->name.text)
        return err_set(d->err, ERR_RAISED,
                       COMPILE_ERROR "CREATE INDEX requires that the index have a name");
    str_addf(out, "CREATE %sINDEX %s%s", ix->unique ? "UNIQUE " : "",
             ix->concurrently ? "CONCURRENTLY " : "", ix->if_not_exists ? "IF NOT EXISTS " : "");
    if (!ddl_name(d, ix->name, out))
        return false;
    struct name table = {.text = ix->table, .quote = ix->table_quote};
    str_addf(out, " ON %s ", sql_qualified(d->arena, ix->schema, ix->schema_quote, table));
    if (ix->using_ && *ix->using_) {
        str_add(out, "USING ");
        if (!add_method(d, ix->using_, out))
            return false;
        str_addc(out, ' ');
    }
    str_addc(out, '(');
    if (!add_elements(d, ix, out))
        return false;
    str_addc(out, ')');
    add_include(d, &ix->include, out);
    add_nulls(ix->nulls_not_distinct, " ", "", out);
    for (size_t i = 0; i < ix->with.len; i++)
        str_addf(out, "%s%s = %s", i > 0 ? ", " : " WITH (", ix->with.at[i].key,
                 ix->with.at[i].value);
    str_add(out, ix->with.len > 0 ? ")" : "");
    if (ix->tablespace && *ix->tablespace)
        str_addf(out, " TABLESPACE %s", sql_identifier(d->arena, ix->tablespace));
    if (ix->where) {
        str_add(out, " WHERE ");
        return sql_expr_render(d->arena, ix->where, SQL_EXPR_DDL, out, d->err);
    }
    return true;
}

bool ddl_drop_index(const struct ddl *d, const struct index *ix, struct str *out)
{
    str_addf(out, "DROP INDEX %s%s", ix->concurrently ? "CONCURRENTLY " : "",
             ix->if_exists ? "IF EXISTS " : "");
    if (!ix->name.text)
        return err_set(d->err, ERR_RAISED,
                       COMPILE_ERROR "DROP INDEX requires that the index have a name");
    const char *fitted = naming_fit(d->arena, ix->name, d->err);
    if (!fitted)
        return false;
    struct name name = {.text = fitted, .quote = ix->name.quote};
    str_add(out, sql_qualified(d->arena, ix->schema, ix->schema_quote, name));
    return true;
}

/* ------------------------------------------------------------------ sequences and types */

bool ddl_create_sequence(const struct ddl *d, const struct sequence *s, struct str *out)
{
    str_addf(out, "CREATE SEQUENCE %s%s", s->if_not_exists ? "IF NOT EXISTS " : "",
             sql_qualified(d->arena, s->schema, UNSET, s->name));
    if (s->type) {
        str_add(out, " AS ");
        if (!sql_type_render(d->arena, s->type, out, d->err))
            return false;
    }
    struct str options = STR_IN(d->arena);
    ddl_identity_options(&s->options, &options);
    if (options.len > 0)
        str_addf(out, " %s", options.ptr);
    return true;
}

static bool add_domain(const struct ddl *d, const struct type *type, struct str *out)
{
    str_add(out, " AS ");
    if (!sql_type_render(d->arena, type->item, out, d->err))
        return false;
    if (type->collation)
        str_addf(out, " COLLATE %s", sql_identifier(d->arena, type->collation));
    if (type->domain_default) {
        str_add(out, " DEFAULT ");
        if (!ddl_default(d, type->domain_default, out))
            return false;
    }
    if (type->constraint.text) {
        str_add(out, " CONSTRAINT ");
        if (!ddl_name(d, type->constraint, out))
            return false;
    }
    if (type->not_null)
        str_add(out, " NOT NULL");
    if (type->domain_check) {
        str_add(out, " CHECK (");
        if (!sql_expr_render(d->arena, type->domain_check, SQL_EXPR_DDL, out, d->err))
            return false;
        str_addc(out, ')');
    }
    return true;
}

bool ddl_create_type(const struct ddl *d, const struct type *type, struct str *out)
{
    str_add(out, type->kind == TYPE_PG_DOMAIN ? "CREATE DOMAIN " : "CREATE TYPE ");
    if (!sql_type_name_render(d->arena, type, out, d->err))
        return false;
    if (type->kind == TYPE_PG_DOMAIN)
        return add_domain(d, type, out);
    str_add(out, " AS ENUM (");
    for (size_t i = 0; i < type->label_count; i++)
        str_addf(out, "%s%s", i > 0 ? ", " : "", sql_string(d->arena, type->labels[i]));
    str_addc(out, ')');
    return true;
}

bool ddl_drop_type(const struct ddl *d, const struct type *type, struct str *out)
{
    str_add(out, type->kind == TYPE_PG_DOMAIN ? "DROP DOMAIN " : "DROP TYPE ");
    return sql_type_name_render(d->arena, type, out, d->err);
}
