/*
 * The catalog reader. catalog/schema.sql has every feature; catalog/expected.txt is what real
 * SQLAlchemy reflects of it (make_expected.py). What reflection does not say is held against the
 * PostgreSQL manual here.
 */
#include "config.h"

#include "live/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "postgres/catalog.h"
#include "schema/expr.h"
#include "schema/identifier.h"
#include "sql/render_expr.h"
#include "sql/render_type.h"

static const struct catalog_options all = {.include_schemas = true};
static const struct catalog_options found = {.include_schemas = false};

/* -- printing, in the form of make_expected.py --------------------------------------------------
 */

static void add_quoted(struct str *out, const char *text)
{
    if (!text) {
        str_addc(out, '-');
        return;
    }
    str_addc(out, '\'');
    for (; *text; text++) {
        if (*text == '\n')
            str_add(out, "\\n");
        else
            str_addc(out, *text);
    }
    str_addc(out, '\'');
}

static void add_names(struct str *out, const char *const *names, size_t count)
{
    str_addc(out, '(');
    for (size_t i = 0; i < count; i++)
        str_addf(out, "%s%s", i > 0 ? ", " : "", names[i]);
    str_addc(out, ')');
}

/* What a text of the catalog is as SQL: its escapes are for SQLAlchemy's text(). */
static const char *sql_of(struct arena *a, const struct expr *e)
{
    struct str out = STR_IN(a);
    struct err err = ERR_INIT;
    if (!e)
        return NULL;
    if (!sql_expr_render(a, e, 0, &out, &err))
        fail_msg("%s", err.message);
    return out.ptr;
}

static void add_type(struct arena *a, struct str *out, const struct type *t)
{
    struct err err = ERR_INIT;
    if (t->kind == TYPE_NULL) {
        str_add(out, "NullType");
        return;
    }
    if (t->kind == TYPE_PG_ARRAY) {
        str_add(out, "ARRAY of ");
        add_type(a, out, t->item);
        return;
    }
    str_addf(out, "%s ", type_python_name(t->kind));
    assert_true(sql_type_render(a, t, out, &err));
    if (t->kind == TYPE_PG_ENUM) {
        str_addc(out, ' ');
        add_names(out, t->labels, t->label_count);
    }
    if (t->kind != TYPE_PG_DOMAIN)
        return;
    str_add(out, " of ");
    add_type(a, out, t->item);
    str_add(out, " default=");
    add_quoted(out, sql_of(a, t->domain_default));
    str_addf(out, " not_null=%s constraint=", t->not_null ? "True" : "False");
    add_quoted(out, t->constraint.text);
    str_add(out, " check=");
    add_quoted(out, sql_of(a, t->domain_check));
    str_add(out, " collation=");
    add_quoted(out, t->collation);
}

static void add_column(struct arena *a, struct str *out, const struct column *c)
{
    str_addf(out, "  column %s ", c->name.text);
    add_type(a, out, c->type);
    str_addf(out, " %s default=", column_is_nullable(c) ? "null" : "not null");
    add_quoted(out, c->owned_sequence ? c->default_text : sql_of(a, c->server_default));
    if (c->autoincrement == AUTOINCREMENT_YES)
        str_add(out, " autoincrement");
    if (c->comment) {
        str_add(out, " comment=");
        add_quoted(out, c->comment);
    }
    if (c->computed) {
        str_add(out, " computed=");
        add_quoted(out, sql_of(a, c->computed->expression));
    }
    const struct identity *i = c->identity;
    if (i)
        str_addf(out,
                 " identity always=%s start=%lld increment=%lld min=%lld max=%lld cache=%lld "
                 "cycle=%s",
                 i->always ? "True" : "False", (long long)i->start, (long long)i->increment,
                 (long long)i->minvalue, (long long)i->maxvalue, (long long)i->cache,
                 i->cycle == YES ? "True" : "False");
    str_addc(out, '\n');
}

