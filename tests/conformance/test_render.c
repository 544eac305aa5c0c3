/*
 * Every revision of tests/conformance/render, rendered in both directions and held against what
 * real Alembic prints (README.md there): equal after every run of white space outside quotes is
 * made one blank. Then those of tests/render, which have the same form and were made in the same
 * way from what the revisions of real projects do; all of these must be equal.
 *
 *     test_render [-v] [NAME...]     only cases whose name begins with NAME; -v shows differences
 *     test_render -l                 lists the equal cases: what render-equal.txt is made from
 *
 * A case is equal, refused (retort says that it cannot tell: never a defect) or wrong. Those where
 * retort means to differ (render-differs.txt, with the status that it has to have) are counted
 * apart: a bind that nobody set is NULL in Alembic's offline printing and an error online, which is
 * what retort says; and an import that is not available is an error only when its value matters.
 * The test fails when one is wrong, or when one that render-equal.txt lists is not equal.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "run/rendering.h"
#include "sql/text.h"

enum { TEXT_MAX = 1 << 20 };

enum answer { EQUAL, REFUSED, WRONG, DIFFERS, NO_CASE };

struct suite {
    struct arena *arena; /* of the case at hand */
    const char *dir;
    struct alembic_project *project; /* an empty one */
    struct map listed;   /* "name up": equal before */
    struct map differs;  /* "name up raises": on purpose */
    bool verbose, list;
    bool all_equal;      /* each case must be, whether it is listed or not */
    size_t counts[4], lost;
    struct revision_reader *reader; /* one for all cases: each must be as if it was alone */
};

/* ------------------------------------------------------------------ comparison */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The end of what begins at a quote, behind it. */
static size_t quoted_end(const char *s, size_t at, size_t len)
{
    char quote = s[at];
    bool escapes = quote == '\'' && at > 0 && (s[at - 1] == 'e' || s[at - 1] == 'E') &&
                   (at < 2 || !is_word(s[at - 2]));
    for (size_t i = at + 1; i < len; i++) {
        if (escapes && s[i] == '\\')
            i++;
        else if (s[i] == quote && i + 1 < len && s[i + 1] == quote)
            i++;
        else if (s[i] == quote)
            return i + 1;
    }
    return len;
}

/* The end of $tag$...$tag$; at itself when it is none. */
static size_t dollar_end(const char *s, size_t at, size_t len)
{
    size_t i = at + 1;
    if (i < len && isdigit((unsigned char)s[i]))
        return at;
    while (i < len && is_word(s[i]))
        i++;
    if (i >= len || s[i] != '$')
        return at;
    size_t tag = i + 1 - at;
    for (size_t j = i + 1; j + tag <= len; j++)
        if (memcmp(s + j, s + at, tag) == 0)
            return j + tag;
    return at;
}

/* Words joined by single blanks, for comments. */
static void add_words(struct str *out, const char *s, size_t len)
{
    bool first = true;
    for (size_t i = 0; i < len;) {
        while (i < len && isspace((unsigned char)s[i]))
            i++;
        size_t start = i;
        while (i < len && !isspace((unsigned char)s[i]))
            i++;
        if (i > start) {
            str_add(out, first ? "" : " ");
            str_addn(out, s + start, i - start);
            first = false;
        }
    }
}

static size_t find(const char *s, size_t at, size_t len, const char *what)
{
    const char *p = at < len ? strstr(s + at, what) : NULL;
    return p ? (size_t)(p - s) : len;
}

