/*
 * What the files of `retort shell`, the line console, share. Nobody else includes this.
 *
 *   cmd_shell.c        the command, and the loop over lines
 *   shell_verbs.c      the table of verbs; words to verb; help
 *   shell_plan.c       plans: made, shown, edited, saved
 *   shell_edit.c       the plan or a statement of it in the user's editor
 *   shell_run.c        the run: armed, stepped, moved on after a failure, left and found again
 *   shell_place.c      where it works: project, database, protection, settings
 *   shell_line.c       lines from a terminal (libedit), a dumb one, a pipe
 *   shell_history.c    lines kept from session to session
 *   shell_complete.c   what Tab offers
 *   shell_words.c      a line into words
 *
 * A line is a verb of run/verb.def, or else a command of commands.def, which then is carried out as
 * the command line would, in a process of its own. What is confirmed on a terminal is typed there;
 * without one --yes and --confirm of the line confirm, and nothing else: no line is ever taken for
 * an answer.
 */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "cli/cancel.h"
#include "cli/cli.h"
#include "cli/confirm.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "cli/tell.h"
#include "run/position.h"

struct link;
struct run_edit;
struct shell_line;
struct str;

VEC_DEFINE(shell_words, const char *);

/* The project and the database as they were last looked at: for prompt, completion and guards. */
struct shell_place {
    struct cli cli;
    const char *label;    /* "shop@local"; "" without a database */
    const char *database; /* its name as the server has it; "" when not known */
    const char *host;     /* as confirmations name it */
    const char *position; /* "ae10 (2 behind)"; NULL: not known */
    struct err err;       /* why the project or the database cannot be read */
};

/*
 * A plan, from when it is made to the end of its run; or a run that was attached to, whose plan is
 * the link's.
 */
struct shell_work {
    struct cli cli; /* opened for it alone; all of it lives in its arena */
    struct migrate_request request;
    struct migrate_plan made; /* plan NULL: attached */
    VEC(struct position) breakpoints; /* before the run begins */
    struct link *link;        /* NULL: it has not begun, or is over */
    struct tell told;
    struct err refused;       /* the last order that was */
    bool is_ending;           /* told to stop; what is open is being rolled back */
    bool cancels;             /* a cancel was sent, and not answered yet */
    struct position failed;   /* the statement that failed last, while the run waits for a move */
    bool has_failed;
};

struct shell {
    struct cli *cli;     /* of `retort shell` itself */
    bool interactive;    /* somebody sits there */
    struct shell_line *line;
    struct shell_place *place; /* NULL: not looked at */
    struct shell_work *work;   /* NULL: nothing planned, and no run */
    const char *section, *url; /* of connect; NULL: as `retort shell` was called. In cli->arena */
    struct map settings;       /* of set: key -> value, in cli->arena */
    const char *unlocked;      /* the label that unlock was for; NULL: none */
    const char *selected;      /* id that goto went to; NULL: none */
    struct log log;            /* to shell_log */
    VEC(struct shell_log_line) log_lines; /* on the heap */
    bool leaves;
    int status;                /* of the last command that was passed on */
    struct cancel cancel;      /* of what a verb finds out */
    sig_atomic_t seen;         /* interrupts that were acted upon */
    bool at_prompt;            /* it stands there */
    bool told_at_prompt;       /* something was printed while the prompt stands */
};

struct shell_log_line {
    enum log_level level;
    char *text;
};

/* SIGINT since the shell began; SIGTERM or SIGHUP, 0: none. */
extern volatile sig_atomic_t shell_interrupts, shell_terminated;
/*
 * 1 while nothing but the server is heard: the first SIGINT gives up what is found out (cancel.h);
 * if that takes no effect the second one warns, and the third ends the process.
 */
extern volatile sig_atomic_t shell_blind;

/* What a verb finds out stands between them; the end is cancel_end()'s. On a terminal only this
 * hears of the Ctrl-C, elsewhere it ends the shell too. */
void shell_wait_begin(struct shell *sh);
bool shell_wait_end(struct shell *sh, bool ok, struct err *err);

/* -- shell_verbs.c ----------------------------------------------------------------------------- */

enum verb_argument {
    VERB_NONE, VERB_REVISION, VERB_REVISIONS, VERB_RANGE, VERB_STATEMENT, VERB_SETTING, VERB_FILE,
    VERB_CONNECTION, VERB_RUN, VERB_LEVEL, VERB_TOPIC,
};

/* cli: opened as far as the verb does that; its arguments are in cli->args. */
typedef bool (*verb_fn)(struct shell *sh, struct cli *cli, struct err *err);

struct verb {
    const char *name;
    enum verb_argument argument;
    const char *usage, *help;
    verb_fn run;
};

extern const struct verb shell_verbs[];
extern const size_t shell_verb_count;

#define VERB_CONSOLE(id, name, kind, usage, help)
#define VERB_BOTH VERB_SHELL
#define VERB_SHELL(id, name, kind, usage, help)                                                    \
    bool shell_##id(struct shell *sh, struct cli *cli, struct err *err);
#include "run/verb.def"
#undef VERB_CONSOLE
#undef VERB_BOTH
#undef VERB_SHELL

/* The verb of this name or short name (s, S, quit, exit); NULL: none. */
const struct verb *shell_verb_find(const char *name);
/*
 * The command of the command line that is meant by a word, or whose options a verb takes; or NULL.
 */
