#include "app/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BUFFER_SIZE (64 << 10)

bool
ss_scratch_fail(GError **error, int reason)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(reason),
                "a temporary file in %s: %s%s", g_get_tmp_dir(), g_strerror(reason),
                reason == ENOSPC ? ": set TMPDIR to a folder with more room" : "");
    return false;
}

int
ss_scratch_open(GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "smtpscope-XXXXXX", NULL);
    int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0) {
        (void)ss_scratch_fail(error, errno);
        return -1;
    }
    unlink(path);
    return fd;
}

FILE *
ss_scratch_open_stream(GError **error)
{
    int fd = ss_scratch_open(error);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

    if (file) {
        (void)setvbuf(file, NULL, _IOFBF, BUFFER_SIZE);
    } else if (fd >= 0) {
        (void)ss_scratch_fail(error, errno);
        close(fd);
    }
    return file;
}
