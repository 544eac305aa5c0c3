#include "config.h"

#include "ui/guard.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "ui/console.h"

const char *guard_database(const struct console *c, const struct session *session)
{
    bool is_read = c->reader.state == READER_READY && str_eq(session->label, c->session->label);
    if (is_read && c->reader.info.database)
        return c->reader.info.database;
    return session->has_url && session->url.database ? session->url.database : "";
}

/* Under either name: what the URL says, and what the server does. */
bool guard_is_protected(const struct console *c, const struct session *session)
{
    if (!session->has_url || session->protection.patterns.len == 0)
        return false;
    if (protection_covers(&session->protection, session->label))
        return true;
    struct database_url url = session->url;
    struct arena *a = arena_new();
    url.database = guard_database(c, session);
    bool covered = *url.database && protection_covers(&session->protection, url_label(a, &url));
    arena_free(a);
    return covered;
}

const char *guard_why_read_only(const struct console *c)
{
    if (!guard_is_protected(c, c->session) || str_eq(c->unlocked, c->session->label))
        return NULL;
    return "the connection is protected and read-only; :unlock first";
}

static void set_unlocked(struct console *c, const char *label)
{
    mem_free(c->unlocked);
    c->unlocked = label ? mem_strdup(label) : NULL;
}

static void unlocked(struct console *c, int value)
{
    (void)value;
    set_unlocked(c, c->unlocking);
    console_say(c, "%s is unlocked; :lock makes it read-only again", c->unlocked);
}

void guard_unlock(struct console *c)
{
    const char *name = guard_database(c, c->session);
    struct str text = STR_INIT;
    if (!guard_is_protected(c, c->session)) {
        console_complain(c, "the connection is not protected");
    } else if (!guard_why_read_only(c)) {
        console_say(c, "it is unlocked already; :lock makes it read-only again");
    } else if (!*name) {
        console_complain(c, "the name of the database is not known yet");
    } else {
        mem_free(c->unlocking);
        c->unlocking = mem_strdup(c->session->label);
        str_addf(&text,
                 "database     %s\n\nThis connection is protected. Unlocked, the run menu works; "
                 "each plan still asks for the name.\n\nType the name of the database, %s, to go "
                 "on.",
                 c->unlocking, name);
        popup_type(c, "Unlock", text.ptr, name, unlocked);
    }
    str_clear(&text);
}

void guard_lock(struct console *c)
{
    set_unlocked(c, NULL);
    console_say(c, guard_is_protected(c, c->session) ? "locked: read-only"
                                                     : "the connection is not protected");
}
