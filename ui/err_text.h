/* Errors in full, for a popup. */
#ifndef UI_ERR_TEXT_H
#define UI_ERR_TEXT_H

struct err;
struct str;

/*
 * Message, what the server said, what to do, and the place with a caret. Files below folder (NULL:
 * none) are named from there.
 */
void err_text(struct str *out, const struct err *err, const char *folder);

/* The path as it is named from folder, when it is below it. */
const char *path_below(const char *path, const char *folder);

#endif
