#include "config.h"

/* Columns, their defaults, and alter_column. */

#include <inttypes.h>
#include <string.h>

#include "autogenerate/write_private.h"
#include "base/arena.h"
#include "schema/expr.h"

/* The arguments of a call, after the first ones. */
static void add_int(struct writer *w, const char *key, bool given, int64_t value)
{
    if (given)
        str_addf(w->out, ", %s=%" PRId64, key, value);
}

void write_identity(struct writer *w, const struct identity *identity)
{
    str_addf(w->out, "%sIdentity(always=%s", w->sa, identity->always ? "True" : "False");
    add_int(w, "start", identity->has_start, identity->start);
    add_int(w, "increment", identity->has_increment, identity->increment);
    add_int(w, "minvalue", identity->has_minvalue, identity->minvalue);
    add_int(w, "maxvalue", identity->has_maxvalue, identity->maxvalue);
    if (identity->nominvalue)
        write_flag(w, "nominvalue", true);
    if (identity->nomaxvalue)
        write_flag(w, "nomaxvalue", true);
    if (identity->cycle != UNSET)
        write_flag(w, "cycle", identity->cycle == YES);
    add_int(w, "cache", identity->has_cache, identity->cache);
    str_addc(w->out, ')');
}

bool write_computed(struct writer *w, const struct computed *computed)
{
    str_addf(w->out, "%sComputed(", w->sa);
    if (!write_sql(w, computed->expression))
        return false;
    str_add(w->out, ", ");
    if (computed->persisted != UNSET)
        str_addf(w->out, "persisted=%s", computed->persisted == YES ? "True" : "False");
    str_addc(w->out, ')');
    return true;
}

/* A string that SQLAlchemy will quote: without the quotes that somebody wrote around it. */
static void write_plain_default(struct writer *w, const struct literal *value)
{
    size_t from = value->text[0] == '\'', len = strlen(value->text);
    if (len > from && value->text[len - 1] == '\'')
        len--;
    write_string(w, arena_strndup(w->arena, value->text + from, len - from));
}

bool write_server_default(struct writer *w, const struct expr *e)
{
    bool done;
    if (!write_item(w, "server_default", e, &done) || done)
        return done;
    if (e->kind == EXPR_BIND && e->as.bind.value.kind == LITERAL_STRING) {
        write_plain_default(w, &e->as.bind.value);
        return true;
    }
    return write_text(w, e);
}

static bool write_positional(struct writer *w, const struct column *c)
{
    if (c->identity)
        write_identity(w, c->identity);
    else if (!write_computed(w, c->computed))
        return false;
    str_add(w->out, ", ");
    return true;
}

static void write_autoincrement(struct writer *w, enum autoincrement value)
{
    static const char *const words[] = {
        [AUTOINCREMENT_AUTO] = NULL,
        [AUTOINCREMENT_YES] = "True",
        [AUTOINCREMENT_NO] = "False",
        [AUTOINCREMENT_IGNORE_FK] = "'ignore_fk'",
    };
    if (words[value])
        str_addf(w->out, "autoincrement=%s, ", words[value]);
}

bool write_column(struct writer *w, const struct column *c)
{
    bool done;
    if (!write_item(w, "column", c, &done) || done)
        return done;
    str_addf(w->out, "%sColumn(", w->sa);
    write_string(w, c->name.text);
    str_add(w->out, ", ");
    if (!write_type(w, c->type))
        return false;
    str_add(w->out, ", ");
    if ((c->identity || c->computed) && !write_positional(w, c))
        return false;
    if (c->server_default) {
        str_add(w->out, "server_default=");
        if (!write_server_default(w, c->server_default))
            return false;
        str_add(w->out, ", ");
    } else if (c->has_fetched_value) {
        str_addf(w->out, "server_default=%sFetchedValue(), ", w->sa);
    }
    write_autoincrement(w, c->autoincrement);
    str_addf(w->out, "nullable=%s", column_is_nullable(c) ? "True" : "False");
    if (c->system)
        write_flag(w, "system", true);
    write_option(w, "comment", c->comment && *c->comment ? c->comment : NULL);
    str_addc(w->out, ')');
    return true;
}
