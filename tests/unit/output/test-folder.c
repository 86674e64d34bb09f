#include "tests/ss-test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/folder.h"
#include "output/output.h"
#include "tests/unit/output/scratch.h"

const SsPlugin *const ss_plugins_built_in[] = {NULL};

static int
set_up(void **state)
{
    *state = scratch_new();
    return 0;
}

static int
tear_down(void **state)
{
    scratch_free(*state);
    return 0;
}

static SsPartResult
write_file(SsFolder *folder, const char *name, const char *text, GError **error)
{
    SsPartFile *part = ss_part_open(folder, error);

    assert_non_null(part);
    assert_true(ss_part_write(part, text, strlen(text), error));
    return ss_part_finish(part, name, error);
}

static void
check_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *found = scratch_get(folder, name);

    assert_non_null(found);
    assert_string_equal(found, text);
}

static void
check_list(const char *folder, const char *names)
{
    g_autofree char *found = scratch_list(folder);

    assert_string_equal(found, names);
}

static void
test_is_made(void **state)
{
    g_autofree char *path = scratch_path(*state, "new");
    mode_t umask_before = umask(0);
    SsFolder *folder = ss_folder_open(path, false, NULL);
    g_autofree char *file = scratch_path(path, "a.eml");
    struct stat status;

    assert_non_null(folder);
    assert_int_equal(write_file(folder, "a.eml", "text", NULL), SS_PART_WRITTEN);
    ss_folder_close(folder);
    umask(umask_before);
    assert_int_equal(g_stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(g_stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    check_file(path, "a.eml", "text");
}

static void
test_cannot_be_opened(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = scratch_path(*state, "file");
    g_autofree char *deep = scratch_path(*state, "no/such");

    scratch_put(*state, "file", "");
    assert_null(ss_folder_open(path, false, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN));
    assert_null(ss_folder_open(deep, false, NULL));
}

static void
test_no_name_before_it_is_whole(void **state)
{
    SsFolder *folder = ss_folder_open(*state, false, NULL);
    SsPartFile *part = ss_part_open(folder, NULL);
    g_autofree char *names = scratch_list(*state);

    assert_true(g_str_has_prefix(names, ".part-"));
    assert_true(ss_part_write(part, "text", 4, NULL));
    assert_int_equal(ss_part_finish(part, "1.eml", NULL), SS_PART_WRITTEN);
    check_list(*state, "1.eml");
    ss_folder_close(folder);
}

static void
test_dropped(void **state)
{
    SsFolder *folder = ss_folder_open(*state, false, NULL);
    SsPartFile *part = ss_part_open(folder, NULL);

    assert_true(ss_part_write(part, "text", 4, NULL));
    assert_int_equal(ss_part_finish(part, NULL, NULL), SS_PART_WRITTEN);
    ss_part_open(folder, NULL); /* left to the folder */
    ss_folder_close(folder);
    check_list(*state, "");
}

static void
test_existing(void **state)
{
    SsFolder *folder = ss_folder_open(*state, false, NULL);
    g_autoptr(GError) error = NULL;

    scratch_put(*state, "same", "text");
    scratch_put(*state, "other", "evil");
    scratch_put(*state, "longer", "text and more");
    assert_int_equal(write_file(folder, "same", "text", NULL), SS_PART_WRITTEN);
    assert_int_equal(write_file(folder, "other", "text", &error), SS_PART_CONFLICT);
    assert_non_null(strstr(error->message, "overwrite=yes"));
    assert_int_equal(write_file(folder, "longer", "text", NULL), SS_PART_CONFLICT);
    ss_folder_close(folder);
    check_file(*state, "other", "evil");
    check_file(*state, "longer", "text and more");
    check_list(*state, "longer other same");
}

static void
test_overwrite(void **state)
{
    SsFolder *folder = ss_folder_open(*state, true, NULL);

    scratch_put(*state, "other", "evil");
    assert_int_equal(write_file(folder, "other", "text", NULL), SS_PART_WRITTEN);
    ss_folder_close(folder);
    check_file(*state, "other", "text");
    check_list(*state, "other");
}

/* A link where the file is to be: what it points at stays as it is, also when overwriting. */
static void
test_planted_link(void **state)
{
    g_autofree char *target = scratch_path(*state, "target");
    g_autofree char *link = scratch_path(*state, "1.eml");
    g_autofree char *hanging = scratch_path(*state, "2.eml");
    g_autofree char *nowhere = scratch_path(*state, "nowhere");

    scratch_put(*state, "target", "text");
    for (int overwrite = 0; overwrite <= 1; overwrite++) {
        SsFolder *folder = ss_folder_open(*state, overwrite, NULL);
        SsPartResult expected = overwrite ? SS_PART_WRITTEN : SS_PART_CONFLICT;

        g_unlink(link);
        g_unlink(hanging);
        assert_int_equal(symlink(target, link), 0);
        assert_int_equal(symlink(nowhere, hanging), 0);
        /* Even with the same bytes behind the link. */
        assert_int_equal(write_file(folder, "1.eml", "text", NULL), expected);
        assert_int_equal(write_file(folder, "2.eml", "text", NULL), expected);
        assert_int_equal(g_file_test(link, G_FILE_TEST_IS_SYMLINK), !overwrite);
        ss_folder_close(folder);
        check_file(*state, "target", "text");
        assert_false(g_file_test(nowhere, G_FILE_TEST_EXISTS));
    }
}

static void
test_planted_others(void **state)
{
    SsFolder *folder = ss_folder_open(*state, false, NULL);
    g_autofree char *pipe = scratch_path(*state, "pipe");
    g_autofree char *dir = scratch_path(*state, "dir");

    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(g_mkdir(dir, 0700), 0);
    assert_int_equal(write_file(folder, "pipe", "text", NULL), SS_PART_CONFLICT);
    assert_int_equal(write_file(folder, "dir", "text", NULL), SS_PART_CONFLICT);
    ss_folder_close(folder);
    folder = ss_folder_open(*state, true, NULL);
    assert_int_equal(write_file(folder, "dir", "text", NULL), SS_PART_FAILED);
    ss_folder_close(folder);
}

/* The folder is what was opened, whatever its path leads to later. */
static void
test_folder_swapped(void **state)
{
    g_autofree char *path = scratch_path(*state, "a");
    g_autofree char *moved = scratch_path(*state, "b");
    g_autofree char *trap = scratch_path(*state, "trap");
    SsFolder *folder = ss_folder_open(path, false, NULL);

    assert_int_equal(g_mkdir(trap, 0700), 0);
    assert_int_equal(g_rename(path, moved), 0);
    assert_int_equal(symlink(trap, path), 0);
    assert_int_equal(write_file(folder, "1.eml", "text", NULL), SS_PART_WRITTEN);
    ss_folder_close(folder);
    check_file(moved, "1.eml", "text");
    check_list(trap, "");
    g_unlink(path);
}

static void
test_names(void **state)
{
    static const char *const bad[] = {
        "",    ".",    "..",    "../x", "a/b", "/etc/x", ".bashrc", "-rf", "A",
        "a b", "a\nb", "a\x7f", "a\\b", "a:b", "a_b",    "%2e",     "a\"", "caf\xc3\xa9",
    };
    SsFolder *folder = ss_folder_open(*state, true, NULL);
    g_autofree char *longest = g_strnfill(5000, 'a');

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        assert_int_equal(write_file(folder, bad[i], "text", NULL), SS_PART_FAILED);
    }
    assert_int_equal(write_file(folder, longest, "text", NULL), SS_PART_FAILED);
    assert_int_equal(write_file(folder, "0123456789abcdef-1.partial.eml", "text", NULL),
                     SS_PART_WRITTEN);
    ss_folder_close(folder);
    check_list(*state, "0123456789abcdef-1.partial.eml");
}

static void
put_by_turns(SsFolder *folder, SsPartFile **parts, size_t n_parts)
{
    for (size_t i = 0; i < n_parts; i++) {
        parts[i] = ss_part_open(folder, NULL);
        assert_non_null(parts[i]);
    }
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < n_parts; i++) {
            char text[32];
            g_snprintf(text, sizeof text, "%zu.%d;", i, round);
            assert_true(ss_part_write(parts[i], text, strlen(text), NULL));
        }
    }
    for (size_t i = 0; i < n_parts; i++) {
        char name[32];
        g_snprintf(name, sizeof name, "%zu.eml", i);
        assert_int_equal(ss_part_finish(parts[i], name, NULL), SS_PART_WRITTEN);
    }
}

