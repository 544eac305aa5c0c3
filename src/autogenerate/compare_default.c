/*
 * Server defaults, computed and identity columns (spec/autogenerate.md, section 5, "Server
 * default"). Alembic's rules run in three rounds, between which other things of a column are
 * compared: the project's own function, computed and identity columns, plain defaults. One that
 * knows stops the later ones.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"
#include "schema/identifier.h"
#include "sql/render_expr.h"

static bool has_default(const struct column *c)
{
    return c->server_default || c->has_fetched_value || c->identity || c->computed;
}

/* server_default="text": a string, which stands for itself; else NULL. */
static const char *plain_string(const struct expr *e)
{
    return e && e->kind == EXPR_BIND && e->as.bind.value.kind == LITERAL_STRING
               ? e->as.bind.value.text
               : NULL;
}

const char *compare_model_default(struct comparison *c, const struct column *column)
{
    const char *text = plain_string(column->server_default);
    if (text || !column->server_default)
        return text;
    return compare_sql(c, column->server_default, SQL_EXPR_IN_DDL);
}

static void existing_default(const struct column *database, struct alter_column *op)
{
    op->has_existing_server_default = has_default(database);
    op->existing_server_default = database->server_default;
    op->existing_identity = database->identity;
    op->existing_computed = database->computed;
}

static void set_default(const struct column *model, struct alter_column *op)
{
    op->has_server_default = true;
    op->server_default = model->server_default;
    op->identity = model->identity;
}

/* ------------------------------------------------------------------ the project's function */

void compare_default_first(struct comparison *c, const struct pair *pair,
                           const struct compare_columns *columns, struct alter_column *op,
                           bool *stop)
{
    const struct compare_hooks *hooks = &c->options->hooks;
    enum compare_verdict verdict = VERDICT_NONE;
    if (!has_default(columns->database) && !has_default(columns->model))
        return;
    existing_default(columns->database, op);
    *stop = !c->options->compare_server_default;
    if (*stop || !hooks->compare_default)
        return;
    if (!hooks->compare_default(hooks->payload, columns, &verdict, c->err)) {
        compare_fail(c);
        return;
    }
    *stop = verdict != VERDICT_NONE;
    if (verdict == VERDICT_DIFFERENT) {
        set_default(columns->model, op);
        compare_log(c, "server_defaults",
                    "User defined function <function %s at 0x000000000000> detected server default "
                    "on column '%s.%s'",
                    hooks->compare_default_name ? hooks->compare_default_name : "<lambda>",
                    pair->name, columns->model->name.text);
    }
}

/* ------------------------------------------------------------------ computed columns */

/* Without what differs between two ways to write the same. */
static const char *crude_text(struct comparison *c, const char *sql)
{
    struct str out = STR_IN(c->a);
    for (const char *p = sql; *p; p++)
        if (!strchr(" ()'\"`[]\t\r\n", *p))
            str_addc(&out, *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p);
    return out.ptr;
}

static const char *computed_text(struct comparison *c, const struct column *column)
{
    return column->computed ? crude_text(c, compare_sql(c, column->computed->expression,
                                                        SQL_EXPR_DDL))
                            : "";
}

/* Nothing can be altered: where there is a difference it is told. */
static bool compare_computed(struct comparison *c, const struct pair *pair,
                             const struct column *database, const struct column *model)
{
    if (!database->computed && !model->computed)
        return false;
    if (!model->computed || strcmp(computed_text(c, database), computed_text(c, model)) != 0)
        compare_warn(c, "UserWarning: Computed default on %s.%s cannot be modified", pair->name,
                     model->name.text);
    return true;
}

/* ------------------------------------------------------------------ identity columns */

static void add_number(struct name_list *out, struct arena *a, const char *name, bool given,
                       int64_t wanted, bool known, int64_t found)
{
    if (given && (!known || wanted != found))
        vec_push(a, out, name);
}

/* Options that the models give and that differ, sorted. */
static struct name_list identity_differences(struct comparison *c, const struct identity *database,
                                             const struct identity *model)
{
    static const struct identity none;
    const struct identity *d = database ? database : &none, *m = model ? model : &none;
    struct name_list out = {0};
    if (d->always != m->always)
        vec_push(c->a, &out, "always");
    add_number(&out, c->a, "cache", m->has_cache, m->cache, d->has_cache, d->cache);
    if (m->cycle != UNSET && m->cycle != d->cycle)
        vec_push(c->a, &out, "cycle");
    add_number(&out, c->a, "increment", m->has_increment, m->increment, d->has_increment,
               d->increment);
    add_number(&out, c->a, "maxvalue", m->has_maxvalue, m->maxvalue, d->has_maxvalue, d->maxvalue);
    add_number(&out, c->a, "minvalue", m->has_minvalue, m->minvalue, d->has_minvalue, d->minvalue);
    if (m->nomaxvalue && !d->nomaxvalue)
        vec_push(c->a, &out, "nomaxvalue");
    if (m->nominvalue && !d->nominvalue)
        vec_push(c->a, &out, "nominvalue");
    add_number(&out, c->a, "start", m->has_start, m->start, d->has_start, d->start);
    return out;
}

