#include "config.h"

#include "config/protection.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Words that are no names of databases, and whether they protect. */
static const struct {
    const char *word;
    bool protects;
} words[] = {
    {"true", true},   {"yes", true}, {"on", true},   {"1", true},
    {"false", false}, {"no", false}, {"off", false}, {"0", false},
};

static bool add_pattern(struct arena *a, const char *text, size_t len, struct protection *out,
                        struct err *err)
{
    char *pattern = arena_strndup(a, text, len);
    const char *at = strrchr(pattern, '@');
    if (pattern[strcspn(pattern, " \t\n")] || at == pattern || (at && !at[1])) {
        err_set(err, ERR_CONFIG, "protected is neither true nor false nor a database: '%s'",
                pattern);
        return err_hint(err, "databases are written as name or name@host, separated by commas");
    }
    vec_push(a, &out->patterns, pattern);
    return true;
}

static bool read_protected(struct arena *a, const char *text, struct protection *out,
                           struct err *err)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(text, words[i].word) != 0)
            continue;
        if (words[i].protects)
            vec_push(a, &out->patterns, "*");
        return true;
    }
    while (*text) {
        size_t len = strcspn(text, ","), from = strspn(text, " \t\n"), end = len;
        while (end > from && strchr(" \t\n", text[end - 1]))
            end--;
        if (end > from && !add_pattern(a, text + from, end - from, out, err))
            return false;
        text += len + (text[len] == ',');
    }
    return true;
}

bool protection_read(struct arena *a, const struct config *config, struct protection *out,
                     struct err *err)
{
    struct config_origin origin = {0};
    *out = (struct protection){.label = NULL};
    const char *text = config_setting(a, config, "protected", &origin, err);
    if (!text && err->code != ERR_NONE)
        return false;
    if (text && !read_protected(a, text, out, err))
        return err_at(err, origin.file, origin.line, 0);
    out->label = config_setting(a, config, "label", &origin, err);
    return out->label || err->code == ERR_NONE;
}

static bool matches(const char *pattern, const char *text, size_t len)
{
    enum { NAME_MAX_BYTES = 1024 };
    char name[NAME_MAX_BYTES];
    if (len >= sizeof name)
        return true; /* not compared is not unprotected */
    memcpy(name, text, len);
    name[len] = '\0';
    return fnmatch(pattern, name, 0) == 0;
}

static bool covers(const char *pattern, const char *label)
{
    const char *at = strrchr(label, '@'), *wanted = strrchr(pattern, '@');
    size_t len = at ? (size_t)(at - label) : strlen(label);
    if (!wanted)
        return matches(pattern, label, len);
    struct str database = STR_INIT;
    str_addn(&database, pattern, (size_t)(wanted - pattern));
    bool found = false, same = matches(database.ptr, label, len);
    for (const char *host = at; same && host && !found;) {
        size_t n = strcspn(++host, ",");
        found = matches(wanted + 1, host, n);
        host = host[n] ? host + n : NULL;
    }
    str_clear(&database);
    return found;
}

bool protection_covers(const struct protection *protection, const char *label)
{
    for (size_t i = 0; i < protection->patterns.len; i++)
        if (covers(protection->patterns.at[i], label))
            return true;
    return false;
}
