#include "config.h"

#include "autogenerate/tuples.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/quote.h"
#include "schema/expr.h"
#include "schema/type_repr.h"

static void add_text(struct str *out, const char *text)
{
    if (text)
        quote_python(out, text, strlen(text), false);
    else
        str_add(out, "None");
}

static void add_bool(struct str *out, bool value)
{
    str_add(out, value ? "True" : "False");
}

static void add_tristate(struct str *out, enum tristate value)
{
    str_add(out, value == UNSET ? "None" : value == YES ? "True" : "False");
}

/* ------------------------------------------------------------------ expressions and defaults */

/* Functions that SQLAlchemy has classes of their own for. */
static bool is_generic_function(const char *name)
{
    static const char *const names[] = {
        "aggregate_strings", "array_agg", "char_length", "coalesce", "concat", "count", "cube",
        "cume_dist", "current_date", "current_time", "current_timestamp", "current_user",
        "dense_rank", "grouping_sets", "localtime", "localtimestamp", "max", "min", "mode",
        "next_value", "now", "percent_rank", "percentile_cont", "percentile_disc", "random", "rank",
        "rollup", "session_user", "sum", "sysdate", "user"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void add_expr(struct str *out, const struct expr *e)
{
    static const char *const classes[EXPR_KIND_COUNT] = {
        [EXPR_TEXT] = "TextClause",     [EXPR_DDL] = "TextClause",  [EXPR_NULL] = "Null",
        [EXPR_TRUE] = "True_",          [EXPR_FALSE] = "False_",    [EXPR_UNARY] = "UnaryExpression",
        [EXPR_BINARY] = "BinaryExpression", [EXPR_CAST] = "Cast",   [EXPR_CASE] = "Case",
        [EXPR_GROUPING] = "Grouping",   [EXPR_LIST] = "BooleanClauseList",
        [EXPR_EXTRACT] = "Extract",     [EXPR_AS_BOOLEAN] = "AsBoolean",
    };
    if (e->kind == EXPR_FUNCTION && e->as.function.name)
        str_addf(out, "<sqlalchemy.sql.functions.%s at 0x0; %s>",
                 is_generic_function(e->as.function.name) ? e->as.function.name : "Function",
                 e->as.function.name);
    else if (e->kind == EXPR_NEXT_VALUE)
        str_add(out, "<sqlalchemy.sql.functions.next_value at 0x0; next_value>");
    else if (e->kind == EXPR_BIND && e->as.bind.value.python) {
        str_addf(out, "BindParameter('%%(0 param)s', %s, type_=", e->as.bind.value.python);
        type_add_repr(out, e->type);
        str_addc(out, ')');
    } else if (e->kind == EXPR_COLUMN)
        str_addf(out, "<sqlalchemy.sql.elements.ColumnClause at 0x0; %s>", e->as.column.name.text);
    else if (e->kind == EXPR_LABEL && e->as.label.name.text)
        str_addf(out, "<sqlalchemy.sql.elements.Label at 0x0; %s>", e->as.label.name.text);
    else
        str_addf(out, "<sqlalchemy.sql.elements.%s object at 0x0>",
                 classes[e->kind] ? classes[e->kind] : "ClauseElement");
}

static void add_int(struct str *out, const char *key, bool given, int64_t value)
{
    if (given)
        str_addf(out, "%s%s=%" PRId64, out->ptr[out->len - 1] == '(' ? "" : ", ", key, value);
}

static void add_flag(struct str *out, const char *key, bool given, bool value)
{
    if (given)
        str_addf(out, "%s%s=%s", out->ptr[out->len - 1] == '(' ? "" : ", ", key,
                 value ? "True" : "False");
}

static void add_identity(struct str *out, const struct identity *identity)
{
    str_add(out, "Identity(");
    add_flag(out, "always", identity->always, true);
    add_int(out, "start", identity->has_start, identity->start);
    add_int(out, "increment", identity->has_increment, identity->increment);
    add_int(out, "minvalue", identity->has_minvalue, identity->minvalue);
    add_int(out, "maxvalue", identity->has_maxvalue, identity->maxvalue);
    add_flag(out, "nominvalue", identity->nominvalue, true);
    add_flag(out, "nomaxvalue", identity->nomaxvalue, true);
    add_flag(out, "cycle", identity->cycle != UNSET, identity->cycle == YES);
    add_int(out, "cache", identity->has_cache, identity->cache);
    str_addc(out, ')');
}

/* One of the forms of a server default; `nothing` where there is none. */
static void add_default(struct str *out, const struct expr *e, const struct identity *identity,
                        const struct computed *computed, const char *nothing)
{
    if (identity) {
        add_identity(out, identity);
    } else if (computed) {
        str_add(out, "Computed(");
        add_expr(out, computed->expression);
        add_flag(out, "persisted", computed->persisted != UNSET, computed->persisted == YES);
        str_addc(out, ')');
    } else if (e) {
        str_add(out, "DefaultClause(");
        if (e->kind == EXPR_BIND && e->as.bind.value.kind == LITERAL_STRING)
            add_text(out, e->as.bind.value.text);
        else
            add_expr(out, e);
        str_add(out, ", for_update=False)");
    } else {
        str_add(out, nothing);
    }
}

static void add_option(struct str *out, const char *key, const char *text)
{
    if (!text)
        return;
    str_addf(out, ", %s=", key);
    add_text(out, text);
}

/* ------------------------------------------------------------------ columns and tables */

/* ForeignKey('o.id') for each reference that the column has by itself or through its table. */
static void add_references(struct str *out, const struct table *t, const struct column *c)
{
    for (size_t i = 0; i < t->constraints.len; i++) {
        const struct constraint *k = t->constraints.at[i];
        for (size_t j = 0; k->kind == CONSTRAINT_FOREIGN_KEY && j < k->columns.len; j++) {
            if (!str_eq(k->columns.at[j], c->name.text))
                continue;
            struct str target = STR_INIT;
            str_addf(&target, "%s%s%s.%s", k->referred_schema ? k->referred_schema : "",
                     k->referred_schema ? "." : "", k->referred_table, k->referred_columns.at[j]);
            str_add(out, ", ForeignKey(");
            add_text(out, target.ptr);
            str_addc(out, ')');
            str_clear(&target);
        }
    }
}

/* The CHECKs given to Column(): shown, although the text of a revision leaves them out. */
static void add_checks(struct str *out, const struct column *c)
{
    const struct constraint_list *checks = c->declared ? &c->declared->checks : &c->checks;
    for (size_t i = 0; i < checks->len; i++) {
        const struct constraint *k = checks->at[i];
        str_add(out, ", CheckConstraint(");
        add_expr(out, k->condition);
        add_option(out, "name", k->name.text);
        add_flag(out, "deferrable", k->deferrable != UNSET, k->deferrable == YES);
        add_option(out, "initially", k->initially);
        str_addc(out, ')');
    }
}

/* Whose FOREIGN KEYs are shown with a column, and how often. */
struct references {
    const struct table *table; /* NULL: nobody's */
    int times;
};

static void add_column(struct str *out, const char *table, struct references references,
                       const struct column *c)
{
    str_add(out, "Column(");
    add_text(out, c->name.text);
    str_add(out, ", ");
    type_add_repr(out, c->type);
    for (int i = 0; i < references.times; i++)
        add_references(out, references.table, c);
    add_checks(out, c);
    str_addf(out, ", table=<%s>", table);
    if (c->key && !str_eq(c->key, c->name.text)) {
        str_add(out, ", key=");
        add_text(out, c->key);
    }
    if (c->primary_key)
        str_add(out, ", primary_key=True");
    if (!column_is_nullable(c))
        str_add(out, ", nullable=False");
    if (c->python_onupdate)
        str_addf(out, ", onupdate=%s", c->python_onupdate);
    if (c->python_default)
        str_addf(out, ", default=%s", c->python_default);
    if (c->server_default || c->identity || c->computed) {
        str_add(out, ", server_default=");
        add_default(out, c->server_default, c->identity, c->computed, "");
    } else if (c->has_fetched_value) {
        str_add(out, ", server_default=FetchedValue()");
    }
    if (c->comment && *c->comment) {
        str_add(out, ", comment=");
        add_text(out, c->comment);
    }
    str_addc(out, ')');
}

static void add_table(struct str *out, const struct table *t)
{
    str_add(out, "Table(");
    add_text(out, t->name.text);
    str_add(out, ", MetaData()");
    for (size_t i = 0; i < t->columns.len; i++) {
        str_add(out, ", ");
        add_column(out, t->name.text, (struct references){t, 1}, t->columns.at[i]);
    }
    str_add(out, ", schema=");
    add_text(out, t->schema);
    str_addc(out, ')');
}

/* Column('a', NullType(), table=<t>): a column of which only the name is known. */
static void add_bare_column(struct str *out, const char *table, const char *name)
{
    str_add(out, "Column(");
    add_text(out, name);
    str_addf(out, ", NullType(), table=<%s>)", table);
}

/* ------------------------------------------------------------------ constraints and indexes */

/* The table that Alembic makes up around a foreign key. */
static void add_key_table(struct str *out, const struct op *op, const struct constraint *k)
{
    str_add(out, "Table(");
    add_text(out, op->table);
    str_add(out, ", MetaData()");
    for (size_t i = 0; i < k->columns.len; i++) {
        str_add(out, ", Column(");
        add_text(out, k->columns.at[i]);
        str_add(out, ", NullType(), ForeignKey(");
        struct str target = STR_INIT;
        str_addf(&target, "%s%s%s.%s", k->referred_schema ? k->referred_schema : "",
                 k->referred_schema ? "." : "", k->referred_table, k->referred_columns.at[i]);
        add_text(out, target.ptr);
        str_clear(&target);
        str_addf(out, "), table=<%s>)", op->table);
    }
    bool same = str_eq(k->referred_table, op->table) && str_eq(k->referred_schema, op->schema);
    for (size_t i = 0; same && i < k->referred_columns.len; i++) {
        str_add(out, ", ");
        add_bare_column(out, op->table, k->referred_columns.at[i]);
    }
    str_add(out, ", schema=");
    add_text(out, op->schema);
    str_addc(out, ')');
}

static void add_foreign_key(struct str *out, const struct op *op, const struct constraint *k)
{
    str_add(out, "ForeignKeyConstraint(<sqlalchemy.sql.base.ReadOnlyColumnCollection object at 0x0>"
                 ", None");
    add_option(out, "name", k->name.text);
    add_option(out, "onupdate", k->onupdate);
    add_option(out, "ondelete", k->ondelete);
    add_flag(out, "deferrable", k->deferrable == YES, true);
    add_option(out, "initially", k->initially);
    add_flag(out, "use_alter", k->use_alter, true);
    add_option(out, "match", k->match);
    str_add(out, ", table=");
    add_key_table(out, op, k);
    str_addc(out, ')');
}

static void add_constraint(struct str *out, const struct op *op, const struct constraint *k)
{
    if (k->kind == CONSTRAINT_FOREIGN_KEY) {
        add_foreign_key(out, op, k);
    } else if (k->kind == CONSTRAINT_CHECK) {
        str_add(out, "CheckConstraint(");
        add_expr(out, k->condition);
        add_option(out, "name", k->name.text);
        str_add(out, ", table=Table(");
        add_text(out, op->table);
        str_addf(out, ", MetaData(), Column('x', Integer(), table=<%s>), schema=", op->table);
        add_text(out, op->schema);
        str_add(out, "))");
    } else {
        str_add(out, k->kind == CONSTRAINT_UNIQUE ? "UniqueConstraint(" : "PrimaryKeyConstraint(");
        for (size_t i = 0; i < k->columns.len; i++) {
            str_add(out, i > 0 ? ", " : "");
            add_bare_column(out, op->table, k->columns.at[i]);
        }
        str_addc(out, ')');
    }
}

static void add_index_element(struct str *out, const struct op *op, const struct expr *e)
{
    if (e->kind != EXPR_COLUMN || e->as.column.is_literal) {
        if (e->kind == EXPR_TEXT || e->kind == EXPR_DDL || e->kind == EXPR_COLUMN)
            str_add(out, "<alembic.util.sqla_compat._textual_index_element object at 0x0>");
        else
            add_expr(out, e);
    } else if (e->as.column.column) {
        add_column(out, op->table, (struct references){NULL, 0}, e->as.column.column);
    } else {
        add_bare_column(out, op->table, e->as.column.name.text);
    }
}

static void add_index(struct str *out, const struct op *op, const struct index *ix)
{
    str_add(out, "Index(");
    add_text(out, ix->name.text);
    for (size_t i = 0; i < ix->elements.len; i++) {
        str_add(out, ", ");
        add_index_element(out, op, ix->elements.at[i].expression);
    }
    str_add(out, ix->unique ? ", unique=True)" : ")");
}

/* ------------------------------------------------------------------ changed columns */

enum fact { FACT_NULLABLE = 1, FACT_TYPE = 2, FACT_DEFAULT = 4, FACT_COMMENT = 8 };

static void add_existing_default(struct str *out, const struct alter_column *ac)
{
    add_default(out, ac->existing_server_default, ac->existing_identity, ac->existing_computed,
                ac->has_existing_server_default ? "None" : "False");
}

/* {'existing_nullable': True, ...}: what is known of the column besides. */
static void add_facts(struct str *out, const struct alter_column *ac, unsigned facts)
{
    str_addc(out, '{');
    if (facts & FACT_NULLABLE) {
        str_add(out, "'existing_nullable': ");
        add_tristate(out, ac->existing_nullable);
    }
    if (facts & FACT_TYPE) {
        str_addf(out, "%s'existing_type': ", facts & FACT_NULLABLE ? ", " : "");
        if (ac->existing_type)
            type_add_repr(out, ac->existing_type);
        else
            str_add(out, "None");
    }
    if (facts & FACT_DEFAULT) {
        str_add(out, ", 'existing_server_default': ");
        add_existing_default(out, ac);
    }
    if (facts & FACT_COMMENT) {
        str_add(out, ", 'existing_comment': ");
        add_text(out, ac->existing_comment);
    }
    str_add(out, "}, ");
}

static void begin_change(struct str *out, const struct op *op, const char *what, bool *first)
{
    str_addf(out, "%s('%s', ", *first ? "" : ", ", what);
    *first = false;
    add_text(out, op->schema);
    str_add(out, ", ");
    add_text(out, op->table);
    str_add(out, ", ");
    add_text(out, op->as.alter_column->column.text);
    str_add(out, ", ");
}

static void add_alter(struct str *out, const struct op *op)
{
    const struct alter_column *ac = op->as.alter_column;
    bool first = true;
    str_addc(out, '[');
    if (ac->type) {
        begin_change(out, op, "modify_type", &first);
        add_facts(out, ac, FACT_NULLABLE | FACT_DEFAULT | FACT_COMMENT);
        type_add_repr(out, ac->existing_type);
        str_add(out, ", ");
        type_add_repr(out, ac->type);
        str_addc(out, ')');
    }
    if (ac->nullable != UNSET) {
        begin_change(out, op, "modify_nullable", &first);
        add_facts(out, ac, FACT_TYPE | FACT_DEFAULT | FACT_COMMENT);
        add_tristate(out, ac->existing_nullable);
        str_add(out, ", ");
        add_bool(out, ac->nullable == YES);
        str_addc(out, ')');
    }
    if (ac->has_server_default) {
        begin_change(out, op, "modify_default", &first);
        add_facts(out, ac, FACT_NULLABLE | FACT_TYPE | FACT_COMMENT);
        add_default(out, ac->existing_server_default, ac->existing_identity,
                    ac->existing_computed, "None");
        str_add(out, ", ");
        add_default(out, ac->server_default, ac->identity, ac->computed, "None");
        str_addc(out, ')');
    }
    if (ac->has_comment) {
        begin_change(out, op, "modify_comment", &first);
        add_facts(out, ac, FACT_NULLABLE | FACT_TYPE | FACT_DEFAULT);
        add_text(out, ac->existing_comment);
        str_add(out, ", ");
        add_text(out, ac->comment);
        str_addc(out, ')');
    }
    str_addc(out, ']');
}

/* ------------------------------------------------------------------ operations */

/* ('add_column', schema, table, Column(...)) */
static void add_column_tuple(struct str *out, const char *what, const struct op *op,
                             struct references references, const struct column *c)
{
    str_addf(out, "('%s', ", what);
    add_text(out, op->schema);
    str_add(out, ", ");
    add_text(out, op->table);
    str_add(out, ", ");
    add_column(out, op->table, references, c);
    str_addc(out, ')');
}

static void add_table_comment(struct str *out, const struct op *op)
{
    bool set = op->as.table_comment.comment != NULL;
    str_addf(out, "('%s_table_comment', Table(", set ? "add" : "remove");
    add_text(out, op->table);
    str_add(out, ", MetaData(), schema=");
    add_text(out, op->schema);
    str_addc(out, ')');
    if (set) {
        str_add(out, ", ");
        add_text(out, op->as.table_comment.existing);
    }
    str_addc(out, ')');
}

static void add_constraint_tuple(struct str *out, bool adds, const struct op *op,
                                 const struct constraint *k)
{
    const char *kind = k->kind == CONSTRAINT_FOREIGN_KEY ? "fk" : "constraint";
    str_addf(out, "('%s_%s', ", adds ? "add" : "remove", kind);
    add_constraint(out, op, k);
    str_addc(out, ')');
}

static void add_index_tuple(struct str *out, const char *what, const struct op *op,
                            const struct index *ix)
{
    str_addf(out, "('%s', ", what);
    add_index(out, op, ix);
    str_addc(out, ')');
}

/* What goes away is described by the operation that would bring it back. */
static const struct op *undo_of(const struct difference *d, enum op_kind kind, size_t nth)
{
    for (size_t i = d->downgrade.len; i-- > 0;)
        if (d->downgrade.at[i]->kind == kind && nth-- == 0)
            return d->downgrade.at[i];
    return NULL;
}

/* False: nothing is said about it. */
static bool add_operation(struct str *out, const struct difference *d, const struct op *op)
{
    const struct op *undo;
    switch ((int)op->kind) {
    case OP_CREATE_TABLE:
        str_add(out, "('add_table', ");
        add_table(out, op->as.create_table.table);
        str_addc(out, ')');
        return true;
    case OP_DROP_TABLE:
        undo = undo_of(d, OP_CREATE_TABLE, 0);
        str_add(out, "('remove_table', ");
        if (undo)
            add_table(out, undo->as.create_table.table);
        str_addc(out, ')');
        return true;
    case OP_ADD_COLUMN:
        add_column_tuple(out, "add_column", op,
                         (struct references){op->as.add_column.column->table, 1},
                         op->as.add_column.column);
        return true;
    case OP_DROP_COLUMN:
        undo = undo_of(d, OP_ADD_COLUMN, 0);
        if (undo) /* its foreign keys come twice: Alembic makes a copy of what was reflected */
            add_column_tuple(out, "remove_column", op,
                             (struct references){undo->as.add_column.column->table, 2},
                             undo->as.add_column.column);
        return undo != NULL;
    case OP_ALTER_COLUMN:
        add_alter(out, op);
        return true;
    case OP_CREATE_CONSTRAINT:
        add_constraint_tuple(out, true, op, op->as.create_constraint);
        return true;
    case OP_DROP_CONSTRAINT:
        add_constraint_tuple(out, false, op, op->as.drop_constraint.constraint);
        return true;
    case OP_CREATE_INDEX:
        add_index_tuple(out, "add_index", op, op->as.create_index);
        return true;
    case OP_DROP_INDEX:
        add_index_tuple(out, "remove_index", op, op->as.drop_index);
        return true;
    case OP_TABLE_COMMENT:
        add_table_comment(out, op);
        return true;
    default:
        return false;
    }
}

void tuples_add(struct arena *a, const struct differences *all, struct str *out)
{
    bool first = true;
    str_addc(out, '[');
    for (size_t i = 0; i < all->items.len; i++) {
        const struct difference *d = &all->items.at[i];
        for (size_t k = 0; !difference_is_beyond(d->kind) && k < d->upgrade.len; k++) {
            struct str one = STR_IN(a);
            if (!add_operation(&one, d, d->upgrade.at[k]))
                continue;
            str_addf(out, "%s%s", first ? "" : ", ", one.ptr);
            first = false;
        }
    }
    str_addc(out, ']');
}
