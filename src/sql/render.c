#include "config.h"

#include "sql/render.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "schema/type.h"
#include "schema/identifier.h"
#include "sql/render_ddl.h"
#include "sql/render_expr.h"
#include "sql/render_type.h"

#define COMPILE_ERROR "sqlalchemy.exc.CompileError: "

/* One operation being rendered. */
struct render {
    struct ddl ddl; /* arena and err */
    struct sql_context *context;
    const struct op *op;
    struct statement_list *out;
};

/* Takes text over as the operation's next statement. */
static bool emit(struct render *r, struct str *text)
{
    str_trim(text);
    struct statement s = {
        .kind = STATEMENT_SQL,
        .sql = str_take(text),
        .origin = r->op->origin,
        .nondeterministic = r->op->nondeterministic,
        .lacks_parameters = r->op->lacks_parameters,
    };
    vec_push(r->ddl.arena, r->out, s);
    return true;
}

static bool emitf(struct render *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool emitf(struct render *r, const char *fmt, ...)
{
    struct str text = STR_IN(r->ddl.arena);
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    return emit(r, &text);
}

/* The table an operation works on, as SQLAlchemy prints it and as Alembic does. */
static const char *op_table(const struct render *r)
{
    const struct op *op = r->op;
    return sql_qualified(r->ddl.arena, op->schema, op->schema_quote,
                         (struct name){.text = op->table, .quote = op->table_quote});
}

static const char *op_table_dotted(const struct render *r)
{
    const struct op *op = r->op;
    return sql_qualified_dotted(r->ddl.arena, op->schema, op->schema_quote,
                                (struct name){.text = op->table, .quote = op->table_quote});
}

static const char *text_or_null(const struct render *r, const char *text)
{
    return text ? sql_string(r->ddl.arena, text) : "NULL";
}

/* ------------------------------------------------------------------ tables */

/*
 * Alembic remembers named types over a whole run; a name is created once (spec/ops.md, section 8).
 */
static bool remember(struct map *seen, struct arena *a, const struct type *type)
{
    const char *key = arena_printf(a, "%s.%s", type->schema ? type->schema : "",
                                   type->name.text ? type->name.text : "");
    if (map_has(seen, key))
        return false;
    map_put(seen, key, seen);
    return true;
}

static bool emit_types(struct render *r, const struct table *t)
{
    bool with_memory = r->op->as.create_table.scope == CREATE_WITH_TYPES;
    struct map own = MAP_IN(r->ddl.arena);
    struct map *seen = with_memory ? &r->context->created_types : &own;
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct type *type = type_named(t->columns.at[i]->type);
        if (!type || type->has_metadata || !type->create_type)
            continue;
        struct str text = STR_IN(r->ddl.arena);
        if (remember(seen, r->ddl.arena, type) &&
            !(ddl_create_type(&r->ddl, type, &text) && emit(r, &text)))
            return false;
    }
    return true;
}

static bool emit_column_comment(struct render *r, const char *table, struct name column,
                                const char *comment)
{
    return emitf(r, "COMMENT ON COLUMN %s.%s IS %s", table, sql_name(r->ddl.arena, column),
                 text_or_null(r, comment));
}

static bool emit_comments(struct render *r, const struct table *t)
{
    const char *table = sql_qualified(r->ddl.arena, t->schema, t->schema_quote, t->name);
    /* op.create_table() leaves an empty comment out, Table.create() does not. */
    bool empty_counts = r->op->as.create_table.scope != CREATE_WITH_TYPES;
    if (t->comment && (*t->comment || empty_counts))
        emitf(r, "COMMENT ON TABLE %s IS %s", table, sql_string(r->ddl.arena, t->comment));
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column *c = t->columns.at[i];
        if (c->comment && (*c->comment || empty_counts))
            emit_column_comment(r, table, c->name, c->comment);
    }
    return true;
}

static bool emit_index(struct render *r, const struct index *ix)
{
    struct str text = STR_IN(r->ddl.arena);
    return ddl_create_index(&r->ddl, ix, &text) && emit(r, &text);
}

