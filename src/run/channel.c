#include "config.h"

#include "run/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536 }; /* bytes read at a time */

void channel_open(struct channel *channel, int fd, size_t line_max)
{
    *channel = (struct channel){.fd = fd, .in = STR_INIT, .out = STR_INIT, .line_max = line_max};
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void channel_close(struct channel *channel)
{
    if (channel->fd < 0)
        return;
    close(channel->fd);
    channel->fd = -1;
    channel->ended = true;
    str_clear(&channel->in);
    str_clear(&channel->out);
}

/* -- out ----------------------------------------------------------------------------------------
 */

void channel_flush(struct channel *channel)
{
    while (!channel->ended && channel->sent < channel->out.len) {
        ssize_t n = send(channel->fd, channel->out.ptr + channel->sent,
                         channel->out.len - channel->sent, MSG_NOSIGNAL);
        if (n >= 0)
            channel->sent += (size_t)n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno != EINTR)
            channel->ended = true;
    }
    channel->sent = 0;
    str_cut(&channel->out, 0);
}

void channel_send_text(struct channel *channel, const char *line, size_t len)
{
    if (channel->ended)
        return;
    if (channel->sent > channel->out.len / 2) { /* what is gone makes room */
        memmove(channel->out.ptr, channel->out.ptr + channel->sent,
                channel->out.len - channel->sent);
        str_cut(&channel->out, channel->out.len - channel->sent);
        channel->sent = 0;
    }
    str_addn(&channel->out, line, len);
    str_addc(&channel->out, '\n');
    channel_flush(channel);
}

void channel_send(struct channel *channel, json_t *message)
{
    char *text = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    if (text)
        channel_send_text(channel, text, strlen(text));
    free(text);
}

size_t channel_backlog(const struct channel *channel)
{
    return channel->ended ? 0 : channel->out.len - channel->sent;
}

/* -- in -----------------------------------------------------------------------------------------
 */

/* Reads what is there; false when nothing more can come now. */
static bool read_some(struct channel *channel)
{
    if (channel->ended)
        return false;
    str_reserve(&channel->in, CHUNK);
    ssize_t n = recv(channel->fd, channel->in.ptr + channel->in.len, CHUNK, 0);
    if (n < 0)
        channel->ended = errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
    if (n == 0)
        channel->ended = true;
    if (n <= 0)
        return false;
    channel->in.len += (size_t)n;
    channel->in.ptr[channel->in.len] = '\0';
    return true;
}

/* The line that begins at taken, when it is complete. */
static const char *find_line(struct channel *channel, size_t *len)
{
    const char *start = channel->in.ptr + channel->taken;
    const char *end = memchr(start, '\n', channel->in.len - channel->taken);
    if (!end)
        return NULL;
    *len = (size_t)(end - start);
    return start;
}

static void forget_taken(struct channel *channel)
{
    if (channel->taken == 0)
        return;
    memmove(channel->in.ptr, channel->in.ptr + channel->taken, channel->in.len - channel->taken);
    str_cut(&channel->in, channel->in.len - channel->taken);
    channel->taken = 0;
}

json_t *channel_receive(struct channel *channel, struct err *err)
{
    size_t len;
    const char *line = find_line(channel, &len);
    if (!line) {
        forget_taken(channel);
        while (!line && channel->in.len <= channel->line_max && read_some(channel))
            line = find_line(channel, &len);
    }
    if (!line) {
        if (channel->in.len > channel->line_max)
            err_set(err, ERR_IO, "a line of more than %zu bytes", channel->line_max);
        return NULL;
    }
    json_error_t why;
    json_t *message = json_loadb(line, len, 0, &why);
    channel->taken += len + 1;
    if (message && json_is_object(message))
        return message;
    json_decref(message);
    err_set(err, ERR_IO, "a line that is no JSON object");
    return NULL;
}

short channel_events(const struct channel *channel)
{
    return (short)(POLLIN | (channel_backlog(channel) > 0 ? POLLOUT : 0));
}
