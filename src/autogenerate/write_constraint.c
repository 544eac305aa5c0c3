#include "config.h"

/* Constraints, inside create_table and as operations. */

#include "autogenerate/write_private.h"
#include "base/arena.h"
#include "base/err.h"
#include "schema/expr.h"

/* ------------------------------------------------------------------ pieces */

/* 'a', 'b' */
static void write_columns(struct writer *w, const struct name_list *names)
{
    for (size_t i = 0; i < names->len; i++) {
        str_add(w->out, i > 0 ? ", " : "");
        write_string(w, names->at[i]);
    }
}

static void write_name_option(struct writer *w, struct name name)
{
    if (!name.text)
        return;
    str_add(w->out, ", name=");
    write_name(w, name);
}

static void write_deferrability(struct writer *w, const struct constraint *k)
{
    if (k->deferrable == YES)
        write_flag(w, "deferrable", true);
    write_option(w, "initially", k->initially);
}

/* What a catalog says of a UNIQUE constraint goes into the file, needed or not. */
static bool write_unique_options(struct writer *w, const struct constraint *k, bool inside_table)
{
    if (!k->reflected)
        return write_dialect_options(w, &k->given);
    if (inside_table || k->include.len > 0) {
        str_add(w->out, ", postgresql_include=");
        write_strings(w, &k->include);
    }
    write_flag(w, "postgresql_nulls_not_distinct", k->nulls_not_distinct == YES);
    return true;
}

static void write_foreign_key_options(struct writer *w, const struct constraint *k)
{
    write_option(w, "onupdate", k->onupdate);
    write_option(w, "ondelete", k->ondelete);
    write_option(w, "initially", k->initially);
    if (k->deferrable == YES)
        write_flag(w, "deferrable", true);
    if (k->use_alter)
        write_flag(w, "use_alter", true);
    write_option(w, "match", k->match);
}

/* An element of EXCLUDE: a column by its name, SQL otherwise. */
static bool write_excluded(struct writer *w, const struct expr *e)
{
    if (e->kind != EXPR_COLUMN)
        return write_text(w, e);
    str_addf(w->out, "%s%s(", w->sa, e->as.column.is_literal ? "literal_column" : "column");
    write_string(w, e->as.column.name.text);
    str_addc(w->out, ')');
    return true;
}

static bool write_exclude_arguments(struct writer *w, const struct constraint *k)
{
    for (size_t i = 0; i < k->elements.len; i++) {
        str_add(w->out, i > 0 ? ", (" : "(");
        if (!write_excluded(w, k->elements.at[i].expression))
            return false;
        str_add(w->out, ", ");
        write_string(w, k->elements.at[i].operator);
        str_addc(w->out, ')');
    }
    if (k->where) {
        str_add(w->out, ", where=");
        if (!write_text(w, k->where))
            return false;
    }
    write_deferrability(w, k);
    write_option(w, "using", k->using_);
    return true;
}

/* Operator classes, which Alembic leaves out: without them the constraint is another one. */
static void write_exclude_ops(struct writer *w, const struct constraint *k)
{
    bool any = false;
    for (size_t i = 0; i < k->elements.len; i++) {
        const struct exclude_element *e = &k->elements.at[i];
        if (!e->opclass || e->expression->kind != EXPR_COLUMN)
            continue;
        str_add(w->out, any ? ", " : ", ops={");
        write_string(w, e->expression->as.column.name.text);
        str_add(w->out, ": ");
        write_string(w, e->opclass);
        any = true;
    }
    if (any)
        str_addc(w->out, '}');
}

/* ------------------------------------------------------------------ inside create_table */

/* ['a'], ['o.id'], and the options behind a comma that always stands there. */
static void write_inline_foreign_key(struct writer *w, const struct constraint *k)
{
    struct str options = STR_IN(w->arena), *out = w->out;
    str_addf(out, "%sForeignKeyConstraint(", w->sa);
    write_strings(w, &k->columns);
    str_add(out, ", [");
    for (size_t i = 0; i < k->referred_columns.len; i++) {
        const char *column = k->referred_columns.at[i];
        str_add(out, i > 0 ? ", " : "");
        write_string(w, k->referred_schema
                            ? arena_printf(w->arena, "%s.%s.%s", k->referred_schema,
                                           k->referred_table, column)
                            : arena_printf(w->arena, "%s.%s", k->referred_table, column));
    }
    w->out = &options;
    write_name_option(w, k->name);
    write_foreign_key_options(w, k);
    w->out = out;
    str_addf(out, "]%s)", options.len > 0 ? options.ptr : ", ");
}

static bool write_inline_check(struct writer *w, const struct constraint *k)
{
    str_addf(w->out, "%sCheckConstraint(", w->sa);
    if (!write_sql(w, k->condition))
        return false;
    write_name_option(w, k->name);
    str_addc(w->out, ')');
    return true;
}

static bool write_inline_unique(struct writer *w, const struct constraint *k)
{
    str_addf(w->out, "%sUniqueConstraint(", w->sa);
    write_columns(w, &k->columns);
    write_deferrability(w, k);
    write_name_option(w, k->name);
    if (!write_unique_options(w, k, true))
        return false;
    str_addc(w->out, ')');
    return true;
}

static bool write_inline_exclude(struct writer *w, const struct constraint *k)
{
    write_import(w, &w->imports->lines, "from sqlalchemy.dialects import postgresql");
    str_add(w->out, "postgresql.ExcludeConstraint(");
    if (!write_exclude_arguments(w, k))
        return false;
    write_name_option(w, k->name);
    write_exclude_ops(w, k);
    str_addc(w->out, ')');
    return true;
}

