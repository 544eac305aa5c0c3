#include "config.h"

#include "cli/cancel.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/err.h"
#include "base/thread.h"

/* What a signal gives up. */
static struct cancel *_Atomic under_way;

void cancel_init(struct cancel *cancel)
{
    *cancel = (struct cancel){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
}

void cancel_clear(struct cancel *cancel)
{
    if (cancel->fd >= 0)
        close(cancel->fd);
    cancel->fd = -1;
}

int cancel_fd(const struct cancel *cancel)
{
    return cancel ? cancel->fd : -1;
}

void cancel_begin(struct cancel *cancel)
{
    uint64_t count;
    if (!cancel || cancel->depth++)
        return;
    while (read(cancel->fd, &count, sizeof(count)) < 0 && errno == EINTR)
        ; /* a command in a process of its own may have raised it */
    atomic_store(&cancel->is_raised, false);
    thread_set_cancel(&cancel->is_raised);
    atomic_store(&under_way, cancel);
}

bool cancel_end(struct cancel *cancel, bool ok, struct err *err)
{
    if (!cancel)
        return ok;
    if (--cancel->depth == 0) {
        atomic_store(&under_way, NULL);
        thread_set_cancel(NULL);
    }
    if (!atomic_load(&cancel->is_raised))
        return ok;
    err_clear(err);
    return err_set(err, ERR_CANCELLED, "cancelled");
}

bool cancel_raise(void)
{
    static const uint64_t one = 1;
    struct cancel *cancel = atomic_load(&under_way);
    if (!cancel || atomic_exchange(&cancel->is_raised, true))
        return false;
    int before = errno;
    ssize_t written = write(cancel->fd, &one, sizeof(one));
    (void)written; /* it cannot be full */
    errno = before;
    return true;
}
