#include "config.h"

#include "ui/theme.h"

#include <string.h>

struct role_row {
    const char *name;
    struct style colored;
    unsigned char mono;
};

static const struct role_row rows[N_ROLES] = {
#define ROLE(id, name, fg, bg, attributes, mono)                                                   \
    [ROLE_##id] = {name, {COLOR_##fg##_, COLOR_##bg##_, (attributes)}, (mono)},
#include "ui/theme.def"
#undef ROLE
};

static bool is_mono, is_light;

/* What the user's file says instead. */
static struct {
    bool is_set;
    struct style style;
} own[N_ROLES];

/* On a light background yellow and cyan of most terminals cannot be read; green just can. */
static short for_light(short color)
{
    return color == COLOR_YELLOW_ ? COLOR_MAGENTA_ : color == COLOR_CYAN_ ? COLOR_BLUE_ : color;
}

void theme_set_mono(bool mono)
{
    is_mono = mono;
}

bool theme_is_mono(void)
{
    return is_mono;
}

void theme_set_light(bool light)
{
    is_light = light;
}

bool theme_is_light(void)
{
    return is_light;
}

void theme_set_style(enum role role, struct style style)
{
    own[role].is_set = true;
    own[role].style = style;
}

void theme_reset(void)
{
    memset(own, 0, sizeof own);
}

enum role theme_find_role(const char *name)
{
    enum role role = 0;
    while (role < N_ROLES && strcmp(rows[role].name, name) != 0)
        role++;
    return role;
}

struct style theme_colored(enum role role)
{
    return own[role].is_set ? own[role].style : rows[role].colored;
}

struct style theme_style(enum role role)
{
    const struct role_row *row = &rows[role];
    struct style style = theme_colored(role);
    if (is_mono) {
        style.fg = style.bg = COLOR_DEFAULT_;
        style.attributes = own[role].is_set ? style.attributes : row->mono;
    } else if (is_light && !own[role].is_set) {
        style.fg = for_light(style.fg);
    }
    return style;
}

struct style theme_style_on(enum role role, enum role line)
{
    struct style style = theme_style(role), under = theme_style(line);
    /* Dim text in reverse video is unreadable on many terminals. */
    if (under.attributes & STYLE_REVERSE) {
        style.attributes &= (unsigned char)~STYLE_DIM;
        style.fg = style.bg = COLOR_DEFAULT_;
    }
    /* What is in reverse already stands out on a reversed line by not being so. */
    bool both = (style.attributes & under.attributes & STYLE_REVERSE) != 0;
    style.attributes |= under.attributes;
    if (both)
        style.attributes &= (unsigned char)~STYLE_REVERSE;
    return style;
}

const char *theme_role_name(enum role role)
{
    return rows[role].name;
}