static void write_inline_primary_key(struct writer *w, const struct constraint *k)
{
    str_addf(w->out, "%sPrimaryKeyConstraint(", w->sa);
    write_columns(w, &k->columns);
    write_name_option(w, k->name);
    str_addc(w->out, ')');
}

bool write_inline_constraint(struct writer *w, const struct constraint *k, bool *written)
{
    static const char *const kinds[] = {
        [CONSTRAINT_PRIMARY_KEY] = "primary_key", [CONSTRAINT_UNIQUE] = "unique",
        [CONSTRAINT_CHECK] = "check",             [CONSTRAINT_FOREIGN_KEY] = "foreign_key",
        [CONSTRAINT_EXCLUDE] = "exclude",
    };
    if (!write_item(w, kinds[k->kind], k, written) || *written)
        return *written;
    *written = !k->bound_type && (k->kind != CONSTRAINT_PRIMARY_KEY || k->columns.len > 0);
    if (!*written)
        return true;
    switch (k->kind) {
    case CONSTRAINT_PRIMARY_KEY:
        write_inline_primary_key(w, k);
        return true;
    case CONSTRAINT_FOREIGN_KEY:
        write_inline_foreign_key(w, k);
        return true;
    case CONSTRAINT_UNIQUE:
        return write_inline_unique(w, k);
    case CONSTRAINT_CHECK:
        return write_inline_check(w, k);
    case CONSTRAINT_EXCLUDE:
        return write_inline_exclude(w, k);
    }
    return true;
}

/* ------------------------------------------------------------------ operations */

/* `op.create_x('name', 't', `: the table is left out inside a batch. */
static void begin(struct writer *w, const char *directive, const struct op *op, struct name name)
{
    str_addf(w->out, "%s%s(", w->op, directive);
    write_name(w, name);
    if (!w->in_batch) {
        str_add(w->out, ", ");
        write_string(w, op->table);
    }
}

static void write_schema(struct writer *w, const struct op *op)
{
    if (!w->in_batch)
        write_option(w, "schema", op->schema);
}

static bool write_unique(struct writer *w, const struct op *op, const struct constraint *k)
{
    begin(w, "create_unique_constraint", op, k->name);
    str_add(w->out, ", ");
    write_strings(w, &k->columns);
    write_deferrability(w, k);
    write_schema(w, op);
    return write_unique_options(w, k, false);
}

static bool write_foreign_key(struct writer *w, const struct op *op, const struct constraint *k)
{
    begin(w, "create_foreign_key", op, k->name);
    str_add(w->out, ", ");
    write_string(w, k->referred_table);
    str_add(w->out, ", ");
    write_strings(w, &k->columns);
    str_add(w->out, ", ");
    write_strings(w, &k->referred_columns);
    if (!w->in_batch)
        write_option(w, "source_schema", op->schema);
    write_option(w, "referent_schema", k->referred_schema);
    write_foreign_key_options(w, k);
    return write_dialect_options(w, &k->given);
}

static bool write_check(struct writer *w, const struct op *op, const struct constraint *k)
{
    begin(w, "create_check_constraint", op, k->name);
    str_add(w->out, ", ");
    if (!write_sql(w, k->condition))
        return false;
    write_schema(w, op);
    return true;
}

static bool write_exclude(struct writer *w, const struct op *op, const struct constraint *k)
{
    begin(w, "create_exclude_constraint", op, k->name);
    str_add(w->out, ", ");
    if (!write_exclude_arguments(w, k))
        return false;
    write_exclude_ops(w, k);
    write_schema(w, op);
    return true;
}

static bool write_primary_key(struct writer *w, const struct op *op, const struct constraint *k)
{
    begin(w, "create_primary_key", op, k->name);
    str_add(w->out, ", ");
    write_strings(w, &k->columns);
    write_schema(w, op);
    return true;
}

bool write_create_constraint(struct writer *w, const struct op *op)
{
    static bool (*const writers[])(struct writer *, const struct op *,
                                   const struct constraint *) = {
        [CONSTRAINT_PRIMARY_KEY] = write_primary_key,
        [CONSTRAINT_UNIQUE] = write_unique,
        [CONSTRAINT_CHECK] = write_check,
        [CONSTRAINT_FOREIGN_KEY] = write_foreign_key,
        [CONSTRAINT_EXCLUDE] = write_exclude,
    };
    const struct constraint *k = op->as.create_constraint;
    if (!writers[k->kind](w, op, k))
        return false;
    str_addc(w->out, ')');
    return true;
}

bool write_drop_constraint(struct writer *w, const struct op *op)
{
    static const char *const types[] = {
        [CONSTRAINT_PRIMARY_KEY] = "primary",     [CONSTRAINT_UNIQUE] = "unique",
        [CONSTRAINT_CHECK] = "check",             [CONSTRAINT_FOREIGN_KEY] = "foreignkey",
        [CONSTRAINT_EXCLUDE] = NULL,
    };
    const struct constraint *k = op->as.drop_constraint.constraint;
    begin(w, "drop_constraint", op, op->as.drop_constraint.name);
    write_schema(w, op);
    write_option(w, "type_", k ? types[k->kind] : NULL);
    if (op->as.drop_constraint.if_exists)
        write_flag(w, "if_exists", true);
    str_addc(w->out, ')');
    return true;
}
