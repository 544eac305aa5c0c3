/* script.py.mako: any bytes become a revision file's text, or are refused with a reason. */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>

#include "alembic/template.h"
#include "base/arena.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const variables[][2] = {
        {"message", "'it\\'s a \"message\"'"}, {"up_revision", "'ab12'"},
        {"down_revision", "('a1', 'b2')"},     {"depends_on", "None"},
        {"upgrades", "'first()'"},             {"downgrades", "''"},
    };
    struct arena *a = arena_new();
    struct str out = STR_INIT;
    struct err err = ERR_INIT;
    struct template_world world = {.variables = MAP_IN(a)};
    const struct template_source source = {
        "script.py.mako", arena_strndup(a, (const char *)data, size), size};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        map_put(&world.variables, variables[i][0], arena_strdup(a, variables[i][1]));
    if (!template_render(a, &source, &world, &out, &err) && !err.message)
        abort();
    err_clear(&err);
    str_clear(&out);
    arena_free(a);
    return 0;
}
