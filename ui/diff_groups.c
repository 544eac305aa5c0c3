#include "config.h"

#include "ui/diff_groups.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "ui/console.h"

/* -- gathering ----------------------------------------------------------------------------------
 */

static const char *label_of(struct arena *a, const struct difference *d)
{
    if (d->table)
        return d->schema ? arena_printf(a, "%s.%s", d->schema, d->table)
                         : arena_strdup(a, d->table);
    if (d->kind == DIFFERENCE_MISSING_EXTENSION)
        return "extensions";
    if (d->kind == DIFFERENCE_ENUM_LABELS || d->kind == DIFFERENCE_MISSING_ENUM ||
        d->kind == DIFFERENCE_ORPHAN_ENUM)
        return "types";
    return "others";
}

/* The group of a difference; known: position + 1 by what tells groups apart. */
static size_t group_of(struct console *c, struct arena *a, struct map *known,
                       const struct differ_item *item)
{
    const struct difference *d = item->difference;
    const char *label = label_of(a, d);
    const char *key = arena_printf(a, "%d\n%d\n%s\n%s", item->ignored, d->table != NULL,
                                   d->schema ? d->schema : "", d->table ? d->table : label);
    uintptr_t found = (uintptr_t)map_get(known, key);
    if (found > 0)
        return found - 1;
    vec_push(a, &c->diff.groups, ((struct diff_group){.label = label}));
    map_put(known, key, (void *)(uintptr_t)c->diff.groups.len);
    return c->diff.groups.len - 1;
}

static bool is_of_kind(const struct console *c, const struct differ_item *item)
{
    static const char signs[] = {
        [DIFF_ADDITIONS] = 'A', [DIFF_CHANGES] = 'M', [DIFF_REMOVALS] = 'D'};
    char sign = difference_sign(item->difference->kind);
    if (item->ignored != (c->diff.filter == DIFF_IGNORED))
        return false;
    if (c->diff.filter == DIFF_ALL || c->diff.filter == DIFF_IGNORED)
        return true;
    return sign == signs[c->diff.filter] || (sign == '?' && c->diff.filter == DIFF_CHANGES);
}

static bool has_heading(const struct diff_group *group)
{
    return group->total > 1;
}

static void add_rows(struct console *c, const struct view *view, size_t at)
{
    const struct diff_group *group = &c->diff.groups.at[at];
    bool headed = has_heading(group) && !view->filter.text;
    if (headed && group->items.len > 0)
        vec_push(NULL, &c->diff.rows, ((struct diff_row){at, NOT_AN_ITEM}));
    if (headed && diff_group_is_folded(c, group))
        return;
    for (size_t i = 0; i < group->items.len; i++)
        vec_push(NULL, &c->diff.rows, ((struct diff_row){at, group->items.at[i]}));
}

/* The row that was under the cursor, when it is of the same comparison. */
static bool find_wanted(const struct console *c, const struct view *view, struct diff_row *wanted)
{
    size_t row;
    if (c->diff.compared != c->differ.started || !view_row(view, &row) || row >= c->diff.rows.len)
        return false;
    *wanted = c->diff.rows.at[row];
    return true;
}

/* There, or on the heading that it is folded under. */
static void place_cursor(const struct console *c, struct view *view, const struct diff_row *wanted)
{
    for (size_t i = 0; i < c->diff.rows.len; i++) {
        const struct diff_row *row = &c->diff.rows.at[i];
        if (row->group == wanted->group && (row->item == NOT_AN_ITEM || row->item == wanted->item))
            view_want_row(view, i);
    }
}

/* What tells a difference from others, over comparisons; another one of the same column is new. */
static const char *identity_of(struct arena *a, const struct differ_item *item)
{
    const struct difference *d = item->difference;
    return arena_printf(a, "%d\n%s\n%s\n%s", (int)d->kind, item->name,
                        d->database ? d->database : "", d->model ? d->model : "");
}

