/*
 * Sessions that are played at each of the three sizes of golden screens (golden.h), each time on a
 * new database and a new project.
 */
#ifndef TESTS_UI_PLAY_H
#define TESTS_UI_PLAY_H

#include "ui/golden.h"
#include "ui/launch.h"

#define PLAY_NAME "shop" /* of the project, and of its database */

struct session {
    struct live *live;
    const char *ini;
    struct pty pty;
    int rows, columns;
};

/* Makes the project, and what its database is to begin with; its alembic.ini. */
typedef const char *(*project_fn)(struct live *live);
/* What is done in the console, which rests when it begins and when it ends. */
typedef void (*session_fn)(struct session *s);

/* Plays it at 80x24, 120x40 and 200x60; quits each time, and fails if screens differ. */
void play(struct live *live, project_fn project, session_fn session);

/* Another console in the same project. */
void play_open(struct session *s);
/* Types the name of the database and Enter. */
void play_type_name(struct session *s);

#endif