/* As collapse() of the suite's maker. Tabs in literals count as the four blanks Alembic prints. */
static char *collapse(struct arena *a, const char *text)
{
    struct str spaced = STR_IN(a), out = STR_IN(a);
    for (; *text; text++)
        str_add(&spaced, *text == '\t' ? "    " : (char[]){*text, '\0'});
    const char *s = spaced.ptr;
    size_t len = spaced.len;
    for (size_t i = 0; i < len;) {
        size_t end;
        if (s[i] == '\'' || s[i] == '"') {
            end = quoted_end(s, i, len);
            str_addn(&out, s + i, end - i);
        } else if (s[i] == '$') {
            end = dollar_end(s, i, len);
            end = end == i ? i + 1 : end;
            str_addn(&out, s + i, end - i);
        } else if (s[i] == '-' && s[i + 1] == '-') {
            end = find(s, i, len, "\n");
            add_words(&out, s + i, end - i);
            str_addc(&out, '\n');
            while (end < len && isspace((unsigned char)s[end]))
                end++;
        } else if (s[i] == '/' && s[i + 1] == '*') {
            end = find(s, i, len, "*/");
            end = end == len ? len : end + 2;
            add_words(&out, s + i, end - i);
        } else if (isspace((unsigned char)s[i])) {
            end = i;
            while (end < len && isspace((unsigned char)s[end]))
                end++;
            str_addc(&out, ' ');
        } else {
            end = i + 1;
            str_addc(&out, s[i]);
        }
        i = end;
    }
    str_trim(&out);
    while (out.len > 0 && strchr("; \n", out.ptr[out.len - 1]))
        str_cut(&out, out.len - 1);
    return str_take(&out);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Statements in any order: sorted and joined again. */
static char *sorted(struct arena *a, const char *text)
{
    VEC(char *) list = {0};
    for (const char *p = text;;) {
        const char *end = strstr(p, ";\n\n");
        vec_push(a, &list, collapse(a, arena_strndup(a, p, end ? (size_t)(end - p) : strlen(p))));
        if (!end)
            break;
        p = end + 3;
    }
    qsort(list.at, list.len, sizeof(*list.at), compare_texts);
    struct str out = STR_IN(a);
    for (size_t i = 0; i < list.len; i++)
        if (*list.at[i])
            str_addf(&out, "%s\n", list.at[i]);
    return str_take(&out);
}

/* ------------------------------------------------------------------ one case */

static char *read_text(struct suite *s, const char *name, const char *suffix)
{
    char *text;
    size_t len;
    struct err err = ERR_INIT;
    const char *path = path_join(s->arena, s->dir, arena_printf(s->arena, "%s%s", name, suffix));
    bool found = file_read(s->arena, path, TEXT_MAX, &text, &len, &err);
    err_clear(&err);
    return found ? text : NULL;
}

static const char *printed(struct arena *a, const struct rendering *r)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < r->statements.len; i++)
        str_addf(&out, "%s;\n\n", r->statements.at[i].sql);
    return str_take(&out);
}

static enum answer judge(struct suite *s, const char *name, const char *direction,
                         const struct rendering *r)
{
    const char *error = read_text(s, name, arena_printf(s->arena, ".%s.err", direction));
    const char *golden = read_text(s, name, arena_printf(s->arena, ".%s.sql", direction));
    if (map_has(&s->differs, arena_printf(s->arena, "%s %s %s", name, direction,
                                          rendering_status_name(r->status))))
        return DIFFERS;
    if (error)
        return r->status != READING_OK ? EQUAL : WRONG;
    if (!golden)
        return NO_CASE;
    if (r->status == READING_PYTHON || r->status == READING_LIVE)
        return REFUSED;
    if (r->status != READING_OK)
        return WRONG;
    bool unordered = read_text(s, name, ".unordered") != NULL;
    char *(*normal)(struct arena *, const char *) = unordered ? sorted : collapse;
    const char *want = normal(s->arena, golden), *got = normal(s->arena, printed(s->arena, r));
    if (str_eq(want, got))
        return EQUAL;
    if (s->verbose)
        printf("--- want\n%s\n--- got\n%s\n", want, got);
    return WRONG;
}

static bool is_nondeterministic(const struct rendering *r)
{
    for (size_t i = 0; i < r->statements.len; i++)
        if (r->statements.at[i].nondeterministic)
            return true;
    return false;
}

/* Whether the reader that has read all cases before gives what the case gave alone. */
static bool reads_alike(struct suite *s, const struct reading_request *request,
                        const struct rendering *alone)
{
    struct revision_reading reading;
    struct rendering r;
    revision_reader_read(s->reader, request, &reading);
    rendering_of(s->arena, s->arena, request->path, &reading, NULL, &r);
    bool same = r.status == alone->status && r.fingerprint == alone->fingerprint &&
                str_eq(r.err.message, alone->err.message) && r.err.line == alone->err.line &&
                (is_nondeterministic(alone) ||
                 str_eq(printed(s->arena, &r), printed(s->arena, alone)));
    rendering_clear(&r);
    revision_reading_clear(&reading);
    return same;
}

static void run_case(struct suite *s, const char *name, enum direction direction)
{
    static const char *const words[] = {"equal", "refused", "WRONG", "differs"};
    const char *short_name = direction == DIRECTION_UPGRADE ? "up" : "down";
    s->arena = arena_new();
    struct rendering r;
    const char *path = path_join(s->arena, s->dir, arena_printf(s->arena, "%s.py", name));
    const struct reading_request request = {
        .path = path, .direction = direction, .purpose = READING_TO_PRINT, .op_text = sql_op_text};
    rendering_make(s->arena, s->project, &request, NULL, &r);
    if (!reads_alike(s, &request, &r)) {
        printf("%s %s: differs after other revisions\n", name, short_name);
        s->lost++;
    }
    enum answer answer = judge(s, name, short_name, &r);
    const char *key = arena_printf(s->arena, "%s %s", name, short_name);
    if (answer != NO_CASE) {
        s->counts[answer]++;
        bool lost = answer != EQUAL && (s->all_equal || map_has(&s->listed, key));
        s->lost += lost;
        if (s->list && answer == EQUAL)
            printf("%s\n", key);
        else if (!s->list && answer != DIFFERS && answer != EQUAL &&
                 (s->verbose || lost || answer == WRONG))
            printf("%s: %s%s: %s %s (line %d)\n", key, words[answer],
                   lost ? ", but must be equal" : "", rendering_status_name(r.status),
                   r.err.message ? r.err.message : "", r.err.line);
    }
    rendering_clear(&r);
    arena_free(s->arena);
}