static bool render_create_table(struct render *r)
{
    const struct table *t = r->op->as.create_table.table;
    enum create_scope scope = r->op->as.create_table.scope;
    if ((scope == CREATE_WITH_TYPES || scope == CREATE_WITH_ALL_TYPES) && !emit_types(r, t))
        return false;
    struct str text = STR_IN(r->ddl.arena);
    if (!ddl_create_table(&r->ddl, t, &text) || !emit(r, &text))
        return false;
    if (scope == CREATE_ALONE)
        return true;
    for (size_t i = 0; i < t->indexes.len; i++)
        if (!emit_index(r, t->indexes.at[i]))
            return false;
    return emit_comments(r, t);
}

static bool render_drop_table(struct render *r)
{
    return emitf(r, "DROP TABLE %s%s", r->op->as.drop_table.if_exists ? "IF EXISTS " : "",
                 op_table(r));
}

static bool render_rename_table(struct render *r)
{
    return emitf(r, "ALTER TABLE %s RENAME TO %s", op_table_dotted(r),
                 sql_name(r->ddl.arena, r->op->as.rename_table.to));
}

static bool render_table_comment(struct render *r)
{
    return emitf(r, "COMMENT ON TABLE %s IS %s", op_table(r),
                 text_or_null(r, r->op->as.table_comment.comment));
}

static bool render_column_comment(struct render *r)
{
    return emit_column_comment(r, op_table(r), r->op->as.column_comment.column,
                               r->op->as.column_comment.comment);
}

/* ------------------------------------------------------------------ columns */

static bool emit_constraint(struct render *r, const struct table *t, const struct constraint *k)
{
    struct str text = STR_IN(r->ddl.arena);
    str_addf(&text, "ALTER TABLE %s ADD ", op_table(r));
    return ddl_constraint(&r->ddl, t, k, &text) && emit(r, &text);
}

/* The FOREIGN KEY that stands behind the column itself: the only one, of one column. */
static const struct constraint *inline_reference(const struct op *op)
{
    const struct column *c = op->as.add_column.column;
    return op->as.add_column.inline_references && c->foreign_keys.len == 1 ? c->foreign_keys.at[0]
                                                                           : NULL;
}

static bool render_add_column(struct render *r)
{
    const struct op *op = r->op;
    const struct column *c = op->as.add_column.column;
    const struct constraint *reference = inline_reference(op);
    struct str text = STR_IN(r->ddl.arena);
    str_addf(&text, "ALTER TABLE %s ADD COLUMN %s", op_table_dotted(r),
             op->as.add_column.if_not_exists ? "IF NOT EXISTS " : "");
    if (!ddl_column(&r->ddl, c->table, c, &text))
        return false;
    if (op->as.add_column.inline_primary_key && c->primary_key)
        str_add(&text, " PRIMARY KEY");
    if (reference && !ddl_references(&r->ddl, reference, &text))
        return false;
    if (!ddl_column_checks(&r->ddl, c, &text) || !emit(r, &text))
        return false;
    for (size_t i = 0; i < op->as.add_column.constraints.len; i++) {
        const struct constraint *k = op->as.add_column.constraints.at[i];
        if (k != reference && !emit_constraint(r, c->table, k))
            return false;
    }
    for (size_t i = 0; i < op->as.add_column.indexes.len; i++)
        if (!emit_index(r, op->as.add_column.indexes.at[i]))
            return false;
    if (c->comment && *c->comment)
        return emit_column_comment(r, op_table(r), c->name, c->comment);
    return true;
}

static bool render_drop_column(struct render *r)
{
    return emitf(r, "ALTER TABLE %s DROP COLUMN %s%s", op_table_dotted(r),
                 r->op->as.drop_column.if_exists ? "IF EXISTS " : "",
                 sql_name(r->ddl.arena, r->op->as.drop_column.column));
}

/* ------------------------------------------------------------------ alter_column */

static const char *alter_prefix(const struct render *r)
{
    return arena_printf(r->ddl.arena, "ALTER TABLE %s ALTER COLUMN %s", op_table_dotted(r),
                        sql_name(r->ddl.arena, r->op->as.alter_column->column));
}

