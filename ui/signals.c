#include "config.h"

#include "ui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

static int signal_pipe[2] = {-1, -1};

static const struct {
    int number;
    bool child_only; /* while a child has the terminal, it is the child's alone */
} caught[] = {
    {SIGWINCH, false}, {SIGTERM, false}, {SIGHUP, false},  {SIGINT, true},
    {SIGQUIT, true},   {SIGTSTP, false}, {SIGCONT, false},
};

static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void handle_all(void (*handler)(int))
{
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        handle(caught[i].number, handler);
}

bool signals_open(struct err *err)
{
    if (pipe(signal_pipe) != 0)
        return err_set(err, ERR_IO, "pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++) {
        fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
        fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
    }
    handle_all(on_signal);
    return true;
}

void signals_close(void)
{
    handle_all(SIG_DFL);
    close(signal_pipe[0]);
    close(signal_pipe[1]);
}

int signals_fd(void)
{
    return signal_pipe[0];
}

int signals_take(void)
{
    unsigned char byte;
    return read(signal_pipe[0], &byte, 1) == 1 ? byte : 0;
}

void signals_leave_to_child(void)
{
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        if (caught[i].child_only)
            handle(caught[i].number, SIG_IGN);
    handle(SIGTSTP, SIG_DFL);
    handle(SIGCONT, SIG_DFL);
}

void signals_return(void)
{
    handle_all(on_signal);
}

void signals_stop(bool whole_job)
{
    handle(SIGTSTP, SIG_DFL);
    handle(SIGCONT, SIG_DFL); /* the caller knows that it was continued */
    if (whole_job)
        kill(0, SIGTSTP);
    else
        raise(SIGTSTP);
    handle_all(on_signal);
}