/* ------------------------------------------------------------------ all of them */

static void read_listed(struct map *into, const char *path)
{
    char *text;
    size_t len;
    struct err err = ERR_INIT;
    struct arena *a = arena_new();
    if (file_read(a, path, TEXT_MAX, &text, &len, &err))
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
            map_put(into, line, into);
    err_clear(&err);
    arena_free(a);
}

static bool is_wanted(const char *name, char **names, int count)
{
    for (int i = 0; i < count; i++)
        if (str_starts_with(name, names[i]))
            return true;
    return count == 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (f) {
        fputs(text, f);
        fclose(f);
    }
}

/* A project with a stock env.py and no revisions of its own, in a folder that is removed again. */
static struct alembic_project *open_project(struct arena *a)
{
    static const char *const no_variables[] = {NULL};
    char *dir = arena_strdup(a, "/tmp/test_render.XXXXXX");
    struct config_request request = {.cwd = dir};
    struct config *config;
    struct alembic_project *project;
    struct name_list x = {0};
    struct err err = ERR_INIT;
    if (!mkdtemp(dir))
        return NULL;
    const char *ini = path_join(a, dir, "alembic.ini"), *env = path_join(a, dir, "env.py");
    write_file(ini, "[alembic]\nscript_location = %(here)s\n");
    write_file(env, "from alembic import context\n"
                    "context.configure(dialect_name='postgresql', literal_binds=True,\n"
                    "                  dialect_opts={'paramstyle': 'named'})\n"
                    "with context.begin_transaction():\n    context.run_migrations()\n");
    bool ok = config_open(a, &request, &config, &err) &&
              alembic_project_open(a, config, no_variables, &x, &project, &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.message);
    err_clear(&err);
    remove(ini);
    remove(env);
    rmdir(dir);
    return ok ? project : NULL;
}

static bool run_folder(struct suite *s, struct arena *a, const char *dir, char **names, int count)
{
    struct path_list files = {0};
    struct err err = ERR_INIT;
    s->dir = dir;
    if (!file_list(a, dir, &files, &err)) {
        fprintf(stderr, "%s\n", err.message);
        err_clear(&err);
        return false;
    }
    for (size_t i = 0; i < files.len; i++) {
        if (!str_ends_with(files.at[i], ".py"))
            continue;
        char *name = arena_strndup(a, files.at[i], strlen(files.at[i]) - strlen(".py"));
        if (is_wanted(name, names, count)) {
            run_case(s, name, DIRECTION_UPGRADE);
            run_case(s, name, DIRECTION_DOWNGRADE);
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
    struct arena *a = arena_new();
    struct alembic_project *project = open_project(a);
    if (!project)
        return 2;
    struct suite s = {.project = project, .reader = revision_reader_new(project)};
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        s.verbose = s.verbose || str_eq(argv[first], "-v");
        s.list = s.list || str_eq(argv[first], "-l");
    }
    read_listed(&s.listed, path_join(a, top, "tests/conformance/render-equal.txt"));
    read_listed(&s.differs, path_join(a, top, "tests/conformance/render-differs.txt"));
    bool found = run_folder(&s, a, path_join(a, top, "tests/conformance/render"), argv + first,
                            argc - first);
    s.all_equal = true;
    found = found && (s.list || run_folder(&s, a, path_join(a, top, "tests/render"), argv + first,
                                           argc - first));
    if (!s.list)
        printf("equal %zu of %zu, refused %zu, differ on purpose %zu, wrong %zu, lost %zu\n",
               s.counts[EQUAL],
               s.counts[EQUAL] + s.counts[REFUSED] + s.counts[WRONG] + s.counts[DIFFERS],
               s.counts[REFUSED], s.counts[DIFFERS], s.counts[WRONG], s.lost);
    revision_reader_free(s.reader);
    alembic_project_close(project);
    map_clear(&s.listed);
    map_clear(&s.differs);
    arena_free(a);
    return !found || s.counts[WRONG] > 0 || s.lost > 0;
}
