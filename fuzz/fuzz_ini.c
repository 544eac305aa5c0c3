/* alembic.ini: reading, and interpolating every value. */
#include "config.h"

#include "fuzz/fuzz.h"

#include "base/arena.h"
#include "base/err.h"
#include "config/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct ini_file *file = ini_file_new(a, "x.ini", "/here");
    if (ini_file_read(file, (const char *)data, size, &err)) {
        for (size_t i = 0; i < file->sections.len; i++) {
            struct map items;
            ini_file_items(a, file, file->sections.at[i].key, &items, &err);
        }
    }
    err_clear(&err);
    arena_free(a);
    return 0;
}
