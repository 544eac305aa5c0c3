#include "config.h"

#include "ui/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/environ.h"
#include "base/err.h"
#include "base/file.h"
#include "ui/action.h"
#include "ui/console.h"
#include "ui/key.h"
#include "ui/option.h"
#include "ui/theme.h"
#include "ui/ui.h"

enum { MAX_PROFILE = 1 << 20, MOST_WORDS = 8 };

enum section { SECTION_NONE, SECTION_KEYS, SECTION_COLORS, SECTION_OPTIONS };

/* A key that the file binds, to tell of one that is bound twice or taken from another action. */
struct bound {
    int line;
    enum context_number context;
    const char *key;
    enum action before, action;
};

struct profile {
    struct console *c;
    struct arena *arena;
    const char *path;
    int line;
    struct name_list *problems;
    enum section section;
    enum context_number context;
    VEC(struct bound) bound;
};

static void problem(struct profile *p, int line, const char *text, const char *about)
{
    vec_push(p->arena, p->problems,
             arena_printf(p->arena, about ? "%s:%d: %s: %s" : "%s:%d: %s", p->path, line, text,
                          about));
}

static void problem_err(struct profile *p, struct err *err)
{
    problem(p, p->line, err->message, err->hint);
    err_clear(err);
}

/* -- keys --------------------------------------------------------------------------------------
 */

static void read_key(struct profile *p, char **words, size_t count)
{
    struct err err = ERR_INIT;
    int32_t key;
    if (count != 2) {
        problem(p, p->line, "a key and an action are wanted here", NULL);
        return;
    }
    if (!key_parse(words[0], strlen(words[0]), &key))
        key = K_NONE;
    struct bound bound = {.line = p->line, .context = p->context, .key = words[0]};
    enum context context = (enum context)(1u << p->context);
    bound.before = action_lookup(context, key);
    bound.action = action_find(words[1]);
    for (size_t i = 0; i < p->bound.len; i++)
        if (p->bound.at[i].context == p->context && str_eq(p->bound.at[i].key, words[0])) {
            problem(p, p->line,
                    arena_printf(p->arena, "%s is bound already, on line %d", words[0],
                                 p->bound.at[i].line),
                    NULL);
            return;
        }
    if (!action_bind(context_name(p->context), words[0], words[1], &err))
        problem_err(p, &err);
    else
        vec_push(p->arena, &p->bound, bound);
}

static bool has_key(enum action action, enum context_number context)
{
    struct str keys = STR_INIT;
    action_keys(&keys, action, (enum context)(1u << context), 1);
    bool has = keys.len > 0;
    str_clear(&keys);
    return has;
}

/* A key may be taken from another action; that nothing reaches that one any more is said. */
static void tell_lost(struct profile *p)
{
    for (size_t i = 0; i < p->bound.len; i++) {
        const struct bound *b = &p->bound.at[i];
        if (b->before == ACTION_NONE || b->action == ACTION_NONE || b->before == b->action ||
            has_key(b->before, b->context))
            continue;
        problem(p, b->line,
                arena_printf(p->arena, "%s was the only key of %s in [keys.%s]", b->key,
                             action_infos[b->before].name, context_name(b->context)),
                NULL);
    }
}

/* Without these one cannot get out again: they keep their defaults. */
static void keep_ways_out(struct profile *p)
{
    static const enum action needed[] = {
        ACTION_MESSAGE_CLOSE, ACTION_MENU_CLOSE,   ACTION_CONFIRM_NO, ACTION_HELP_CLOSE,
        ACTION_INPUT_CANCEL,  ACTION_INPUT_ACCEPT, ACTION_DISARM,     ACTION_QUIT,
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const struct action_info *info = &action_infos[needed[i]];
        for (int n = 0; n < N_CONTEXTS; n++) {
            if (!(info->contexts & 1u << n) || has_key(needed[i], (enum context_number)n))
                continue;
            action_bind_default(needed[i], (enum context_number)n);
            problem(p, p->line,
                    arena_printf(p->arena, "[keys.%s] leaves no key for %s, which keeps its own",
                                 context_name((enum context_number)n), info->name),
                    NULL);
        }
    }
}

