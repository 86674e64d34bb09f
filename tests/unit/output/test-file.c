#include "tests/ss-test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/file.h"
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

/* What is taken already; forgotten between uses. */
static GArray *
taken(void)
{
    static GArray *list;

    if (list) {
        g_array_set_size(list, 0);
    } else {
        list = g_array_new(FALSE, FALSE, sizeof(SsFileId));
    }
    return list;
}

static void
test_makes_and_empties(void **state)
{
    g_autofree char *path = scratch_path(*state, "out");
    g_autofree char *text = NULL;
    SsFile *file = ss_file_open(path, taken(), NULL);
    struct stat status;

    assert_non_null(file);
    assert_true(ss_file_write(file, "first, longer", 13));
    assert_true(ss_file_close(file, NULL));
    assert_int_equal(g_stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);

    file = ss_file_open(path, taken(), NULL);
    assert_true(ss_file_write(file, "second", 6));
    assert_true(ss_file_close(file, NULL));
    text = scratch_get(*state, "out");
    assert_string_equal(text, "second");
}

/* Writes of every size, so that they meet the buffer's end everywhere. */
static void
test_buffer(void **state)
{
    g_autofree char *path = scratch_path(*state, "out");
    g_autoptr(GString) expected = g_string_new(NULL);
    g_autofree char *text = NULL;
    SsFile *file = ss_file_open(path, taken(), NULL);

    for (size_t len = 0; len < 200000; len = len * 3 / 2 + 1) {
        g_autofree char *bytes = g_strnfill(len, (char)('a' + len % 26));
        assert_true(ss_file_write(file, bytes, len));
        g_string_append_len(expected, bytes, (gssize)len);
    }
    assert_true(ss_file_close(file, NULL));
    text = scratch_get(*state, "out");
    assert_string_equal(text, expected->str);
}

static void
test_open_fails(void **state)
{
    g_autofree char *path = scratch_path(*state, "no/such/folder");
    g_autoptr(GError) error = NULL;

    assert_null(ss_file_open(path, taken(), &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN));
    assert_non_null(strstr(error->message, path));
}

static void
test_full_disk(void **state)
{
    g_autoptr(GError) error = NULL;
    SsFile *file = ss_file_open("/dev/full", taken(), NULL);

    (void)state;
    assert_true(ss_file_write(file, "text", 4));
    assert_false(ss_file_flush(file));
    assert_false(ss_file_write(file, "more", 4)); /* it stays */
    assert_false(ss_file_is_abandoned(file));
    assert_non_null(ss_file_error(file));
    assert_false(ss_file_close(file, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE));
}

static void
test_full_disk_seen_at_close(void **state)
{
    SsFile *file = ss_file_open("/dev/full", taken(), NULL);

    (void)state;
    assert_true(ss_file_write(file, "text", 4));
    assert_false(ss_file_close(file, NULL));
}

static void
test_reader_gone(void **state)
{
    g_autofree char *path = scratch_path(*state, "pipe");
    SsFile *file;
    int reader;

    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(mkfifo(path, 0600), 0);
    reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    file = ss_file_open(path, taken(), NULL);
    assert_non_null(file);
    close(reader);
    assert_true(ss_file_write(file, "text", 4));
    assert_false(ss_file_flush(file));
    assert_true(ss_file_is_abandoned(file));
    assert_null(ss_file_error(file));
    assert_true(ss_file_close(file, NULL)); /* which is no error */
}

static void
test_close_of_nothing(void **state)
{
    (void)state;
    assert_true(ss_file_close(NULL, NULL));
}

/* An input, or another output's file, is left as it is. */
static void
test_taken(void **state)
{
    g_autofree char *path = scratch_path(*state, "taken");
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(SsFileId));
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    SsFile *file;

    file = ss_file_open(path, list, NULL);
    assert_non_null(file);
    assert_true(ss_file_write(file, "evidence", 8));
    assert_true(ss_file_close(file, NULL));
    assert_null(ss_file_open(path, list, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN));
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    assert_string_equal(text, "evidence");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_makes_and_empties, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_buffer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_open_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_taken, set_up, tear_down),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_full_disk_seen_at_close),
        cmocka_unit_test_setup_teardown(test_reader_gone, set_up, tear_down),
        cmocka_unit_test(test_close_of_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
