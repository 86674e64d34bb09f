#include "output/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/output.h"

#define BUFFER_SIZE (64 << 10)

struct SsFile {
    int fd;
    bool is_ours; /* to close */
    bool is_abandoned;
    char *name; /* for messages */
    char *error;
    size_t used;
    uint8_t buffer[BUFFER_SIZE];
};

/* Empties the file, unless it is an input, or another output's. */
static bool
take(int fd, const char *dest, GArray *taken, GError **error)
{
    struct stat about;
    SsFileId id;

    if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode)) {
        return true;
    }
    id = (SsFileId){about.st_dev, about.st_ino};
    for (guint i = 0; i < taken->len; i++) {
        const SsFileId *other = &g_array_index(taken, SsFileId, i);
        if (other->device == id.device && other->number == id.number) {
            g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN,
                        "'%s' is an input, or written by another output already: name another file",
                        dest);
            return false;
        }
    }
    g_array_append_val(taken, id);
    if (ftruncate(fd, 0) < 0) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN, "cannot empty '%s': %s", dest,
                    g_strerror(errno));
        return false;
    }
    return true;
}

SsFile *
ss_file_open(const char *dest, GArray *taken, GError **error)
{
    bool is_stdout = !dest || g_str_equal(dest, "-");
    int fd = STDOUT_FILENO;
    SsFile *file;

    if (!is_stdout) {
        do {
            fd = open(dest, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
        } while (fd < 0 && errno == EINTR);
        if (fd < 0) {
            g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN, "cannot open '%s': %s", dest,
                        g_strerror(errno));
            return NULL;
        }
        if (!take(fd, dest, taken, error)) {
            close(fd);
            return NULL;
        }
    }
    file = g_malloc(sizeof *file);
    file->fd = fd;
    file->is_ours = !is_stdout;
    file->is_abandoned = false;
    file->name = is_stdout ? g_strdup("standard output") : g_strdup_printf("'%s'", dest);
    file->error = NULL;
    file->used = 0;
    return file;
}

int
ss_file_write_all(int fd, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno;
        }
        if (n == 0) {
            return EIO;
        }
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

static bool
note_error(SsFile *file, int errno_value)
{
    if (errno_value == EPIPE) {
        file->is_abandoned = true;
    } else if (errno_value && !file->error) {
        file->error = g_strdup_printf("writing %s: %s", file->name, g_strerror(errno_value));
    }
    return errno_value == 0;
}

static bool
is_sound(const SsFile *file)
{
    return !file->error && !file->is_abandoned;
}

bool
ss_file_flush(SsFile *file)
{
    size_t used = file->used;

    file->used = 0;
    return is_sound(file) && note_error(file, ss_file_write_all(file->fd, file->buffer, used));
}

bool
ss_file_write(SsFile *file, const void *bytes, size_t len)
{
    if (!is_sound(file)) {
        return false;
    }
    if (len > BUFFER_SIZE - file->used && !ss_file_flush(file)) {
        return false;
    }
    if (len >= BUFFER_SIZE) {
        return note_error(file, ss_file_write_all(file->fd, bytes, len));
    }
    memcpy(file->buffer + file->used, bytes, len);
    file->used += len;
    return true;
}

bool
ss_file_is_abandoned(const SsFile *file)
{
    return file->is_abandoned;
}

const char *
ss_file_error(const SsFile *file)
{
    return file->error;
}

bool
ss_file_is_terminal(const SsFile *file)
{
    return isatty(file->fd) == 1;
}

unsigned
ss_file_width(const SsFile *file)
{
    struct winsize size;

    if (ioctl(file->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

bool
ss_file_close(SsFile *file, GError **error)
{
    bool is_written;

    if (!file) {
        return true;
    }
    ss_file_flush(file);
    /* A file system over the network tells of a full disk only here. */
    if (file->is_ours && close(file->fd) < 0 && errno != EINTR) {
        note_error(file, errno);
    }
    is_written = !file->error;
    if (!is_written) {
        g_set_error_literal(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE, file->error);
    }
    g_free(file->name);
    g_free(file->error);
    g_free(file);
    return is_written;
}