static const char *place_of(const struct console *c, struct arena *a, const struct diff_row *row)
{
    return row->item == NOT_AN_ITEM ? c->diff.groups.at[row->group].label
                                    : identity_of(a, &c->differ.items.at[row->item]);
}

void diff_remember(struct console *c)
{
    struct arena *a = arena_new();
    struct diff_row row;
    if (c->differ.items.len > 0) {
        map_clear(&c->diff.turned);
        mem_free(c->diff.place);
        c->diff.place = find_wanted(c, &c->views[VIEW_DIFF], &row)
                            ? mem_strdup(place_of(c, a, &row))
                            : NULL;
    }
    for (size_t i = 0; i < c->differ.items.len; i++)
        if (c->differ.items.at[i].included != c->differ.items.at[i].by_default)
            map_put(&c->diff.turned, identity_of(a, &c->differ.items.at[i]), NULL);
    arena_free(a);
}

void diff_choose_again(struct console *c)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < c->differ.items.len; i++) {
        struct differ_item *item = &c->differ.items.at[i];
        if (!item->ignored && map_has(&c->diff.turned, identity_of(a, item)))
            item->included = !item->by_default;
    }
    arena_free(a);
}

void diff_forget_choice(struct console *c)
{
    for (size_t i = 0; i < c->differ.items.len; i++)
        c->differ.items.at[i].included = c->differ.items.at[i].by_default;
    map_clear(&c->diff.turned);
}

/* Where it was before the comparison was done again, if that is still there. */
static void find_place(struct console *c, struct view *view)
{
    for (size_t i = 0; c->diff.place && i < c->diff.rows.len; i++)
        if (str_eq(place_of(c, view->arena, &c->diff.rows.at[i]), c->diff.place))
            view_want_row(view, i);
    if (c->diff.rows.len == 0)
        return;
    mem_free(c->diff.place);
    c->diff.place = NULL;
}

size_t diff_groups_load(struct console *c, struct view *view)
{
    struct map known = MAP_IN(view->arena);
    struct diff_row wanted;
    bool is_wanted = find_wanted(c, view, &wanted);
    c->diff.compared = c->differ.started;
    c->diff.rows.len = 0;
    memset(&c->diff.groups, 0, sizeof(c->diff.groups));
    for (size_t i = 0; i < c->differ.items.len; i++) {
        const struct differ_item *item = &c->differ.items.at[i];
        size_t at = group_of(c, view->arena, &known, item); /* it may move the groups */
        struct diff_group *group = &c->diff.groups.at[at];
        group->total++;
        if (is_of_kind(c, item))
            vec_push(view->arena, &group->items, i);
    }
    for (size_t i = 0; i < c->diff.groups.len; i++)
        add_rows(c, view, i);
    if (is_wanted)
        place_cursor(c, view, &wanted);
    else
        find_place(c, view);
    return c->diff.rows.len;
}

void diff_groups_clear(struct diff_pane *pane)
{
    vec_clear(&pane->rows);
    map_clear(&pane->folded);
    map_clear(&pane->turned);
    mem_free(pane->place);
    arena_free(pane->arena);
    mem_free(pane->rule);
}

/* -- rows ---------------------------------------------------------------------------------------
 */

struct differ_item *diff_row_item(const struct console *c, size_t row)
{
    size_t item = c->diff.rows.at[row].item;
    return item == NOT_AN_ITEM ? NULL : &c->differ.items.at[item];
}

const struct diff_group *diff_row_group(const struct console *c, size_t row)
{
    const struct diff_row *r = &c->diff.rows.at[row];
    return r->item == NOT_AN_ITEM ? &c->diff.groups.at[r->group] : NULL;
}

bool diff_row_is_inner(const struct console *c, size_t row)
{
    const struct diff_row *r = &c->diff.rows.at[row];
    return r->item != NOT_AN_ITEM && has_heading(&c->diff.groups.at[r->group]);
}

