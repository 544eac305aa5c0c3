/*
 * A terminal obeys control characters, and what retort prints comes from elsewhere too: names of
 * files, strings of revisions, names and messages of a database. On the way to a terminal they are
 * made visible. What goes to a file or a pipe stays byte for byte what it is.
 */
#ifndef CLI_VISIBLE_H
#define CLI_VISIBLE_H

#include <stdio.h>

/*
 * A stream that writes to the terminal open as fd: control characters other than newline and tab,
 * and those that turn the direction of text, come out as \x1b, \x9b, \u202e. mode is setvbuf()'s.
 * It ends with the process; fd stays the caller's. NULL when there is no memory.
 */
FILE *visible_open(int fd, int mode);

#endif