static void
check_by_turns(const char *folder, size_t n_parts)
{
    for (size_t i = 0; i < n_parts; i++) {
        char name[32];
        g_autofree char *text = g_strdup_printf("%zu.0;%zu.1;%zu.2;", i, i, i);
        g_snprintf(name, sizeof name, "%zu.eml", i);
        check_file(folder, name, text);
    }
}

static void
test_many_at_once(void **state)
{
    enum {
        N = 3 * SS_FOLDER_FDS_MAX
    };
    SsFolder *folder = ss_folder_open(*state, false, NULL);
    SsPartFile *parts[N];

    put_by_turns(folder, parts, N);
    ss_folder_close(folder);
    check_by_turns(*state, N);
}

/* Four threads, each with files of its own, more of them together than there are descriptors. */
static void *
write_on_thread(void *folder)
{
    enum {
        N = SS_FOLDER_FDS_MAX / 2
    };
    SsPartFile *parts[N];
    size_t n_good = 0;

    for (size_t i = 0; i < N; i++) {
        parts[i] = ss_part_open(folder, NULL);
    }
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < N; i++) {
            ss_part_write(parts[i], "text", 4, NULL);
        }
    }
    for (size_t i = 0; i < N; i++) {
        char name[40];
        g_snprintf(name, sizeof name, "%zx-%zu", (size_t)parts[i], i);
        n_good += ss_part_finish(parts[i], name, NULL) == SS_PART_WRITTEN;
    }
    return GSIZE_TO_POINTER(n_good);
}

