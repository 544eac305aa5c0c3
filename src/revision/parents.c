/* What a new revision is put on (spec/cli.md, sections 5.4 and 5.5). */
#include "config.h"

#include "base/err.h"
#include "revision/graph.h"
#include "revision/reach.h"
#include "revision/resolve.h"

bool graph_resolve_parents(struct arena *a, const struct graph *graph,
                           const struct name_list *symbols, struct revision_list *out,
                           struct err *err)
{
    struct resolver rs = {
        .arena = a,
        .graph = graph,
        .multiple_heads = "Multiple heads are present; please specify the head revision on which "
                          "the new revision should be based, or perform a merge.",
        .err = err,
    };
    struct revision_list found = {0};
    for (size_t i = 0; i < symbols->len; i++)
        if (!resolve_revisions(&rs, symbols->at[i], &found))
            return false;
    for (size_t i = 0; i < found.len; i++) {
        if (reach_list_has(out, found.at[i]))
            return err_set(err, ERR_COMMAND, "Duplicate head revisions specified");
        vec_push(a, out, found.at[i]);
    }
    return true;
}

bool graph_check_heads(const struct revision_list *parents, bool splice, struct err *err)
{
    for (size_t i = 0; !splice && i < parents->len; i++)
        if (!parents->at[i]->is_head)
            return err_set(err, ERR_COMMAND,
                           "Revision %s is not a head revision; please specify --splice to create "
                           "a new branch from this revision",
                           parents->at[i]->header->id);
    return true;
}

bool graph_resolve_dependency(struct arena *a, const struct graph *graph, const char *symbol,
                              struct revision **out, struct err *err)
{
    struct resolver rs = {.arena = a, .graph = graph, .err = err};
    struct spot spot;
    if (!resolve_one(&rs, symbol, &spot))
        return false;
    if (spot.kind != SPOT_REVISION)
        return err_set(err, ERR_GRAPH, "'%s' is no revision that another can depend on", symbol);
    *out = spot.revision;
    return true;
}
