#include "config.h"

#include "ui/probe.h"

#include <sys/socket.h>
#include <unistd.h>

static void answer(const struct probe *probe)
{
    ssize_t ignored = send(probe->fd, &probe->came, sizeof probe->came, MSG_NOSIGNAL);
    (void)ignored; /* who asked is gone: the next reading tells */
}

void probe_take(struct probe *probe)
{
    char question;
    if (recv(probe->fd, &question, 1, MSG_DONTWAIT) <= 0)
        probe->fd = -1;
    else if (question == 'i')
        probe->wants = true;
    else
        answer(probe);
}

void probe_idle(struct probe *probe)
{
    if (!probe->wants)
        return;
    probe->wants = false;
    answer(probe);
}
