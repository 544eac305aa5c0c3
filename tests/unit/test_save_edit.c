/* Revision files with another body in one function: what is new, and that nothing else changes. */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/save_edit_text.h"

/* Statements that begin with ! stand outside of the transaction. */
static const struct {
    const char *what, *before, *function;
    const char *statements[5];
    const char *after; /* NULL: refused with message */
    const char *message;
    int line;
} cases[] = {
    {"comments, docstring, the other direction and blank lines stay",
     "from alembic import op\n\n\n"
     "def upgrade():  # up\n    \"\"\"Why.\"\"\"\n    # one\n    op.drop_table('t')  # two\n"
     "    # three\n\n\n"
     "def downgrade():\n    pass\n",
     "upgrade",
     {"DROP TABLE t CASCADE"},
     "from alembic import op\n\n\n"
     "def upgrade():  # up\n    \"\"\"Why.\"\"\"\n    # one\n    op.execute('DROP TABLE t "
     "CASCADE')  # two\n"
     "    # three\n\n\n"
     "def downgrade():\n    pass\n",
     NULL,
     0},
    {"an autocommit block for neighbours, line by line, and a bind that is none",
     "import sqlalchemy as sa\nfrom alembic import op as o\ndef upgrade():\n\tpass\n",
     "upgrade",
     {"CREATE TABLE t (\n  a int\n)", "!VACUUM t", "!ANALYZE t", "SELECT :x"},
     "import sqlalchemy as sa\nfrom alembic import op as o\ndef upgrade():\n"
     "\to.execute(\n\t    'CREATE TABLE t (\\n'\n\t    '  a int\\n'\n\t    ')'\n\t)\n"
     "\twith o.get_context().autocommit_block():\n"
     "\t\to.execute('VACUUM t')\n\t\to.execute('ANALYZE t')\n"
     "\to.execute('SELECT \\\\:x')\n",
     NULL,
     0},
    {"behind a COMMIT of its own no block is needed",
     "from alembic import op\ndef downgrade(): pass\n",
     "downgrade",
     {"COMMIT", "!VACUUM t"},
     "from alembic import op\ndef downgrade(): \n    op.execute('COMMIT')\n    op.execute('VACUUM "
     "t')\n",
     NULL,
     0},
    {"nothing is left",
     "from alembic import op\ndef upgrade():\n  x = 1; op.drop_table('t')\n  op.drop_table('u')",
     "upgrade",
     {NULL},
     "from alembic import op\ndef upgrade():\n  pass",
     NULL,
     0},
    {"only a docstring",
     "from alembic import op\ndef upgrade():\n    'Nothing.'\n\ndef downgrade():\n    pass\n",
     "upgrade",
     {"SELECT 1"},
     "from alembic import op\ndef upgrade():\n    'Nothing.'\n    op.execute('SELECT 1')\n\n"
     "def downgrade():\n    pass\n",
     NULL,
     0},
    {"line ends of Windows, and an import that is not there",
     "\"\"\"Doc.\"\"\"\r\nimport os\r\n\r\ndef upgrade():\r\n    os\r\n\r\ndef downgrade():\r\n    "
     "pass\r\n",
     "upgrade",
     {"SELECT 1", "SELECT '\xC3\xBC'"},
     "\"\"\"Doc.\"\"\"\r\nimport os\r\nfrom alembic import op\r\n\r\ndef upgrade():\r\n"
     "    op.execute('SELECT 1')\r\n    op.execute(\"SELECT '\xC3\xBC'\")\r\n\r\n"
     "def downgrade():\r\n    pass\r\n",
     NULL,
     0},
    {"a byte order mark stays",
     "\xEF\xBB\xBF# x\nfrom alembic import op\ndef upgrade():\n    '\xC3\xBC'\n    op\n",
     "upgrade",
     {"SELECT 1"},
     "\xEF\xBB\xBF# x\nfrom alembic import op\ndef upgrade():\n    '\xC3\xBC'\n    "
     "op.execute('SELECT 1')\n",
     NULL,
     0},
    {"another encoding stays: what is new has escapes",
     "# coding: latin-1\n# \xFC\xE4\ndef upgrade():\n    x = '\xFC'\n\ndef downgrade():\n    "
     "'\xE4'\n",
     "upgrade",
     {"SELECT '\xC3\xBC\xE2\x82\xAC'"},
     "# coding: latin-1\n# \xFC\xE4\nfrom alembic import op\ndef upgrade():\n"
     "    op.execute(\"SELECT '\\xfc\\u20ac'\")\n\ndef downgrade():\n    '\xE4'\n",
     NULL,
     0},
    {"no such function",
     "x = 1\n",
     "downgrade",
     {"SELECT 1"},
     NULL,
     "downgrade() cannot be replaced: it is no plain function at the top level of the file",
     1},
    {"two of them",
     "def upgrade():\n    pass\ndef upgrade():\n    pass\n",
     "upgrade",
     {"SELECT 1"},
     NULL,
     "upgrade() cannot be replaced: it is defined several times",
     3},
    {"no Python",
     "def upgrade(:\n",
     "upgrade",
     {"SELECT 1"},
     NULL,
     "invalid syntax",
     1},
};

static void only_the_body_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *a = arena_new();
        struct err err = ERR_INIT;
        struct plan_step step = {.verb = PLAN_UPGRADE};
        const char *text = NULL;
        size_t len = 0;
        struct save_text file = {"versions/a.py", cases[i].before, strlen(cases[i].before),
                                 cases[i].function};
        for (size_t j = 0; cases[i].statements[j]; j++) {
            const char *sql = cases[i].statements[j];
            bool outside = *sql == '!';
            vec_push(a, &step.statements,
                     ((struct plan_statement){.sql = sql + (outside ? 1 : 0),
                                              .in_transaction = !outside}));
        }
        plan_arrange(a, &step, 150000);
        bool ok = save_text_make(a, &file, &step.statements, &text, &len, &err);
        if (ok != (cases[i].after != NULL))
            fail_msg("%s: %s", cases[i].what, ok ? text : err.message);
        if (ok) {
            assert_string_equal(text, cases[i].after);
            assert_int_equal(len, strlen(cases[i].after));
        } else {
            assert_string_equal(err.message, cases[i].message);
            assert_int_equal(err.line, cases[i].line);
        }
        err_clear(&err);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_body_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
