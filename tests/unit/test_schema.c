/* src/schema: names, naming conventions, what columns bring with them. Expected values are those of
 * SQLAlchemy 2.0.52 and Alembic 1.19.1. */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/str.h"
#include "run/rendering.h"
#include "schema/identifier.h"
#include "schema/naming.h"
#include "schema/settle.h"
#include "schema/type.h"

static void md5_is_rfc1321(void **state)
{
    (void)state;
    static const char *const vectors[][2] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        char digest[MD5_HEX + 1];
        md5_hex(vectors[i][0], strlen(vectors[i][0]), digest);
        assert_string_equal(digest, vectors[i][1]);
    }
}

/* The block borders of the padding: 55, 56, 63, 64 and 65 bytes. Digests by Python's hashlib. */
static void md5_pads(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        const char *digest;
    } vectors[] = {
        {55, "ef1772b6dff9a122358552954ad0df65"}, {56, "3b0c8ac703f828b04c6c197006d17218"},
        {63, "b06521f39153d618550606be297466d5"}, {64, "014842d480b571495a4a0363793f7367"},
        {65, "c743a45e0d2e6a95cb859adae0248435"},
    };
    char text[65];
    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        char digest[MD5_HEX + 1];
        md5_hex(text, vectors[i].len, digest);
        assert_string_equal(digest, vectors[i].digest);
    }
}

