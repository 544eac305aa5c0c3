#include "config.h"

/* Evaluating a template: the prelude, the run, and places of errors. */

#include "alembic/template.h"

#include <string.h>

#include "alembic/template_compile.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/quote.h"
#include "base/source.h"
#include "config/ini.h"
#include "python/run.h"

/* Names that begin with _retort_ are the machinery's. */
static const char prelude[] =
    "import datetime as _retort_datetime\n"
    "class _retort_Undefined:\n"
    "    def __init__(self, name):\n"
    "        self.name = name\n"
    "    def __bool__(self):\n"
    "        return False\n"
    "    def __str__(self):\n"
    "        raise NameError(f\"name '{self.name}' is not defined\")\n"
    "class _retort_Context:\n"
    "    def __init__(self, names):\n"
    "        self.names = names\n"
    "    def get(self, name, default=None):\n"
    "        return self.names.get(name, default)\n"
    "    def __getitem__(self, name):\n"
    "        return self.names[name]\n"
    "    def keys(self):\n"
    "        return list(self.names)\n"
    "    def write(self, text):\n"
    "        _retort_parts.append(text)\n"
    "class _retort_Config:\n"
    "    def __init__(self, sections, name):\n"
    "        self.sections = sections\n"
    "        self.config_ini_section = name\n"
    "    def get_section(self, name, default=None):\n"
    "        return self.sections.get(name, default)\n"
    "    def get_section_option(self, section, name, default=None):\n"
    "        return self.sections.get(section, {}).get(name.lower(), default)\n"
    "    def get_main_option(self, name, default=None):\n"
    "        return self.get_section_option(self.config_ini_section, name, default)\n"
    "    def get_alembic_option(self, name, default=None):\n"
    "        return self.get_main_option(name, default)\n"
    "def _retort_comma(value):\n"
    "    if value is None:\n"
    "        return ''\n"
    "    if isinstance(value, str):\n"
    "        return value\n"
    "    return ', '.join(value)\n"
    "comma = _retort_comma\n"
    "class _retort_Loop:\n"
    "    def __init__(self, items, parent):\n"
    "        self.items, self.parent, self.index = items, parent, 0\n"
    "    def __iter__(self):\n"
    "        for item in self.items:\n"
    "            yield item\n"
    "            self.index += 1\n"
    "    def __len__(self):\n"
    "        return len(self.items)\n"
    "    first = property(lambda self: self.index == 0)\n"
    "    last = property(lambda self: self.index == len(self) - 1)\n"
    "    even = property(lambda self: self.index % 2 == 0)\n"
    "    odd = property(lambda self: self.index % 2 == 1)\n"
    "    reverse_index = property(lambda self: len(self) - self.index - 1)\n"
    "    def cycle(self, *values):\n"
    "        return values[self.index % len(values)]\n"
    "loop = None\n"
    "def _retort_escape(value):\n"
    "    for old, new in (('&', '&amp;'), ('<', '&lt;'), ('>', '&gt;'), ('\"', '&#34;'),\n"
    "                     (\"'\", '&#39;')):\n"
    "        value = value.replace(old, new)\n"
    "    return value\n"
    "def _retort_trim(value):\n"
    "    return value.strip()\n"
    "_retort_parts = []\n"
    "_retort_write = _retort_parts.append\n";

static void add_string(struct str *out, const char *text)
{
    quote_python(out, text, strlen(text), false);
}

/* The sections of alembic.ini as a dict of dicts; what cannot be interpolated is left out. */
static void add_config(struct arena *a, const struct template_world *world, struct str *out)
{
    str_add(out, "config = _retort_Config({");
    for (size_t i = 0; world->ini && i < world->ini->sections.len; i++) {
        const struct ini_section *section = world->ini->sections.at[i].value;
        add_string(out, section->name);
        str_add(out, ": {");
        for (size_t j = 0; j < section->options.len; j++) {
            const struct ini_option *option = section->options.at[j].value;
            struct err err = ERR_INIT;
            const char *value;
            if (ini_file_value(a, world->ini, section->name, option, &value, &err)) {
                add_string(out, option->name);
                str_add(out, ": ");
                add_string(out, value);
                str_add(out, ", ");
            }
            err_clear(&err);
        }
        str_add(out, "}, ");
    }
    str_add(out, "}, ");
    add_string(out, world->section ? world->section : "alembic");
    str_add(out, ")\n");
}

