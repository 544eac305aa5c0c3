/* init and list_templates: a new project (spec/cli.md, sections 5.1 and 5.8). */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/open.h"
#include "cli/report.h"
#include "cli/status.h"
#include "cli/templates.h"
#include "config/config.h"
#include "config/toml.h"

enum { FILE_MODE = 0644, FOLDER_MODE = 0777, TOML_MAX = 4 << 20 };

struct init {
    struct cli *cli;
    struct err *err;
    const struct init_template *template;
    const char *folder;      /* as it was given, without needless parts; for messages */
    const char *path;        /* of it, absolute */
    const char *ini, *toml;  /* of the configuration, absolute */
    struct path_list made;   /* files and folders, in order */
};

/* ---- names ---- */

/* A path without ".", double slashes and the last slash, as Python's pathlib shows it. */
static const char *shown_path(struct arena *a, const char *path)
{
    struct str out = STR_IN(a);
    if (*path == '/')
        str_addc(&out, '/');
    for (const char *p = path; *p;) {
        p += strspn(p, "/");
        size_t len = strcspn(p, "/");
        if (len && !(len == 1 && *p == '.')) {
            if (out.len && out.ptr[out.len - 1] != '/')
                str_addc(&out, '/');
            str_addn(&out, p, len);
        }
        p += len;
    }
    return out.len ? out.ptr : ".";
}

/* How to get from a folder to a path; both absolute and normalised. */
static const char *relative_path(struct arena *a, const char *path, const char *from)
{
    size_t same = 0; /* bytes of both up to the end of a common part */
    size_t i = 0;
    for (; path[i] && path[i] == from[i]; i++)
        if (path[i] == '/')
            same = i + 1;
    if ((!path[i] || path[i] == '/') && (!from[i] || from[i] == '/'))
        same = i + (path[i] == '/' || from[i] == '/');
    struct str out = STR_IN(a);
    const char *up = strlen(from) > same ? from + same : "";
    while (*up) {
        str_add(&out, out.len ? "/.." : "..");
        up += strcspn(up, "/");
        up += strspn(up, "/");
    }
    const char *down = strlen(path) > same ? path + same : "";
    if (*down)
        str_addf(&out, "%s%s", out.len ? "/" : "", down);
    return out.ptr;
}

/*
 * The value of script_location in a file: relative to that file's folder where the folder was given
 * so. What would mean something else in the file is escaped.
 */
static const char *script_location(const struct init *i, const char *file, bool toml)
{
    struct arena *a = i->cli->arena;
    struct str out = STR_IN(a);
    const char *path = i->folder;
    if (*path != '/') {
        path = relative_path(a, i->path, path_dir(a, file));
        str_add(&out, *path ? "%(here)s/" : "%(here)s");
    }
    for (; *path; path++) {
        if (*path == '%' || (toml && (*path == '"' || *path == '\\')))
            str_addc(&out, *path == '%' ? '%' : '\\');
        str_addc(&out, *path);
    }
    return out.ptr;
}

/* ---- making ---- */

static bool say(struct init *i, const char *text)
{
    if (!cli_given(i->cli, OPTION_JSON))
        cli_printf(i->cli, "%s\n", report_wrapped(i->cli, text));
    return true;
}

static bool make_folder(struct init *i, const char *path)
{
    status_begin(i->cli, arena_printf(i->cli->arena, "Creating directory %s", path));
    vec_push(i->cli->arena, &i->made, path);
    return status_end(i->cli, file_make_dirs(path, FOLDER_MODE, i->err));
}

static bool make_file(struct init *i, const char *verb, const char *path, const char *text)
{
    status_begin(i->cli, arena_printf(i->cli->arena, "%s %s", verb, path));
    vec_push(i->cli->arena, &i->made, path);
    return status_end(i->cli,
                      file_write(path, text, strlen(text), FILE_MODE, false, i->err));
}

static bool make_ini(struct init *i)
{
    struct arena *a = i->cli->arena;
    if (file_exists(i->ini))
        return say(i, arena_printf(a, "File %s already exists, skipping", i->ini));
    return make_file(i, "Generating", i->ini,
                     template_join(a, i->template->ini, script_location(i, i->ini, false)));
}

/* A pyproject.toml that is there is somebody's: what is added goes to its end. */
static bool append_toml(struct init *i, const char *text)
{
    struct arena *a = i->cli->arena;
    struct toml_value *root;
    struct stat st;
    char *old;
    size_t len;
    if (!file_read(a, i->toml, TOML_MAX, &old, &len, i->err) ||
        !toml_parse(a, i->toml, old, len, &root, i->err))
        return false;
    if (toml_at(root, "tool.alembic"))
        return say(i, arena_printf(a,
                                   "File %s already exists and already has a [tool.alembic] "
                                   "section, skipping",
                                   i->toml));
    struct str all = STR_IN(a);
    str_addn(&all, old, len);
    str_addf(&all, "\n\n%s", text);
    status_begin(i->cli, arena_printf(a, "Appending to existing %s", i->toml));
    vec_push(a, &i->made, i->toml);
    unsigned mode = stat(i->toml, &st) == 0 ? st.st_mode & 07777 : FILE_MODE;
    return status_end(i->cli, file_write(i->toml, all.ptr, all.len, mode, true, i->err));
}