static void add_foreign_key(struct str *out, const struct constraint *k)
{
    str_addf(out, " to %s%s%s ", k->referred_schema ? k->referred_schema : "",
             k->referred_schema ? "." : "", k->referred_table);
    add_names(out, k->referred_columns.at, k->referred_columns.len);
    if (k->onupdate)
        str_addf(out, " onupdate=%s", k->onupdate);
    if (k->ondelete)
        str_addf(out, " ondelete=%s", k->ondelete);
    if (k->deferrable == YES)
        str_add(out, " deferrable=True");
    if (k->initially)
        str_addf(out, " initially=%s", k->initially);
    if (k->match)
        str_addf(out, " match=%s", k->match);
}

static void add_constraint(struct arena *a, struct str *out, const struct constraint *k)
{
    static const char *const kinds[] = {"primary key", "unique", "check", "foreign key"};
    str_addf(out, "  %s %s ", kinds[k->kind], k->name.text);
    if (k->kind == CONSTRAINT_CHECK)
        add_quoted(out, sql_of(a, k->condition));
    else
        add_names(out, k->columns.at, k->columns.len);
    if (k->kind == CONSTRAINT_FOREIGN_KEY)
        add_foreign_key(out, k);
    if (k->include.len > 0) {
        str_add(out, " include ");
        add_names(out, k->include.at, k->include.len);
    }
    if (k->nulls_not_distinct == YES)
        str_add(out, " nulls not distinct");
    if (k->no_inherit)
        str_add(out, " no inherit");
    if (k->not_valid)
        str_add(out, " not valid");
    str_addc(out, '\n');
}

static void add_element(struct arena *a, struct str *out, const struct index_element *e)
{
    if (e->column)
        str_add(out, e->column);
    else
        str_addf(out, "expression %s", sql_of(a, e->expression));
    if (e->opclass)
        str_addf(out, " %s", e->opclass);
    for (const struct expr *x = e->expression; x->kind == EXPR_UNARY; x = x->as.unary.operand) {
        /* The outermost is the last. */
        bool is_last = x->as.unary.modifier == EXPR_OP_NULLS_LAST;
        if (is_last || x->as.unary.modifier == EXPR_OP_DESC) {
            str_add(out, is_last ? " desc nulls_last" : " desc");
            break;
        }
        str_add(out, " nulls_first");
    }
}

static void add_index(struct arena *a, struct str *out, const struct index *index)
{
    str_addf(out, "  index %s ", index->name.text);
    for (size_t i = 0; i < index->elements.len; i++) {
        str_add(out, i > 0 ? "; " : "");
        add_element(a, out, &index->elements.at[i]);
    }
    str_add(out, index->unique ? " unique" : "");
    if (index->using_)
        str_addf(out, " using %s", index->using_);
    if (index->include.len > 0) {
        str_add(out, " include ");
        add_names(out, index->include.at, index->include.len);
    }
    for (size_t i = 0; i < index->with.len; i++)
        str_addf(out, "%s%s=%s%s", i > 0 ? ", " : " with (", index->with.at[i].key,
                 index->with.at[i].value, i + 1 == index->with.len ? ")" : "");
    if (index->where) {
        str_add(out, " where=");
        add_quoted(out, sql_of(a, index->where));
    }
    if (index->nulls_not_distinct == YES)
        str_add(out, " nulls not distinct");
    str_addc(out, '\n');
}

static void add_table(struct arena *a, struct str *out, const struct table *t)
{
    str_addf(out, "table %s%s%s", t->schema ? t->schema : "", t->schema ? "." : "", t->name.text);
    if (t->comment) {
        str_add(out, " comment=");
        add_quoted(out, t->comment);
    }
    str_addc(out, '\n');
    for (size_t i = 0; i < t->columns.len; i++)
        add_column(a, out, t->columns.at[i]);
    for (size_t i = 0; i < t->constraints.len; i++)
        add_constraint(a, out, t->constraints.at[i]);
    for (size_t i = 0; i < t->indexes.len; i++)
        add_index(a, out, t->indexes.at[i]);
}

