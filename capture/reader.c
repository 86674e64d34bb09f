#include "capture/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/event.h"
#include "capture/source.h"

#define WINDOW_MIN ((size_t)256 << 10)

static bool
fail_open(GError **error, int reason)
{
    g_set_error_literal(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_OPEN, g_strerror(reason));
    return false;
}

/*
 * A FIFO is opened without waiting for its writer: poll() waits for both writer and bytes, and
 * comes back now and then.
 */
static int
open_path(const char *path)
{
    if (strcmp(path, "-") == 0) {
        return STDIN_FILENO;
    }
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

bool
ss_reader_open(SsReader *self, const char *path, GError **error)
{
    *self = (SsReader){.fd = open_path(path)};
    struct stat info;
    if (self->fd < 0 || fstat(self->fd, &info) != 0) {
        int reason = errno;
        ss_reader_close(self);
        return fail_open(error, reason);
    }
    if (S_ISDIR(info.st_mode)) {
        ss_reader_close(self);
        return fail_open(error, EISDIR);
    }
    self->is_live = S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode) || isatty(self->fd);
    self->size = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : SS_COUNT_NONE;
    self->room = WINDOW_MIN;
    self->window = g_malloc(self->room);
    return true;
}

/* Waits for a pipe's bytes, so that the caller can look at the clock and at signals. */
static SsReadStatus
wait_for_bytes(SsReader *self)
{
    struct pollfd poll_fd = {.fd = self->fd, .events = POLLIN};
    int n = poll(&poll_fd, 1, SS_SOURCE_WAIT_MS);
    self->is_interrupted = n < 0 && errno == EINTR;
    return n > 0 ? SS_READ_OK : SS_READ_IDLE;
}

/* Reads what there is, up to `room` bytes; 0 is the end of the file. */
static SsReadStatus
read_some(SsReader *self, uint8_t *to, size_t room, size_t *ret_n)
{
    if (self->is_live) {
        SsReadStatus status = wait_for_bytes(self);
        if (status != SS_READ_OK) {
            return status;
        }
    }
    ssize_t n = read(self->fd, to, room);
    if (n >= 0) {
        self->position += (uint64_t)n;
        *ret_n = (size_t)n;
        return SS_READ_OK;
    }
    self->is_interrupted = errno == EINTR;
    if (errno == EINTR || errno == EAGAIN) {
        return SS_READ_IDLE;
    }
    self->failure = errno;
    return SS_READ_FAILED;
}

static SsReadStatus
status_of_inflate(SsInflateStatus status)
{
    switch (status) {
    case SS_INFLATE_MORE:
        return SS_READ_OK;
    case SS_INFLATE_END:
        return SS_READ_END;
    default:
        return SS_READ_DAMAGED;
    }
}

/* Puts some more bytes into the window's free end; OK with none of them is possible. */
static SsReadStatus
unpack_some(SsReader *self)
{
    if (self->packed_rest.len == 0 && !self->is_packed_end) {
        size_t n = 0;
        SsReadStatus status = read_some(self, self->packed, WINDOW_MIN, &n);
        if (status != SS_READ_OK) {
            return status;
        }
        self->packed_rest = ss_slice(self->packed, n);
        self->is_packed_end = n == 0;
    }
    size_t n = 0;
    self->packed_status = ss_inflate_step(self->inflate, &self->packed_rest, self->is_packed_end,
                                          self->window + self->stop, self->room - self->stop, &n);
    self->stop += n;
    return status_of_inflate(self->packed_status);
}

static SsReadStatus
read_more(SsReader *self)
{
    if (self->inflate) {
        return unpack_some(self);
    }
    size_t n = 0;
    SsReadStatus status = read_some(self, self->window + self->stop, self->room - self->stop, &n);
    self->stop += n;
    return status == SS_READ_OK && n == 0 ? SS_READ_END : status;
}

/* Moves what is left to the window's start and makes room for `n` bytes in all. */
static void
make_room(SsReader *self, size_t n)
{
    if (self->start > 0) {
        memmove(self->window, self->window + self->start, self->stop - self->start);
        self->stop -= self->start;
        self->start = 0;
    }
    while (self->room < n) {
        self->room *= 2;
        self->window = g_realloc(self->window, self->room);
    }
}

SsReadStatus
ss_reader_fill(SsReader *self, size_t n)
{
    make_room(self, n);
    while (self->stop - self->start < n) {
        if (self->end != SS_READ_OK) {
            return self->end;
        }
        SsReadStatus status = read_more(self);
        if (status == SS_READ_IDLE) {
            return status;
        }
        self->end = status;
    }
    return SS_READ_OK;
}

SsReadStatus
ss_reader_begin(SsReader *self)
{
    if (self->has_begun) {
        return SS_READ_OK;
    }
    SsReadStatus status = ss_reader_fill(self, SS_INFLATE_MAGIC_LEN);
    if (status != SS_READ_OK && status != SS_READ_END) {
        return status;
    }
    self->has_begun = true;
    self->inflate = ss_inflate_new(ss_reader_rest(self));
    if (self->inflate) {
        self->packed = g_malloc(WINDOW_MIN);
        self->packed_rest = ss_slice(self->packed, self->stop - self->start);
        memcpy(self->packed, self->window + self->start, self->packed_rest.len);
        self->start = self->stop = 0;
        self->end = SS_READ_OK;
    }
    return SS_READ_OK;
}

void
ss_reader_close(SsReader *self)
{
    if (self->fd > STDIN_FILENO) {
        close(self->fd);
    }
    self->fd = -1;
    ss_inflate_free(self->inflate);
    g_free(self->packed);
    g_free(self->window);
}
