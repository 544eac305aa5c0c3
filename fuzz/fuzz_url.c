/* Database URLs: what was read can be printed, and printed without the password reads again. */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct database_url url, again;
    struct map keywords;
    const char *text = arena_strndup(a, (const char *)data, size);
    if (url_parse(a, text, &url, &err)) {
        url_conninfo(a, &url, &keywords);
        url_label(a, &url);
        if (!url_parse(a, url_masked(a, &url), &again, &err))
            abort();
        if (url.host && again.host && strcmp(url.host, again.host) != 0)
            abort();
    }
    err_clear(&err);
    arena_free(a);
    return 0;
}
