/*
 * The writer of revisions where tests/conformance/test_write has no golden: SQL text, types,
 * autocommit blocks, batches. What is expected is what Python and Alembic make of the text: the
 * same operation again.
 */
#include "config.h"

#include "unit/unit.h"

#include "autogenerate/write.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "schema/type.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *written_with(const struct op *op, const struct write_options *options,
                                struct write_imports *imports)
{
    struct err err = ERR_INIT;
    struct str out = STR_IN(arena);
    if (!write_operation(arena, op, options, imports, &out, &err))
        fail_msg("%s", err.message);
    return out.ptr;
}

static const char *written(const struct op *op, struct write_imports *imports)
{
    const struct write_options options = {0};
    return written_with(op, &options, imports);
}

static struct op *new_op(enum op_kind kind, const char *table)
{
    struct op *op = ARENA_NEW(arena, struct op);
    op->kind = kind;
    op->table = table;
    return op;
}

static void sql_text_is_written_so_that_text_takes_it_for_the_same(void **state)
{
    struct write_imports imports = {0};
    struct op *op = new_op(OP_EXECUTE, NULL);
    (void)state;
    op->as.execute = expr_text(arena, "UPDATE t SET a = '\\:x'");
    assert_string_equal(written(op, &imports), "op.execute(\"UPDATE t SET a = '\\\\:x'\")");
    op->as.execute = expr_ddl(arena, "SELECT ':x', a::int, '10:30'");
    assert_string_equal(written(op, &imports),
                        "op.execute(\"SELECT '\\\\:x', a::int, '10:30'\")");
    op->as.execute = expr_ddl(arena, "DO $$\nBEGIN\n  NULL;\nEND $$");
    assert_string_equal(written(op, &imports), "op.execute(\n"
                                               "    'DO $$\\n'\n"
                                               "    'BEGIN\\n'\n"
                                               "    '  NULL;\\n'\n"
                                               "    'END $$'\n"
                                               ")");
}

static void operations_without_a_directive_are_written_as_sql(void **state)
{
    struct write_imports imports = {0};
    struct op *op = new_op(OP_CREATE_SCHEMA, NULL);
    (void)state;
    op->as.named.name = name_of("Shop");
    assert_string_equal(written(op, &imports), "op.execute('CREATE SCHEMA \"Shop\"')");
}

static struct type *mood(void)
{
    static const char *const labels[] = {"sad", "it's"};
    struct type *type = type_new(arena, TYPE_ENUM);
    type->name = name_of("mood");
    type->labels = labels;
    type->label_count = 2;
    return type;
}

static void types_are_created_and_dropped_through_their_objects(void **state)
{
    struct write_imports imports = {0};
    struct op *op = new_op(OP_CREATE_TYPE, NULL);
    (void)state;
    op->as.create_type = mood();
    assert_string_equal(written(op, &imports),
                        "postgresql.ENUM('sad', \"it's\", name='mood').create(op.get_bind())");
    op->kind = OP_DROP_TYPE;
    op->as.drop_type = mood();
    assert_string_equal(written(op, &imports),
                        "postgresql.ENUM('sad', \"it's\", name='mood').drop(op.get_bind())");
    assert_int_equal(imports.lines.len, 1);
    assert_string_equal(imports.lines.at[0], "from sqlalchemy.dialects import postgresql");
}

static void modules_that_the_template_may_lack_are_named(void **state)
{
    struct write_imports imports = {0};
    struct column *column = ARENA_NEW(arena, struct column);
    struct type *money = type_new(arena, TYPE_DECORATOR);
    struct op *op = new_op(OP_ADD_COLUMN, "t");
    (void)state;
    money->item = type_new(arena, TYPE_INTEGER);
    money->module = "app.types";
    money->python = "Money";
    column->name = name_of("price");
    column->type = money;
    op->as.add_column.column = column;
    assert_string_equal(written(op, &imports),
                        "op.add_column('t', sa.Column('price', app.types.Money(), nullable=True))");
    column->type = type_new(arena, TYPE_AUTO_STRING);
    written(op, &imports);
    column->type = type_new(arena, TYPE_VECTOR);
    written(op, &imports);
    assert_int_equal(imports.needed.len, 3);
    assert_string_equal(imports.needed.at[0], "import app.types");
    assert_string_equal(imports.needed.at[1], "import pgvector.sqlalchemy");
    assert_string_equal(imports.needed.at[2], "import sqlmodel");
}