/* The same of SHA-256, whose length stands the other way round. */
static void sha256_pads(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        const char *digest;
    } vectors[] = {
        {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {3, "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"},
        {55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
        {63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
        {64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
        {65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
    };
    char text[65];
    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        char digest[SHA256_HEX + 1];
        sha256_hex(text, vectors[i].len, digest);
        assert_string_equal(digest, vectors[i].digest);
    }
}

static void quoting(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(sql_identifier(a, "plain_1$"), "plain_1$");
    assert_string_equal(sql_identifier(a, "user"), "\"user\"");
    assert_string_equal(sql_identifier(a, "name"), "name");
    assert_string_equal(sql_identifier(a, "Mixed"), "\"Mixed\"");
    assert_string_equal(sql_identifier(a, "1st"), "\"1st\"");
    assert_string_equal(sql_identifier(a, "e\"f"), "\"e\"\"f\"");
    assert_string_equal(sql_name(a, (struct name){.text = "user", .quote = NO}), "user");
    assert_string_equal(sql_name(a, (struct name){.text = "plain", .quote = YES}), "\"plain\"");
    assert_string_equal(sql_qualified(a, "a.b", UNSET, name_of("t")), "\"a.b\".t");
    assert_string_equal(sql_qualified_dotted(a, "a.b", UNSET, name_of("t")), "a.b.t");
    assert_string_equal(sql_string(a, "it's \\"), "'it''s \\'");
    arena_free(a);
}

static void long_names(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct name made = {
        .text = "ix_a_table_with_a_very_long_name_indeed_which_goes_on_and_on_column",
        .final = true,
    };
    assert_string_equal(naming_fit(a, made, &err),
                        "ix_a_table_with_a_very_long_name_indeed_which_goes_on_a_dee9");
    made.final = false;
    assert_null(naming_fit(a, made, &err));
    assert_true(str_starts_with(err.message, "sqlalchemy.exc.IdentifierError: Identifier 'ix_a_"));
    err_clear(&err);
    /* 63 characters are counted, not bytes. */
    struct name umlauts = {.text =
                               "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    assert_string_equal(naming_fit(a, umlauts, &err), umlauts.text);
    arena_free(a);
}

/* ------------------------------------------------------------------ SERIAL */

static struct column *column_of(struct arena *a, const char *name, enum type_kind kind)
{
    struct column *c = ARENA_NEW(a, struct column);
    c->name = name_of(name);
    c->type = type_new(a, kind);
    return c;
}

static const char *autoincrement_of(struct arena *a, struct table *t)
{
    struct err err = ERR_INIT;
    assert_true(table_settle(a, t, &naming_default, &err));
    const struct column *c = table_autoincrement_column(t);
    return c ? c->name.text : "none";
}

static void who_is_numbered(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct table one = {.name = name_of("t")}, two = {.name = name_of("t")};
    struct column *id = column_of(a, "id", TYPE_INTEGER);
    id->primary_key = true;
    vec_push(a, &one.columns, id);
    assert_string_equal(autoincrement_of(a, &one), "id");
    id->autoincrement = AUTOINCREMENT_NO;
    assert_string_equal(autoincrement_of(a, &one), "none");
    id->autoincrement = AUTOINCREMENT_AUTO;
    id->type = type_new(a, TYPE_NUMERIC);
    assert_string_equal(autoincrement_of(a, &one), "id");
    id->type = type_new(a, TYPE_STRING);
    assert_string_equal(autoincrement_of(a, &one), "none");
    id->type = type_new(a, TYPE_BIG_INTEGER);
    id->has_python_default = true;
    assert_string_equal(autoincrement_of(a, &one), "none");

    struct column *x = column_of(a, "x", TYPE_INTEGER), *y = column_of(a, "y", TYPE_INTEGER);
    x->primary_key = y->primary_key = true;
    vec_push(a, &two.columns, x);
    vec_push(a, &two.columns, y);
    assert_string_equal(autoincrement_of(a, &two), "none");
    y->autoincrement = AUTOINCREMENT_YES;
    assert_string_equal(autoincrement_of(a, &two), "y");
    arena_free(a);
}

/* ------------------------------------------------------------------ a project's convention */

static const char *render(struct arena *a, struct alembic_project *project,
                          enum direction direction, enum reading_status expected)
{
    struct rendering r;
    struct str text = STR_IN(a);
    const char *path = path_join(a, getenv("top_srcdir"), "tests/naming/convention.py");
    const struct reading_request request = {.path = path, .direction = direction};
    rendering_make(a, project, &request, NULL, &r);
    for (size_t i = 0; i < r.statements.len; i++)
        str_addf(&text, "%s;\n\n", r.statements.at[i].sql);
    if (r.status != expected)
        printf("%s\n", r.err.message);
    assert_int_equal(r.status, expected);
    rendering_clear(&r);
    return str_take(&text);
}

static const char *golden(struct arena *a, const char *name)
{
    char *text;
    size_t len;
    struct err err = ERR_INIT;
    assert_true(file_read(a, path_join(a, getenv("top_srcdir"), name), 1 << 20, &text, &len, &err));
    return text;
}

static void convention_of_the_project(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct alembic_project project = {.arena = a, .env.naming_convention = MAP_IN(a),
                                      .environ = MAP_IN(a)};
    static char templates[][2][64] = {
        {"ix", "ix_%(table_name)s_%(column_0_N_name)s"},
        {"uq", "uq_%(table_name)s_%(column_0_name)s"},
        {"ck", "ck_%(table_name)s_%(constraint_name)s"},
        {"fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"},
        {"pk", "pk_%(table_name)s"},
    };
    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++)
        map_put(&project.env.naming_convention, templates[i][0], templates[i][1]);
    assert_string_equal(render(a, &project, DIRECTION_UPGRADE, READING_OK),
                        golden(a, "tests/naming/convention.up.sql"));
    /* The last directive of downgrade() has no name to put into the template. */
    assert_string_equal(render(a, &project, DIRECTION_DOWNGRADE, READING_RAISES),
                        golden(a, "tests/naming/convention.down.sql"));
    arena_free(a);
}

/* ------------------------------------------------------------------ parameters */

/* What connection.execute() sends has the parameters; what --sql prints (test_render) has not. */
static void parameters_are_executed(void **state)
{
    static const char *const wanted[] = {
        "UPDATE person SET id = 1 WHERE kind = 'x'",
        "SELECT 1",
        "SELECT 2",
        "SELECT 2", /* the parameter counts more than bindparams() */
        "SELECT CAST('{}' AS jsonb), 3::int",
        "DELETE FROM person WHERE id IN (1, 2)",
        "UPDATE person SET id=2 WHERE person.id = 1",
    };
    (void)state;
    struct arena *a = arena_new();
    struct rendering r;
    const struct reading_request request = {
        .path = path_join(a, getenv("top_srcdir"), "tests/render/001_parameters.py")};
    rendering_make(a, NULL, &request, NULL, &r);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        assert_true(i < r.statements.len);
        assert_string_equal(r.statements.at[i].sql, wanted[i]);
        assert_false(r.statements.at[i].lacks_parameters);
    }
    rendering_clear(&r);
    arena_free(a);
}

/* ------------------------------------------------------------------ texts of statements */

/* What op.execute(<expression>) of a revision comes to. */
static enum reading_status status_of(struct arena *a, const char *expression)
{
    char *path = arena_strdup(a, "/tmp/test_schema.XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    dprintf(fd,
            "import sqlalchemy as sa\n"
            "from alembic import op\n"
            "from sqlalchemy.dialects import postgresql\n"
            "from sqlalchemy.schema import CreateTable\n"
            "t = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True),\n"
            "             sa.Column('n', sa.String(5)), sa.Column('set', sa.Text))\n"
            "d = sa.Table('d', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True),\n"
            "             sa.Column('a', sa.Integer, default=5))\n"
            "pg = dict(dialect=postgresql.dialect())\n"
            "literals = dict(compile_kwargs={'literal_binds': True})\n"
            "def upgrade():\n"
            "    op.execute(%s)\n",
            expression);
    close(fd);
    struct rendering r;
    const struct reading_request request = {.path = path};
    rendering_make(a, NULL, &request, NULL, &r);
    enum reading_status status = r.status;
    rendering_clear(&r);
    unlink(path);
    return status;
}

/* A text is given to the program only where it is certain. */
static void uncertain_texts_are_refused(void **state)
{
    static const char *const known[] = {
        "str(sa.select(t.c.id))",
        "str(sa.select(t.c.n).where(t.c.id == 5).compile(**pg, **literals))",
        "str(sa.select(t.c.id).limit(1).compile(**pg, **literals))",
    };
    static const char *const refused[] = {
        "str(sa.select(t.c.id).where(t.c.id == 5))", /* :id_1 */
        "str(sa.select(t.c.id).where(t.c.id == 5).compile(**pg))",
        "str(sa.select(t.c.id).limit(1).compile(**literals))", /* white space before LIMIT */
        "str(sa.select(t.c.set))", /* reserved in the default dialect only */
        "str(sa.select(sa.cast(t.c.id, sa.DateTime)))",
        "str(sa.select(t.c.n).where(t.c.n.like('a%')).compile(**pg, **literals))",
        "str(sa.select(t.c.n).where(t.c.n == 'a' + chr(92)).compile(**pg, **literals))",
        "str(sa.insert(t).compile(**pg, **literals))",
        "str(sa.insert(d).values(id=1).compile(**pg, **literals))", /* default= is given later */
        "str(sa.text('SELECT :a').compile(**pg, **literals))",
        "str(sa.select(t.c.id).compile(dialect=postgresql.dialect(paramstyle='named')))",
        "str(sa.select(t.c.id).compile(**pg, compile_kwargs={'render_postcompile': True}))",
        "str(CreateTable(t))", /* SERIAL */
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        assert_int_equal(status_of(a, known[i]), READING_OK);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_int_equal(status_of(a, refused[i]), READING_PYTHON);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(md5_is_rfc1321),  cmocka_unit_test(md5_pads),
        cmocka_unit_test(sha256_pads),
        cmocka_unit_test(quoting),         cmocka_unit_test(long_names),
        cmocka_unit_test(who_is_numbered), cmocka_unit_test(convention_of_the_project),
        cmocka_unit_test(parameters_are_executed),
        cmocka_unit_test(uncertain_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