static const char *described(struct arena *a, const struct schema *s)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < s->tables.len; i++)
        add_table(a, &out, s->tables.at[i]);
    for (size_t i = 0; i < s->enums.len; i++) {
        const struct type *t = s->enums.at[i];
        str_addf(&out, "enum %s%s%s ", t->schema ? t->schema : "", t->schema ? "." : "",
                 t->name.text);
        add_names(&out, t->labels, t->label_count);
        str_addc(&out, '\n');
    }
    return out.ptr;
}

/* -- helpers ------------------------------------------------------------------------------------
 */

static const char *text_of(struct arena *a, const char *name)
{
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    const char *path = path_join(a, getenv("top_srcdir"), name);
    if (!file_read(a, path, 1 << 20, &text, &len, &err))
        fail_msg("%s", err.message);
    return text;
}

static struct schema *read_schema(struct live *live, const struct catalog_options *options)
{
    struct err err = ERR_INIT;
    struct schema *s = ARENA_NEW(live->arena, struct schema);
    if (!catalog_read(live->arena, live->conn, options, s, &err))
        fail_msg("%s", err.message);
    assert_int_equal(connection_transaction(live->conn), TRANSACTION_NONE);
    return s;
}

static struct schema *load(struct live *live, const struct catalog_options *options)
{
    live_sql(live, text_of(live->arena, "tests/live/catalog/schema.sql"));
    return read_schema(live, options);
}

static struct table *table_named(const struct schema *s, const char *schema, const char *name)
{
    struct table *t = schema_table(s, schema, name);
    if (!t)
        fail_msg("no table %s", name);
    return t;
}

static struct constraint *constraint_named(const struct constraint_list *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (strcmp(list->at[i]->name.text, name) == 0)
            return list->at[i];
    fail_msg("no constraint %s", name);
    return NULL;
}

static struct index *index_named(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->indexes.len; i++)
        if (strcmp(t->indexes.at[i]->name.text, name) == 0)
            return t->indexes.at[i];
    fail_msg("no index %s", name);
    return NULL;
}

/* -- tests --------------------------------------------------------------------------------------
 */

/* Line by line, so that a failure shows the line. */
static void everything_is_as_sqlalchemy_reflects_it(void **state)
{
    struct live *live = *state;
    const char *got = described(live->arena, load(live, &all));
    const char *want = text_of(live->arena, "tests/live/catalog/expected.txt");
    while (*got || *want) {
        size_t got_len = strcspn(got, "\n"), want_len = strcspn(want, "\n");
        assert_string_equal(arena_strndup(live->arena, got, got_len),
                            arena_strndup(live->arena, want, want_len));
        got += got_len + (got[got_len] == '\n');
        want += want_len + (want[want_len] == '\n');
    }
}

static void relations_say_what_they_are(void **state)
{
    struct live *live = *state;
    const struct schema *s = load(live, &found);
    assert_null(schema_table(s, "app", "serial"));
    assert_string_equal(s->default_schema, "public");

    const struct relation *r = table_named(s, NULL, "parted_2")->relation;
    assert_int_equal(r->kind, RELATION_PARTITIONED);
    assert_true(r->is_partition);
    assert_string_equal(r->partition_key, "HASH (id)");
    assert_string_equal(r->partition_bound, "FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')");
    assert_int_equal(r->parents.len, 1);
    assert_string_equal(r->parents.at[0].name, "parted");
    assert_null(r->access_method);
    assert_true(index_named(table_named(s, NULL, "parted_1"), "parted_1_id_idx")->is_inherited);
    assert_false(index_named(table_named(s, NULL, "parted"), "ix_parted")->is_inherited);

    r = table_named(s, NULL, "heir")->relation;
    assert_int_equal(r->kind, RELATION_ORDINARY);
    assert_false(r->is_partition);
    assert_int_equal(r->parents.len, 2);
    assert_string_equal(r->parents.at[1].name, "base2");
    assert_string_equal(r->access_method, "heap");
    assert_true(table_named(s, NULL, "heir")->constraints.at[0]->is_inherited);

    r = table_named(s, NULL, "unlogged")->relation;
    assert_true(r->is_unlogged);
    assert_int_equal(r->with.len, 2);
    assert_string_equal(r->with.at[0].key, "fillfactor");
    assert_string_equal(r->with.at[0].value, "50");

    assert_int_equal(s->foreign.len, 1);
    assert_string_equal(s->foreign.at[0]->relation->server, "files");
    assert_string_equal(s->foreign.at[0]->columns.at[0]->name.text, "a");
    assert_null(schema_table(s, NULL, "remote"));
}

