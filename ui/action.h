/*
 * Actions and the keys bound to them. The table is action.def; this is its data, without the
 * functions that carry actions out (dispatch.c), so that it stands alone.
 */
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;

enum action {
    ACTION_NONE,
#define ACTION(id, name, contexts, keys, hint, reason, function, help) ACTION_##id,
#include "ui/action.def"
#undef ACTION
    N_ACTIONS
};

/* Where a key means something; the order is the one of the help screen. */
#define CONTEXTS(X)                                                                                \
    X(GRAPH, "graph", "Revision graph")                                                            \
    X(DETAIL, "detail", "Source of the revision")                                                  \
    X(SQL, "sql", "SQL")                                                                           \
    X(DIFF, "diff", "Pending differences")                                                         \
    X(PENDING, "pending", "Pending revisions")                                                     \
    X(RUN, "run", "Run")                                                                           \
    X(LOG, "log", "Log")                                                                           \
    X(LIST, "list", "Lists")                                                                       \
    X(TEXT, "text", "Texts")                                                                       \
    X(MOVE, "move", "Moving and searching")                                                        \
    X(GLOBAL, "global", "Everywhere")                                                              \
    X(BAR, "bar", "Run bar")                                                                       \
    X(MESSAGE, "message", "Messages")                                                              \
    X(MENU, "menu", "Menus")                                                                       \
    X(CONFIRM, "confirm", "Confirmations")                                                         \
    X(HELP, "help", "Help")                                                                        \
    X(INPUT, "input", "Typing")                                                                    \
    X(EDITOR, "editor", "SQL editor")

enum context_number {
#define X(id, name, title) CTX_NUMBER_##id,
    CONTEXTS(X)
#undef X
    N_CONTEXTS
};

enum context {
#define X(id, name, title) CTX_##id = 1 << CTX_NUMBER_##id,
    CONTEXTS(X)
#undef X
};

struct action_info {
    const char *name;
    unsigned contexts;
    const char *keys; /* defaults, separated by spaces */
    const char *hint;
    const char *help;
};

extern const struct action_info action_infos[N_ACTIONS];

/* "graph" and "Revision graph" */
const char *context_name(enum context_number context);
const char *context_title(enum context_number context);

/* Binds all default keys, forgetting what was bound before; called at the start. */
void action_bind_defaults(void);
void action_unbind_all(void);
/* Binds the default keys of one action in one context. */
void action_bind_default(enum action action, enum context_number context);

/*
 * Binds a key in a context, replacing what it did there; all three by name, as `:bind` and the
 * configuration have them ("none" unbinds). False with the wrong name, and for what ui.md's rules
 * 1 and 2 forbid: a habit that executes or says yes.
 */
bool action_bind(const char *context, const char *key, const char *action, struct err *err);

/* What the key does in exactly this context; ACTION_NONE when it is not bound there. */
enum action action_lookup(enum context context, int32_t key);

/* The action with this name, or ACTION_NONE. */
enum action action_find(const char *name);

/* Appends the keys bound to an action in a context, at most max of them, separated by a space. */
void action_keys(struct str *out, enum action action, enum context context, size_t max);

#endif
