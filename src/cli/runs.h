/* The runs of the journal's folder: what `runs` and `resume` have in common. */
#ifndef CLI_RUNS_H
#define CLI_RUNS_H

#include <jansson.h>
#include <stdbool.h>

#include "run/story.h"

struct cli;
struct err;

struct cli_run {
    struct journal_file file;
    struct run_story story;
    bool is_run; /* false: the file holds no run; story then has only id and path */
};

VEC_DEFINE(cli_run_list, struct cli_run *);

/* Reads all runs, newest first; a file that cannot be read is warned about. Clear the list. */
bool runs_read(struct cli *cli, struct cli_run_list *out, struct err *err);

/* The one whose id is, begins with or ends with `name`; False: none, or several. */
bool runs_find(struct cli *cli, const char *name, struct cli_run **out, struct err *err);

void runs_clear(struct cli_run_list *list);

/* "done, 3 revisions", "stopped, 1 of 3 revisions; continued". */
const char *runs_result(struct arena *a, const struct run_story *story);

/* "app on db1"; "not connected". */
const char *runs_database(struct arena *a, const struct run_story *story);

/* "2026-11-22 13:33:41Z" of a record's time. */
const char *runs_time(struct arena *a, const char *at);

/* A run as JSON: in short, and with its steps and statements. The caller owns it. */
json_t *runs_json(struct arena *a, const struct cli_run *run);
json_t *runs_json_full(struct arena *a, const struct cli_run *run);

#endif