static void
test_threads(void **state)
{
    SsFolder *folder = ss_folder_open(*state, true, NULL);
    GThread *threads[4];
    g_autoptr(GDir) dir = NULL;
    const char *name;
    size_t n_good = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("writer", write_on_thread, folder);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        n_good += GPOINTER_TO_SIZE(g_thread_join(threads[i]));
    }
    ss_folder_close(folder);
    assert_int_equal(n_good, 2 * SS_FOLDER_FDS_MAX);
    dir = g_dir_open(*state, 0, NULL);
    while ((name = g_dir_read_name(dir))) {
        check_file(*state, name, "texttexttexttext");
    }
}

static void
test_few_descriptors(void **state)
{
    enum {
        N = 100
    };
    SsFolder *folder = ss_folder_open(*state, false, NULL);
    SsPartFile *parts[N];
    struct rlimit before;
    struct rlimit few;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 32;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    put_by_turns(folder, parts, N);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    ss_folder_close(folder);
    check_by_turns(*state, N);
}

/*
 * Two threads with two descriptors between them, one slow and one quick: nearly every write takes
 * one away from another part, and never from the part that is being written.
 */
#define N_SMALL 8
#define SLOW_LEN 30000 /* each write but the first flushes the one before */

/* The linker puts these around the true one: large writes are slow here, so that the other thread
 * comes by in the middle of them. */
int __real_ss_file_write_all(int fd, const void *bytes, size_t len);
int __wrap_ss_file_write_all(int fd, const void *bytes, size_t len);

int
__wrap_ss_file_write_all(int fd, const void *bytes, size_t len)
{
    int errno_value = __real_ss_file_write_all(fd, bytes, len);

    if (len == SLOW_LEN) {
        g_usleep(500);
    }
    return errno_value;
}

typedef struct {
    SsFolder *folder;
    size_t len;     /* of a write */
    size_t n_turns; /* of each part */
    size_t n_good;
} Writer;

