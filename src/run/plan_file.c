#include "config.h"

#include "run/plan_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/str.h"
#include "run/plan_json.h"

enum { PLAN_FILE_MAX = 256 << 20 };

/* Of all members but "sha256" itself. False when memory ran out. */
static bool digest_of(json_t *json, char out[SHA256_HEX + 1])
{
    json_object_del(json, "sha256");
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    if (text)
        sha256_hex(text, strlen(text), out);
    free(text);
    return text != NULL;
}

bool plan_file_write(const struct plan *plan, const char *path, bool replace, struct err *err)
{
    char digest[SHA256_HEX + 1], *text = NULL;
    json_t *json = plan_to_json(plan, err);
    if (!json)
        return false;
    if (digest_of(json, digest)) {
        json_object_set_new(json, "sha256", json_string(digest));
        text = json_dumps(json, JSON_INDENT(1));
    }
    bool ok = text ? file_write(path, text, strlen(text), 0600, replace, err)
                   : err_set(err, ERR_INTERNAL, "the plan cannot be written as JSON");
    free(text);
    json_decref(json);
    return ok;
}

/* Whether it is what plan_file_write() has written. */
static bool check_digest(json_t *json, struct err *err)
{
    char digest[SHA256_HEX + 1];
    const char *kept = json_string_value(json_object_get(json, "sha256"));
    if (!json_object_get(json, "retort_plan"))
        return err_set(err, ERR_IO, "this is no plan");
    if (kept && strlen(kept) == SHA256_HEX) {
        char expected[SHA256_HEX + 1];
        memcpy(expected, kept, sizeof(expected));
        if (digest_of(json, digest) && str_eq(digest, expected))
            return true;
    }
    err_set(err, ERR_IO, "the plan was changed or is damaged: its digest is another one");
    return err_hint(err, "make the plan again; retort plan --edit changes the statements of one");
}

bool plan_file_read(struct arena *a, const char *path, const struct graph *graph, struct plan **out,
                    struct err *err)
{
    char *text;
    size_t len;
    json_error_t problem;
    if (!file_read(a, path, PLAN_FILE_MAX, &text, &len, err))
        return false;
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &problem);
    if (!json) {
        err_set(err, ERR_IO, "this is no plan: %s", problem.text);
        return err_at(err, path, problem.line, problem.column);
    }
    bool ok = check_digest(json, err) && plan_from_json(a, json, graph, out, err);
    for (size_t i = 0; ok && i < (*out)->steps.len; i++)
        plan_arrange(a, &(*out)->steps.at[i], (*out)->database.server_version);
    json_decref(json);
    return ok || err_at(err, path, 0, 0);
}