static void constraints_keep_what_reflection_drops(void **state)
{
    struct live *live = *state;
    const struct schema *s = load(live, &found);
    const struct constraint_list *child = &table_named(s, NULL, "child")->constraints;
    assert_true(constraint_named(child, "fk_nv")->not_validated);
    assert_false(constraint_named(child, "fk_nv")->not_valid);
    assert_true(constraint_named(child, "ck_nv")->not_valid);
    assert_int_equal(constraint_named(child, "fk_pair")->ondelete_columns.len, 1);
    assert_string_equal(constraint_named(child, "ck_noin")->text, "CHECK (x <> 4) NO INHERIT");
    assert_true(
        constraint_named(&table_named(s, NULL, "to_parted")->constraints, "to_parted_id_at_fkey1")
            ->is_inherited);

    const struct constraint_list *parent = &table_named(s, NULL, "parent")->constraints;
    const struct constraint *k = constraint_named(parent, "parent_nnd");
    assert_true(k->is_deferrable && k->is_deferred);
    assert_true(k->deferrable == UNSET);
    assert_string_equal(k->index->name.text, "parent_nnd");
    assert_string_equal(constraint_named(parent, "parent_uq")->comment, "unique on purpose");

    const struct table *t = table_named(s, NULL, "excluded");
    assert_int_equal(t->constraints.len, 0);
    k = constraint_named(&t->relation->excludes, "excluded_id_r_excl");
    assert_string_equal(k->text, "EXCLUDE USING gist (id WITH =, r WITH &&) WHERE (id > 0)");
    assert_string_equal(k->using_, "gist");
    assert_string_equal(k->elements.at[1].operator, "&&");
    assert_string_equal(k->elements.at[1].expression->as.column.name.text, "r");
    assert_string_equal(sql_of(live->arena, k->where), "(id > 0)");
}

static void a_serial_is_known_by_its_sequence(void **state)
{
    struct live *live = *state;
    const struct schema *s = load(live, &all);
    const struct table *t = table_named(s, NULL, "defaults");
    assert_string_equal(table_column(t, "id")->owned_sequence, "defaults_id_seq");
    assert_null(table_column(t, "id")->server_default);
    assert_string_equal(table_column(t, "big")->owned_sequence, "defaults_big_seq");
    assert_null(table_column(t, "small")->owned_sequence);
    assert_null(table_column(t, "shared")->owned_sequence);
    assert_non_null(table_column(t, "shared")->server_default);
    assert_string_equal(table_column(table_named(s, NULL, "Weird \"t"), "Weird id")->owned_sequence,
                        "Weird \"t_Weird id_seq");
    assert_string_equal(table_column(table_named(s, "Odd \"schema", "T.t"), "id")->owned_sequence,
                        "T.t_id_seq");

    assert_int_equal(s->sequences.len, 2); /* those of columns, also of a view's, are not there */
    assert_string_equal(s->sequences.at[0]->name.text, "loose");
    assert_int_equal(s->sequences.at[0]->options.increment, 2);
    assert_int_equal(s->sequences.at[0]->options.cache, 3);
    assert_int_equal(s->sequences.at[0]->options.cycle, YES);
    assert_string_equal(s->sequences.at[1]->schema, "app");
    assert_int_equal(s->sequences.at[1]->type->kind, TYPE_SQL_SMALLINT);
}

