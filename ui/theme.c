#include "config.h"

#include "ui/theme.h"

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

static bool is_mono;

void theme_set_mono(bool mono)
{
    is_mono = mono;
}

bool theme_is_mono(void)
{
    return is_mono;
}

struct style theme_style(enum role role)
{
    const struct role_row *row = &rows[role];
    if (is_mono)
        return (struct style){COLOR_DEFAULT_, COLOR_DEFAULT_, row->mono};
    return row->colored;
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
