#include "config.h"

#include "run/timeouts.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "config/config.h"

/* -- the table ----------------------------------------------------------------------------------
 */

static const struct class_row {
    const char *name, *help;
    struct timeout_rule rule;
} classes[] = {
#define TIMEOUT_CLASS(id, name, lock, statement, retries, pause, pause_max, total, help)           \
    [TIMEOUTS_##id] = {name, help, {lock, statement, retries, pause, pause_max, total}},
#define TIMEOUT_FIELD(field, kind, help)
#include "run/timeouts.def"
#undef TIMEOUT_CLASS
#undef TIMEOUT_FIELD
};

/* What a key takes: a LIMIT also "none" and "server". */
enum kind { KIND_LIMIT, KIND_DURATION, KIND_COUNT };

static const struct field_row {
    const char *key;
    enum kind kind;
    size_t offset; /* in struct timeout_rule */
} fields[] = {
#define TIMEOUT_CLASS(id, name, lock, statement, retries, pause, pause_max, total, help)
#define TIMEOUT_FIELD(field, kind, help)                                                           \
    {#field, KIND_##kind, offsetof(struct timeout_rule, field)},
#include "run/timeouts.def"
#undef TIMEOUT_CLASS
#undef TIMEOUT_FIELD
};

enum { N_FIELDS = sizeof(fields) / sizeof(fields[0]) };
_Static_assert(sizeof(struct timeout_rule) == N_FIELDS * sizeof(int64_t),
               "the rows of classes have a value for each field, in this order");

static int64_t *value_of(struct timeout_rule *rule, const struct field_row *field)
{
    return (int64_t *)(void *)((char *)rule + field->offset);
}

void timeouts_init(struct timeouts *out)
{
    for (size_t i = 0; i < N_TIMEOUT_CLASSES; i++)
        out->rules[i] = classes[i].rule;
}

const char *timeouts_class_name(enum timeout_class class)
{
    return classes[class].name;
}

const char *timeouts_class_help(enum timeout_class class)
{
    return classes[class].help;
}

/* -- settings -----------------------------------------------------------------------------------
 */

static bool read_number(const char *text, int64_t *number, const char **rest)
{
    char *end;
    errno = 0;
    *number = strtoll(text, &end, 10);
    *rest = end + strspn(end, " ");
    return end != text && !errno && *number >= 0 && *number < 1000000000;
}

bool timeouts_duration(const char *key, const char *text, int64_t *out, struct err *err)
{
    static const struct {
        const char *unit;
        int64_t factor;
    } units[] = {{"", 1}, {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}};
    int64_t number;
    const char *unit;
    if (!text)
        return true;
    bool is_number = read_number(text, &number, &unit);
    for (size_t i = 0; is_number && i < sizeof(units) / sizeof(units[0]); i++) {
        int64_t milliseconds = number * units[i].factor;
        if (strcmp(unit, units[i].unit) == 0 &&
            milliseconds <= INT32_MAX) { /* the server's limit */
            *out = milliseconds;
            return true;
        }
    }
    err_set(err, ERR_CONFIG, "%s is no duration: '%s'", key, text);
    return err_hint(err, "write 4s, 500ms or 2min");
}

static bool read_value(const struct field_row *field, const char *key, const char *text,
                       int64_t *out, struct err *err)
{
    const char *rest;
    if (field->kind == KIND_COUNT) {
        if (read_number(text, out, &rest) && !*rest)
            return true;
        return err_set(err, ERR_CONFIG, "%s is no number: '%s'", key, text);
    }
    if (field->kind == KIND_LIMIT && str_eq(text, "none"))
        *out = TIMEOUT_NONE;
    else if (field->kind == KIND_LIMIT && str_eq(text, "server"))
        *out = TIMEOUT_SERVER;
    else
        return timeouts_duration(key, text, out, err);
    return true;
}

/* One key; *found says whether it is there. */
static bool read_key(struct arena *a, const struct config *config, const struct field_row *field,
                     const char *key, int64_t *out, bool *found, struct err *err)
{
    struct config_origin origin = {0};
    const char *text = config_setting(a, config, key, &origin, err);
    *found = text != NULL;
    if (!text)
        return err->code == ERR_NONE;
    return read_value(field, key, text, out, err) || err_at(err, origin.file, origin.line, 0);
}

static bool read_field(struct arena *a, const struct config *config, const struct field_row *field,
                       struct timeouts *out, struct err *err)
{
    int64_t all = 0;
    bool for_all, for_one;
    if (!read_key(a, config, field, field->key, &all, &for_all, err))
        return false;
    for (size_t i = 0; i < N_TIMEOUT_CLASSES; i++) {
        int64_t *value = value_of(&out->rules[i], field);
        const char *key = arena_printf(a, "%s_%s", field->key, classes[i].name);
        if (for_all && i != TIMEOUTS_CONCURRENTLY)
            *value = all;
        if (!read_key(a, config, field, key, value, &for_one, err))
            return false;
    }
    return true;
}

bool timeouts_read(struct arena *a, const struct config *config, struct timeouts *out,
                   struct err *err)
{
    timeouts_init(out);
    for (size_t i = 0; i < N_FIELDS; i++)
        if (!read_field(a, config, &fields[i], out, err))
            return false;
    return true;
}

/* -- the class of a statement -------------------------------------------------------------------
 */

static bool is_tag(const char *tag, const char *const *tags)
{
    while (*tags && !str_eq(tag, *tags))
        tags++;
    return *tags != NULL;
}

enum timeout_class timeouts_class(const struct sql_effect *effect, bool in_transaction,
                                  bool version_row)
{
    static const char *const data[] = {"INSERT", "UPDATE", "DELETE", "MERGE",
                                       "COPY",   "SELECT", "CALL",   NULL};
    if (version_row)
        return TIMEOUTS_VERSION;
    if (effect->concurrent || (!effect->known && !in_transaction))
        return TIMEOUTS_CONCURRENTLY;
    if (effect->outside_only)
        return TIMEOUTS_OUTSIDE;
    if (is_tag(effect->tag, data) && effect->lock <= SQL_LOCK_ROW_EXCLUSIVE)
        return TIMEOUTS_DML;
    if (str_eq(effect->tag, "ALTER TABLE") && effect->rewrites &&
        effect->lock == SQL_LOCK_SHARE_UPDATE_EXCLUSIVE)
        return TIMEOUTS_VALIDATION;
    return TIMEOUTS_DDL;
}

/* CALL and DO may have committed in between. */
bool timeouts_is_undone(const struct sql_effect *effect)
{
    static const char *const programs[] = {"CALL", "DO", NULL};
    return effect->known && effect->statements == 1 && !effect->outside_only &&
           effect->control == SQL_CONTROL_NONE && !is_tag(effect->tag, programs);
}

/* -- pauses -------------------------------------------------------------------------------------
 */

/* splitmix64 (Steele, Lea and Flood, 2014). */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t timeouts_pause(const struct timeout_rule *rule, unsigned tries, uint64_t *seed)
{
    int64_t pause = rule->retry_pause;
    for (unsigned i = 1; i < tries && pause < rule->retry_pause_max; i++)
        pause *= 2;
    if (pause > rule->retry_pause_max)
        pause = rule->retry_pause_max;
    int64_t by_chance = pause / 4;
    return pause - by_chance + (int64_t)(next_random(seed) % (uint64_t)(by_chance + 1));
}

/* -- text ---------------------------------------------------------------------------------------
 */

static const char *duration_text(struct arena *a, int64_t milliseconds)
{
    static const struct {
        const char *unit;
        int64_t factor;
    } units[] = {{"h", 3600000}, {"min", 60000}, {"s", 1000}};
    if (milliseconds == TIMEOUT_SERVER)
        return "of the server";
    if (milliseconds == TIMEOUT_NONE)
        return "none";
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (milliseconds % units[i].factor == 0)
            return arena_printf(a, "%lld %s", (long long)(milliseconds / units[i].factor),
                                units[i].unit);
    return arena_printf(a, "%lld ms", (long long)milliseconds);
}

const char *timeouts_text(struct arena *a, const struct timeout_rule *rule)
{
    struct str s = STR_IN(a);
    str_addf(&s, "lock_timeout %s", duration_text(a, rule->lock_timeout));
    if (rule->lock_retries > 0)
        str_addf(&s, ", tried again %lld %s within %s", (long long)rule->lock_retries,
                 rule->lock_retries == 1 ? "time" : "times", duration_text(a, rule->retry_total));
    str_addf(&s, "; statement_timeout %s", duration_text(a, rule->statement_timeout));
    return s.ptr;
}

static void add_setting(struct str *s, const char *name, int64_t now, int64_t wanted)
{
    if (now == wanted)
        return;
    str_add(s, s->len > 0 ? "; " : "");
    if (wanted == TIMEOUT_SERVER)
        str_addf(s, "RESET %s", name);
    else
        str_addf(s, "SET %s = %lld", name, (long long)wanted);
}

const char *timeouts_sql(struct arena *a, const struct timeout_rule *now,
                         const struct timeout_rule *wanted)
{
    struct str s = STR_IN(a);
    add_setting(&s, "lock_timeout", now->lock_timeout, wanted->lock_timeout);
    add_setting(&s, "statement_timeout", now->statement_timeout, wanted->statement_timeout);
    return s.len > 0 ? s.ptr : NULL;
}
