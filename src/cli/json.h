/* Answers as JSON: one object, with the version of the form in "retort". */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <jansson.h>

struct cli;

/* {"retort": 1}; the caller owns it. */
json_t *json_new(void);

/* Prints the object, indented, and releases it. */
void json_print(struct cli *cli, json_t *root);

/* The same on one line. */
void json_print_line(struct cli *cli, json_t *root);

#endif
