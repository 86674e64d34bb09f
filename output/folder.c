/*
 * What was rejected: O_TMPFILE, whose file gets a name only through /proc or with a capability; a
 * lock file, as the exclusive steps of open and rename already settle who comes first.
 */
#include "output/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/file.h"
#include "output/output.h"

#define BUFFER_SIZE (32 << 10)
#define TEMPORARY_PREFIX ".part-"
#define TEMPORARY_LEN (sizeof TEMPORARY_PREFIX - 1 + 16)

struct SsFolder {
    int fd;
    bool overwrite;
    char *path;  /* for messages */
    GMutex lock; /* of all below, and of who has a descriptor */
    GQueue open; /* parts with a descriptor, the one written last first */
    GQueue all;
};

struct SsPartFile {
    SsFolder *folder;
    char name[TEMPORARY_LEN + 1];
    dev_t device;
    ino_t inode;
    int fd;           /* -1: given up until the next write */
    int error;        /* errno of the first write that failed */
    bool is_busy;     /* in the hands of a thread, so not to be given up */
    bool is_reported; /* its error has been; of who writes it, without the lock */
    size_t used;
    uint8_t *buffer; /* comes and goes with the descriptor */
    GList open_link;
    GList all_link;
};

/* --- the folder --- */

static bool
set_error(GError **error, SsOutputError code, const char *what, const char *path, int errno_value)
{
    g_set_error(error, SS_OUTPUT_ERROR, (int)code, "%s '%s': %s", what, path,
                g_strerror(errno_value));
    return false;
}

SsFolder *
ss_folder_open(const char *path, bool overwrite, GError **error)
{
    SsFolder *folder;
    int fd;

    if (mkdir(path, 0700) < 0 && errno != EEXIST) {
        set_error(error, SS_OUTPUT_ERROR_OPEN, "cannot make folder", path, errno);
        return NULL;
    }
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        set_error(error, SS_OUTPUT_ERROR_OPEN, "cannot open folder", path, errno);
        return NULL;
    }
    if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) < 0) {
        set_error(error, SS_OUTPUT_ERROR_OPEN, "cannot write to folder", path, errno);
        close(fd);
        return NULL;
    }
    folder = g_new0(SsFolder, 1);
    folder->fd = fd;
    folder->overwrite = overwrite;
    folder->path = g_strdup(path);
    g_mutex_init(&folder->lock);
    return folder;
}

void
ss_folder_close(SsFolder *folder)
{
    if (!folder) {
        return;
    }
    while (folder->all.head) {
        ss_part_finish(folder->all.head->data, NULL, NULL);
    }
    close(folder->fd);
    g_mutex_clear(&folder->lock);
    g_free(folder->path);
    g_free(folder);
}

/* --- descriptors, which are few; all of these with the lock held --- */

static void
flush(SsPartFile *part)
{
    if (part->used && !part->error) {
        part->error = ss_file_write_all(part->fd, part->buffer, part->used);
    }
    part->used = 0;
}

static void
park(SsPartFile *part)
{
    flush(part);
    if (close(part->fd) < 0 && errno != EINTR && !part->error) {
        part->error = errno;
    }
    part->fd = -1;
    g_clear_pointer(&part->buffer, g_free);
    g_queue_unlink(&part->folder->open, &part->open_link);
}

static bool
park_oldest(SsFolder *folder)
{
    for (GList *at = folder->open.tail; at; at = at->prev) {
        SsPartFile *part = at->data;
        if (!part->is_busy) {
            park(part);
            return true;
        }
    }
    return false;
}

/* Opens the part's file, `flags` beside the usual ones; other parts give way where there are too
 * many, for us or for the system. */
