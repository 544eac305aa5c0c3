#include "config.h"

/* Types (spec/ops.md, section 14). */

#include <string.h>

#include "autogenerate/write_private.h"
#include "base/err.h"
#include "schema/type.h"
#include "schema/type_repr.h"

static void write_inner(struct str *out, const struct type *type, void *payload)
{
    struct writer *w = payload;
    struct str *outer = w->out;
    w->out = out;
    write_type(w, type); /* what goes wrong is in w->err, where write_plain() looks */
    w->out = outer;
}

/* A class of a dialect: its name, and the line that imports the dialect. */
static void write_dialect(struct writer *w, const char *dialect)
{
    const char *line = arena_printf(w->arena, "from sqlalchemy.dialects import %s", dialect);
    write_import(w, &w->imports->lines, line);
    str_addf(w->out, "%s.", dialect);
}

/* A class of a module that is not SQLAlchemy's; package: what has to be imported for it. */
static void write_module(struct writer *w, const char *module, const char *package)
{
    if (w->options->user_prefix) {
        str_add(w->out, w->options->user_prefix);
        return;
    }
    write_import(w, &w->imports->needed, arena_printf(w->arena, "import %s", package));
    str_addf(w->out, "%s.", module);
}

/* SQLAlchemy 1.4 has these in its dialect only. */
static bool is_of_dialect(const struct writer *w, enum type_kind kind)
{
    return w->options->sqlalchemy_is_1 &&
           (kind == TYPE_SQL_UUID || kind == TYPE_SQL_DOUBLE_PRECISION);
}

static char home_of(const struct writer *w, const struct type *t)
{
    if (t->module)
        return '.';
    return is_of_dialect(w, t->kind) ? 'p' : type_homes(t->kind)[0];
}

static void write_prefix(struct writer *w, const struct type *t)
{
    switch (home_of(w, t)) {
    case '.':
        write_module(w, t->module, t->module);
        return;
    case 'p':
        write_dialect(w, "postgresql");
        return;
    case 'y':
        write_dialect(w, "mysql");
        return;
    case 'v':
        write_module(w, type_module(t->kind), "pgvector.sqlalchemy");
        return;
    case 'm':
        write_module(w, type_module(t->kind), "sqlmodel");
        return;
    default:
        str_add(w->out, w->sa);
    }
}

/* The base of a DOMAIN stands in the text without a prefix: its name has to be imported. */
static void import_base(struct writer *w, const struct type *base)
{
    const char *module = type_homes(base->kind)[0] == 's' ? "sqlalchemy"
                                                          : "sqlalchemy.dialects.postgresql";
    write_import(w, &w->imports->needed,
                 arena_printf(w->arena, "from %s import %s", module, type_python_name(base->kind)));
}

/* UUID() stands for as_uuid=False in SQLAlchemy 1.4. */
static void write_arguments(struct writer *w, const struct type *t)
{
    if (t->kind == TYPE_SQL_UUID && w->options->sqlalchemy_is_1)
        str_add(w->out, t->text_uuid ? "()" : "(as_uuid=True)");
    else
        type_add_arguments_with(w->out, t, write_inner, w);
}

/* A type without its variants. */
static bool write_plain(struct writer *w, const struct type *type)
{
    static const struct type null = {.kind = TYPE_NULL};
    const struct type *t = type ? type : &null;
    bool done;
    if (!write_item(w, "type", type, &done) || done)
        return done;
    write_prefix(w, t);
    if (t->kind == TYPE_PG_DOMAIN && t->item && !t->item->module)
        import_base(w, t->item);
    if (!t->python || !strchr(t->python, '(')) {
        str_add(w->out, t->python ? t->python : type_python_name(t->kind));
        write_arguments(w, t);
    } else {
        str_add(w->out, t->python);
    }
    return w->err->code == ERR_NONE;
}

bool write_type(struct writer *w, const struct type *type)
{
    if (!write_plain(w, type))
        return false;
    const struct type_variant only = {"postgresql", type ? type->variant : NULL};
    const struct type_variant *variants = type && type->variant_count ? type->variants : &only;
    size_t count = type && type->variant_count ? type->variant_count : only.type != NULL;
    for (size_t i = 0; i < count; i++) {
        str_add(w->out, ".with_variant(");
        if (!write_plain(w, variants[i].type))
            return false;
        str_add(w->out, ", ");
        write_string(w, variants[i].dialect);
        str_addc(w->out, ')');
    }
    return true;
}
