/*
 * From keys to actions: which context a key is looked up in, why an action is disabled, and the
 * function that carries it out.
 */
#ifndef UI_DISPATCH_H
#define UI_DISPATCH_H

#include "ui/action.h"

struct console;

/* Why the action cannot be done now; NULL: it can. */
const char *dispatch_reason(const struct console *c, enum action action);

/* Carries an action out, or says in the message line why it is disabled. */
void dispatch_action(struct console *c, enum action action);

#endif
