/*
 * Which databases are protected, and what the console calls the connection: the settings
 * `protected` and `label` of [retort]. A protected connection is read-only in the console till
 * it is unlocked, and whatever writes asks for the name of the database to be typed (ui.md,
 * "Which guard for what").
 */
#ifndef CONFIG_PROTECTION_H
#define CONFIG_PROTECTION_H

#include <stdbool.h>

#include "config/config.h"

struct protection {
    const char *label;            /* "dev"; NULL: none */
    struct config_paths patterns; /* `database` or `database@host`, with * and ?; "*": all */
};

/*
 * Reads `protected`, which is true, false, or patterns of databases separated by commas, and
 * `label`. False with the place of the setting (ERR_CONFIG) when it cannot be understood.
 */
bool protection_read(struct arena *a, const struct config *config, struct protection *out,
                     struct err *err);

/*
 * Whether the database of this label ("database@host", as url_label() makes it) is protected. Of
 * several hosts, separated by commas, one that matches is enough.
 */
bool protection_covers(const struct protection *protection, const char *label);

#endif
