#include "config.h"

#include "cli/show.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cli/json.h"

static void add_names(struct str *out, const struct name_list *names)
{
    for (size_t i = 0; i < names->len; i++)
        str_addf(out, "%s%s", i ? ", " : "", names->at[i]);
}

const char *show_ids(struct arena *a, const struct revision_list *list)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < list->len; i++)
        str_addf(&out, "%s%s", i ? ", " : "", list->at[i]->header->id);
    return out.ptr;
}

static void add_parents(struct str *out, const struct revision *r)
{
    if (r->header->down.len)
        add_names(out, &r->header->down);
    else
        str_add(out, "<base>");
}

const char *show_short(struct arena *a, const struct revision *r, unsigned pieces)
{
    const struct revision_header *h = r->header;
    struct str out = STR_IN(a);
    if (pieces & SHOW_PARENTS) {
        add_parents(&out, r);
        if (h->depends_on.len) {
            str_add(&out, " (");
            add_names(&out, &h->depends_on);
            str_addc(&out, ')');
        }
        str_add(&out, " -> ");
    }
    str_add(&out, h->id);
    if ((pieces & SHOW_LABELS) && r->labels.len) {
        str_add(&out, " (");
        add_names(&out, &r->labels);
        str_addc(&out, ')');
    }
    if (r->is_real_head)
        str_add(&out, " (head)");
    else if (r->is_head)
        str_add(&out, " (effective head)");
    if (pieces & SHOW_CURRENT)
        str_add(&out, " (current)");
    if ((pieces & SHOW_TREE) && r->is_branchpoint)
        str_add(&out, " (branchpoint)");
    if ((pieces & SHOW_TREE) && r->is_mergepoint)
        str_add(&out, " (mergepoint)");
    if (pieces & SHOW_DOC)
        str_addf(&out, ", %s", h->doc);
    return out.ptr;
}

/* The docstring, each line indented; lines end where Python's splitlines() ends them. */
static void add_doc(struct str *out, const char *doc)
{
    for (const char *p = doc; *p;) {
        size_t len = strcspn(p, "\n\r\v\f");
        str_add(out, "    ");
        str_addn(out, p, len);
        p += len;
        if (p[0] == '\r' && p[1] == '\n')
            p++;
        if (*p) {
            p++;
            if (*p)
                str_addc(out, '\n');
        }
    }
    str_addc(out, '\n');
}

const char *show_verbose(struct arena *a, const struct revision *r, bool current)
{
    const struct revision_header *h = r->header;
    struct str out = STR_IN(a);
    str_addf(&out, "Rev: %s%s%s%s%s\n", h->id, r->is_head ? " (head)" : "",
             r->is_branchpoint ? " (branchpoint)" : "", r->is_mergepoint ? " (mergepoint)" : "",
             current ? " (current)" : "");
    str_add(&out, r->is_mergepoint ? "Merges: " : "Parent: ");
    add_parents(&out, r);
    str_addc(&out, '\n');
    if (h->depends_on.len) {
        str_add(&out, "Also depends on: ");
        add_names(&out, &h->depends_on);
        str_addc(&out, '\n');
    }
    if (r->is_branchpoint)
        str_addf(&out, "Branches into: %s\n", show_ids(a, &r->next));
    if (r->labels.len) {
        str_add(&out, "Branch names: ");
        add_names(&out, &r->labels);
        str_addc(&out, '\n');
    }
    str_addf(&out, "Path: %s\n\n", h->path);
    add_doc(&out, h->longdoc);
    return out.ptr;
}

static json_t *json_names(const struct name_list *names)
{
    json_t *out = json_array();
    for (size_t i = 0; i < names->len; i++)
        json_array_append_new(out, json_text(names->at[i]));
    return out;
}

json_t *show_json(const struct revision *r)
{
    const struct revision_header *h = r->header;
    json_t *out = json_object();
    json_object_set_new(out, "revision", json_text(h->id));
    json_object_set_new(out, "down_revision", json_names(&h->down));
    json_object_set_new(out, "depends_on", json_names(&h->depends_on));
    json_object_set_new(out, "branch_labels", json_names(&r->labels));
    json_object_set_new(out, "head", json_boolean(r->is_real_head));
    json_object_set_new(out, "effective_head", json_boolean(r->is_head && !r->is_real_head));
    json_object_set_new(out, "branchpoint", json_boolean(r->is_branchpoint));
    json_object_set_new(out, "mergepoint", json_boolean(r->is_mergepoint));
    json_object_set_new(out, "doc", json_text(h->doc));
    json_object_set_new(out, "path", json_text(h->path));
    return out;
}