static bool
unpark(SsPartFile *part, int flags)
{
    SsFolder *folder = part->folder;

    if (g_queue_get_length(&folder->open) >= SS_FOLDER_FDS_MAX) {
        park_oldest(folder);
    }
    for (;;) {
        part->fd = openat(folder->fd, part->name,
                          O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC | flags, 0600);
        if (part->fd >= 0) {
            break;
        }
        if (errno == EINTR || ((errno == EMFILE || errno == ENFILE) && park_oldest(folder))) {
            continue;
        }
        return false;
    }
    part->buffer = g_malloc(BUFFER_SIZE);
    part->used = 0;
    g_queue_push_head_link(&folder->open, &part->open_link);
    return true;
}

/* Again, after it was parked: it must be the file that we made. */
static void
reopen(SsPartFile *part)
{
    struct stat status;

    if (!unpark(part, 0)) {
        part->error = errno;
    } else if (fstat(part->fd, &status) < 0 || status.st_dev != part->device ||
               status.st_ino != part->inode) {
        part->error = ESTALE;
    }
}

/* --- a part --- */

static void
choose_name(SsPartFile *part)
{
    uint64_t number;

    while (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) {
        continue; /* interrupted before the system had entropy */
    }
    g_snprintf(part->name, sizeof part->name, TEMPORARY_PREFIX "%016" G_GINT64_MODIFIER "x",
               number);
}

static bool
make(SsPartFile *part)
{
    struct stat status;

    do {
        choose_name(part);
    } while (!unpark(part, O_CREAT | O_EXCL) && errno == EEXIST);
    if (part->fd < 0) {
        return false;
    }
    if (fstat(part->fd, &status) == 0) {
        part->device = status.st_dev;
        part->inode = status.st_ino;
    }
    return true;
}

SsPartFile *
ss_part_open(SsFolder *folder, GError **error)
{
    SsPartFile *part = g_new0(SsPartFile, 1);
    int errno_value = 0;

    part->folder = folder;
    part->open_link.data = part;
    part->all_link.data = part;
    g_mutex_lock(&folder->lock);
    if (make(part)) {
        g_queue_push_tail_link(&folder->all, &part->all_link);
    } else {
        errno_value = errno;
    }
    g_mutex_unlock(&folder->lock);
    if (errno_value) {
        set_error(error, SS_OUTPUT_ERROR_WRITE, "cannot make a file in", folder->path, errno_value);
        g_free(part);
        return NULL;
    }
    return part;
}

/* The part in this thread's hands, with its descriptor. */
static void
take(SsPartFile *part)
{
    SsFolder *folder = part->folder;

    g_mutex_lock(&folder->lock);
    part->is_busy = true;
    if (part->fd < 0 && !part->error) {
        reopen(part);
    } else if (part->fd >= 0 && folder->open.head != &part->open_link) {
        g_queue_unlink(&folder->open, &part->open_link);
        g_queue_push_head_link(&folder->open, &part->open_link);
    }
    g_mutex_unlock(&folder->lock);
}

/* Out of this thread's hands: another may park it at once. Returns its error till then. */
static int
give_back(SsPartFile *part)
{
    int errno_value;

    g_mutex_lock(&part->folder->lock);
    part->is_busy = false;
    errno_value = part->error;
    g_mutex_unlock(&part->folder->lock);
    return errno_value;
}

static bool
report(SsPartFile *part, int errno_value, GError **error)
{
    if (errno_value && !part->is_reported) {
        part->is_reported = true;
        set_error(error, SS_OUTPUT_ERROR_WRITE, "writing to", part->folder->path, errno_value);
    }
    return errno_value == 0;
}

bool
ss_part_write(SsPartFile *part, const void *bytes, size_t len, GError **error)
{
    take(part);
    if (!part->error && len > BUFFER_SIZE - part->used) {
        flush(part);
    }
    if (!part->error && len >= BUFFER_SIZE) {
        part->error = ss_file_write_all(part->fd, bytes, len);
    } else if (!part->error && len) {
        memcpy(part->buffer + part->used, bytes, len);
        part->used += len;
    }
    return report(part, give_back(part), error);
}

/* --- the final name --- */

static bool
is_name_ours(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > 200 || name[0] == '.' || name[0] == '-') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (!g_ascii_isdigit(name[i]) && !g_ascii_islower(name[i]) && name[i] != '.' &&
            name[i] != '-') {
            return false;
        }
    }
    return true;
}

