#include "config.h"

#include "ui/layout.h"

static void frame_set(struct layout *l, enum slot slot, int y, int x, int height, int width)
{
    l->frames[slot] = (struct rect){y, x, height, width};
    l->inside[slot] = l->has_border ? (struct rect){y + 1, x + 1, height - 2, width - 2}
                                    : (struct rect){y + 1, x, height - 1, width};
}

/* The lines around the panes; gives the rows between them. Header and message come first. */
static struct rect place_lines(struct layout *l, int rows, int columns)
{
    int top = 0, bottom = rows;
    l->header = (struct rect){top++, 0, 1, columns};
    if (rows >= 8)
        l->hint = (struct rect){--bottom, 0, 1, columns};
    l->message = (struct rect){--bottom, 0, 1, columns};
    if (rows >= 8)
        l->status = (struct rect){--bottom, 0, 1, columns};
    return (struct rect){top, 0, bottom - top, columns};
}

/* So that every frame has a row inside: the panes below take as many rows. */
static int at_least(int height, int least, int area)
{
    int most = area - least;
    return height < 3 ? 3 : height > most ? most : height;
}

static void place_stack(struct layout *l, struct rect area, int rows, enum slot side, int share)
{
    /* Frames share a border row, so the heights add up to one more than the area. */
    bool both = rows >= LAYOUT_BOTH_ROWS;
    int main_height = both ? area.height * 4 / 10 : (area.height + 1) / 2;
    if (share)
        main_height = at_least(area.height * share / 100, both ? 6 : 3, area.height);
    int below = area.y + main_height - 1;
    int below_height = area.height - main_height + 1;
    frame_set(l, SLOT_MAIN, area.y, 0, main_height, area.width);
    if (!both) {
        frame_set(l, side, below, 0, below_height, area.width);
        return;
    }
    int top_height = (below_height + 1) / 2;
    frame_set(l, SLOT_TOP, below, 0, top_height, area.width);
    frame_set(l, SLOT_BOTTOM, below + top_height - 1, 0, below_height - top_height + 1, area.width);
}

static void place_split(struct layout *l, struct rect area, int share)
{
    int main_width = share ? area.width * share / 100 : area.width / 2;
    int side_width = area.width - main_width + 1;
    int top_height = (area.height + 1) / 2;
    frame_set(l, SLOT_MAIN, area.y, 0, area.height, main_width);
    frame_set(l, SLOT_TOP, area.y, main_width - 1, top_height, side_width);
    frame_set(l, SLOT_BOTTOM, area.y + top_height - 1, main_width - 1, area.height - top_height + 1,
              side_width);
}

void layout_compute(int rows, int columns, bool maximised, enum slot focus, enum slot side,
                    const struct layout_shares *shares, struct layout *out)
{
    *out = (struct layout){.mode = LAYOUT_TOO_SMALL};
    if (rows < LAYOUT_MIN_ROWS || columns < LAYOUT_MIN_COLUMNS)
        return;
    struct rect area = place_lines(out, rows, columns);
    bool small = rows < LAYOUT_PANES_ROWS || columns < LAYOUT_PANES_COLUMNS;
    out->has_border = !small;
    if (small || maximised) {
        out->mode = LAYOUT_ONE;
        frame_set(out, focus, area.y, 0, area.height, area.width);
    } else if (columns < LAYOUT_SPLIT_COLUMNS) {
        out->mode = LAYOUT_STACK;
        place_stack(out, area, rows, focus == SLOT_MAIN ? side : focus, shares ? shares->rows : 0);
    } else {
        out->mode = LAYOUT_SPLIT;
        place_split(out, area, shares ? shares->columns : 0);
    }
}