static bool alter_type(struct render *r, const struct alter_column *ac)
{
    struct str text = STR_IN(r->ddl.arena);
    str_addf(&text, "%s TYPE ", alter_prefix(r));
    if (!sql_type_render(r->ddl.arena, ac->type, &text, r->ddl.err))
        return false;
    if (ac->using_ && *ac->using_)
        str_addf(&text, " USING %s", ac->using_);
    return emit(r, &text);
}

/* SET for each option that the new identity has and the old one has not, in alphabetical order. */
static void add_identity_changes(const struct identity *new, const struct identity *old,
                                 struct str *out)
{
    static const struct identity none;
    if (!old)
        old = &none;
    if (new->always != old->always)
        str_addf(out, " SET GENERATED %s", new->always ? "ALWAYS" : "BY DEFAULT");
    const struct {
        bool differs;
        struct identity only;
    } changes[] = {
        {new->has_cache && (!old->has_cache || new->cache != old->cache),
         {.has_cache = true, .cache = new->cache}},
        {new->cycle != UNSET && new->cycle != old->cycle, {.cycle = new->cycle}},
        {new->has_increment && (!old->has_increment || new->increment != old->increment),
         {.has_increment = true, .increment = new->increment}},
        {new->has_maxvalue && (!old->has_maxvalue || new->maxvalue != old->maxvalue),
         {.has_maxvalue = true, .maxvalue = new->maxvalue}},
        {new->has_minvalue && (!old->has_minvalue || new->minvalue != old->minvalue),
         {.has_minvalue = true, .minvalue = new->minvalue}},
        {new->nomaxvalue && !old->nomaxvalue, {.nomaxvalue = true}},
        {new->nominvalue && !old->nominvalue, {.nominvalue = true}},
        {new->has_start && (!old->has_start || new->start != old->start),
         {.has_start = true, .start = new->start}},
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
        if (changes[i].differs) {
            str_add(out, " SET ");
            ddl_identity_options(&changes[i].only, out);
        }
}

static bool alter_identity(struct render *r, const struct alter_column *ac)
{
    struct str text = STR_IN(r->ddl.arena);
    str_add(&text, alter_prefix(r));
    bool has_default = ac->identity || ac->server_default;
    bool existing_other = ac->existing_server_default && !ac->existing_identity;
    if (!has_default) {
        str_add(&text, " DROP IDENTITY");
    } else if (ac->has_existing_server_default && !ac->existing_identity && !existing_other) {
        if (!ac->identity)
            return err_set(r->ddl.err, ERR_RAISED, "AttributeError: a server default that is no "
                           "Identity cannot replace one");
        str_add(&text, " ADD ");
        ddl_identity(ac->identity, &text);
    } else {
        if (!ac->identity || existing_other)
            return err_set(r->ddl.err, ERR_RAISED,
                           "TypeError: Boolean value of this clause is not defined");
        add_identity_changes(ac->identity, ac->existing_identity, &text);
    }
    return emit(r, &text);
}

static bool alter_default(struct render *r, const struct alter_column *ac)
{
    if (ac->computed || ac->existing_computed)
        return err_set(r->ddl.err, ERR_RAISED,
                       COMPILE_ERROR "Adding or removing a \"computed\" construct, e.g. GENERATED "
                       "ALWAYS AS, to or from an existing column is not supported.");
    if (ac->identity || ac->existing_identity)
        return alter_identity(r, ac);
    if (!ac->server_default)
        return emitf(r, "%s DROP DEFAULT", alter_prefix(r));
    struct str text = STR_IN(r->ddl.arena);
    str_addf(&text, "%s SET DEFAULT ", alter_prefix(r));
    return ddl_default(&r->ddl, ac->server_default, &text) && emit(r, &text);
}

static bool emit_drop_constraint(struct render *r, struct name name, bool if_exists, bool cascade)
{
    struct str text = STR_IN(r->ddl.arena);
    str_addf(&text, "ALTER TABLE %s DROP CONSTRAINT %s", op_table(r),
             if_exists ? "IF EXISTS " : "");
    if (!ddl_name(&r->ddl, name, &text))
        return false;
    str_add(&text, cascade ? " CASCADE" : "");
    return emit(r, &text);
}

static bool refuse_unnamed(struct render *r, const char *python)
{
    return err_set(r->ddl.err, ERR_RAISED,
                   COMPILE_ERROR "Can't emit DROP CONSTRAINT for constraint %s; it has no name",
                   python ? python : "");
}

static bool render_alter_column(struct render *r)
{
    const struct alter_column *ac = r->op->as.alter_column;
    if (ac->drop_check) {
        if (!ac->drop_check->name.text)
            return refuse_unnamed(r, "CheckConstraint()");
        if (!emit_drop_constraint(r, ac->drop_check->name, false, false))
            return false;
    }
    if (ac->using_ && !ac->type)
        return err_set(r->ddl.err, ERR_RAISED,
                       "alembic.util.exc.CommandError: postgresql_using must be used with the "
                       "type_ parameter");
    if (ac->type && !alter_type(r, ac))
        return false;
    if (ac->nullable != UNSET)
        emitf(r, "%s %s NOT NULL", alter_prefix(r), ac->nullable == YES ? "DROP" : "SET");
    if (ac->has_server_default && !alter_default(r, ac))
        return false;
    if (ac->has_comment)
        emit_column_comment(r, op_table_dotted(r), ac->column, ac->comment);
    if (ac->new_name.text)
        emitf(r, "ALTER TABLE %s RENAME %s TO %s", op_table_dotted(r),
              sql_name(r->ddl.arena, ac->column), sql_name(r->ddl.arena, ac->new_name));
    return !ac->add_check || emit_constraint(r, NULL, ac->add_check);
}

/* ------------------------------------------------------------------ constraints, indexes, types */

static bool render_create_constraint(struct render *r)
{
    return emit_constraint(r, NULL, r->op->as.create_constraint);
}

static bool render_drop_constraint(struct render *r)
{
    const struct op *op = r->op;
    if (!op->as.drop_constraint.name.text)
        return refuse_unnamed(r, op->as.drop_constraint.python);
    return emit_drop_constraint(r, op->as.drop_constraint.name, op->as.drop_constraint.if_exists,
                                op->as.drop_constraint.cascade);
}

static bool render_create_index(struct render *r)
{
    return emit_index(r, r->op->as.create_index);
}

static bool render_drop_index(struct render *r)
{
    struct str text = STR_IN(r->ddl.arena);
    return ddl_drop_index(&r->ddl, r->op->as.drop_index, &text) && emit(r, &text);
}

static bool render_create_type(struct render *r)
{
    struct str text = STR_IN(r->ddl.arena);
    return ddl_create_type(&r->ddl, r->op->as.create_type, &text) && emit(r, &text);
}

static bool render_drop_type(struct render *r)
{
    struct str text = STR_IN(r->ddl.arena);
    return ddl_drop_type(&r->ddl, r->op->as.drop_type, &text) && emit(r, &text);
}

static bool render_create_sequence(struct render *r)
{
    struct str text = STR_IN(r->ddl.arena);
    return ddl_create_sequence(&r->ddl, r->op->as.create_sequence.sequence, &text) &&
           emit(r, &text);
}

static bool render_drop_sequence(struct render *r)
{
    return emitf(r, "DROP SEQUENCE %s%s", r->op->as.named.if_exists ? "IF EXISTS " : "",
                 sql_qualified(r->ddl.arena, r->op->schema, UNSET, r->op->as.named.name));
}

static bool render_create_schema(struct render *r)
{
    return emitf(r, "CREATE SCHEMA %s%s", r->op->as.named.if_not_exists ? "IF NOT EXISTS " : "",
                 sql_name(r->ddl.arena, r->op->as.named.name));
}

static bool render_drop_schema(struct render *r)
{
    return emitf(r, "DROP SCHEMA %s%s%s", r->op->as.named.if_exists ? "IF EXISTS " : "",
                 sql_name(r->ddl.arena, r->op->as.named.name),
                 r->op->as.named.cascade ? " CASCADE" : "");
}

/* ------------------------------------------------------------------ statements */

static bool emit_expression(struct render *r, const struct expr *e)
{
    struct str text = STR_IN(r->ddl.arena);
    return sql_expr_render(r->ddl.arena, e, SQL_EXPR_STATEMENT, &text, r->ddl.err) &&
           emit(r, &text);
}

static bool render_ddl(struct render *r)
{
    return emit_expression(r, expr_ddl(r->ddl.arena, r->op->as.ddl.text));
}

static bool render_static_text(struct render *r)
{
    r->context->static_text =
        r->context->static_text
            ? arena_printf(r->ddl.arena, "%s%s\n\n", r->context->static_text, r->op->as.ddl.text)
            : arena_printf(r->ddl.arena, "%s\n\n", r->op->as.ddl.text);
    return true;
}

static bool render_execute(struct render *r)
{
    return emit_expression(r, r->op->as.execute);
}

static bool render_bulk_insert(struct render *r)
{
    const struct bulk_insert *b = r->op->as.bulk_insert;
    for (size_t i = 0; i < b->rows.len; i++)
        if (!emit_expression(r, b->rows.at[i]))
            return false;
    return true;
}

static bool emit_seam(struct render *r, enum statement_kind kind, const char *sql)
{
    struct statement s = {.kind = kind, .sql = sql, .origin = r->op->origin};
    vec_push(r->ddl.arena, r->out, s);
    return true;
}

static bool render_autocommit_begin(struct render *r)
{
    return emit_seam(r, STATEMENT_COMMIT, "COMMIT");
}

static bool render_autocommit_end(struct render *r)
{
    return emit_seam(r, STATEMENT_BEGIN, "BEGIN");
}

static bool (*const renderers[])(struct render *) = {
    [OP_CREATE_TABLE] = render_create_table,
    [OP_DROP_TABLE] = render_drop_table,
    [OP_RENAME_TABLE] = render_rename_table,
    [OP_TABLE_COMMENT] = render_table_comment,
    [OP_COLUMN_COMMENT] = render_column_comment,
    [OP_ADD_COLUMN] = render_add_column,
    [OP_DROP_COLUMN] = render_drop_column,
    [OP_ALTER_COLUMN] = render_alter_column,
    [OP_CREATE_CONSTRAINT] = render_create_constraint,
    [OP_DROP_CONSTRAINT] = render_drop_constraint,
    [OP_CREATE_INDEX] = render_create_index,
    [OP_DROP_INDEX] = render_drop_index,
    [OP_CREATE_TYPE] = render_create_type,
    [OP_DROP_TYPE] = render_drop_type,
    [OP_CREATE_SEQUENCE] = render_create_sequence,
    [OP_DROP_SEQUENCE] = render_drop_sequence,
    [OP_CREATE_SCHEMA] = render_create_schema,
    [OP_DROP_SCHEMA] = render_drop_schema,
    [OP_DDL] = render_ddl,
    [OP_STATIC_TEXT] = render_static_text,
    [OP_EXECUTE] = render_execute,
    [OP_BULK_INSERT] = render_bulk_insert,
    [OP_AUTOCOMMIT_BEGIN] = render_autocommit_begin,
    [OP_AUTOCOMMIT_END] = render_autocommit_end,
};
_Static_assert(sizeof(renderers) / sizeof(renderers[0]) == OP_COUNT, "one renderer per operation");

bool sql_render_op(struct arena *a, struct sql_context *context, const struct op *op,
                   struct statement_list *out, struct err *err)
{
    struct render r = {.ddl = {.arena = a, .err = err}, .context = context, .op = op, .out = out};
    const char *before = context->static_text;
    size_t first = out->len;
    bool done = renderers[op->kind](&r);
    if (before && out->len > first) {
        out->at[first].sql = arena_printf(a, "%s%s", before, out->at[first].sql);
        context->static_text = NULL;
    }
    if (done)
        return true;
    return err_at(err, op->origin.file, op->origin.line, op->origin.column);
}
