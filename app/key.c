#include "app/key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_MIN 16      /* bytes: fewer are soon guessed */
#define KEY_MAX 1048576 /* more is some other file */

G_GNUC_PRINTF(2, 3)
static void
set_error(GError **error, const char *format, ...)
{
    g_autofree char *why = NULL;
    va_list args;

    va_start(args, format);
    why = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "--fingerprint-secrets %s", why);
}

/* NULL with `error` where the file shrinks meanwhile, or cannot be read. */
static GBytes *
read_all(int fd, const char *path, size_t size, GError **error)
{
    g_autofree uint8_t *bytes = g_malloc(size);

    for (size_t len = 0; len < size;) {
        ssize_t n = read(fd, bytes + len, size - len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            set_error(error, "%s: %s", path, n < 0 ? g_strerror(errno) : "it ended early");
            return NULL;
        }
        len += (size_t)n;
    }
    return g_bytes_new_take(g_steal_pointer(&bytes), size);
}

GBytes *
ss_app_key_read(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    GBytes *key = NULL;
    struct stat about;

    if (fd < 0 || fstat(fd, &about) != 0) {
        set_error(error, "%s: %s", path, g_strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        set_error(error, "%s: not a regular file: give one with a key in it", path);
    } else if (about.st_size < KEY_MIN || about.st_size > KEY_MAX) {
        set_error(error,
                  "%s: a key has %d bytes or more, up to 1 MiB: make one with "
                  "`head -c 32 /dev/urandom > %s`",
                  path, KEY_MIN, path);
    } else {
        key = read_all(fd, path, (size_t)about.st_size, error);
    }
    if (fd >= 0) {
        close(fd);
    }
    return key;
}
