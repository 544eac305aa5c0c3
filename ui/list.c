#include "config.h"

#include "ui/list.h"

static size_t clamped(size_t value, long delta, size_t max)
{
    if (delta < 0)
        return value < (size_t)-delta ? 0 : value - (size_t)-delta;
    return max - value < (size_t)delta ? max : value + (size_t)delta;
}

static size_t last_top(const struct list *list)
{
    return list->count > list->height ? list->count - list->height : 0;
}

static void show_cursor(struct list *list)
{
    if (list->cursor < list->top)
        list->top = list->cursor;
    if (list->cursor >= list->top + list->height)
        list->top = list->cursor - list->height + 1;
    if (list->top > last_top(list))
        list->top = last_top(list);
}

void list_resize(struct list *list, size_t count, size_t height)
{
    list->count = count;
    list->height = height ? height : 1;
    if (list->cursor >= count)
        list->cursor = count ? count - 1 : 0;
    show_cursor(list);
}

void list_move(struct list *list, long delta)
{
    if (list->count == 0)
        return;
    list->cursor = clamped(list->cursor, delta, list->count - 1);
    show_cursor(list);
}

void list_go(struct list *list, size_t row)
{
    if (list->count == 0)
        return;
    list->cursor = row < list->count ? row : list->count - 1;
    show_cursor(list);
}

static void move_both(struct list *list, long delta)
{
    list->top = clamped(list->top, delta, last_top(list));
    list_move(list, delta);
}

void list_page(struct list *list, int direction)
{
    long rows = list->height > 1 ? (long)list->height - 1 : 1;
    move_both(list, direction * rows);
}

void list_half_page(struct list *list, int direction)
{
    long rows = list->height > 1 ? (long)list->height / 2 : 1;
    move_both(list, direction * rows);
}

void list_scroll(struct list *list, long delta)
{
    if (list->count == 0)
        return;
    list->top = clamped(list->top, delta, last_top(list));
    if (list->cursor < list->top)
        list->cursor = list->top;
    if (list->cursor >= list->top + list->height)
        list->cursor = list->top + list->height - 1;
}

void list_shift(struct list *list, long delta)
{
    enum { FAR = 10000 };
    list->left = clamped(list->left, delta, FAR);
}

int list_percent(const struct list *list)
{
    if (list->count == 0)
        return 100;
    return (int)((list->cursor + 1) * 100 / list->count);
}
