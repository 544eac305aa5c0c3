#include "config.h"

#include "cli/suggest.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cli/commands.h"

enum { WORD_MAX = 40 }; /* longer ones are nobody's typing error */

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t min = a < b ? a : b;
    return min < c ? min : c;
}

/* Edit distance with neighbours exchanged (optimal string alignment). Both at most WORD_MAX. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= a_len; i++)
        rows[i][0] = i;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++)
        for (size_t j = 1; j <= b_len; j++) {
            size_t replace = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            rows[i][j] = min3(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replace);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                rows[i - 2][j - 2] + 1 < rows[i][j])
                rows[i][j] = rows[i - 2][j - 2] + 1;
        }
    return rows[a_len][b_len];
}

const char *suggest_word(const char *word, const char *const *words, size_t count)
{
    size_t len = strlen(word);
    if (len == 0 || len > WORD_MAX)
        return NULL;
    const char *best = NULL;
    size_t best_distance = (len + 2) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(words[i]);
        if (other > WORD_MAX)
            continue;
        size_t edits = distance(word, len, words[i], other);
        if (edits < best_distance) {
            best = words[i];
            best_distance = edits;
        }
    }
    return best;
}

const char *suggest_commands(struct arena *a, const char *word)
{
    enum { COMMANDS_MAX = 64 };
    const char *names[COMMANDS_MAX];
    struct str begun = STR_IN(a);
    size_t count = 0;
    for (size_t i = 0; i < command_count && count < COMMANDS_MAX; i++) {
        names[count++] = commands[i].name;
        if (*word && str_starts_with(commands[i].name, word))
            str_addf(&begun, "%s'%s'", begun.len ? " or " : "", commands[i].name);
    }
    if (begun.len)
        return begun.ptr;
    const char *near = suggest_word(word, names, count);
    return near ? arena_printf(a, "'%s'", near) : NULL;
}
