/*
 * Answers as JSON. Every one of them is an object made here or put into one made here, and begins
 * with "retort", the version of the form: it is counted up when a member changes its meaning.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <jansson.h>

struct cli;

/* {"retort": 1}; the caller owns it. */
json_t *json_new(void);

/* A text, null for NULL; bytes that are not UTF-8 are each replaced by U+FFFD. */
json_t *json_text(const char *text);

/* Prints the object, indented, and releases it. */
void json_print(struct cli *cli, json_t *root);

/* The same on one line, for answers of several objects; what is printed goes out at once. */
void json_print_line(struct cli *cli, json_t *root);

/*
 * Prints, on one line, an object that was made elsewhere; takes it over. A "retort" of its own, as
 * the greeting of a worker has it for the version of its program, is called "version".
 */
void json_print_foreign(struct cli *cli, json_t *object);

#endif
