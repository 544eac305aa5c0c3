#include "config.h"

/* Bodies, tables, and the dispatch of operations. */

#include "autogenerate/write.h"

#include <stdlib.h>
#include <string.h>

#include "autogenerate/write_private.h"
#include "base/arena.h"
#include "base/err.h"

/* Python had a limit of 255 arguments once; beyond it Alembic unpacks a list. */
enum { MAX_ARGUMENTS = 255 };

/* ------------------------------------------------------------------ tables */

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Constraints as text, sorted: by their Python text, as Alembic does. */
static bool add_constraints(struct writer *w, const struct table *t, struct name_list *items)
{
    size_t first = items->len;
    for (size_t i = 0; i < t->constraints.len; i++) {
        struct str text = STR_IN(w->arena), *out = w->out;
        bool written;
        w->out = &text;
        bool ok = write_inline_constraint(w, t->constraints.at[i], &written);
        w->out = out;
        if (!ok)
            return false;
        if (written)
            vec_push(w->arena, items, text.ptr);
    }
    if (items->len > first)
        qsort(items->at + first, items->len - first, sizeof(*items->at), compare_texts);
    return true;
}

static bool add_columns(struct writer *w, const struct table *t, struct name_list *items)
{
    for (size_t i = 0; i < t->columns.len; i++) {
        struct str text = STR_IN(w->arena), *out = w->out;
        w->out = &text;
        bool ok = write_column(w, t->columns.at[i]);
        w->out = out;
        if (!ok)
            return false;
        vec_push(w->arena, items, text.ptr);
    }
    return true;
}

/* Arguments of create_table stand on lines of their own. */
static void table_option(struct writer *w, const char *key, const char *text)
{
    if (!text || !*text)
        return;
    str_addf(w->out, ",\n%s=", key);
    write_string(w, text);
}