bool diff_group_is_folded(const struct console *c, const struct diff_group *group)
{
    return map_has(&c->diff.folded, group->label);
}

size_t diff_group_included(const struct console *c, const struct diff_group *group)
{
    size_t count = 0;
    for (size_t i = 0; i < group->items.len; i++)
        count += c->differ.items.at[group->items.at[i]].included;
    return count;
}

void diff_group_include(struct console *c, const struct diff_group *group, bool included)
{
    for (size_t i = 0; i < group->items.len; i++) {
        struct differ_item *item = &c->differ.items.at[group->items.at[i]];
        item->included = included && !item->ignored;
    }
}

/* -- folding ------------------------------------------------------------------------------------
 */

void diff_gather_again(struct console *c)
{
    if (c->range.view == VIEW_DIFF)
        c->range.is_open = false;
    c->views[VIEW_DIFF].stale = true;
    console_sync(c);
}

static void set_folded(struct console *c, const struct diff_group *group, bool folded)
{
    if (folded)
        map_put(&c->diff.folded, group->label, NULL);
    else
        map_remove(&c->diff.folded, group->label);
}

void diff_group_fold(struct console *c, const struct diff_group *group, bool folded)
{
    set_folded(c, group, folded);
    diff_gather_again(c);
}

void diff_fold_all(struct console *c, bool folded)
{
    map_clear(&c->diff.folded);
    for (size_t i = 0; folded && i < c->diff.groups.len; i++)
        if (has_heading(&c->diff.groups.at[i]))
            set_folded(c, &c->diff.groups.at[i], true);
    diff_gather_again(c);
}

static bool matches(const struct pattern *pattern, const struct view *view, struct console *c,
                    size_t row)
{
    struct str text = STR_INIT;
    size_t start, len;
    view->ops->text(c, row, &text);
    bool found = pattern_find(pattern, text.ptr, text.len, 0, &start, &len);
    str_clear(&text);
    return found;
}

void diff_search_inside(struct console *c, size_t row, const struct pattern *pattern, int direction)
{
    struct view *view = &c->views[VIEW_DIFF];
    const struct diff_group *group = diff_row_group(c, row);
    if (!group || !diff_group_is_folded(c, group) || !matches(pattern, view, c, row))
        return;
    size_t count = group->items.len;
    diff_group_fold(c, group, false); /* the group is another one from here on */
    size_t last = row + count, at = direction > 0 ? row : last;
    while (at != (direction > 0 ? last : row) && !matches(pattern, view, c, at))
        at += direction > 0 ? 1 : (size_t)-1;
    view_go_row(view, at);
    view_settle(c, view, 1);
}

/* -- SQL ----------------------------------------------------------------------------------------
 */

void diff_make_statements(struct console *c, const struct diff_group *group)
{
    const struct differences *all = &c->differ.pending.differences;
    struct op_list operations[2] = {0};
    struct err err = ERR_INIT;
    if (!c->diff.arena)
        c->diff.arena = arena_new();
    arena_reset(c->diff.arena);
    memset(c->diff.statements, 0, sizeof(c->diff.statements));
    c->diff.is_unrendered = false;
    bool *included = ARENA_ARRAY(c->diff.arena, all->items.len + 1, bool);
    for (size_t i = 0; i < group->items.len; i++)
        if (group->items.at[i] < all->items.len)
            included[group->items.at[i]] = c->differ.items.at[group->items.at[i]].included;
    differences_operations(c->diff.arena, all, included, &operations[DIRECTION_UPGRADE],
                           &operations[DIRECTION_DOWNGRADE]);
    for (int way = 0; way < 2 && !c->diff.is_unrendered; way++)
        c->diff.is_unrendered =
            !difference_render(c->diff.arena, &operations[way], &c->diff.statements[way], &err);
    if (c->diff.is_unrendered) /* half of it would pass for all */
        memset(c->diff.statements, 0, sizeof(c->diff.statements));
    err_clear(&err);
}
