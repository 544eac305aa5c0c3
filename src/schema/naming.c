#include "config.h"

#include "schema/naming.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/digest.h"
#include "base/str.h"
#include "base/utf8.h"

/* PostgreSQL's NAMEDATALEN - 1, and how SQLAlchemy shortens what is longer. */
enum { NAME_MAX_CHARACTERS = 63, NAME_KEPT = 55, NAME_DIGITS = 4 };

const struct naming naming_default;

/* What a convention is applied to: a constraint or an index, seen the same way. */
struct named {
    const char *key; /* "ix", "uq", ... */
    const struct table *table;
    const struct constraint *constraint; /* NULL: an index */
    const char *const *columns;          /* names; an entry is NULL where it is not known */
    size_t column_count;
    const char *name; /* as given; NULL: none */
};

static const char *template_of(const struct naming *naming, const char *key)
{
    const char *text = map_get(&naming->templates, key);
    if (!text && str_eq(key, "ix") && !map_has(&naming->templates, key))
        return "ix_%(column_0_label)s";
    return text;
}

static const char *label_of(struct arena *a, const struct table *t, const char *column)
{
    if (!t->schema)
        return arena_printf(a, "%s_%s", t->name.text, column);
    char *schema = arena_strdup(a, t->schema);
    for (char *p = schema; *p; p++)
        if (*p == '.')
            *p = '_';
    return arena_printf(a, "%s_%s_%s", schema, t->name.text, column);
}

/* The value of column token number index: what is "name", "key" or "label". */
static bool add_column_token(struct arena *a, struct str *out, const struct named *n, size_t index,
                             const char *what, struct err *err)
{
    if (index >= n->column_count)
        return true;
    const char *name = n->columns[index];
    if (!name)
        return err_set(err, ERR_PYTHON,
                       "the name of an index on an expression cannot be made from its columns");
    if (str_eq(what, "label")) {
        str_add(out, label_of(a, n->table, name));
        return true;
    }
    const struct column *c = str_eq(what, "key") ? table_column(n->table, name) : NULL;
    str_add(out, c && c->key ? c->key : name);
    return true;
}

static bool add_referred_column(struct str *out, const struct named *n, size_t index,
                                struct err *err)
{
    const struct constraint *k = n->constraint;
    if (!k || k->kind != CONSTRAINT_FOREIGN_KEY || index >= k->referred_columns.len)
        return err_set(err, ERR_RAISED, "KeyError: 'referred_column_%zu_name'", index);
    if (!k->referred_known)
        return err_set(err, ERR_RAISED,
                       "sqlalchemy.exc.NoReferencedTableError: Foreign key associated with column "
                       "'%s.%s' could not find table '%s' with which to generate a foreign key to "
                       "target column '%s'",
                       n->table->name.text, k->columns.at[index], k->referred_table,
                       k->referred_columns.at[index]);
    str_add(out, k->referred_columns.at[index]);
    return true;
}

/*
 * A token "[referred_]column_<N>[N|_N]_<what>": one column by number, or all of them joined.
 * *known says whether it is one.
 */
static bool add_numbered(struct arena *a, struct str *out, const struct named *n, const char *token,
                         bool *known, struct err *err)
{
    bool referred = str_starts_with(token, "referred_column_");
    *known = referred || str_starts_with(token, "column_");
    if (!*known)
        return true;
    const char *p = token + strlen(referred ? "referred_column_" : "column_");
    char *end;
    size_t index = strtoul(p, &end, 10);
    *known = isdigit((unsigned char)*p) && *end;
    if (!*known)
        return true;
    bool all = false, joined = false;
    if (str_starts_with(end, "_N_")) {
        all = joined = true;
        end += 2;
    } else if (str_starts_with(end, "N_")) {
        all = true;
        end += 1;
    }
    const char *what = end + 1;
    *known = *end == '_' && (str_eq(what, "name") ||
                             (!referred && (str_eq(what, "key") || str_eq(what, "label"))));
    if (!*known)
        return true;
    size_t count =
        referred && n->constraint ? n->constraint->referred_columns.len : n->column_count;
    for (size_t i = all ? 0 : index; i < (all ? count : index + 1); i++) {
        if (joined && i > 0)
            str_addc(out, '_');
        if (!(referred ? add_referred_column(out, n, i, err)
                       : add_column_token(a, out, n, i, what, err)))
            return false;
    }
    return true;
}