/* -- colours -----------------------------------------------------------------------------------
 */

static const char *const color_names[] = {
    "black",        "red",        "green",        "yellow",        "blue",        "magenta",
    "cyan",         "white",      "bright-black", "bright-red",    "bright-green", "bright-yellow",
    "bright-blue",  "bright-magenta", "bright-cyan", "bright-white",
};

static const struct {
    const char *name;
    unsigned char bit;
} attribute_names[] = {
    {"bold", STYLE_BOLD},
    {"dim", STYLE_DIM},
    {"reverse", STYLE_REVERSE},
    {"underline", STYLE_UNDERLINE},
};

static bool parse_color(const char *word, short *out)
{
    char *end;
    *out = COLOR_DEFAULT_;
    if (str_eq(word, "default"))
        return true;
    for (size_t i = 0; i < sizeof color_names / sizeof *color_names; i++)
        if (str_eq(word, color_names[i])) {
            *out = (short)i;
            return true;
        }
    long number = strtol(word, &end, 10);
    *out = (short)number;
    return end != word && !*end && number >= 0 && number <= 255;
}

static bool parse_attribute(const char *word, unsigned char *attributes)
{
    for (size_t i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++)
        if (str_eq(word, attribute_names[i].name)) {
            *attributes |= attribute_names[i].bit;
            return true;
        }
    return str_eq(word, "normal");
}

static void read_color(struct profile *p, char **words, size_t count)
{
    struct style style = {.attributes = 0};
    enum role role = count > 1 ? theme_find_role(words[1]) : N_ROLES;
    if (count < 4 || !str_eq(words[0], "color")) {
        problem(p, p->line, "color ROLE FOREGROUND BACKGROUND [ATTRIBUTE ...] is wanted here",
                NULL);
        return;
    }
    if (role == N_ROLES) {
        problem(p, p->line, "no role of that name", words[1]);
        return;
    }
    if (!parse_color(words[2], &style.fg) || !parse_color(words[3], &style.bg)) {
        problem(p, p->line, "no colour; a name, default, or 0 to 255",
                parse_color(words[2], &style.fg) ? words[3] : words[2]);
        return;
    }
    for (size_t i = 4; i < count; i++)
        if (!parse_attribute(words[i], &style.attributes)) {
            problem(p, p->line, "no attribute; bold, dim, reverse, underline or normal", words[i]);
            return;
        }
    theme_set_style(role, style);
}

/* -- the file ----------------------------------------------------------------------------------
 */

static void read_option(struct profile *p, char **words, size_t count)
{
    struct err err = ERR_INIT;
    if (count != 3 || !str_eq(words[0], "set"))
        problem(p, p->line, "set NAME VALUE is wanted here", NULL);
    else if (!option_set(p->c, words[1], words[2], &err))
        problem_err(p, &err);
}

static void read_section(struct profile *p, const char *name)
{
    static const char keys[] = "keys.";
    p->section = SECTION_NONE;
    if (str_eq(name, "colors"))
        p->section = SECTION_COLORS;
    else if (str_eq(name, "options"))
        p->section = SECTION_OPTIONS;
    for (int n = 0; n < N_CONTEXTS; n++)
        if (str_starts_with(name, keys) &&
            str_eq(name + strlen(keys), context_name((enum context_number)n))) {
            p->section = SECTION_KEYS;
            p->context = (enum context_number)n;
        }
    if (p->section == SECTION_NONE)
        problem(p, p->line, "no section of that name", name);
}

