#include "config.h"

#include "run/activity_json.h"

#include <stddef.h>

#include "base/arena.h"

/* -- members by table ---------------------------------------------------------------------------
 */

struct text_member {
    const char *key;
    size_t offset; /* of a const char * */
};

struct number_member {
    const char *key;
    size_t offset; /* of an int64_t */
    int64_t none;  /* what is not known */
};

#define TEXT(type, member)                                                                         \
    {                                                                                              \
#member, offsetof(struct type, member)                                                     \
    }
#define NUMBER(type, member, none)                                                                 \
    {                                                                                              \
#member, offsetof(struct type, member), none                                               \
    }
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct text_member session_texts[] = {
    TEXT(activity_session, application), TEXT(activity_session, user),
    TEXT(activity_session, client),      TEXT(activity_session, kind),
    TEXT(activity_session, state),       TEXT(activity_session, query),
    TEXT(activity_session, started),     TEXT(activity_session, waits_for),
    TEXT(activity_session, holds),
};
static const struct number_member session_numbers[] = {
    NUMBER(activity_session, transaction_age, -1),
    NUMBER(activity_session, state_age, -1),
};
static const struct text_member lock_texts[] = {
    TEXT(activity_lock, relation),
    TEXT(activity_lock, mode),
};
static const struct text_member progress_texts[] = {
    TEXT(activity_progress, command),
    TEXT(activity_progress, phase),
    TEXT(activity_progress, relation),
    TEXT(activity_progress, unit),
};
static const struct number_member progress_numbers[] = {
    NUMBER(activity_progress, done, 0),
    NUMBER(activity_progress, total, 0),
    NUMBER(activity_progress, rate, -1),
    NUMBER(activity_progress, left, -1),
};
static const struct text_member activity_texts[] = {
    TEXT(activity, problem),
    TEXT(activity, wait),
    TEXT(activity, waits_for),
};
static const struct number_member activity_numbers[] = {
    NUMBER(activity, statement_age, -1),
    NUMBER(activity, transaction_age, -1),
};

static void put_texts(json_t *o, const void *from, const struct text_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text =
            *(const char *const *)(const void *)((const char *)from + members[i].offset);
        if (text) /* a name that is no UTF-8 is left out: jansson gives NULL, and takes it */
            json_object_set_new(o, members[i].key, json_string(text));
    }
}

static void put_numbers(json_t *o, const void *from, const struct number_member *members,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t number = *(const int64_t *)(const void *)((const char *)from + members[i].offset);
        if (number != members[i].none)
            json_object_set_new(o, members[i].key, json_integer(number));
    }
}

static void get_texts(struct arena *a, const json_t *o, void *to, const struct text_member *members,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_object_get(o, members[i].key));
        *(const char **)(void *)((char *)to + members[i].offset) =
            text ? arena_strdup(a, text) : NULL;
    }
}

static int64_t get_number(const json_t *o, const char *key, int64_t none)
{
    const json_t *value = json_object_get(o, key);
    return json_is_integer(value) ? json_integer_value(value) : none;
}

static void get_numbers(const json_t *o, void *to, const struct number_member *members,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        *(int64_t *)(void *)((char *)to + members[i].offset) =
            get_number(o, members[i].key, members[i].none);
}

/* -- writing ------------------------------------------------------------------------------------
 */

static void put_list(json_t *o, const char *key, json_t *list)
{
    if (json_array_size(list) > 0)
        json_object_set_new(o, key, list);
    else
        json_decref(list);
}

static json_t *sessions_json(const struct activity_sessions *sessions)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sessions->len; i++) {
        const struct activity_session *s = &sessions->at[i];
        json_t *o = json_object();
        json_object_set_new(o, "pid", json_integer(s->pid));
        json_object_set_new(o, "depth", json_integer(s->depth));
        put_texts(o, s, session_texts, COUNT(session_texts));
        put_numbers(o, s, session_numbers, COUNT(session_numbers));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *locks_json(const struct activity_locks *locks)
{
    json_t *list = json_array();
    for (size_t i = 0; i < locks->len; i++) {
        json_t *o = json_object();
        put_texts(o, &locks->at[i], lock_texts, COUNT(lock_texts));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *progress_json(const struct activity_progress *progress)
{
    json_t *o = json_object();
    double percent = activity_percent(progress);
    put_texts(o, progress, progress_texts, COUNT(progress_texts));
    put_numbers(o, progress, progress_numbers, COUNT(progress_numbers));
    if (percent >= 0)
        json_object_set_new(o, "percent", json_real(percent));
    return o;
}

json_t *activity_to_json(const struct activity *activity)
{
    json_t *o = json_object();
    json_object_set_new(o, "pid", json_integer(activity->pid));
    if (activity->hidden)
        json_object_set_new(o, "hidden", json_true());
    put_texts(o, activity, activity_texts, COUNT(activity_texts));
    put_numbers(o, activity, activity_numbers, COUNT(activity_numbers));
    put_list(o, "blockers", sessions_json(&activity->blockers));
    put_list(o, "victims", sessions_json(&activity->victims));
    put_list(o, "locks", locks_json(&activity->locks));
    if (activity->progress.command)
        json_object_set_new(o, "progress", progress_json(&activity->progress));
    return o;
}

/* -- reading ------------------------------------------------------------------------------------
 */

static void read_sessions(struct arena *a, const json_t *list, struct activity_sessions *out)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        struct activity_session s = {
            .pid = (int)get_number(o, "pid", 0),
            .depth = (unsigned)get_number(o, "depth", 0),
        };
        get_texts(a, o, &s, session_texts, COUNT(session_texts));
        get_numbers(o, &s, session_numbers, COUNT(session_numbers));
        vec_push(a, out, s);
    }
}

void activity_from_json(struct arena *a, const json_t *json, struct activity *out)
{
    const json_t *locks = json_object_get(json, "locks"),
                 *progress = json_object_get(json, "progress");
    *out = (struct activity){
        .pid = (int)get_number(json, "pid", 0),
        .hidden = json_is_true(json_object_get(json, "hidden")),
    };
    get_texts(a, json, out, activity_texts, COUNT(activity_texts));
    get_numbers(json, out, activity_numbers, COUNT(activity_numbers));
    read_sessions(a, json_object_get(json, "blockers"), &out->blockers);
    read_sessions(a, json_object_get(json, "victims"), &out->victims);
    for (size_t i = 0; i < json_array_size(locks); i++) {
        struct activity_lock lock;
        get_texts(a, json_array_get(locks, i), &lock, lock_texts, COUNT(lock_texts));
        vec_push(a, &out->locks, lock);
    }
    get_texts(a, progress, &out->progress, progress_texts, COUNT(progress_texts));
    get_numbers(progress, &out->progress, progress_numbers, COUNT(progress_numbers));
    if (out->progress.command && !out->progress.phase)
        out->progress.phase = "";
}