static void *
write_by_turns_on_thread(void *data)
{
    Writer *writer = data;
    g_autofree char *bytes = g_strnfill(writer->len, 'x');
    SsPartFile *parts[N_SMALL];

    for (size_t i = 0; i < N_SMALL; i++) {
        parts[i] = ss_part_open(writer->folder, NULL);
    }
    for (size_t i = 0; i < writer->n_turns * N_SMALL; i++) {
        SsPartFile *part = parts[i % N_SMALL];
        writer->n_good += part && ss_part_write(part, bytes, writer->len, NULL);
    }
    for (size_t i = 0; i < N_SMALL; i++) {
        char name[40];
        g_snprintf(name, sizeof name, "%zu-%zu", writer->len, i);
        writer->n_good += parts[i] && ss_part_finish(parts[i], name, NULL) == SS_PART_WRITTEN;
    }
    return NULL;
}

/* So many more descriptors can be opened from now on. */
static void
leave_descriptors(size_t n)
{
    struct rlimit limit;
    int fds[8];

    assert_true(n <= G_N_ELEMENTS(fds));
    for (size_t i = 0; i < n; i++) {
        fds[i] = dup(0);
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = (rlim_t)fds[n - 1] + 1;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    for (size_t i = 0; i < n; i++) {
        close(fds[i]);
    }
}

static void
test_threads_few_descriptors(void **state)
{
    SsFolder *folder = ss_folder_open(*state, true, NULL);
    Writer writers[] = {{folder, SLOW_LEN, 10, 0}, {folder, 10, 1000, 0}};
    GThread *threads[G_N_ELEMENTS(writers)];
    struct rlimit before;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    leave_descriptors(G_N_ELEMENTS(writers));
    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
        threads[i] = g_thread_new("writer", write_by_turns_on_thread, &writers[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
        g_thread_join(threads[i]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    ss_folder_close(folder);
    for (size_t i = 0; i < G_N_ELEMENTS(writers); i++) {
        assert_int_equal(writers[i].n_good, N_SMALL * (writers[i].n_turns + 1));
        for (size_t j = 0; j < N_SMALL; j++) {
            g_autofree char *name = g_strdup_printf("%zu-%zu", writers[i].len, j);
            g_autofree char *text = g_strnfill(writers[i].len * writers[i].n_turns, 'x');
            check_file(*state, name, text);
        }
    }
}

static void
test_part_replaced(void **state)
{
    SsFolder *folder = ss_folder_open(*state, false, NULL);
    SsPartFile *first = ss_part_open(folder, NULL);
    g_autofree char *name = scratch_list(*state);
    g_autofree char *path = scratch_path(*state, name);
    g_autofree char *other = scratch_path(*state, "other");
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < SS_FOLDER_FDS_MAX; i++) {
        assert_non_null(ss_part_open(folder, NULL));
    }
    scratch_put(*state, "other", "planted");
    assert_int_equal(g_rename(other, path), 0);
    assert_false(ss_part_write(first, "text", 4, &error));
    assert_non_null(error);
    check_file(*state, name, "planted");
    assert_int_equal(ss_part_finish(first, "1.eml", NULL), SS_PART_FAILED);
    ss_folder_close(folder);
}

/* A file system of 64 KiB, where one can be mounted. */
static void
test_full_disk(void **state)
{
    g_autofree char *path = scratch_path(*state, "small");
    g_autofree char *bytes = g_strnfill(1 << 20, 'x');
    g_autoptr(GError) error = NULL;
    SsFolder *folder;
    SsPartFile *part;

    assert_int_equal(g_mkdir(path, 0700), 0);
    if (mount("none", path, "tmpfs", 0, "size=64k") < 0) {
        print_message("no file system can be mounted: %s\n", g_strerror(errno));
        skip();
    }
    folder = ss_folder_open(path, false, NULL);
    part = ss_part_open(folder, NULL);
    assert_true(ss_part_write(part, bytes, 1000, NULL));
    assert_false(ss_part_write(part, bytes, 1 << 20, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE));
    g_clear_error(&error);
    assert_false(ss_part_write(part, bytes, 1, &error)); /* told already */
    assert_null(error);
    assert_int_equal(ss_part_finish(part, "1.eml", &error), SS_PART_FAILED);
    ss_folder_close(folder);
    umount(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_is_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cannot_be_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_name_before_it_is_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dropped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_existing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_overwrite, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_planted_link, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_planted_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_folder_swapped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_few_descriptors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads_few_descriptors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_part_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full_disk, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
