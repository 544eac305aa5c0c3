/*
 * Prints the settings of [retort] from the program's tables, as parts of retort.conf(5):
 *
 *     setting_tables settings|classes
 *
 * tools/make-manual.sh puts the parts into the page.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "run/settings.h"
#include "run/timeouts.h"
#include "tools/mdoc.h"

/* "a | b" as alternatives of a macro line. */
static void put_value(const char *value)
{
    for (const char *p = value; *p;) {
        size_t len = strcspn(p, " ");
        printf(" %s%.*s", *p == '|' ? "" : "Ar ", (int)len, p);
        p += len;
        p += strspn(p, " ");
    }
    putchar('\n');
}

static void put_settings(struct arena *a)
{
    struct setting_list all = {0};
    settings_list(a, &all);
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < all.len; i++) {
        const struct setting *s = &all.at[i];
        if (s->of_class) /* the list of classes says it for all */
            continue;
        printf(".It Cm %s Li =", s->key);
        put_value(s->value);
        mdoc_put_text(s->help);
        printf("Default:\n.Li %s .\n", s->fallback);
    }
    puts(".El");
}

static void put_classes(struct arena *a)
{
    struct timeouts timeouts;
    timeouts_init(&timeouts);
    puts(".Bl -tag -width concurrently");
    for (int i = 0; i < N_TIMEOUT_CLASSES; i++) {
        const char *help = timeouts_class_help((enum timeout_class)i);
        printf(".It Cm %s\n", timeouts_class_name((enum timeout_class)i));
        mdoc_put_text(arena_printf(a, "%s.", help));
        puts(".br");
        mdoc_put_text(arena_printf(a, "%s.", timeouts_text(a, &timeouts.rules[i])));
    }
    puts(".El");
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    bool ok = true;
    if (argc == 2 && strcmp(argv[1], "settings") == 0)
        put_settings(a);
    else if (argc == 2 && strcmp(argv[1], "classes") == 0)
        put_classes(a);
    else
        ok = fprintf(stderr, "usage: setting_tables settings|classes\n") < 0;
    arena_free(a);
    return ok ? 0 : 2;
}
