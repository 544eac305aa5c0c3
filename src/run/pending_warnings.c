#include "config.h"

#include "base/arena.h"
#include "run/pending.h"

/* " (models/user.py:12)" */
static const char *place_text(struct arena *a, struct file_line place)
{
    if (!place.file)
        return "";
    return place.line > 0 ? arena_printf(a, " (%s:%d)", place.file, place.line)
                          : arena_printf(a, " (%s)", place.file);
}

static const char *left_out_text(struct arena *a, const struct unknown_table *t)
{
    const char *place = place_text(a, t->place);
    if (!t->table)
        return arena_printf(a, "something is left out, so no table is taken for dropped: %s%s",
                            t->reason, place);
    return arena_printf(a, "table %s%s%s is left out: %s%s", t->schema ? t->schema : "",
                        t->schema ? "." : "", t->table, t->reason, place);
}

void pending_warnings(struct arena *a, const struct pending *pending, struct name_list *out)
{
    for (size_t i = 0; i < pending->differences.left_out.len; i++)
        vec_push(a, out, left_out_text(a, &pending->differences.left_out.at[i]));
    for (size_t i = 0; i < pending->models.unseen.len; i++) {
        const struct unseen_model *model = &pending->models.unseen.at[i];
        vec_push(a, out,
                 arena_printf(a, "env.py does not import the model %s%s: its table is not compared",
                              model->name, place_text(a, model->place)));
    }
}