const struct command *shell_command_find(const char *name);

/*
 * A command of the command line, in a process of its own. False when it failed, which it has told:
 * err stays empty then, and sh->status is its exit status.
 */
bool shell_pass(struct shell *sh, const char *const *words, size_t count);

/*
 * Carries out a line. False: *status is the exit status that goes with the error, which was told.
 */
bool shell_take(struct shell *sh, const char *line, int *status);

/*
 * A command of its own, with what `retort shell` and connect say in front of the words. *out is to
 * be ended with shell_end(), also when this fails.
 */
bool shell_begin(struct shell *sh, const struct shell_words *words, struct cli *out,
                 struct err *err);
/* The same without words to parse: what is needed of the project is opened by the caller. */
bool shell_begin_plain(struct shell *sh, struct cli *out, struct err *err);
void shell_end(struct cli *cli);

/* Asks, as confirm(); what was typed ahead is no answer. */
bool shell_confirm(struct shell *sh, struct cli *cli, enum confirm_kind kind, const char *action,
                   const char *database, const char *host, struct err *err);
/* One letter of those offered, for a question that is no confirmation; 0: something else. */
char shell_ask(struct shell *sh, const char *question);

/* Prints the error; its exit status. */
int shell_report(struct cli *cli, const struct err *err);

/* -- shell_place.c ----------------------------------------------------------------------------- */

/* Reads files and database again. */
void shell_look(struct shell *sh);
void shell_place_free(struct shell_place *place);
/* The place, looked at if it was not yet. */
const struct shell_place *shell_here(struct shell *sh);
/* Whether something may be written there: protected connections are unlocked first. */
bool shell_may_write(struct shell *sh, struct cli *cli, const struct database_url *url,
                     const char *database, struct err *err);
/* "this machine", where the server is reached through a socket. */
const char *shell_host(const char *host);
void shell_prompt(struct shell *sh, struct str *out);
void shell_log_free(struct shell *sh);
void shell_log_line_add(enum log_level level, const char *origin, const char *text, void *payload);

/* -- shell_plan.c ------------------------------------------------------------------------------ */

/* The plan at hand, or that of the run; NULL: none. */
struct plan *shell_plan_at_hand(const struct shell *sh);
/* The statement that failed, else the one that comes next. */
struct position shell_current(const struct shell_work *work);
/* "3" or "2.3": a statement of it, of the current step where none is named. */
bool shell_find_statement(struct shell *sh, const char *text, struct position *out,
                          struct err *err);
void shell_work_free(struct shell *sh);
/* Whether there is a run that is not over. */
bool shell_is_running(const struct shell *sh);

/* -- shell_run.c ------------------------------------------------------------------------------- */

/* Begins the run of the plan at hand, which was confirmed; it stops before its first statement. */
bool shell_arm(struct shell *sh, struct err *err);
/* Drives the run till it wants an answer or is over. False: it failed, or was stopped. */
bool shell_drive(struct shell *sh, struct err *err);
/* What came in while the prompt stands; true when something was told. */
bool shell_hear(struct shell *sh);
/* Edits what is still to come in a run. */
bool shell_edit_run(struct shell *sh, const struct run_edit *edit, struct err *err);
/* Rolls back what is open and ends the run; for the end of the shell. */
void shell_end_run(struct shell *sh);
/* Leaves it to its worker. */
void shell_leave_run(struct shell *sh);

/* -- shell_line.c ------------------------------------------------------------------------------ */

enum line_result { LINE_READ, LINE_END, LINE_INTERRUPTED, LINE_TERMINATED };

struct shell_line *shell_line_new(struct shell *sh);
/* The next line without its end, valid till the next call. */
enum line_result shell_line_read(struct shell_line *line, const char **out);
/* What was typed and not read is forgotten. */
void shell_line_flush(struct shell_line *line);
/* A line, if one was typed while a run works; NULL: none. Terminals only. */
const char *shell_line_typed(struct shell_line *line);
void shell_line_free(struct shell_line *line);

/* -- shell_history.c --------------------------------------------------------------------------- */

enum { SHELL_HISTORY_MAX = 1000 };

/* Whether a line may be kept: it holds no password, no URL, and nothing that confirms. Pure. */
bool shell_history_keeps(const char *line);
/* The lines of the file, oldest first, at most SHELL_HISTORY_MAX; none where it cannot be read. */
void shell_history_read(struct arena *a, const char *path, struct shell_words *out);
/*
 * Adds a line to the file, made with mode 0600. What cannot be written is not said: it is history.
 */
void shell_history_add(const char *path, const char *line);

/* -- shell_complete.c -------------------------------------------------------------------------- */

/*
 * What the last word of the text before the cursor may become, sorted; *start is where the word
 * begins. graph may be NULL.
 */
void shell_complete(struct arena *a, const char *text, const struct graph *graph, const char *cwd,
                    size_t *start, struct shell_words *out);

/* -- shell_words.c ----------------------------------------------------------------------------- */

/*
 * Words between blanks; '...' and "..." hold blanks, \ takes the next character as it is. A # at
 * the beginning of a line is a comment. False for a quote without its end. Pure.
 */
bool shell_split(struct arena *a, const char *line, struct shell_words *out, struct err *err);

#endif
