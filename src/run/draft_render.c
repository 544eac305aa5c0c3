#include "config.h"

/* The text of a new revision file: the template, imports, the encoding. */

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "alembic/project.h"
#include "alembic/template.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/quote.h"
#include "base/str.h"
#include "config/config.h"
#include "run/draft.h"

enum { TEMPLATE_MAX = 1 << 20 };

static void put_text(struct arena *a, struct map *variables, const char *name, const char *text)
{
    struct str python = STR_IN(a);
    quote_python(&python, text, strlen(text), false);
    map_put(variables, name, python.ptr);
}

/* Whether a line of the text is this import. */
static bool has_line(const char *text, const char *line)
{
    size_t len = strlen(line);
    for (const char *p = text; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
        if (strncmp(p, line, len) == 0 && strchr("\n\r ;#", p[len]))
            return true;
    return false;
}

/* "import a.b" is there when a.b, or a module below it, is imported under its own name. */
static bool has_import(struct arena *a, const char *text, const char *line)
{
    if (has_line(text, line))
        return true;
    if (!str_starts_with(line, "import "))
        return false;
    const char *below = arena_printf(a, "%s.", line);
    for (const char *p = text; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
        if (str_starts_with(p, below) && !memmem(p, strcspn(p, "\n"), " as ", 4))
            return true;
    return false;
}

static const char *join_lines(struct arena *a, const struct name_list *lines)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < lines->len; i++)
        str_addf(&out, "%s%s", i > 0 ? "\n" : "", lines->at[i]);
    return out.ptr;
}

/* In its place among lines that are sorted. */
static void insert_line(struct arena *a, struct name_list *lines, const char *line)
{
    size_t at = lines->len;
    vec_push(a, lines, line);
    for (; at > 0 && strcmp(lines->at[at - 1], line) > 0; at--)
        lines->at[at] = lines->at[at - 1];
    lines->at[at] = line;
}

/* The encoding's name as iconv() knows it, which spells some in another way than Python. */
static const char *encoding_name(struct arena *a, const char *python)
{
    char *name = arena_strdup(a, python);
    for (char *p = name; *p; p++)
        if (*p == '_')
            *p = '-';
    return strcasecmp(name, "latin-1") == 0 ? "ISO-8859-1" : name;
}

static bool encode(struct arena *a, const char *encoding, const struct str *text,
                   struct draft *draft, struct err *err)
{
    draft->text = text->ptr;
    draft->len = text->len;
    if (strcasecmp(encoding, "utf-8") == 0 || strcasecmp(encoding, "utf8") == 0)
        return true;
    iconv_t conversion = iconv_open(encoding_name(a, encoding), "UTF-8");
    if (conversion == (iconv_t)-1)
        return err_set(err, ERR_CONFIG, "output_encoding: unknown encoding: %s", encoding);
    size_t room = text->len * 4 + 16, left = room, in_left = text->len;
    char *buffer = arena_alloc(a, room), *to = buffer, *from = text->ptr;
    bool ok = iconv(conversion, &from, &in_left, &to, &left) != (size_t)-1;
    iconv_close(conversion);
    if (!ok)
        return err_set(err, ERR_CONFIG, "the revision cannot be encoded as %s (output_encoding)",
                       encoding);
    draft->text = buffer;
    draft->len = room - left;
    return true;
}

static bool render_with(struct arena *a, const struct alembic_project *project,
                        const struct template_source *source, const struct map *variables,
                        struct str *out, struct err *err)
{
    struct template_world world = {
        .variables = *variables,
        .ini = project->ini ? project->ini : project->config->ini,
        .section = project->config->section,
    };
    return template_render(a, source, &world, out, err);
}

/* Renders with the imports that Alembic adds, looks which ones are missing, and adds those too. */
static bool render_bodies(struct arena *a, const struct alembic_project *project,
                          const struct template_source *source, struct map *variables,
                          const struct draft_bodies *bodies, struct str *out, struct err *err)
{
    struct name_list lines = {0};
    for (size_t i = 0; i < bodies->imports.lines.len; i++)
        vec_push(a, &lines, bodies->imports.lines.at[i]);
    put_text(a, variables, bodies->upgrade_token ? bodies->upgrade_token : "upgrades",
             bodies->upgrades);
    put_text(a, variables, bodies->downgrade_token ? bodies->downgrade_token : "downgrades",
             bodies->downgrades);
    put_text(a, variables, "imports", join_lines(a, &lines));
    if (!render_with(a, project, source, variables, out, err))
        return false;
    size_t before = lines.len;
    for (size_t i = 0; i < bodies->imports.needed.len; i++)
        if (!has_import(a, out->ptr, bodies->imports.needed.at[i]))
            insert_line(a, &lines, bodies->imports.needed.at[i]);
    if (lines.len == before)
        return true;
    str_cut(out, 0);
    put_text(a, variables, "imports", join_lines(a, &lines));
    return render_with(a, project, source, variables, out, err);
}

bool draft_empty_bodies(struct arena *a, struct draft_bodies *out, struct err *err)
{
    const struct op_list none = {0};
    const struct write_options options = {0};
    struct str body = STR_IN(a);
    *out = (struct draft_bodies){0};
    if (!write_body(a, &none, &options, &out->imports, &body, err))
        return false;
    out->upgrades = out->downgrades = body.ptr;
    return true;
}

bool draft_render(struct arena *a, const struct alembic_project *project, struct draft *draft,
                  const struct draft_bodies *bodies, struct err *err)
{
    const struct config *config = project->config;
    struct template_source source;
    struct str text = STR_IN(a);
    char *read;
    source.path = path_join(a, config->script_location, "script.py.mako");
    if (!file_read(a, source.path, TEMPLATE_MAX, &read, &source.len, err))
        return false;
    source.text = read;
    bool ok = bodies && bodies->upgrades
                  ? render_bodies(a, project, &source, &draft->variables, bodies, &text, err)
                  : render_with(a, project, &source, &draft->variables, &text, err);
    return ok && encode(a, config->output_encoding, &text, draft, err);
}
