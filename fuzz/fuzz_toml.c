/* pyproject.toml. */
#include "config.h"

#include "fuzz/fuzz.h"

#include "base/arena.h"
#include "base/err.h"
#include "config/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct toml_value *root;
    if (toml_parse(a, "x.toml", (const char *)data, size, &root, &err))
        toml_at(root, "tool.alembic");
    err_clear(&err);
    arena_free(a);
    return 0;
}
