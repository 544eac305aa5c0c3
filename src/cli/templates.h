/*
 * The kinds of project that `init` makes (spec/cli.md, section 5.8). What a file of a new project
 * is made of is in migrations/templates, and embedded; reading a template touches no disk.
 */
#ifndef CLI_TEMPLATES_H
#define CLI_TEMPLATES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum { TEMPLATE_PARTS_MAX = 4 };

struct init_template {
    const char *name;
    /* Files of the project's folder, each copied as it is. */
    const char *readme, *script, *environment;
    /* Parts, one after the other, of alembic.ini and of pyproject.toml; no parts: no such file. */
    const char *ini[TEMPLATE_PARTS_MAX + 1], *toml[TEMPLATE_PARTS_MAX + 1];
};

extern const struct init_template init_templates[];
extern const size_t init_template_count;

/* The template of this name, or NULL. */
const struct init_template *template_find(const char *name);

/* What it is for: the first line of its README. */
const char *template_synopsis(struct arena *a, const struct init_template *t);

/* The text of an embedded file, which must exist. */
const char *template_text(const char *file);

/* The parts joined, with ${script_location} replaced. */
const char *template_join(struct arena *a, const char *const *parts, const char *script_location);

#endif
