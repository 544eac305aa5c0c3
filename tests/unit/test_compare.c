/*
 * The comparison on hand-made schemas. Expected values: Alembic 1.19.1 for types and index
 * elements, PostgreSQL 15 for names, spec/autogenerate.md for what is left out. What Alembic finds
 * in whole projects is tests/conformance/autogenerate.
 */
#include "config.h"

#include "unit.h"

#include "autogenerate/compare.h"
#include "autogenerate/compare_index.h"
#include "base/arena.h"
#include "base/str.h"
#include "schema/default_name.h"
#include "schema/settle.h"

/* ------------------------------------------------------------------ parts */

static void types_are_compared_as_text(void **state)
{
    (void)state;
    static const struct {
        const char *database, *model;
        bool differ;
    } cases[] = {
        {"VARCHAR(10)", "VARCHAR", false},
        {"VARCHAR", "VARCHAR(10)", false},
        {"VARCHAR(10)", "VARCHAR(20)", true},
        {"VARCHAR", "TEXT", true},
        {"NUMERIC(10, 2)", "NUMERIC(12, 2)", true},
        {"NUMERIC(10, 2)", "NUMERIC(10)", false},
        {"NUMERIC(10, 2)", "DECIMAL(10, 2)", false},
        {"DOUBLE PRECISION", "FLOAT", false},
        {"DOUBLE PRECISION", "FLOAT(53)", false},
        {"REAL", "FLOAT", true},
        {"TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITH TIME ZONE", true},
        {"TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE", false},
        {"TEXT[]", "VARCHAR[]", true},
        {"INTEGER[]", "INTEGER[][]", false},
        {"VARCHAR(5) COLLATE \"C\"", "VARCHAR(5)", false},
        {"mood", "shop.mood", true},
        {"\"Mood\"", "mood", false},
        {"VECTOR(3)", "VECTOR(4)", true},
        {"BIT(4)", "BIT(6)", true},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (compare_types_differ(a, cases[i].database, cases[i].model) != cases[i].differ)
            fail_msg("%s and %s", cases[i].database, cases[i].model);
    arena_free(a);
}

static void index_elements_are_cleaned(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"lower(title::text)", "lower(title)"},
        {"lower((\"Title\")::character varying)", "lower((title))"},
        {"t.name", "name"},
        {"created DESC NULLS FIRST", "createddesc"},
        {"created DESC NULLS LAST", "createddescnullslast"},
        {"created ASC", "created"},
        {"created ASC NULLS LAST", "created"},
        {"created ASC NULLS FIRST", "creatednullsfirst"},
        {"created NULLS LAST", "created"},
        {"((a + b))", "a+b"},
        {"CAST(data AS INTEGER)", "data"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(index_clean_element(a, "T", cases[i][0]), cases[i][1]);
    arena_free(a);
}

static bool is_in(const char *name, void *payload)
{
    const char *const *taken = payload;
    for (size_t i = 0; taken[i]; i++)
        if (str_eq(taken[i], name))
            return true;
    return false;
}

static const char *name_for(struct arena *a, enum constraint_kind kind, const char *table,
                            const char *const *columns, const char *const *taken)
{
    const struct table t = {.name = name_of(table)};
    struct constraint k = {.kind = kind};
    for (size_t i = 0; columns[i]; i++)
        vec_push(a, &k.columns, columns[i]);
    return default_constraint_name(a, &t, &k, is_in, (void *)taken);
}

static void names_are_those_of_postgresql(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const char *const none[] = {NULL}, *const ab[] = {"a", "b", NULL};
    const char *const taken[] = {"t_a_b_key", "t_a_b_key1", NULL};
    const char *const long_columns[] = {"a_column_with_a_rather_long_name_that_goes_on", NULL};
    assert_string_equal(name_for(a, CONSTRAINT_UNIQUE, "t", ab, none), "t_a_b_key");
    assert_string_equal(name_for(a, CONSTRAINT_UNIQUE, "t", ab, taken), "t_a_b_key2");
    assert_string_equal(name_for(a, CONSTRAINT_FOREIGN_KEY, "t", ab, none), "t_a_b_fkey");
    assert_string_equal(name_for(a, CONSTRAINT_PRIMARY_KEY, "t", ab, none), "t_pkey");
    assert_string_equal(name_for(a, CONSTRAINT_CHECK, "t", none, none), "t_check");
    assert_string_equal(
        name_for(a, CONSTRAINT_UNIQUE, "a_table_with_a_rather_long_name_that_also_goes_on",
                 long_columns, none),
        "a_table_with_a_rather_long_na_a_column_with_a_rather_long_n_key");
    arena_free(a);
}

static void plugins_are_patterns(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct compare_options options = {0};
    struct name_list given = {0};
    vec_push(a, &given, "alembic.autogenerate.*");
    vec_push(a, &given, "~alembic.autogenerate.checkconstraint_byname");
    assert_true(compare_read_plugins(a, &given, &options, &err));
    assert_true(options.without[PLUGIN_CHECKS]);
    assert_false(options.without[PLUGIN_TABLES]);
    vec_push(a, &given, "my.plugin");
    assert_false(compare_read_plugins(a, &given, &options, &err));
    assert_string_equal(err.message, "Did not locate plugins: my.plugin");
    err_clear(&err);
    arena_free(a);
}

/* ------------------------------------------------------------------ whole schemas */

static const struct relation ordinary;

static struct table *add_table(struct arena *a, struct schema *s, const char *name, bool reflected)
{
    struct table *t = ARENA_NEW(a, struct table);
    t->name = name_of(name);
    t->relation = reflected ? &ordinary : NULL;
    vec_push(a, &s->tables, t);
    return t;
}

static struct column *add_column(struct arena *a, struct table *t, const char *name,
                                 enum type_kind kind)
{
    struct column *c = ARENA_NEW(a, struct column);
    c->name = name_of(name);
    c->key = name;
    c->type = type_new(a, kind);
    c->table = t;
    vec_push(a, &t->columns, c);
    return c;
}

static struct differences compare(struct arena *a, const struct schema *models,
                                  const struct schema *database)
{
    const struct compare_options options = {
        .compare_type = true, .version_table = "alembic_version"};
    struct compare_questions questions = {0};
    struct differences out;
    struct err err = ERR_INIT;
    assert_true(compare_schemas(a, models, database, &options, &questions, &out, &err));
    return out;
}

static void nothing_is_dropped_that_may_be_in_the_models(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct schema models = {0}, database = {.default_schema = "public"};
    struct unknown_table named = {.table = "a", .reason = "r"}, nameless = {.reason = "r"};
    add_table(a, &database, "a", true);
    add_table(a, &database, "b", true);
    add_table(a, &database, "alembic_version", true);
    assert_int_equal(compare(a, &models, &database).items.len, 2);
    vec_push(a, &models.unknown, named);
    struct differences out = compare(a, &models, &database);
    assert_int_equal(out.items.len, 1);
    assert_string_equal(out.items.at[0].table, "b");
    assert_int_equal(out.left_out.len, 1);
    vec_push(a, &models.unknown, nameless);
    out = compare(a, &models, &database);
    assert_int_equal(out.items.len, 0);
    assert_int_equal(out.left_out.len, 2);
    arena_free(a);
}

static void a_rename_stands_for_two_columns(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct schema models = {0}, database = {.default_schema = "public"};
    struct op_list up = {0}, down = {0};
    bool included[3] = {true, true, true};
    add_column(a, add_table(a, &models, "t", false), "new", TYPE_TEXT)->nullable = YES;
    add_column(a, add_table(a, &database, "t", true), "old", TYPE_SQL_TEXT)->nullable = YES;
    struct differences out = compare(a, &models, &database);
    assert_int_equal(out.items.len, 3);
    assert_int_equal(out.items.at[2].kind, DIFFERENCE_PROBABLE_RENAME);
    assert_string_equal(out.items.at[2].old_name, "old");
    differences_operations(a, &out, NULL, &up, &down);
    assert_int_equal(up.len, 2);
    assert_int_equal(up.at[0]->kind, OP_ADD_COLUMN);
    assert_int_equal(down.at[0]->kind, OP_ADD_COLUMN);
    assert_string_equal(down.at[0]->as.add_column.column->name.text, "old");
    up.len = down.len = 0;
    differences_operations(a, &out, included, &up, &down);
    assert_int_equal(up.len, 1);
    assert_int_equal(up.at[0]->kind, OP_ALTER_COLUMN);
    assert_string_equal(down.at[0]->as.alter_column->new_name.text, "old");
    arena_free(a);
}

static void what_fails_on_existing_rows_is_told(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct schema models = {0}, database = {.default_schema = "public"};
    struct table *t = add_table(a, &models, "t", false);
    add_table(a, &database, "t", true);
    add_column(a, t, "required", TYPE_INTEGER)->nullable = NO;
    add_column(a, t, "optional", TYPE_INTEGER)->nullable = YES;
    struct differences out = compare(a, &models, &database);
    assert_int_equal(out.items.len, 2);
    assert_non_null(strstr(out.items.at[0].warning, "NOT NULL without a default"));
    assert_null(out.items.at[1].warning);
    arena_free(a);
}

static struct type *add_enum(struct arena *a, enum type_kind kind, const char *const *labels,
                             size_t count)
{
    struct type *type = type_new(a, kind);
    type->name = name_of("mood");
    type->labels = labels;
    type->label_count = count;
    return type;
}

/* One column that refers to another table, in a table that is there. */
static void what_a_foreign_key_finds_is_told(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct schema models = {0}, database = {.default_schema = "public"};
    struct table *t = add_table(a, &models, "pet", false);
    struct constraint *k = ARENA_NEW(a, struct constraint);
    add_table(a, &models, "person", false);
    add_table(a, &database, "person", true);
    add_column(a, t, "owner", TYPE_INTEGER)->nullable = YES;
    k->kind = CONSTRAINT_FOREIGN_KEY;
    k->referred_table = "person";
    vec_push(a, &k->columns, "owner");
    vec_push(a, &k->referred_columns, "id");
    vec_push(a, &t->constraints, k);
    t = add_table(a, &database, "pet", true);

    struct differences out =
        compare(a, &models, &database); /* in a new column there are no values */
    assert_int_equal(out.items.len, 2);
    assert_int_equal(out.items.at[1].kind, DIFFERENCE_ADDED_CONSTRAINT);
    assert_string_equal(out.items.at[1].name, "pet_owner_fkey");
    assert_null(out.items.at[1].warning);

    add_column(a, t, "owner", TYPE_INTEGER)->nullable = YES;
    out = compare(a, &models, &database);
    assert_int_equal(out.items.len, 1);
    assert_string_equal(out.items.at[0].warning,
                        "it fails when a row refers to what person does not have");
    arena_free(a);
}

static struct constraint *add_key(struct arena *a, struct table *t, const char *target)
{
    struct constraint *k = ARENA_NEW(a, struct constraint);
    const char *column = arena_printf(a, "%s_id", target);
    add_column(a, t, column, TYPE_INTEGER)->nullable = YES;
    k->kind = CONSTRAINT_FOREIGN_KEY;
    k->referred_table = target;
    vec_push(a, &k->columns, column);
    vec_push(a, &k->referred_columns, "id");
    vec_push(a, &t->constraints, k);
    return k;
}

/* The order of two circles, one of which refers to the other, and of what they refer to. */
static void circles_are_dropped_before_what_they_refer_to(void **state)
{
    (void)state;
    static const char *const order[] = {"user", "yard", "cart", "door", "cash"};
    struct arena *a = arena_new();
    struct schema models = {0}, database = {.default_schema = "public"};
    add_table(a, &database, "cash", true);
    struct table *cart = add_table(a, &database, "cart", true);
    struct table *door = add_table(a, &database, "door", true);
    struct table *user = add_table(a, &database, "user", true);
    struct table *yard = add_table(a, &database, "yard", true);
    add_key(a, cart, "door");
    add_key(a, cart, "cart");
    add_key(a, door, "cash");
    add_key(a, door, "cart");
    add_key(a, user, "yard");
    add_key(a, yard, "user");
    add_key(a, yard, "cart");
    struct differences out = compare(a, &models, &database);
    assert_int_equal(out.items.len, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(out.items.at[i].table, order[i]);
    assert_string_equal(out.items.at[0].warning,
                        "yard refers to it: its foreign key has to be dropped before");
    assert_string_equal(out.items.at[1].warning, "its rows are lost");
    assert_string_equal(out.items.at[2].warning,
                        "door refers to it: its foreign key has to be dropped before");
    assert_string_equal(out.items.at[3].warning, "its rows are lost");
    assert_string_equal(out.items.at[4].warning, "its rows are lost");
    arena_free(a);
}

static void what_a_circle_of_new_tables_fails_on_is_told(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct schema models = {0}, database = {.default_schema = "public"};
    struct table_list cycle = {0};
    struct table *cart = add_table(a, &models, "cart", false);
    struct table *door = add_table(a, &models, "door", false);
    add_table(a, &models, "zone", false);
    add_key(a, cart, "cart");
    add_key(a, cart, "zone");
    struct constraint *first = add_key(a, cart, "door");
    add_key(a, door, "cart");
    add_key(a, door, "zone");
    vec_push(a, &cycle, cart);
    vec_push(a, &cycle, door);
    vec_push(a, &models.cycles, cycle);

    struct differences out = compare(a, &models, &database); /* as tables_in_order() has them */
    assert_int_equal(out.items.len, 3);
    assert_non_null(strstr(out.items.at[0].warning, "it refers to door, which is not there yet"));
    assert_non_null(strstr(out.items.at[0].warning, "use_alter=True"));
    assert_string_equal(out.items.at[1].warning,
                        "it refers to zone, which is not there yet: create that table first");
    assert_null(out.items.at[2].warning);
    assert_true(out.log.at[0].warning);
    assert_non_null(strstr(out.log.at[0].text, "between tables \"cart, door\", which"));

    first->use_alter = true;
    models.cycles.len = 0;
    models.tables.len = 0;
    add_table(a, &models, "zone", false);
    vec_push(a, &models.tables, cart);
    vec_push(a, &models.tables, door);
    out = compare(a, &models, &database);
    assert_non_null(strstr(out.items.at[1].warning,
                           "its foreign key to door has use_alter=True and is not made with the"));
    assert_null(out.items.at[2].warning);
    arena_free(a);
}

static void enum_types_are_looked_at(void **state)
{
    (void)state;
    static const char *const old[] = {"sad", "happy"}, *const new[] = {"sad", "calm", "happy"};
    struct arena *a = arena_new();
    struct schema models = {0}, database = {.default_schema = "public"};
    struct type *wanted = add_enum(a, TYPE_ENUM, new, 3);
    struct column *c = add_column(a, add_table(a, &models, "t", false), "m", TYPE_TEXT);
    c->nullable = YES;
    c->type = wanted;
    struct table *t = add_table(a, &database, "t", true);

    struct differences out = compare(a, &models, &database); /* no such type */
    assert_int_equal(out.items.at[0].kind, DIFFERENCE_MISSING_ENUM);
    assert_string_equal(out.items.at[1].warning, "the type mood must be created first");

    struct type *found = add_enum(a, TYPE_PG_ENUM, old, 2);
    vec_push(a, &database.enums, found);
    c = add_column(a, t, "m", TYPE_TEXT);
    c->nullable = YES;
    c->type = found;
    out = compare(a, &models, &database); /* a label is missing */
    assert_int_equal(out.items.len, 1);
    assert_int_equal(out.items.at[0].kind, DIFFERENCE_ENUM_LABELS);
    assert_string_equal(out.items.at[0].upgrade.at[0]->as.execute->as.text.text,
                        "ALTER TYPE mood ADD VALUE 'calm' AFTER 'sad'");

    static const char *const moved[] = {"happy", "sad"};
    wanted->labels = moved;
    wanted->label_count = 2;
    out = compare(a, &models, &database); /* the same, in another order */
    assert_int_equal(out.items.len, 1);
    assert_int_equal(out.items.at[0].kind, DIFFERENCE_ENUM_LABELS);
    assert_int_equal(out.items.at[0].upgrade.len, 0);
    assert_true(out.items.at[0].cosmetic);
    assert_non_null(strstr(out.items.at[0].warning, "cannot move a label"));

    wanted->labels = new;
    wanted->label_count = 3;
    models.tables.len = 0;
    out = compare(a, &models, &database); /* nothing uses it */
    assert_int_equal(out.items.len, 2);
    assert_int_equal(out.items.at[1].kind, DIFFERENCE_ORPHAN_ENUM);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_compared_as_text),
        cmocka_unit_test(index_elements_are_cleaned),
        cmocka_unit_test(names_are_those_of_postgresql),
        cmocka_unit_test(plugins_are_patterns),
        cmocka_unit_test(nothing_is_dropped_that_may_be_in_the_models),
        cmocka_unit_test(a_rename_stands_for_two_columns),
        cmocka_unit_test(what_fails_on_existing_rows_is_told),
        cmocka_unit_test(what_a_foreign_key_finds_is_told),
        cmocka_unit_test(circles_are_dropped_before_what_they_refer_to),
        cmocka_unit_test(what_a_circle_of_new_tables_fails_on_is_told),
        cmocka_unit_test(enum_types_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
