#include "config.h"

#include "run/settings.h"

#include "autogenerate/difference.h"
#include "base/arena.h"
#include "run/timeouts.h"

static const struct setting own[] = {
#define SETTING(key, value, fallback, help) {key, value, fallback, help, false},
#include "run/settings.def"
#undef SETTING
};

static const struct {
    const char *key, *value, *help;
} fields[] = {
#define LIMIT    "duration | none | server"
#define DURATION "duration"
#define COUNT    "number"
#define TIMEOUT_CLASS(id, name, lock, statement, retries, pause, pause_max, total, help)
#define TIMEOUT_FIELD(field, kind, help) {#field, kind, help},
#include "run/timeouts.def"
#undef TIMEOUT_CLASS
#undef TIMEOUT_FIELD
#undef LIMIT
#undef DURATION
#undef COUNT
};

static void add_differences(struct arena *a, struct setting_list *out)
{
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        enum difference_kind kind = (enum difference_kind)i;
        if (!difference_is_beyond(kind))
            continue;
        struct setting s = {.value = "true | false", .fallback = "false"};
        s.key = arena_printf(a, "autogenerate_%s", difference_name(a, kind));
        s.help = arena_printf(a, "Write into a revision what Alembic does not see: %s.",
                              difference_help(kind));
        vec_push(a, out, s);
    }
}

void settings_list(struct arena *a, struct setting_list *out)
{
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        vec_push(a, out, own[i]);
    add_differences(a, out);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct setting s = {.key = fields[i].key, .value = fields[i].value};
        s.fallback = "by class";
        s.help = arena_printf(a, "For all classes but concurrently: %s.", fields[i].help);
        vec_push(a, out, s);
    }
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        for (int class = 0; class < N_TIMEOUT_CLASSES; class ++) {
            struct setting s = {.value = fields[i].value, .fallback = "by class", .of_class = true};
            s.key = arena_printf(a, "%s_%s", fields[i].key,
                                 timeouts_class_name((enum timeout_class) class));
            s.help = timeouts_class_help((enum timeout_class) class);
            vec_push(a, out, s);
        }
}
