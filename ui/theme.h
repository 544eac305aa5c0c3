/*
 * How a role looks. Pure; whether the terminal has colours is said by theme_set_mono().
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>

enum role {
#define ROLE(id, name, fg, bg, attributes, mono) ROLE_##id,
#include "ui/theme.def"
#undef ROLE
    N_ROLES
};

enum color {
    COLOR_DEFAULT_ = -1,
    COLOR_BLACK_,
    COLOR_RED_,
    COLOR_GREEN_,
    COLOR_YELLOW_,
    COLOR_BLUE_,
    COLOR_MAGENTA_,
    COLOR_CYAN_,
    COLOR_WHITE_,
};

enum style_attribute { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_REVERSE = 4, STYLE_UNDERLINE = 8 };

struct style {
    short fg, bg; /* enum color, or up to 255 on terminals that have as many */
    unsigned char attributes;
};

/* Whether colours are left out: NO_COLOR, a terminal without colours, `:set color=off`. */
void theme_set_mono(bool mono);
bool theme_is_mono(void);

/* Whether the background is light: colours that cannot be read there are replaced by others. */
void theme_set_light(bool light);
bool theme_is_light(void);

/* Another look of a role, with or without colours alike, till theme_reset(). */
void theme_set_style(enum role role, struct style style);
void theme_reset(void);

/* The role of that name; N_ROLES: none. */
enum role theme_find_role(const char *name);

/* The look of a role with colours, whether there are any or not: what a file says of it. */
struct style theme_colored(enum role role);

/* The look of a role. */
struct style theme_style(enum role role);

/* The look of a role on the cursor line: the role's colours, in reverse video. */
struct style theme_style_on(enum role role, enum role line);

/* The name of a role, as the configuration has it. */
const char *theme_role_name(enum role role);

#endif