static void indexes_keep_order_comments_and_validity(void **state)
{
    struct live *live = *state;
    live_sql(live, text_of(live->arena, "tests/live/catalog/schema.sql"));
    live_sql(live, "INSERT INTO indexed (a, b) VALUES (1, 'x'), (1, 'y')");
    struct err err = ERR_INIT;
    assert_false(connection_query(live->conn,
                                  "CREATE UNIQUE INDEX CONCURRENTLY ix_broken ON indexed (a)", NULL,
                                  0, NULL, &err));
    err_clear(&err);
    const struct table *t = table_named(read_schema(live, &found), NULL, "indexed");
    assert_true(index_named(t, "ix_broken")->invalid);
    assert_false(index_named(t, "ix_a")->invalid);
    assert_string_equal(index_named(t, "ix_a")->comment, "for speed");
    const struct index *i = index_named(t, "ix_expr");
    assert_true(i->elements.at[2].is_desc && !i->elements.at[2].nulls_first);
    assert_true(i->elements.at[1].is_desc && i->elements.at[1].nulls_first);
}

static void extensions_own_what_they_brought(void **state)
{
    struct live *live = *state;
    live_sql(live,
             "CREATE EXTENSION hstore; CREATE TABLE spatial (a int); CREATE TABLE own (a int);"
             "CREATE TYPE extra AS ENUM ('a'); CREATE SEQUENCE numbers;"
             "ALTER EXTENSION hstore ADD TABLE spatial; ALTER EXTENSION hstore ADD TYPE extra;"
             "ALTER EXTENSION hstore ADD SEQUENCE numbers");
    const struct schema *s = read_schema(live, &found);
    assert_string_equal(table_named(s, NULL, "spatial")->relation->extension, "hstore");
    assert_null(table_named(s, NULL, "own")->relation->extension);
    assert_string_equal(s->enums.at[0]->extension, "hstore");
    assert_string_equal(s->sequences.at[0]->extension, "hstore");
    assert_int_equal(s->extensions.len, 2); /* plpgsql comes with every database */
    assert_string_equal(s->extensions.at[0].name, "hstore");
    assert_string_equal(s->extensions.at[0].schema, "public");
}

static bool include_some(const char *schema, const char *table, void *payload)
{
    struct str *asked = payload;
    str_addf(asked, "%s/%s ", schema ? schema : "", table ? table : "");
    return !str_eq(schema, "app") && !str_eq(table, "b");
}

static void a_filter_keeps_tables_out(void **state)
{
    struct live *live = *state;
    live_sql(live, "CREATE SCHEMA app; CREATE TABLE app.x (a int); CREATE TABLE a (id int PRIMARY "
                   "KEY); CREATE TABLE b (id int PRIMARY KEY);"
                   "CREATE TABLE c (b int REFERENCES b)");
    struct str asked = STR_IN(live->arena);
    struct catalog_options options = {
        .include_schemas = true, .include = include_some, .payload = &asked};
    const struct schema *s = read_schema(live, &options);
    assert_int_equal(s->tables.len, 2);
    assert_null(schema_table(s, NULL, "b"));
    assert_string_equal(table_named(s, NULL, "c")->constraints.at[0]->referred_table, "b");
    assert_non_null(strstr(asked.ptr, "app/ "));
    assert_null(strstr(asked.ptr, "app/x"));
}

/* All schemas of the search_path count as none; a table hides those of its name behind it. */
static void the_search_path_says_what_has_a_schema(void **state)
{
    struct live *live = *state;
    live_sql(live, "CREATE SCHEMA one; CREATE SCHEMA two; CREATE SCHEMA three;"
                   "CREATE TABLE one.a (x int); CREATE TABLE two.a (y int); CREATE TABLE two.b (id "
                   "int PRIMARY KEY); CREATE TABLE three.c (b int REFERENCES two.b);"
                   "CREATE TEMP TABLE t (x int); CREATE TABLE two.d (b int REFERENCES two.b);"
                   "CREATE TABLE public.p (id int PRIMARY KEY);"
                   "CREATE TABLE one.e (p int REFERENCES public.p);"
                   "SET search_path = one, two");
    const struct schema *s = read_schema(live, &found);
    assert_string_equal(s->default_schema, "one");
    assert_int_equal(s->tables.len, 4);
    assert_string_equal(table_named(s, NULL, "a")->relation->schema, "one");
    assert_string_equal(table_named(s, NULL, "b")->relation->schema, "two");
    const struct constraint *k = table_named(s, NULL, "e")->constraints.at[0];
    assert_string_equal(k->referred_schema, "public");
    assert_string_equal(k->referred_columns.at[0], "id");

    s = read_schema(live, &all);
    assert_string_equal(table_named(s, "two", "a")->columns.at[0]->name.text, "y");
    assert_null(schema_table(s, "one", "a"));
    assert_null(table_named(s, "three", "c")->constraints.at[0]->referred_schema);
    assert_null(schema_table(s, NULL, "t"));
}

