#include "config.h"

#include "run/catalog_change.h"

#include "autogenerate/compare.h"
#include "base/arena.h"
#include "base/str.h"

/* Both texts are the server's own: what means the same is written the same. */
static void answer(struct compare_questions *questions)
{
    for (size_t i = 0; i < questions->len; i++) {
        struct compare_question *q = &questions->at[i];
        if (q->answer == COMPARE_PENDING)
            q->answer = str_eq(q->database, q->model) ? COMPARE_SAME : COMPARE_OTHER;
    }
}

static const char *line(struct arena *a, const struct difference *d)
{
    struct str out = STR_IN(a);
    str_addf(&out, "%s: %s", difference_subject(a, d), difference_help(d->kind));
    if (d->database && d->model)
        str_addf(&out, ", %s became %s", d->database, d->model);
    else if (d->name && (d->database || d->model))
        str_addf(&out, ", %s", d->database ? d->database : d->model);
    return out.ptr;
}

bool catalog_changes(struct arena *a, const struct schema *before, const struct schema *after,
                     const struct version_table *table, struct name_list *out, struct err *err)
{
    const struct compare_options options = {.compare_type = true,
                                            .compare_server_default = true,
                                            .include_schemas = true,
                                            .version_table = table->name,
                                            .version_table_schema = table->schema};
    struct compare_questions questions = {0};
    struct differences found;
    do {
        answer(&questions);
        found = (struct differences){0};
        if (!compare_schemas(a, after, before, &options, &questions, &found, err))
            return false;
    } while (compare_is_pending(&questions));
    for (size_t i = 0; i < found.items.len; i++)
        vec_push(a, out, line(a, &found.items.at[i]));
    return true;
}
