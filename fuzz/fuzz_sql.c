/* SQL text: pieces lie in order inside the text, and anything can be classified. */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sql/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data, size);
    struct sql_pieces pieces;
    struct sql_effect effect;
    size_t end = 0;
    sql_split(a, text, &pieces);
    for (size_t i = 0; i < pieces.len; i++) {
        if (pieces.at[i].len == 0 || pieces.at[i].start < end)
            abort();
        end = pieces.at[i].start + pieces.at[i].len;
    }
    if (end > strlen(text))
        abort();
    sql_classify(a, text, 150000, &effect);
    if (effect.known && effect.statements > 0 && !effect.tag)
        abort();
    arena_free(a);
    return 0;
}