/* Never over a file that is there; 0, or errno. */
static int
rename_exclusive(int folder, const char *from, const char *to)
{
    if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    /* A file system without that flag: a second name is exclusive too. */
    if (linkat(folder, from, folder, to, 0) < 0) {
        return errno;
    }
    return unlinkat(folder, from, 0) < 0 ? errno : 0;
}

static size_t
read_all(int fd, uint8_t *bytes, size_t len)
{
    size_t used = 0;

    while (used < len) {
        ssize_t n = read(fd, bytes + used, len - used);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            break;
        }
        used += (size_t)n;
    }
    return used;
}

static bool
have_same_bytes(int one, int other)
{
    enum {
        STEP = 64 << 10
    };
    g_autofree uint8_t *bytes = g_malloc(2 * STEP);
    size_t len;

    do {
        len = read_all(one, bytes, STEP);
        if (read_all(other, bytes + STEP, STEP) != len || memcmp(bytes, bytes + STEP, len) != 0) {
            return false;
        }
    } while (len == STEP);
    return true;
}

/* Whether `name` is a plain file with the bytes of `part`. */
static bool
is_identical(int folder, const char *part, const char *name)
{
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    int one = openat(folder, part, flags);
    int other = openat(folder, name, flags);
    struct stat a;
    struct stat b;
    bool is_same = one >= 0 && other >= 0 && fstat(one, &a) == 0 && fstat(other, &b) == 0 &&
                   S_ISREG(b.st_mode) && a.st_size == b.st_size && have_same_bytes(one, other);

    if (one >= 0) {
        close(one);
    }
    if (other >= 0) {
        close(other);
    }
    return is_same;
}

static bool
is_link(int folder, const char *name)
{
    struct stat about;

    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode);
}

static SsPartResult
give_name(const SsPartFile *part, const char *name, GError **error)
{
    const SsFolder *folder = part->folder;
    g_autofree char *path = g_build_filename(folder->path, name, NULL);
    int errno_value;

    if (folder->overwrite) {
        errno_value = renameat(folder->fd, part->name, folder->fd, name) < 0 ? errno : 0;
    } else {
        errno_value = rename_exclusive(folder->fd, part->name, name);
    }
    if (errno_value == 0) {
        return SS_PART_WRITTEN;
    }
    if (errno_value == EEXIST && is_identical(folder->fd, part->name, name)) {
        unlinkat(folder->fd, part->name, 0);
        return SS_PART_WRITTEN;
    }
    unlinkat(folder->fd, part->name, 0);
    if (errno_value == EEXIST) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE,
                    is_link(folder->fd, name)
                        ? "'%s' is a link, which is not written through: overwrite=yes replaces it"
                        : "'%s' is there already with other bytes: overwrite=yes replaces it",
                    path);
        return SS_PART_CONFLICT;
    }
    set_error(error, SS_OUTPUT_ERROR_WRITE, "cannot name", path, errno_value);
    return SS_PART_FAILED;
}

SsPartResult
ss_part_finish(SsPartFile *part, const char *name, GError **error)
{
    SsFolder *folder = part->folder;
    SsPartResult result = SS_PART_FAILED;

    g_mutex_lock(&folder->lock);
    if (part->fd >= 0) {
        part->used = name ? part->used : 0;
        park(part);
    }
    g_queue_unlink(&folder->all, &part->all_link);
    g_mutex_unlock(&folder->lock);

    if (name && !is_name_ours(name)) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE,
                    "a file in '%s' cannot have the name an output gave it", folder->path);
        name = NULL;
    } else if (!name) {
        result = SS_PART_WRITTEN;
    }
    if (name && report(part, part->error, error)) { /* no other thread can have it any more */
        result = give_name(part, name, error);
    } else if (part->error != ESTALE) {
        unlinkat(folder->fd, part->name, 0);
    }
    g_free(part);
    return result;
}
