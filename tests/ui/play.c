#include "config.h"

#include "ui/play.h"

#include "base/file.h"

void play_open(struct session *s)
{
    static const char *const variables[] = {"RETORT_OPERATOR=ann", NULL};
    launch_in(&s->pty, s->live, s->ini, s->rows, s->columns, variables);
    pty_idle(&s->pty);
}

void play_type_name(struct session *s)
{
    pty_type(&s->pty, PLAY_NAME "\r");
}

void play(struct live *live, project_fn project, session_fn session)
{
    static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}};
    const char *folder = arena_printf(live->arena, "%s/" PLAY_NAME, live_server.dir);
    struct err err = ERR_INIT;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct session s = {.live = live, .rows = sizes[i][0], .columns = sizes[i][1]};
        launch_database(live, PLAY_NAME);
        assert_true(file_remove_tree(folder, &err));
        s.ini = project(live);
        play_open(&s);
        session(&s);
        quit(&s.pty);
    }
    golden_end();
}