static void a_schema_that_may_not_be_used_is_told(void **state)
{
    struct live *live = *state;
    live_sql(live, "CREATE ROLE \"Limited\"; CREATE SCHEMA secret; CREATE TABLE secret.t (a int);"
                   "CREATE TABLE seen (a int); GRANT USAGE ON SCHEMA public TO \"Limited\";"
                   "SET search_path = \"$user\", secret, public; SET ROLE \"Limited\"");
    const struct schema *s = read_schema(live, &found);
    assert_int_equal(s->tables.len, 1);
    assert_int_equal(s->unknown.len, 1);
    assert_string_equal(s->unknown.at[0].table, "t");
    assert_null(s->unknown.at[0].schema);
    assert_non_null(strstr(s->unknown.at[0].reason, "the schema secret"));
    live_sql(live, "RESET ROLE; DROP OWNED BY \"Limited\"; DROP ROLE \"Limited\"");
}

static void a_catalog_that_may_not_be_read_is_an_error(void **state)
{
    struct live *live = *state;
    live_sql(live, "CREATE ROLE barred; REVOKE SELECT ON pg_catalog.pg_attrdef FROM PUBLIC;"
                   "SET ROLE barred");
    struct err err = ERR_INIT;
    struct schema s;
    assert_false(catalog_read(live->arena, live->conn, &found, &s, &err));
    assert_string_equal(err.message, "permission denied for table pg_attrdef");
    assert_string_equal(err.sqlstate, "42501");
    assert_non_null(strstr(err.hint, "SELECT on the system catalogs"));
    err_clear(&err);
    assert_int_equal(connection_transaction(live->conn), TRANSACTION_NONE);
    live_sql(live, "RESET ROLE; DROP ROLE barred");
}

/* What runs on another connection once, while the catalog is being read. */
struct meddler {
    struct live *live;
    struct connection *conn;
    const char *sql;
    const char *before; /* the statement at whose sending it happens */
    int times;
};

static void meddle(enum log_level level, const char *origin, const char *text, void *payload)
{
    struct meddler *m = payload;
    struct err err = ERR_INIT;
    (void)origin;
    if (level != LOG_SQL || m->times == 0 || !strstr(text, m->before))
        return;
    m->times--;
    if (!connection_query(m->conn, m->sql, NULL, 0, NULL, &err))
        fail_msg("%s", err.message);
}

static bool read_with(struct meddler *m, struct schema *out, struct err *err)
{
    struct log log = {.line = meddle, .payload = m};
    struct connection *conn;
    m->conn = m->live->conn;
    assert_true(connection_open(&m->live->url, &log, &conn, err));
    bool ok = catalog_read(m->live->arena, conn, &found, out, err);
    connection_close(conn);
    return ok;
}

/* The change comes after the snapshot: what is found is the second reading's. */
static void a_change_while_reading_is_seen(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct schema s;
    live_sql(live, "CREATE TABLE a (x int DEFAULT 1)");
    struct meddler m = {.live = live,
                        .before = "txid_visible_in_snapshot",
                        .times = 1,
                        .sql = "ALTER TABLE a RENAME COLUMN x TO y; CREATE TABLE b (z int)"};
    assert_true(read_with(&m, &s, &err));
    assert_int_equal(s.tables.len, 2);
    assert_string_equal(s.tables.at[0]->columns.at[0]->name.text, "y");

    m.sql =
        "CREATE TEMP TABLE noise (x int); DROP TABLE noise; ANALYZE a; INSERT INTO a VALUES (1)";
    m.times = 1;
    assert_true(read_with(&m, &s, &err));
    assert_int_equal(m.times, 0);

    /* The type of a column is gone when it is asked for. */
    live_sql(live, "CREATE TYPE mood AS ENUM ('good'); CREATE TABLE c (m mood, n mood[])");
    m.before = "format_type(w.oid";
    m.sql = "DROP TABLE c; DROP TYPE mood";
    m.times = 1;
    assert_true(read_with(&m, &s, &err));
    assert_int_equal(m.times, 0);
    assert_int_equal(s.tables.len, 2);
    assert_int_equal(s.enums.len, 0);
}