/* As Alembic 1.8.1 with SQLAlchemy 1.4.46 writes them. */
static void old_sqlalchemy_has_some_types_in_its_dialect_only(void **state)
{
    const struct write_options options = {.sqlalchemy_is_1 = true};
    struct write_imports imports = {0};
    struct column *column = ARENA_NEW(arena, struct column);
    struct op *op = new_op(OP_ADD_COLUMN, "t");
    (void)state;
    column->name = name_of("c");
    column->type = type_new(arena, TYPE_SQL_UUID);
    op->as.add_column.column = column;
    assert_string_equal(
        written_with(op, &options, &imports),
        "op.add_column('t', sa.Column('c', postgresql.UUID(as_uuid=True), nullable=True))");
    assert_string_equal(written(op, &imports),
                        "op.add_column('t', sa.Column('c', sa.UUID(), nullable=True))");
    assert_int_equal(imports.lines.len, 1);
    struct type *precise = type_new(arena, TYPE_SQL_DOUBLE_PRECISION);
    precise->precision = 53;
    column->type = precise;
    assert_string_equal(written_with(op, &options, &imports),
                        "op.add_column('t', sa.Column('c', "
                        "postgresql.DOUBLE_PRECISION(precision=53), nullable=True))");
    column->type = type_new(arena, TYPE_GUID);
    assert_string_equal(
        written_with(op, &options, &imports),
        "op.add_column('t', sa.Column('c', sqlmodel.sql.sqltypes.GUID(), nullable=True))");
}

static struct op *drop_column(const char *table, const char *name)
{
    struct op *op = new_op(OP_DROP_COLUMN, table);
    op->as.drop_column.column = name_of(name);
    return op;
}

static void blocks_are_indented_and_batches_are_one_for_each_table(void **state)
{
    const struct write_options options = {.as_batch = true};
    struct write_imports imports = {0};
    struct op_list ops = {0};
    struct str out = STR_IN(arena);
    struct err err = ERR_INIT;
    (void)state;
    struct op *execute = new_op(OP_EXECUTE, NULL);
    execute->as.execute = expr_ddl(arena, "SELECT 1");
    struct op *rows[] = {drop_column("t", "a"), drop_column("t", "b"), drop_column("u", "c"),
                         new_op(OP_AUTOCOMMIT_BEGIN, NULL), execute,
                         new_op(OP_AUTOCOMMIT_END, NULL), execute};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        vec_push(arena, &ops, rows[i]);
    assert_true(write_body(arena, &ops, &options, &imports, &out, &err));
    assert_string_equal(out.ptr,
                        "# ### commands auto generated by Alembic - please adjust! ###\n"
                        "    with op.batch_alter_table('t', schema=None) as batch_op:\n"
                        "        batch_op.drop_column('a')\n"
                        "        batch_op.drop_column('b')\n"
                        "\n"
                        "    with op.batch_alter_table('u', schema=None) as batch_op:\n"
                        "        batch_op.drop_column('c')\n"
                        "\n"
                        "    with op.get_context().autocommit_block():\n"
                        "        op.execute('SELECT 1')\n"
                        "    op.execute('SELECT 1')\n"
                        "    # ### end Alembic commands ###");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sql_text_is_written_so_that_text_takes_it_for_the_same),
        cmocka_unit_test(operations_without_a_directive_are_written_as_sql),
        cmocka_unit_test(types_are_created_and_dropped_through_their_objects),
        cmocka_unit_test(modules_that_the_template_may_lack_are_named),
        cmocka_unit_test(old_sqlalchemy_has_some_types_in_its_dialect_only),
        cmocka_unit_test(blocks_are_indented_and_batches_are_one_for_each_table),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