static bool make_toml(struct init *i)
{
    if (!i->template->toml[0])
        return true;
    const char *text = template_join(i->cli->arena, i->template->toml,
                                     script_location(i, i->toml, true));
    return file_exists(i->toml) ? append_toml(i, text)
                                : make_file(i, "Generating", i->toml, text);
}

static bool make_packages(struct init *i, const char *versions)
{
    struct arena *a = i->cli->arena;
    return !cli_given(i->cli, OPTION_PACKAGE) ||
           (make_file(i, "Adding", path_join(a, i->path, "__init__.py"), "") &&
            make_file(i, "Adding", path_join(a, versions, "__init__.py"), ""));
}

static bool make_all(struct init *i)
{
    struct arena *a = i->cli->arena;
    const struct init_template *t = i->template;
    const char *versions = path_join(a, i->path, "versions");
    return (file_exists(i->path) || make_folder(i, i->path)) && make_folder(i, versions) &&
           make_file(i, "Generating", path_join(a, i->path, "README"), template_text(t->readme)) &&
           make_file(i, "Generating", path_join(a, i->path, "env.py"),
                     template_text(t->environment)) &&
           make_file(i, "Generating", path_join(a, i->path, "script.py.mako"),
                     template_text(t->script)) &&
           make_toml(i) && make_ini(i) && make_packages(i, versions);
}

/* ---- the command ---- */

static bool is_free(const struct init *i)
{
    struct path_list names = {0};
    if (!file_exists(i->path))
        return true;
    if (!file_list(i->cli->arena, i->path, &names, i->err))
        return false;
    return names.len == 0 || err_set(i->err, ERR_COMMAND,
                                     "Directory %s already exists and is not empty", i->folder);
}

static void print_made(const struct init *i)
{
    json_t *root = json_new(), *files = json_array();
    for (size_t j = 0; j < i->made.len; j++)
        json_array_append_new(files, json_text(i->made.at[j]));
    json_object_set_new(root, "template", json_text(i->template->name));
    json_object_set_new(root, "script_location", json_text(i->path));
    json_object_set_new(root, "made", files);
    json_print(i->cli, root);
}

static bool finish(struct init *i)
{
    struct arena *a = i->cli->arena;
    if (cli_given(i->cli, OPTION_JSON)) {
        print_made(i);
        return true;
    }
    return say(i, i->template->toml[0]
                      ? arena_printf(a,
                                     "Please edit configuration settings in %s and "
                                     "configuration/connection/logging settings in %s before "
                                     "proceeding.",
                                     i->toml, i->ini)
                      : arena_printf(a,
                                     "Please edit configuration/connection/logging settings in %s "
                                     "before proceeding.",
                                     i->ini));
}

bool cmd_init(struct cli *cli, struct err *err)
{
    struct config_request request;
    const char *name = cli_value(cli, OPTION_TEMPLATE), *given = cli->args.positionals.at[0];
    struct init i = {.cli = cli, .err = err, .template = template_find(name ? name : "generic")};
    i.folder = shown_path(cli->arena, given);
    i.path = path_absolute(cli->arena, path_join(cli->arena, cli->process->cwd, given));
    cli_config_request(cli, &request);
    if (!config_new_files(cli->arena, &request, &i.ini, &i.toml, err) || !is_free(&i))
        return false;
    if (!i.template) {
        err_set(err, ERR_COMMAND, "No such template '%s'", name);
        return err_hint(err, "'retort list_templates' lists them");
    }
    if (make_all(&i))
        return finish(&i);
    if (i.made.len > 1)
        err_hint(err, "what was made stays: remove %s before another try", i.path);
    return false;
}

bool cmd_list_templates(struct cli *cli, struct err *err)
{
    (void)err;
    if (cli_given(cli, OPTION_JSON)) {
        json_t *root = json_new(), *list = json_array();
        for (size_t i = 0; i < init_template_count; i++)
            json_array_append_new(
                list, json_pack("{s:s, s:s}", "name", init_templates[i].name, "synopsis",
                                template_synopsis(cli->arena, &init_templates[i])));
        json_object_set_new(root, "templates", list);
        json_print(cli, root);
        return true;
    }
    cli_print(cli, "Available templates:\n\n");
    for (size_t i = 0; i < init_template_count; i++)
        cli_printf(cli, "%s - %s\n", init_templates[i].name,
                   template_synopsis(cli->arena, &init_templates[i]));
    cli_print(cli, "\nTemplates are used via the 'init' command, e.g.:\n"
                   "\n  retort init --template generic ./scripts\n");
    return true;
}