static const char *list_repr(struct comparison *c, const struct name_list *names)
{
    struct str out = STR_IN(c->a);
    for (size_t i = 0; i < names->len; i++)
        str_addf(&out, "%s%s", i > 0 ? ", " : "", compare_repr(c, names->at[i]));
    return arena_printf(c->a, "[%s]", out.ptr);
}

static bool compare_identity(struct comparison *c, const struct pair *pair,
                             const struct column *database, const struct column *model,
                             struct alter_column *op)
{
    if (!database->identity && !model->identity)
        return false;
    struct name_list different = identity_differences(c, database->identity, model->identity);
    if (different.len == 0 && (database->identity != NULL) == (model->identity != NULL))
        return false;
    set_default(model, op);
    if (different.len == 0)
        return false;
    compare_log(c, "server_defaults",
                "Detected server default on column '%s.%s': identity options attributes %s",
                pair->name, model->name.text, list_repr(c, &different));
    return true;
}

static void set_autoincrement(const struct table *t, const struct column *model,
                              struct alter_column *op)
{
    if (table_autoincrement_column(t) == model || model->autoincrement == AUTOINCREMENT_YES)
        op->autoincrement = YES;
    else if (model->autoincrement == AUTOINCREMENT_NO)
        op->autoincrement = NO;
}

void compare_default_middle(struct comparison *c, const struct pair *pair,
                            const struct compare_columns *columns, struct alter_column *op,
                            bool *stop)
{
    if (*stop || c->failed)
        return;
    *stop = compare_computed(c, pair, columns->database, columns->model) ||
            compare_identity(c, pair, columns->database, columns->model, op);
    if (!*stop)
        set_autoincrement(pair->model, columns->model, op);
}

/* ------------------------------------------------------------------ plain defaults */

/* nextval('s'::regclass) as a program writes it. */
static const char *without_regclass(struct comparison *c, const char *sql)
{
    struct str out = STR_IN(c->a);
    const char *cast;
    if (!str_starts_with(sql, "nextval('") || !strstr(sql, "'::regclass)"))
        return sql;
    for (const char *p = sql; *p; p = cast + strlen("::regclass")) {
        cast = strstr(p, "::regclass");
        if (!cast) {
            str_add(&out, p);
            break;
        }
        str_addn(&out, p, (size_t)(cast - p));
    }
    return out.ptr;
}

/* A plain string as the literal that it is; quotes that somebody put around it are taken off. */
static const char *string_literal(struct comparison *c, const char *text)
{
    size_t len = strlen(text);
    if (*text == '\'')
        text++, len--;
    if (len > 0 && text[len - 1] == '\'')
        len--;
    return sql_string(c->a, arena_strndup(c->a, text, len));
}

/* PENDING and SAME: nothing to do. converts: the column gets a type that the old default is not
 * converted to, so that another text is another default. */
static enum compare_answer plain_answer(struct comparison *c, const struct compare_columns *columns,
                                        bool converts, const char **warning)
{
    const struct column *model = columns->model, *database = columns->database;
    const char *found = database->server_default ? database->default_text : NULL;
    const char *wanted = compare_model_default(c, model), *reason = NULL;
    if (model->primary_key && table_autoincrement_column(columns->model_table) == model)
        return COMPARE_SAME;
    if (found)
        found = without_regclass(c, found);
    if (str_eq(found, wanted))
        return COMPARE_SAME;
    if (!found || !wanted || converts || c->failed)
        return COMPARE_OTHER;
    struct compare_question question = {
        .database = found,
        .model = plain_string(model->server_default) ? string_literal(c, wanted) : wanted,
        .type = database->server_type,
    };
    enum compare_answer answer = compare_ask(c, &question, &reason);
    if (answer == COMPARE_REFUSED)
        *warning = arena_printf(c->a, "the server cannot compare the two defaults: %s",
                                reason ? reason : "no reason given");
    return answer;
}

void compare_default_last(struct comparison *c, const struct compare_columns *columns,
                          struct alter_column *op, const char **warning)
{
    const struct column *model = columns->model, *database = columns->database;
    if (c->failed || (!has_default(database) && !has_default(model)))
        return;
    if (model->computed || model->identity || model->has_fetched_value || database->computed ||
        database->identity)
        return;
    bool converts = op->type && compare_type_needs_using(database->type, op->type);
    enum compare_answer answer = plain_answer(c, columns, converts, warning);
    if (answer == COMPARE_SAME || answer == COMPARE_PENDING || c->failed)
        return;
    set_default(model, op);
    compare_log(c, "server_defaults",
                "Dialect impl <alembic.ddl.postgresql.PostgresqlImpl object at 0x000000000000> "
                "detected server default on column '%s.%s'",
                columns->model_table->name.text, model->name.text);
}
