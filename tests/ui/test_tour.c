/*
 * The tour that README.md describes, key by key and in its order.
 */
#include "config.h"

#include <locale.h>

#include "ui/launch.h"

static void the_tour_of_the_readme(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_database(live, "model_app");
    start(&pty, live, 32, 112, NULL);
    pty_expect(&pty, "at base (9 behind)");

    /* 1 */
    pty_type(&pty, "jk");
    pty_expect(&pty, "ADD COLUMN created_at");
    pty_type(&pty, "x");
    pty_expect(&pty, "DROP COLUMN created_at");
    pty_type(&pty, "x");

    /* 2, 3 */
    pty_type(&pty, "r");
    pty_expect(&pty, "n  upgrade by one revision");
    pty_type(&pty, "n");
    pty_expect(&pty, "1 revision, 6 statements");
    pty_type(&pty, "y");
    pty_expect(&pty, "t  step");
    pty_expect(&pty, "v  by revision");
    pty_expect(&pty, "e  all");
    pty_type(&pty, "t");
    pty_expect(&pty, " RUN ");
    pty_type(&pty, "s");
    pty_wait_for(&pty, "paused 1/6, in transaction");

    /* 4 */
    pty_send(&pty, "\033");
    pty_expect(&pty, "r arms it again");
    pty_type(&pty, "s");
    pty_expect(&pty, "paused 1/6, in transaction");
    pty_type(&pty, "r");
    pty_expect(&pty, "How far?");
    pty_type(&pty, "t");
    pty_expect(&pty, " RUN ");
    pty_type(&pty, "S");
    pty_wait_for(&pty, "everything committed");

    /* 5 */
    pty_type(&pty, "1rh");
    pty_expect(&pty, "loses data: column nickname");
    pty_expect(&pty, "Type the name of the database");
    pty_type(&pty, "model_app\r");
    pty_expect(&pty, "How far?");
    pty_type(&pty, "e");
    pty_wait_for(&pty, "everything committed");
    pty_type(&pty, "1rb");
    pty_expect(&pty, "Type the name of the database");
    pty_type(&pty, "model_app\r");
    pty_expect(&pty, "How far?");
    pty_type(&pty, "t");

    /* 7, during the run */
    pty_type(&pty, "Q");
    pty_expect(&pty, "k  keep waiting");
    pty_expect(&pty, "l  leave the run to its worker, and quit");
    pty_type(&pty, "k");
    pty_type(&pty, "S");
    pty_wait_for(&pty, "everything committed");
    pty_expect(&pty, "(1 behind)");

    /* 6 */
    pty_type(&pty, "1rn");
    pty_type(&pty, "y");
    pty_type(&pty, "e");
    pty_wait_for(&pty, "everything committed");
    pty_type(&pty, "d");
    pty_wait_for(&pty, "embedding");
    pty_type(&pty, " ");
    pty_expect(&pty, " included");
    quit(&pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(the_tour_of_the_readme),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
