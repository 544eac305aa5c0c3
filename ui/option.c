#include "config.h"

#include "ui/option.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "ui/console.h"
#include "ui/screen.h"

static const char *on_off(bool on)
{
    return on ? "on" : "off";
}

static const char *get_wrap(const struct console *c)
{
    return on_off(c->wrap);
}

static const char *set_wrap(struct console *c, const char *value)
{
    c->wrap = str_eq(value, "on");
    return NULL;
}

static const char *get_numbers(const struct console *c)
{
    return on_off(!c->hide_numbers);
}

static const char *set_numbers(struct console *c, const char *value)
{
    c->hide_numbers = str_eq(value, "off");
    return NULL;
}

static const char *get_graphics(const struct console *c)
{
    (void)c;
    return glyph_set_name(screen_glyphs());
}

static const char *set_graphics(struct console *c, const char *value)
{
    (void)c;
    for (int set = 0; set < N_GLYPH_SETS; set++) {
        if (!str_eq(value, glyph_set_name((enum glyph_set)set)))
            continue;
        if (set == GLYPHS_UTF8 && !screen_is_utf8())
            return "the terminal's locale is not UTF-8";
        screen_set_glyphs((enum glyph_set)set);
    }
    return NULL;
}

static const char *get_mouse(const struct console *c)
{
    return on_off(c->mouse);
}

static const char *set_mouse(struct console *c, const char *value)
{
    bool on = str_eq(value, "on");
    if (!screen_use_mouse(on) && on)
        return "the terminal reports no mouse";
    c->mouse = on;
    return NULL;
}

static const char *get_color(const struct console *c)
{
    (void)c;
    return on_off(!theme_is_mono());
}

static const char *set_color(struct console *c, const char *value)
{
    bool on = str_eq(value, "on");
    (void)c;
    theme_set_mono(!on || !screen_use_color());
    return on && theme_is_mono() ? "the terminal has no colours" : NULL;
}

static const char *get_theme(const struct console *c)
{
    (void)c;
    return theme_is_light() ? "light" : "dark";
}

static const char *set_theme(struct console *c, const char *value)
{
    (void)c;
    theme_set_light(str_eq(value, "light"));
    return NULL;
}

static const char *const times_names[] = {
    [TIMES_CLOCK] = "clock", [TIMES_AGO] = "ago", [TIMES_OFF] = "off"};

static const char *get_times(const struct console *c)
{
    return times_names[c->times];
}

static const char *set_times(struct console *c, const char *value)
{
    for (int i = 0; i < N_TIMES; i++)
        if (str_eq(value, times_names[i]))
            c->times = (enum times)i;
    return NULL;
}

const struct option_row console_options[] = {
#define OPTION(letter, name, values, kept, get, set, help)                                         \
    {letter, name, values, kept, get, set, help},
#include "ui/option.def"
#undef OPTION
};
const size_t console_option_count = sizeof console_options / sizeof *console_options;

const struct option_row *option_find(const char *name)
{
    for (size_t i = 0; i < console_option_count; i++)
        if (str_eq(console_options[i].name, name))
            return &console_options[i];
    return NULL;
}

/* Where the value stands among those of the row; NULL: nowhere. */
static const char *find_value(const struct option_row *row, const char *value)
{
    size_t len = strlen(value);
    for (const char *at = row->values; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        if (n == len && strncmp(at, value, n) == 0)
            return at;
        at += n;
    }
    return NULL;
}

static bool set(struct console *c, const struct option_row *row, const char *value, struct err *err)
{
    const char *reason = row->set(c, value);
    if (!reason)
        return true;
    return err_set(err, ERR_USAGE, "%s=%s: %s", row->name, value, reason);
}

bool option_set(struct console *c, const char *name, const char *value, struct err *err)
{
    const struct option_row *row = option_find(name);
    if (!row)
        return err_set(err, ERR_USAGE, "no option \"%s\"", name);
    if (!find_value(row, value))
        return err_set(err, ERR_USAGE, "%s is one of: %s", name, row->values);
    return set(c, row, value, err);
}

bool option_toggle(struct console *c, const struct option_row *row, struct err *err)
{
    const char *at = find_value(row, row->get(c));
    for (size_t tries = 0; tries < strlen(row->values); tries++) {
        at += strcspn(at, " ");
        at = *at ? at + 1 : row->values;
        char *value = mem_strndup(at, strcspn(at, " "));
        bool is_round = str_eq(value, row->get(c));
        bool ok = !is_round && set(c, row, value, err);
        mem_free(value);
        if (ok)
            err_clear(err); /* of those that were passed over */
        if (ok || is_round)
            break;
    }
    return err->code == ERR_NONE;
}
