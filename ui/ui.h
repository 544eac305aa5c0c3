/*
 * The console (ui.md): what the program calls to start it. Only this header of ui/ is for others.
 */
#ifndef UI_UI_H
#define UI_UI_H

#include <stdbool.h>

#include "schema/table.h"

struct config_request;
struct err;
struct worker_settings;

/* What the front end that starts the console knows; everything is borrowed for the call. */
struct ui_options {
    const struct config_request *config; /* -c, -n, working folder */
    const char *const *environ_;         /* the process's environment */
    const struct name_list *x_arguments; /* -x; NULL: none */
    const char *url_option;              /* --url; NULL: not given */
    const struct worker_settings *run;   /* for runs; the log of its runner is not used */
    const char *script;                  /* $RETORT_SCRIPT: keys and commands; NULL: the terminal */
    const char *frames; /* $RETORT_FRAMES: file for the times of frames; NULL: none */
    int idle_fd; /* $RETORT_IDLE_FD: a socket on which tests ask, see probe.h; -1: none */
};

/*
 * Opens the project and shows it until the user quits. Standard input and output must be a
 * terminal. Returns the exit code; when it is not 0 because the console could not start, err says
 * why and the terminal is as it was.
 */
int ui_main(const struct ui_options *options, struct err *err);

/* The library that draws: "ncurses 6.4.20221231". */
const char *ui_library(void);

#endif
