/* .env files, with and without variables. */
#include "config.h"

#include "fuzz/fuzz.h"

#include "base/arena.h"
#include "config/dotenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    int bad;
    dotenv_parse(a, (const char *)data, size, &bad);
    dotenv_values(a, (const char *)data, size, NULL, true, &bad);
    arena_free(a);
    return 0;
}