static int compare_options(const void *a, const void *b)
{
    const struct dialect_option *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static bool table_options(struct writer *w, const struct table *t)
{
    struct dialect_option *sorted =
        arena_memdup(w->arena, t->given.at, t->given.len * sizeof(*sorted));
    if (t->info && strcmp(t->info, "{}") != 0)
        str_addf(w->out, ",\ninfo=%s", t->info);
    qsort(sorted, t->given.len, sizeof(*sorted), compare_options);
    for (size_t i = 0; i < t->given.len; i++) {
        str_addf(w->out, ",\n%s=", sorted[i].name);
        if (sorted[i].python)
            str_add(w->out, sorted[i].python);
        else if (!write_text(w, sorted[i].value))
            return false;
    }
    for (size_t i = 0; i < t->prefixes.len; i++) {
        str_add(w->out, i > 0 ? ", " : ",\nprefixes=[");
        write_string(w, t->prefixes.at[i]);
    }
    if (t->prefixes.len > 0)
        str_addc(w->out, ']');
    return true;
}

static bool write_create_table(struct writer *w, const struct op *op)
{
    const struct table *t = op->as.create_table.table;
    struct name_list items = {0};
    if (!add_columns(w, t, &items) || !add_constraints(w, t, &items))
        return false;
    str_addf(w->out, "%screate_table(", w->op);
    write_string(w, op->table);
    str_add(w->out, items.len > MAX_ARGUMENTS ? ",\n*[" : ",\n");
    for (size_t i = 0; i < items.len; i++)
        str_addf(w->out, "%s%s", i > 0 ? ",\n" : "", items.at[i]);
    str_add(w->out, items.len > MAX_ARGUMENTS ? "]" : "");
    table_option(w, "schema", op->schema);
    table_option(w, "comment", t->comment);
    if (!table_options(w, t))
        return false;
    str_add(w->out, t->if_not_exists ? ",\nif_not_exists=True\n)" : "\n)");
    return true;
}

static bool write_drop_table(struct writer *w, const struct op *op)
{
    str_addf(w->out, "%sdrop_table(", w->op);
    write_string(w, op->table);
    write_option(w, "schema", op->schema);
    if (op->as.drop_table.if_exists)
        write_flag(w, "if_exists", true);
    str_addc(w->out, ')');
    return true;
}

static bool write_rename_table(struct writer *w, const struct op *op)
{
    str_addf(w->out, "%srename_table(", w->op);
    write_string(w, op->table);
    str_add(w->out, ", ");
    write_string(w, op->as.rename_table.to.text);
    write_option(w, "schema", op->schema);
    str_addc(w->out, ')');
    return true;
}

static bool write_table_comment(struct writer *w, const struct op *op)
{
    const char *comment = op->as.table_comment.comment;
    str_addf(w->out, "%s%s_table_comment(", w->op, comment ? "create" : "drop");
    if (!w->in_batch) {
        str_add(w->out, "\n    ");
        write_string(w, op->table);
        str_addc(w->out, ',');
    }
    if (comment) {
        str_add(w->out, "\n    ");
        write_string(w, comment);
        str_addc(w->out, ',');
    }
    str_add(w->out, "\n    existing_comment=");
    write_string(w, op->as.table_comment.existing);
    if (!w->in_batch) {
        str_add(w->out, ",\n    schema=");
        write_string(w, op->schema);
    }
    str_add(w->out, "\n)");
    return true;
}

/* ------------------------------------------------------------------ columns */

static bool write_add_column(struct writer *w, const struct op *op)
{
    str_addf(w->out, "%sadd_column(", w->op);
    if (!w->in_batch) {
        write_string(w, op->table);
        str_add(w->out, ", ");
    }
    if (!write_column(w, op->as.add_column.column))
        return false;
    if (!w->in_batch)
        write_option(w, "schema", op->schema);
    if (op->as.add_column.if_not_exists)
        write_flag(w, "if_not_exists", true);
    str_addc(w->out, ')');
    return true;
}

static bool write_drop_column(struct writer *w, const struct op *op)
{
    str_addf(w->out, "%sdrop_column(", w->op);
    if (!w->in_batch) {
        write_string(w, op->table);
        str_add(w->out, ", ");
    }
    write_string(w, op->as.drop_column.column.text);
    if (!w->in_batch)
        write_option(w, "schema", op->schema);
    if (op->as.drop_column.if_exists)
        write_flag(w, "if_exists", true);
    str_addc(w->out, ')');
    return true;
}

/* An argument of alter_column: on a line of its own. */
static void alter_key(struct writer *w, const char *key)
{
    str_addf(w->out, ",\n           %s=", key);
}

static void alter_flag(struct writer *w, const char *key, enum tristate value)
{
    if (value == UNSET)
        return;
    alter_key(w, key);
    str_add(w->out, value == YES ? "True" : "False");
}

/* One of the three forms of a server default, or None. */
static bool alter_default(struct writer *w, const char *key, const struct expr *e,
                          const struct identity *identity, const struct computed *computed)
{
    alter_key(w, key);
    if (identity)
        write_identity(w, identity);
    else if (computed)
        return write_computed(w, computed);
    else if (e)
        return write_server_default(w, e);
    else
        str_add(w->out, "None");
    return true;
}

static bool alter_type(struct writer *w, const char *key, const struct type *type)
{
    if (!type)
        return true;
    alter_key(w, key);
    return write_type(w, type);
}

static bool alter_defaults(struct writer *w, const struct alter_column *ac)
{
    if (ac->has_server_default || !ac->has_existing_server_default ||
        !(ac->existing_server_default || ac->existing_identity || ac->existing_computed))
        return true;
    return alter_default(w, "existing_server_default", ac->existing_server_default,
                         ac->existing_identity, ac->existing_computed);
}

static void alter_text(struct writer *w, const char *key, bool given, const char *text)
{
    if (!given)
        return;
    alter_key(w, key);
    write_string(w, text);
}

static bool write_alter_column(struct writer *w, const struct op *op)
{
    const struct alter_column *ac = op->as.alter_column;
    str_addf(w->out, "%salter_column(", w->op);
    if (!w->in_batch) {
        write_string(w, op->table);
        str_add(w->out, ", ");
    }
    write_string(w, ac->column.text);
    if (!alter_type(w, "existing_type", ac->existing_type))
        return false;
    if (ac->has_server_default &&
        !alter_default(w, "server_default", ac->server_default, ac->identity, ac->computed))
        return false;
    alter_text(w, "new_column_name", ac->new_name.text != NULL, ac->new_name.text);
    if (!alter_type(w, "type_", ac->type))
        return false;
    alter_flag(w, "nullable", ac->nullable);
    alter_text(w, "comment", ac->has_comment, ac->comment);
    alter_text(w, "existing_comment", ac->existing_comment != NULL, ac->existing_comment);
    if (ac->nullable == UNSET)
        alter_flag(w, "existing_nullable", ac->existing_nullable);
    alter_flag(w, "autoincrement", ac->autoincrement);
    if (!alter_defaults(w, ac))
        return false;
    alter_text(w, "schema", op->schema && !w->in_batch, op->schema);
    alter_text(w, "postgresql_using", ac->using_ != NULL, ac->using_);
    str_addc(w->out, ')');
    return true;
}

/* ------------------------------------------------------------------ dispatch */

/* A row for each kind; those without one are written as the SQL that they stand for. */
static const struct {
    bool (*write)(struct writer *w, const struct op *op);
    bool in_batch; /* stands inside the batch of its table */
} rows[OP_COUNT] = {
    [OP_CREATE_TABLE] = {write_create_table, false},
    [OP_DROP_TABLE] = {write_drop_table, false},
    [OP_RENAME_TABLE] = {write_rename_table, false},
    [OP_TABLE_COMMENT] = {write_table_comment, true},
    [OP_ADD_COLUMN] = {write_add_column, true},
    [OP_DROP_COLUMN] = {write_drop_column, true},
    [OP_ALTER_COLUMN] = {write_alter_column, true},
    [OP_CREATE_CONSTRAINT] = {write_create_constraint, true},
    [OP_DROP_CONSTRAINT] = {write_drop_constraint, true},
    [OP_CREATE_INDEX] = {write_create_index, true},
    [OP_DROP_INDEX] = {write_drop_index, true},
    [OP_CREATE_TYPE] = {write_type_op, false},
    [OP_DROP_TYPE] = {write_type_op, false},
    [OP_EXECUTE] = {write_execute, false},
};

static bool write_operation_in(struct writer *w, const struct op *op)
{
    bool (*write)(struct writer *, const struct op *) = rows[op->kind].write;
    return (write ? write : write_statements)(w, op);
}

static struct writer writer_of(struct arena *a, const struct write_options *options,
                               struct write_imports *imports, struct str *out, struct err *err)
{
    return (struct writer){
        .arena = a,
        .options = options,
        .op = options->alembic_prefix ? options->alembic_prefix : "op.",
        .sa = options->sqlalchemy_prefix ? options->sqlalchemy_prefix : "sa.",
        .imports = imports,
        .out = out,
        .err = err,
    };
}

bool write_operation(struct arena *a, const struct op *op, const struct write_options *options,
                     struct write_imports *imports, struct str *out, struct err *err)
{
    struct writer w = writer_of(a, options, imports, out, err);
    return write_operation_in(&w, op);
}

/* ------------------------------------------------------------------ bodies */

/* Appends lines, each behind `first` or, from the second on, `rest`; blanks at line ends go. */
static void add_lines(struct str *out, const char *text, const char *first, const char *rest)
{
    for (const char *p = text, *indent = first;; indent = rest) {
        size_t len = strcspn(p, "\n"), kept = len;
        while (kept > 0 && p[kept - 1] == ' ')
            kept--;
        if (kept > 0)
            str_add(out, indent);
        str_addn(out, p, kept);
        str_addc(out, '\n');
        if (!p[len])
            return;
        p += len + 1;
    }
}

static bool same_table(const struct op *x, const struct op *y)
{
    return rows[x->kind].in_batch && rows[y->kind].in_batch && str_eq(x->table, y->table) &&
           str_eq(x->schema, y->schema);
}

static struct op *op_like(struct arena *a, const struct op *op, enum op_kind kind)
{
    struct op *added = ARENA_NEW(a, struct op);
    added->kind = kind;
    added->schema = op->schema;
    added->table = op->table;
    return added;
}

/* Constraints and indexes that come with a column get operations of their own. */
static void expand(struct arena *a, const struct op_list *ops, struct op_list *out)
{
    for (size_t i = 0; i < ops->len; i++) {
        const struct op *op = ops->at[i];
        vec_push(a, out, ops->at[i]);
        for (size_t j = 0; op->kind == OP_ADD_COLUMN && j < op->as.add_column.constraints.len;
             j++) {
            struct constraint *k = op->as.add_column.constraints.at[j];
            if (!k->bound_type) {
                vec_push(a, out, op_like(a, op, OP_CREATE_CONSTRAINT));
                out->at[out->len - 1]->as.create_constraint = k;
            }
        }
        for (size_t j = 0; op->kind == OP_ADD_COLUMN && j < op->as.add_column.indexes.len; j++) {
            vec_push(a, out, op_like(a, op, OP_CREATE_INDEX));
            out->at[out->len - 1]->as.create_index = op->as.add_column.indexes.at[j];
        }
    }
}

/* What stands around operations: a batch of one table, an autocommit block. */
struct block {
    bool batch, autocommit;
};

static void begin_batch(struct writer *w, struct block *b, const struct op *op, struct str *body)
{
    struct str line = STR_IN(w->arena), *out = w->out;
    w->out = &line;
    str_addf(&line, "with %sbatch_alter_table(", w->op);
    write_string(w, op->table);
    str_add(&line, ", schema=");
    write_string(w, op->schema);
    str_add(&line, ") as batch_op:");
    w->out = out;
    add_lines(body, line.ptr, "    ", "    ");
    b->batch = w->in_batch = true;
    w->op = "batch_op.";
}

static void end_batch(struct writer *w, struct block *b, struct str *body)
{
    b->batch = w->in_batch = false;
    w->op = w->options->alembic_prefix ? w->options->alembic_prefix : "op.";
    str_addc(body, '\n');
}

static bool add_operation(struct writer *w, struct block *b, const struct op *op, struct str *body)
{
    struct str text = STR_IN(w->arena);
    if (op->kind == OP_AUTOCOMMIT_END) {
        b->autocommit = false;
        return true;
    }
    if (op->kind == OP_AUTOCOMMIT_BEGIN) {
        b->autocommit = true;
        str_addf(body, "    with %sget_context().autocommit_block():\n", w->op);
        return true;
    }
    w->out = &text;
    if (!write_operation_in(w, op))
        return false;
    if (text.len == 0)
        return true;
    /* Alembic indents only the first line of an operation inside a batch. */
    const char *deeper = "        ";
    add_lines(body, text.ptr, b->batch || b->autocommit ? deeper : "    ",
              b->autocommit ? deeper : "    ");
    return true;
}

bool write_body(struct arena *a, const struct op_list *list, const struct write_options *options,
                struct write_imports *imports, struct str *out, struct err *err)
{
    struct op_list all = {0}, *ops = &all;
    struct writer w = writer_of(a, options, imports, out, err);
    struct str body = STR_IN(a);
    struct block block = {0};
    expand(a, list, ops);
    for (size_t i = 0; i < ops->len; i++) {
        const struct op *op = ops->at[i];
        if (block.batch && !same_table(ops->at[i - 1], op))
            end_batch(&w, &block, &body);
        if (options->as_batch && !block.batch && rows[op->kind].in_batch)
            begin_batch(&w, &block, op, &body);
        if (!add_operation(&w, &block, op, &body))
            return false;
    }
    if (block.batch)
        end_batch(&w, &block, &body);
    str_add(out, "# ### commands auto generated by Alembic - please adjust! ###\n");
    str_add(out, ops->len > 0 ? body.ptr : "    pass\n");
    str_add(out, "    # ### end Alembic commands ###");
    return true;
}
