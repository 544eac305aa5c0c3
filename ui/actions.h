/*
 * The functions behind action.def: what carries each action out, and why it may be disabled now.
 */
#ifndef UI_ACTIONS_H
#define UI_ACTIONS_H

struct console;

/* void act_down(struct console *c), ... */
#define ACTION(id, name, contexts, keys, hint, reason, function, help)                             \
    void function(struct console *c);
#include "ui/action.def"
#undef ACTION

/* const char *reason_always(const struct console *c), ...: NULL when the action can be done. */
#define ACTION(id, name, contexts, keys, hint, reason, function, help)                             \
    const char *reason_##reason(const struct console *c);
#include "ui/action.def"
#undef ACTION

#endif