static void changes_without_end_are_an_error(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct schema s;
    live_sql(live, "CREATE TABLE a (x int)");
    struct meddler m = {.live = live,
                        .before = "txid_visible_in_snapshot",
                        .times = 100,
                        .sql = "ALTER TABLE a ADD y int; ALTER TABLE a DROP y"};
    assert_false(read_with(&m, &s, &err));
    assert_int_equal(m.times, 100 - CATALOG_TRIES);
    assert_string_equal(err.message,
                        "the schema of the database changed each time while it was read");
    err_clear(&err);
}

/* An old transaction that changes nothing is no change. */
static void an_open_transaction_does_not_disturb(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct connection *other;
    assert_true(connection_open(&live->url, NULL, &other, &err));
    assert_true(connection_query(other, "BEGIN; SELECT txid_current()", NULL, 0, NULL, &err));
    live_sql(live, "CREATE TABLE later (x int)");
    assert_int_equal(read_schema(live, &found)->tables.len, 1);
    assert_true(connection_query(other, "CREATE TABLE unseen (x int)", NULL, 0, NULL, &err));
    assert_int_equal(read_schema(live, &found)->tables.len, 1);
    connection_close(other);
}

static void an_open_transaction_of_ours_is_refused(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct schema s;
    live_sql(live, "BEGIN");
    assert_false(catalog_read(live->arena, live->conn, &found, &s, &err));
    assert_int_equal(err.code, ERR_INTERNAL);
    err_clear(&err);
}

static void an_empty_database_is_empty(void **state)
{
    struct live *live = *state;
    const struct schema *s = read_schema(live, &all);
    assert_int_equal(s->tables.len + s->enums.len + s->sequences.len + s->unknown.len, 0);
    live_sql(live, "SET search_path = nowhere");
    assert_null(read_schema(live, &found)->default_schema);
}

static void reading_step_by_step_is_the_same(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct schema s;
    const char *whole = described(live->arena, load(live, &all));
    struct catalog_reader *r = catalog_start(live->arena, live->conn, &all, &s, &err);
    assert_non_null(r);
    enum progress progress;
    while ((progress = catalog_step(r, &err)) == PROGRESS_WAITING)
        connection_wait(live->conn);
    assert_int_equal(progress, PROGRESS_DONE);
    assert_string_equal(described(live->arena, &s), whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(everything_is_as_sqlalchemy_reflects_it),
        LIVE_TEST(relations_say_what_they_are),
        LIVE_TEST(constraints_keep_what_reflection_drops),
        LIVE_TEST(a_serial_is_known_by_its_sequence),
        LIVE_TEST(indexes_keep_order_comments_and_validity),
        LIVE_TEST(extensions_own_what_they_brought),
        LIVE_TEST(a_filter_keeps_tables_out),
        LIVE_TEST(the_search_path_says_what_has_a_schema),
        LIVE_TEST(a_schema_that_may_not_be_used_is_told),
        LIVE_TEST(a_catalog_that_may_not_be_read_is_an_error),
        LIVE_TEST(a_change_while_reading_is_seen),
        LIVE_TEST(changes_without_end_are_an_error),
        LIVE_TEST(an_open_transaction_does_not_disturb),
        LIVE_TEST(an_open_transaction_of_ours_is_refused),
        LIVE_TEST(an_empty_database_is_empty),
        LIVE_TEST(reading_step_by_step_is_the_same),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