/* Whether a template can name it; what it cannot is behind context.get() alone. */
static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return *text && !(*text >= '0' && *text <= '9') && strspn(text, letters) == strlen(text);
}

static void add_variables(const struct template_world *world, struct str *out)
{
    for (size_t i = 0; i < world->variables.len; i++)
        if (is_name(world->variables.at[i].key))
            str_addf(out, "%s = %s\n", world->variables.at[i].key,
                     (const char *)world->variables.at[i].value);
    str_add(out, "context = _retort_Context({");
    for (size_t i = 0; i < world->variables.len; i++) {
        add_string(out, world->variables.at[i].key);
        str_addf(out, ": %s, ", (const char *)world->variables.at[i].value);
    }
    str_add(out, "'config': config})\n");
}

/* Names that the template uses and that neither it nor Python defines. */
static void add_undefined(const struct template_program *program, struct str *out)
{
    for (size_t i = 0; i < program->names.len; i++)
        str_addf(out, "try:\n    %s\nexcept NameError:\n    %s = _retort_Undefined('%s')\n",
                 program->names.at[i], program->names.at[i], program->names.at[i]);
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* The innermost line of the program, not of the prelude, that an error came through; 0: none. */
static size_t place_of(const struct py_outcome *outcome, size_t first)
{
    size_t line = (size_t)outcome->place.line;
    for (size_t i = 0; line <= first && i < outcome->traceback_len; i++) {
        size_t at = (size_t)outcome->traceback[outcome->traceback_len - 1 - i].line;
        line = at > first ? at : line;
    }
    return line > first ? line - first : 0;
}

/* Says where in the template it happened. */
static bool fail(const struct template_source *source, const struct template_program *program,
                 size_t line, struct err *inner, struct err *err)
{
    bool raised = inner->code == ERR_RAISED;
    err_set(err, raised ? ERR_COMMAND : inner->code,
            raised ? "Template rendering failed: %s" : "%s", inner->message);
    err_diagnose(err, inner->diagnostic);
    if (line > 0 && line <= program->lines.len) {
        err_at(err, source->path, program->lines.at[line - 1], 0);
        template_source_line(source, program->lines.at[line - 1], err);
    } else {
        err_at(err, source->path, 0, 0);
    }
    err_clear(inner);
    return false;
}

static bool evaluate(struct arena *a, const struct template_source *source,
                     const struct template_program *program, const char *head,
                     const struct str *text, struct str *out, struct err *err)
{
    struct err inner = ERR_INIT;
    struct py_outcome outcome;
    struct py_config config = {0};
    struct py_run *run = py_run_new(a, &config);
    struct source *python = source_new(a, source->path, text->ptr, text->len);
    if (!py_run_exec(run, "script_py_mako", python, false, &outcome)) {
        py_outcome_err(run, &outcome, &inner);
        return fail(source, program, place_of(&outcome, count_lines(head)), &inner, err);
    }
    struct py_value result = py_run_global(run, "script_py_mako", "_retort_result");
    const struct py_str *s = (const struct py_str *)result.object;
    str_addn(out, s->ptr, s->len);
    return true;
}

bool template_render(struct arena *a, const struct template_source *source,
                     const struct template_world *world, struct str *out, struct err *err)
{
    struct template_program program = {.text = STR_IN(a)};
    struct str text = STR_IN(a);
    if (!template_compile(a, source, &program, err))
        return false;
    str_add(&text, prelude);
    add_config(a, world, &text);
    add_variables(world, &text);
    add_undefined(&program, &text);
    const char *head = arena_strndup(a, text.ptr, text.len);
    str_addn(&text, program.text.ptr, program.text.len);
    str_add(&text, "_retort_result = ''.join(_retort_parts)\n");
    return evaluate(a, source, &program, head, &text, out, err);
}
