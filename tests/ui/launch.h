/*
 * The console in a project, on a database of a private server, for the tests of tests/ui.
 */
#ifndef TESTS_UI_LAUNCH_H
#define TESTS_UI_LAUNCH_H

#include "live/live.h"
#include "ui/pty.h"

/* The console on this test's database, in the project of that alembic.ini. */
void launch_in(struct pty *pty, struct live *live, const char *ini, int rows, int columns,
               const char *const *variables);
/* The same in the example project. */
void launch(struct pty *pty, struct live *live, int rows, int columns,
            const char *const *variables);
/* The same, when it has read everything. */
void start(struct pty *pty, struct live *live, int rows, int columns,
           const char *const *variables);

/* Types without waiting for rest. */
void press(struct pty *pty, const char *keys);
/* Q, and everything is as it was. */
void quit(struct pty *pty);

/* An empty database of that name for this test, in place of the one that it was given. */
void launch_database(struct live *live, const char *name);

/* A variable that makes the user's editor a script of that command; the file is $2. */
const char *launch_editor(struct live *live, const char *command);

/* Writes a file, making its folders. */
void launch_write(struct live *live, const char *path, const char *text);

/*
 * A project of that name without revisions, in the server's folder; settings are further lines and
 * sections of its alembic.ini, which is returned.
 */
const char *launch_project(struct live *live, const char *name, const char *settings);

/*
 * The same, with an env.py and a template that real Alembic can work with, on this test's database.
 * models is the text of models.py, which names its `metadata`; NULL: there are none.
 */
const char *launch_runnable(struct live *live, const char *name, const char *models);

/* Real Alembic of the system, in the project of that alembic.ini; what it prints. The test fails
 * when it fails. */
const char *launch_alembic(struct live *live, const char *ini, const char *words);

/* The text of a revision's file. */
const char *launch_read(struct live *live, const char *project, const char *id);

/* A revision of it: parent as Python writes it ("None", "\"a\""), one statement each way. */
void launch_revision(struct live *live, const char *project, const char *id, const char *parent,
                     const char *doc, const char *up, const char *down);

#endif
