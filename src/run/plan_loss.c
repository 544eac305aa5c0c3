#include "config.h"

#include "run/plan_loss.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/query.h"
#include "run/plan.h"
#include "run/preview.h"

/* The tables that a statement works on. */
static void relations_of(struct arena *a, const struct sql_effect *effect, struct name_list *out)
{
    *out = (struct name_list){0};
    if (effect->relation)
        vec_push(a, out, effect->relation);
    for (size_t i = 0; !effect->relation && i < effect->locked.len; i++)
        vec_push(a, out, effect->locked.at[i].relation);
}

static const struct plan_table_rows *find(const struct plan_table_rows_list *known,
                                          const char *relation)
{
    for (size_t i = 0; known && i < known->len; i++)
        if (str_eq(known->at[i].relation, relation))
            return &known->at[i];
    return NULL;
}

static void collect(struct arena *a, const struct plan *plan, struct plan_table_rows_list *out)
{
    for (size_t s = 0; s < plan->steps.len; s++) {
        const struct plan_statement_list *statements = &plan->steps.at[s].statements;
        for (size_t i = 0; i < statements->len; i++) {
            struct name_list relations;
            if (!statements->at[i].effect.loses_data)
                continue;
            relations_of(a, &statements->at[i].effect, &relations);
            for (size_t k = 0; k < relations.len; k++)
                if (!find(out, relations.at[k]))
                    vec_push(a, out,
                             ((struct plan_table_rows){.relation = relations.at[k], .rows = -1}));
        }
    }
}

/* What env.py sets before it runs the migrations (search_path) says which table a name means. */
static bool use_settings(struct connection *conn, const struct plan *plan, struct err *err)
{
    const struct plan_step *first = &plan->steps.at[0];
    for (size_t i = 0; i < first->statements.len; i++) {
        const struct plan_statement *s = &first->statements.at[i];
        if (s->number > 0 || s->version_row)
            break;
        if (s->effect.known && s->effect.statements == 1 && str_eq(s->effect.tag, "SET") &&
            !connection_query(conn, s->sql, NULL, 0, NULL, err))
            return false;
    }
    return true;
}

static bool ask(struct arena *a, struct connection *conn, struct plan_table_rows *table,
                struct err *err)
{
    static const char sql[] =
        "SELECT CASE WHEN relpages = 0 AND reltuples = 0 THEN -1 ELSE reltuples END"
        " FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass("
        "CASE WHEN $1 = '' THEN '' ELSE pg_catalog.quote_ident($1) || '.' END"
        " || pg_catalog.quote_ident($2))";
    const char *dot = strchr(table->relation, '.');
    const char *params[] = {
        dot ? arena_strndup(a, table->relation, (size_t)(dot - table->relation)) : "",
        dot ? dot + 1 : table->relation};
    struct result *result;
    if (!connection_query(conn, sql, params, 2, &result, err))
        return false;
    const char *rows = result_rows(result) > 0 ? result_get(result, 0, 0) : NULL;
    table->exists = rows != NULL;
    table->rows = rows ? strtod(rows, NULL) : -1;
    result_free(result);
    return true;
}

bool plan_loss_rows(struct arena *a, const struct plan *plan, const struct preview_source *source,
                    struct plan_table_rows_list *out, struct err *err)
{
    struct connection *conn;
    *out = (struct plan_table_rows_list){0};
    collect(a, plan, out);
    if (out->len == 0)
        return true;
    if (!connection_open_until(source->url, source->log, source->interrupt, &conn, err))
        return false;
    bool ok = use_settings(conn, plan, err);
    for (size_t i = 0; ok && i < out->len; i++)
        ok = ask(a, conn, &out->at[i], err);
    connection_close(conn);
    return ok;
}

const char *plan_loss_text(struct arena *a, const struct sql_effect *effect,
                           const struct plan_table_rows_list *known)
{
    struct str out = STR_IN(a);
    struct name_list relations;
    size_t counted = 0;
    if (!effect->loses_data)
        return NULL;
    relations_of(a, effect, &relations);
    str_add(&out, effect->loses_data);
    bool one = relations.len == 1;
    if (one && str_starts_with(effect->loses_data, "column "))
        str_addf(&out, " of %s", relations.at[0]);
    for (size_t i = 0; i < relations.len; i++) {
        const struct plan_table_rows *table = find(known, relations.at[i]);
        if (!table || !table->exists)
            continue;
        str_addf(&out, "%s%s%s", counted++ ? ", " : " (", one ? "" : table->relation,
                 one ? "" : ": ");
        if (table->rows < 0)
            str_add(&out, "rows never counted");
        else
            str_addf(&out, "about %.0f row%s", table->rows, table->rows == 1 ? "" : "s");
    }
    if (counted)
        str_addc(&out, ')');
    return out.ptr;
}