/* One line, which is the arena's and may be written to. */
static void read_line(struct profile *p, char *line)
{
    char *words[MOST_WORDS], *save = NULL;
    size_t count = 0, len = strlen(line);
    while (len > 0 && strchr(" \t\r", line[len - 1]))
        line[--len] = '\0';
    if (len == 0 || *line == '#')
        return;
    if (*line == '[' && line[len - 1] == ']' && len > 2) {
        line[len - 1] = '\0';
        read_section(p, line + 1);
        return;
    }
    for (char *word = strtok_r(line, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
        if (count == MOST_WORDS) {
            problem(p, p->line, "too many words", NULL);
            return;
        }
        words[count++] = word;
    }
    if (p->section == SECTION_KEYS)
        read_key(p, words, count);
    else if (p->section == SECTION_COLORS)
        read_color(p, words, count);
    else if (p->section == SECTION_OPTIONS)
        read_option(p, words, count);
    else if (p->problems->len == 0)
        problem(p, p->line, "a section comes first: [keys.CONTEXT], [colors] or [options]", NULL);
}

void profile_read(struct console *c, struct arena *a, const char *path, const char *text,
                  struct name_list *problems)
{
    struct profile p = {.c = c, .arena = a, .path = path, .problems = problems};
    while (*text) {
        size_t len = strcspn(text, "\n");
        p.line++;
        read_line(&p, arena_strndup(a, text, len));
        text += len + (text[len] == '\n');
    }
    tell_lost(&p);
    keep_ways_out(&p);
}

/* -- writing -----------------------------------------------------------------------------------
 */

static void write_keys(struct str *out)
{
    for (int n = 0; n < N_CONTEXTS; n++) {
        str_addf(out, "[keys.%s]\n", context_name((enum context_number)n));
        for (enum action action = ACTION_NONE; action < N_ACTIONS; action++) {
            struct str keys = STR_INIT;
            char *save = NULL;
            action_keys(&keys, action, (enum context)(1u << n), (size_t)-1);
            char *text = keys.len ? keys.ptr : NULL;
            for (char *key = text ? strtok_r(text, " ", &save) : NULL; key;
                 key = strtok_r(NULL, " ", &save))
                str_addf(out, "%s %s\n", str_eq(key, "#") ? "Hash" : key,
                         action_infos[action].name);
            str_clear(&keys);
        }
        str_addc(out, '\n');
    }
}

static void write_color(struct str *out, short color)
{
    if (color == COLOR_DEFAULT_)
        str_add(out, " default");
    else if ((size_t)color < sizeof color_names / sizeof *color_names)
        str_addf(out, " %s", color_names[color]);
    else
        str_addf(out, " %d", (int)color);
}

static void write_colors(struct str *out)
{
    str_add(out, "[colors]\n");
    for (enum role role = 0; role < N_ROLES; role++) {
        struct style style = theme_colored(role);
        str_addf(out, "color %s", theme_role_name(role));
        write_color(out, style.fg);
        write_color(out, style.bg);
        for (size_t i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++)
            if (style.attributes & attribute_names[i].bit)
                str_addf(out, " %s", attribute_names[i].name);
        str_addc(out, '\n');
    }
}

void profile_write(const struct console *c, struct str *out)
{
    write_keys(out);
    write_colors(out);
    str_add(out, "\n[options]\n");
    for (size_t i = 0; i < console_option_count; i++)
        str_addf(out, "set %s %s\n", console_options[i].name, console_options[i].get(c));
}

/* -- the user's --------------------------------------------------------------------------------
 */

static const char *find_path(struct arena *a, const struct ui_options *options, bool *is_named)
{
    const char *named = environ_given(options->environ_, "RETORT_CONSOLE_CONFIG");
    const char *base = environ_given(options->environ_, "XDG_CONFIG_HOME"),
               *home = environ_given(options->environ_, "HOME");
    *is_named = named != NULL;
    if (named)
        return named;
    if (!base || base[0] != '/')
        base = home ? path_join(a, home, ".config") : NULL;
    return base ? path_join(a, base, "retort/console.conf") : NULL;
}

void profile_load(struct console *c, struct arena *a, struct name_list *problems)
{
    struct err err = ERR_INIT;
    bool is_named;
    char *text;
    size_t len;
    action_bind_defaults();
    theme_reset();
    const char *path = find_path(a, c->options, &is_named);
    if (!path || (!is_named && !file_exists(path)))
        return;
    if (!file_read(a, path, MAX_PROFILE, &text, &len, &err)) {
        vec_push(a, problems, arena_printf(a, "%s", err.message));
        err_clear(&err);
        return;
    }
    profile_read(c, a, path, text, problems);
}
