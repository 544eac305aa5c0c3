/*
 * inih splits lines into names and values; everything in which it differs from configparser is
 * handled by the reader callback, which feeds it one prepared line at a time:
 *
 *  - comments go in as blank lines, section headers as "[s]" (inih keeps 49 bytes of a name and
 *    does not report empty sections: sections are opened here);
 *  - whether an indented line continues a value is decided here, by the indent of its key;
 *  - a logical line longer than inih's buffer goes in as continuation lines, marked so that the
 *    handler glues them without a line break;
 *  - bytes that inih would take for a comment or a section are escaped and put back by the handler.
 */
#include "config.h"

#include "config/ini.h"

#include <ctype.h>
#include <ini.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"

enum {
    INTERPOLATION_DEPTH = 10, /* configparser.MAX_INTERPOLATION_DEPTH */
    NO_INDENT = -1,
};

static const char default_section[] = "DEFAULT";

/* ESC and a letter stand for a byte, or for what a prepared line is. */
#define ESC '\033'
static const char escaped[] = ";#[\033"; /* ESC a, ESC b, ... */
#define MARK_GUARD "\033."   /* nothing: keeps inih from trimming */
#define MARK_GLUE " \033+"   /* goes on where the line before ended */
#define MARK_LINE " \033n"   /* a new line of the value */

struct feed {
    struct ini_file *file;
    const char *text;
    size_t len, pos;
    int line;                    /* of the text, from 1 */
    struct ini_section *section; /* open; NULL: none yet */
    struct ini_option *option;   /* the last one of the open section; NULL: none */
    struct str value;            /* of option, as far as read */
    long indent;                 /* of option's key */
    struct str pending;          /* prepared line, from sent on not fed yet */
    size_t sent;
    struct err *err;
    bool failed;
};

/* ---- lower level ---- */

static bool is_blank(char c)
{
    return isspace((unsigned char)c) || (c >= '\034' && c <= '\037'); /* as str.isspace() */
}