static bool add_token(struct arena *a, struct str *out, const struct naming *naming,
                      const struct named *n, const char *token, struct err *err)
{
    if (naming->token) {
        const char *text = naming->token(a, token, n->constraint, n->table, naming->payload);
        if (text) {
            str_add(out, text);
            return true;
        }
    }
    if (str_eq(token, "table_name")) {
        str_add(out, n->table->name.text);
        return true;
    }
    if (str_eq(token, "constraint_name")) {
        if (!n->name)
            return err_set(err, ERR_RAISED,
                           "sqlalchemy.exc.InvalidRequestError: Naming convention including "
                           "%%(constraint_name)s token requires that constraint is explicitly "
                           "named.");
        str_add(out, n->name);
        return true;
    }
    if (str_eq(token, "referred_table_name") && n->constraint &&
        n->constraint->kind == CONSTRAINT_FOREIGN_KEY) {
        str_add(out, n->constraint->referred_table);
        return true;
    }
    bool known;
    if (!add_numbered(a, out, n, token, &known, err))
        return false;
    return known || err_set(err, ERR_RAISED, "KeyError: '%s'", token);
}

/* template % tokens, as Python does it for %(token)s and %%. */
static bool expand(struct arena *a, const struct naming *naming, const struct named *n,
                   const char *template, const char **name, struct err *err)
{
    struct str out = STR_IN(a);
    for (const char *p = template; *p; p++) {
        if (*p != '%') {
            str_addc(&out, *p);
        } else if (p[1] == '%') {
            str_addc(&out, *p++);
        } else {
            const char *end = p[1] == '(' ? strchr(p, ')') : NULL;
            if (!end || end[1] != 's')
                return err_set(err, ERR_PYTHON, "the naming convention '%s' has a format that is "
                               "not %%(token)s", template);
            const char *token = arena_strndup(a, p + 2, (size_t)(end - p - 2));
            if (!add_token(a, &out, naming, n, token, err))
                return false;
            p = end + 1;
        }
    }
    *name = str_take(&out);
    return true;
}

static bool apply(struct arena *a, const struct naming *naming, const struct named *n,
                  struct name *name, struct err *err)
{
    const char *template = template_of(naming, n->key);
    if (name->final || !template || (name->text && !strstr(template, "constraint_name")))
        return true;
    const char *made = NULL;
    if (!expand(a, naming, n, template, &made, err))
        return false;
    *name = (struct name){.text = made, .final = true};
    return true;
}

bool naming_constraint(struct arena *a, const struct naming *naming, const struct table *table,
                       struct constraint *constraint, struct err *err)
{
    static const char *const keys[] = {
        [CONSTRAINT_PRIMARY_KEY] = "pk", [CONSTRAINT_UNIQUE] = "uq", [CONSTRAINT_CHECK] = "ck",
        [CONSTRAINT_FOREIGN_KEY] = "fk", [CONSTRAINT_EXCLUDE] = "",
    };
    const struct named n = {
        .key = keys[constraint->kind],
        .table = table,
        .constraint = constraint,
        .columns = constraint->columns.at,
        .column_count = constraint->columns.len,
        .name = constraint->name.text,
    };
    return apply(a, naming, &n, &constraint->name, err);
}

bool naming_index(struct arena *a, const struct naming *naming, const struct table *table,
                  struct index *index, struct err *err)
{
    size_t count = index->elements.len;
    const char **columns = ARENA_ARRAY(a, count, const char *);
    for (size_t i = 0; i < count; i++)
        columns[i] = index->elements.at[i].column;
    const struct named n = {
        .key = "ix",
        .table = table,
        .columns = columns,
        .column_count = count,
        .name = index->name.text,
    };
    return apply(a, naming, &n, &index->name, err);
}

const char *naming_fit(struct arena *a, struct name name, struct err *err)
{
    size_t len = strlen(name.text);
    if (len <= NAME_MAX_CHARACTERS || utf8_count(name.text, len) <= NAME_MAX_CHARACTERS)
        return name.text;
    if (!name.final) {
        err_set(err, ERR_RAISED,
                "sqlalchemy.exc.IdentifierError: Identifier '%s' exceeds maximum length of %d "
                "characters",
                name.text, NAME_MAX_CHARACTERS);
        return NULL;
    }
    char digest[MD5_HEX + 1];
    md5_hex(name.text, len, digest);
    return arena_printf(a, "%.*s_%s", (int)utf8_offset(name.text, len, NAME_KEPT), name.text,
                        digest + MD5_HEX - NAME_DIGITS);
}