static const char *lower_copy(struct arena *a, const char *s, size_t len)
{
    char *copy = arena_strndup(a, s, len);
    for (char *p = copy; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

static void trim(const char **s, size_t *len)
{
    while (*len > 0 && is_blank((*s)[0]))
        (*s)++, (*len)--;
    while (*len > 0 && is_blank((*s)[*len - 1]))
        (*len)--;
}

static bool fail(struct feed *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct feed *f, const char *fmt, ...)
{
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    err_set(f->err, ERR_CONFIG, "%s", text.ptr);
    err_at(f->err, f->file->path, f->line, 0);
    str_clear(&text);
    f->failed = true;
    return false;
}

/* ---- files ---- */

struct ini_file *ini_file_new(struct arena *a, const char *path, const char *here)
{
    struct ini_file *file = ARENA_NEW(a, struct ini_file);
    file->arena = a;
    file->path = arena_strdup(a, path);
    file->defaults = (struct ini_section){.name = default_section, .options = MAP_IN(a)};
    file->sections = MAP_IN(a);
    if (here)
        ini_file_set(file, default_section, "here", here);
    return file;
}

static struct ini_section *section_of(const struct ini_file *file, const char *name)
{
    if (strcmp(name, default_section) == 0)
        return (struct ini_section *)&file->defaults;
    return map_get(&file->sections, name);
}

const struct ini_section *ini_file_section(const struct ini_file *file, const char *section)
{
    return map_get(&file->sections, section);
}

static struct ini_section *section_add(struct ini_file *file, const char *name, int line)
{
    struct ini_section *section = ARENA_NEW(file->arena, struct ini_section);
    section->name = arena_strdup(file->arena, name);
    section->line = line;
    section->options = MAP_IN(file->arena);
    map_put(&file->sections, name, section);
    return section;
}

void ini_file_set(struct ini_file *file, const char *section, const char *key, const char *value)
{
    struct ini_section *s = section_of(file, section);
    if (!s)
        s = section_add(file, section, 0);
    struct ini_option *option = ARENA_NEW(file->arena, struct ini_option);
    option->name = lower_copy(file->arena, key, strlen(key));
    option->value = arena_strdup(file->arena, value);
    map_put(&s->options, option->name, option);
}

bool ini_file_remove(struct ini_file *file, const char *section, const char *key)
{
    struct ini_section *s = section_of(file, section);
    return s && map_remove(&s->options, lower_copy(file->arena, key, strlen(key))) != NULL;
}

static void copy_section(struct arena *a, struct ini_section *to, const struct ini_section *from)
{
    *to = (struct ini_section){
        .name = arena_strdup(a, from->name), .line = from->line, .options = MAP_IN(a)};
    for (size_t i = 0; i < from->options.len; i++) {
        const struct ini_option *old = from->options.at[i].value;
        struct ini_option *option = ARENA_NEW(a, struct ini_option);
        option->name = arena_strdup(a, old->name);
        option->value = arena_strdup(a, old->value);
        option->line = old->line;
        map_put(&to->options, option->name, option);
    }
}

struct ini_file *ini_file_copy_to(struct arena *a, const struct ini_file *file)
{
    struct ini_file *copy = ini_file_new(a, file->path, NULL);
    copy_section(a, &copy->defaults, &file->defaults);
    for (size_t i = 0; i < file->sections.len; i++) {
        struct ini_section *section = ARENA_NEW(a, struct ini_section);
        copy_section(a, section, file->sections.at[i].value);
        map_put(&copy->sections, section->name, section);
    }
    return copy;
}

const struct ini_option *ini_file_option(const struct ini_file *file, const char *section,
                                         const char *key)
{
    const struct ini_section *s = section_of(file, section);
    if (!s)
        return NULL;
    const char *name = lower_copy(file->arena, key, strlen(key));
    const struct ini_option *option = map_get(&s->options, name);
    return option ? option : map_get(&file->defaults.options, name);
}

/* ---- reading: what is fed to inih ---- */

/* The value that was read is complete: configparser drops white space at its end. */
static void finish_option(struct feed *f)
{
    if (!f->option)
        return;
    const char *value = f->value.ptr;
    size_t len = f->value.len;
    while (len > 0 && is_blank(value[len - 1]))
        len--;
    f->option->value = arena_strndup(f->file->arena, value, len);
    f->option = NULL;
}

static void add_escaped(struct str *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char *special = text[i] ? strchr(escaped, text[i]) : NULL;
        if (special) {
            str_addc(out, ESC);
            str_addc(out, (char)('a' + (special - escaped)));
        } else {
            str_addc(out, text[i]);
        }
    }
}

/* The next line of the text, without its end: '\n', '\r\n' or '\r'. False at the end. */
static bool next_line(struct feed *f, const char **line, size_t *len)
{
    if (f->pos >= f->len)
        return false;
    *line = f->text + f->pos;
    *len = 0;
    while (f->pos < f->len && f->text[f->pos] != '\n' && f->text[f->pos] != '\r')
        f->pos++, (*len)++;
    if (f->pos < f->len && f->text[f->pos] == '\r' && f->pos + 1 < f->len &&
        f->text[f->pos + 1] == '\n')
        f->pos++;
    f->pos++;
    f->line++;
    return true;
}

/* A header: what configparser's SECTCRE matches, up to the last ']'. False when it is none. */
static bool open_section(struct feed *f, const char *line, size_t len)
{
    if (line[0] != '[')
        return false;
    size_t end = len;
    while (end > 0 && line[end - 1] != ']')
        end--;
    if (end < 3)
        return false;
    finish_option(f);
    const char *name = arena_strndup(f->file->arena, line + 1, end - 2);
    if (strcmp(name, default_section) == 0) {
        f->section = &f->file->defaults;
    } else if (map_has(&f->file->sections, name)) {
        fail(f, "section '%s' already exists", name);
    } else {
        f->section = section_add(f->file, name, f->line);
    }
    str_add(&f->pending, "[s]");
    return true;
}

/* The start of an option: "name = value". The handler gets it from inih as name and value. */
static bool open_option(struct feed *f, const char *line, size_t len, size_t room)
{
    if (!f->section)
        return fail(f, "File contains no section headers");
    size_t name_len = 0;
    while (name_len < len && line[name_len] != '=' && line[name_len] != ':')
        name_len++;
    const char *value = line + name_len + 1;
    size_t value_len = len - name_len - 1;
    if (name_len < len)
        trim(&line, &name_len);
    if (name_len == len || name_len == 0) {
        fail(f, "a line that is neither 'name = value' nor a comment");
        return err_hint(f->err, "indent the line if it continues the value above it");
    }
    finish_option(f);
    trim(&value, &value_len);
    add_escaped(&f->pending, line, name_len);
    if (f->pending.len + sizeof(MARK_GUARD) >= room)
        return fail(f, "a name of %zu bytes", name_len);
    str_addc(&f->pending, '=');
    add_escaped(&f->pending, value, value_len);
    return true;
}

static long indent_of(const char *line, size_t len)
{
    size_t i = 0;
    while (i < len && is_blank(line[i]))
        i++;
    return (long)i;
}

/* Prepares one line of the text. room is what inih takes at once. False when reading must stop. */
static bool prepare(struct feed *f, const char *line, size_t len, size_t room)
{
    size_t bad;
    if (memchr(line, '\0', len))
        return fail(f, "a NUL byte");
    if (!utf8_valid(line, len, &bad))
        return fail(f, "not UTF-8 text");
    long indent = indent_of(line, len);
    trim(&line, &len);
    if (len > 0 && (line[0] == '#' || line[0] == ';'))
        return true;
    if (len == 0 || (f->option && indent > f->indent)) {
        if (f->option) {
            str_add(&f->pending, MARK_LINE);
            add_escaped(&f->pending, line, len);
        }
        return true;
    }
    f->indent = indent;
    if (open_section(f, line, len))
        return !f->failed;
    return open_option(f, line, len, room);
}

/* Moves as much of the pending line as fits into inih's buffer, as a line of its own. */
static void feed_pending(struct feed *f, char *buffer, size_t room)
{
    struct str out = STR_INIT;
    if (f->sent > 0)
        str_add(&out, MARK_GLUE);
    size_t left = f->pending.len - f->sent;
    size_t take = room - out.len - sizeof(MARK_GUARD "\n");
    if (take < left) {
        size_t escapes = 0; /* never cut between ESC and its letter */
        while (escapes < take && f->pending.ptr[f->sent + take - 1 - escapes] == ESC)
            escapes++;
        take -= escapes % 2;
    } else {
        take = left;
    }
    str_addn(&out, f->pending.ptr + f->sent, take);
    bool header = f->sent == 0 && out.ptr[0] == '[';
    if (out.len > 0 && !header)
        str_add(&out, MARK_GUARD);
    str_addc(&out, '\n');
    memcpy(buffer, out.ptr, out.len + 1);
    str_clear(&out);
    f->sent += take;
}

/* inih's reader, in the place of fgets(). */
static char *read_line(char *buffer, int size, void *payload)
{
    struct feed *f = payload;
    size_t room = (size_t)size;
    if (f->sent == f->pending.len) {
        str_cut(&f->pending, 0);
        f->sent = 0;
        const char *line;
        size_t len;
        if (f->failed || !next_line(f, &line, &len) || !prepare(f, line, len, room))
            return NULL;
    }
    feed_pending(f, buffer, room);
    return buffer;
}

/* ---- reading: what comes back ---- */

static void add_decoded(struct str *out, const char *text)
{
    for (; *text; text++) {
        if (*text != ESC) {
            str_addc(out, *text);
            continue;
        }
        text++;
        if (*text == 'n')
            str_addc(out, '\n');
        else if (*text >= 'a' && *text < 'a' + (int)sizeof(escaped) - 1)
            str_addc(out, escaped[*text - 'a']);
    }
}

static bool start_option(struct feed *f, const char *name)
{
    struct ini_file *file = f->file;
    struct str plain = STR_IN(file->arena);
    add_decoded(&plain, name);
    while (plain.len > 0 && is_blank(plain.ptr[plain.len - 1]))
        str_cut(&plain, plain.len - 1);
    name = lower_copy(file->arena, plain.ptr, plain.len);
    const struct ini_option *old = map_get(&f->section->options, name);
    if (old && old->line)
        return fail(f, "option '%s' in section '%s' already exists", name, f->section->name);
    f->option = ARENA_NEW(file->arena, struct ini_option);
    f->option->name = name;
    f->option->value = "";
    f->option->line = f->line;
    map_put(&f->section->options, name, f->option);
    str_cut(&f->value, 0);
    return true;
}

/* inih's handler: once for "name = value", once for each continuation line. */
static int take_value(void *payload, const char *section, const char *name, const char *value)
{
    (void)section;
    struct feed *f = payload;
    bool continues = value[0] == ESC && (value[1] == '+' || value[1] == 'n') && f->option;
    if (f->failed || (!continues && !start_option(f, name)))
        return 0;
    add_decoded(&f->value, value);
    return 1;
}

bool ini_file_read(struct ini_file *file, const char *text, size_t len, struct err *err)
{
    struct feed f = {.file = file, .text = text, .len = len, .err = err, .value = STR_INIT,
                     .pending = STR_INIT, .indent = NO_INDENT};
    int at = ini_parse_stream(read_line, &f, take_value, &f);
    if (!f.failed && at != 0)
        fail(&f, "not an INI file");
    finish_option(&f);
    str_clear(&f.value);
    str_clear(&f.pending);
    return !f.failed;
}

/* ---- interpolation (configparser.BasicInterpolation) ---- */

struct interpolation {
    const struct ini_file *file;
    const char *section;
    const struct ini_option *option; /* whose value is asked for: it is named in messages */
    struct str out;
    struct err *err;
};

static bool interpolation_fails(struct interpolation *in, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static bool interpolation_fails(struct interpolation *in, const char *fmt, ...)
{
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    err_set(in->err, ERR_CONFIG, "%s, in option '%s' of section '%s'", text.ptr, in->option->name,
            in->section);
    if (in->file->path && in->option->line)
        err_at(in->err, in->file->path, in->option->line, 0);
    str_clear(&text);
    return false;
}

static bool interpolate(struct interpolation *in, const char *rest, int depth);

/* "%(name)s" at *rest. */
static bool interpolate_name(struct interpolation *in, const char **rest, int depth)
{
    const char *name = *rest + 2;
    const char *end = strchr(name, ')');
    if (!end || end == name || end[1] != 's') {
        interpolation_fails(in, "bad interpolation variable reference after '%%('");
        return err_hint(in->err, "write %%%% for a percent sign");
    }
    *rest = end + 2;
    const char *key = lower_copy(in->file->arena, name, (size_t)(end - name));
    const struct ini_option *option = ini_file_option(in->file, in->section, key);
    if (!option)
        return interpolation_fails(in, "no value for '%%(%s)s'", key);
    return interpolate(in, option->value, depth + 1);
}

static bool interpolate(struct interpolation *in, const char *rest, int depth)
{
    if (depth > INTERPOLATION_DEPTH && strchr(rest, '%')) {
        return interpolation_fails(in, "values refer to each other deeper than %d",
                                   INTERPOLATION_DEPTH);
    }
    for (;;) {
        const char *percent = strchr(rest, '%');
        str_addn(&in->out, rest, percent ? (size_t)(percent - rest) : strlen(rest));
        if (!percent)
            return true;
        rest = percent;
        if (rest[1] == '%') {
            str_addc(&in->out, '%');
            rest += 2;
        } else if (rest[1] != '(') {
            interpolation_fails(in, "'%%' must be followed by '%%' or '('");
            return err_hint(in->err, "write %%%% for a percent sign");
        } else if (!interpolate_name(in, &rest, depth)) {
            return false;
        }
    }
}

bool ini_file_value(struct arena *a, const struct ini_file *file, const char *section,
                    const struct ini_option *option, const char **out, struct err *err)
{
    struct interpolation in = {
        .file = file, .section = section, .option = option, .out = STR_IN(a), .err = err};
    if (!interpolate(&in, option->value, 1))
        return false;
    *out = in.out.ptr;
    return true;
}

bool ini_file_items(struct arena *a, const struct ini_file *file, const char *section,
                    struct map *out, struct err *err)
{
    const struct ini_section *from[] = {&file->defaults, section_of(file, section)};
    *out = MAP_IN(a);
    for (size_t n = 0; n < 2; n++) {
        for (size_t i = 0; i < from[n]->options.len; i++) {
            const struct ini_option *option =
                ini_file_option(file, section, from[n]->options.at[i].key);
            const char *value;
            if (!ini_file_value(a, file, section, option, &value, err))
                return false;
            map_put(out, option->name, (void *)value);
        }
    }
    return true;
}

bool ini_value_is_valid(const char *value)
{
    while ((value = strchr(value, '%'))) {
        const char *end = value[1] == '(' ? strchr(value, ')') : NULL;
        if (value[1] == '%')
            value += 2;
        else if (end && end > value + 2 && end[1] == 's')
            value = end + 2;
        else
            return false;
    }
    return true;
}
