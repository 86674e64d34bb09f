/*
 * Our scanner against GMime's parser: on messages written by hand, on random trees, and on mail
 * from captures where there is some.
 */
#include <stdio.h>
#include <stdlib.h>

#include "gmime-tree.h"
#include "random-mail.h"
#include "run.h"
#include "tests/ss-test.h"

#define N_RANDOM 2000

static GPtrArray *
list_files(const char *folder, const char *suffix)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            g_ptr_array_extend_and_steal(files, list_files(path, suffix));
        } else if (g_str_has_suffix(name, suffix)) {
            g_ptr_array_add(files, g_steal_pointer(&path));
        }
    }
    if (dir) {
        g_dir_close(dir);
    }
    return files;
}

static GPtrArray *
read_data(void)
{
    const char *folder = g_getenv("SS_MESSAGE_DATA");

    assert_non_null(folder);
    return list_files(folder, ".eml");
}

static void
test_data_is_read_as_gmime_does(void **state)
{
    g_autoptr(GPtrArray) files = read_data();

    (void)state;
    assert_true(files->len >= 25);
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *bytes = NULL;
        g_autofree char *difference = NULL;
        gsize len;

        assert_true(g_file_get_contents(g_ptr_array_index(files, i), &bytes, &len, NULL));
        difference = tree_compare(ss_slice(bytes, len));
        if (difference) {
            g_printerr("%s: %s", (char *)g_ptr_array_index(files, i), difference);
            fail();
        }
    }
}

static void
test_data_does_not_depend_on_cuts(void **state)
{
    g_autoptr(GPtrArray) files = read_data();

    (void)state;
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *bytes = NULL;
        gsize len;

        assert_true(g_file_get_contents(g_ptr_array_index(files, i), &bytes, &len, NULL));
        run_check_cuts(ss_slice(bytes, len));
    }
}

static void
check_leaves(const RandomMail *mail, SsContent *content, guint32 seed)
{
    const SsContentResult *result = ss_content_result(content);

    if (result->parts.n != mail->leaves->len) {
        g_printerr("seed %u: %zu leaves, not %u, in\n%s\n", seed, result->parts.n,
                   mail->leaves->len, mail->bytes->str);
        fail();
    }
    for (guint i = 0; i < mail->leaves->len; i++) {
        const TreeLeaf *leaf = g_ptr_array_index(mail->leaves, i);
        const SsPart *part = run_part(content, i);

        if (!ss_slice_eq(part->sha256, ss_slice_str(leaf->sha256)) || part->size != leaf->size) {
            g_printerr("seed %u: leaf %u is not as written, in\n%s\n", seed, i, mail->bytes->str);
            fail();
        }
    }
}

static void
test_random_trees(void **state)
{
    const char *given = g_getenv("SS_SEED");
    guint32 first = given ? (guint32)strtoul(given, NULL, 10) : g_random_int() % 1000000;

    (void)state;
    print_message("seed %u, and %d after it\n", first, N_RANDOM - 1);
    for (guint32 seed = first; seed < first + N_RANDOM; seed++) {
        RandomMail *mail = random_mail_new(seed);
        SsSlice bytes = ss_slice(mail->bytes->str, mail->bytes->len);
        SsContent *content = run_open(bytes, 0);
        g_autofree char *whole = run_describe(content);
        g_autofree char *cut = run_text(bytes, 1 + seed % 100);
        g_autofree char *difference = tree_compare(bytes);

        check_leaves(mail, content, seed);
        assert_string_equal(cut, whole);
        if (difference) {
            g_printerr("seed %u: %s\nin\n%s\n", seed, difference, mail->bytes->str);
            fail();
        }
        ss_content_free(content);
        random_mail_free(mail);
    }
}

/* Mail from captures is not always clean; a difference counts only where nothing is odd. */
static void
test_captured_mail(void **state)
{
    const char *folder = g_getenv("SS_PCAPS");
    g_autoptr(GPtrArray) files = NULL;
    guint n_same = 0, n_odd = 0, n_differ = 0;

    (void)state;
    if (!folder || !g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        print_message("SS_PCAPS names no folder of captured mail: skipped\n");
        skip();
    }
    files = list_files(folder, ".eml");
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *bytes = NULL;
        g_autofree char *difference = NULL;
        gsize len;
        SsContent *content;

        assert_true(g_file_get_contents(g_ptr_array_index(files, i), &bytes, &len, NULL));
        content = run_open(ss_slice(bytes, len), 0);
        difference = tree_compare(ss_slice(bytes, len));
        if (!difference) {
            n_same++;
        } else if (ss_content_result(content)->odd || len == 0) {
            n_odd++;
            g_print("odd: %s\n%s", (char *)g_ptr_array_index(files, i), difference);
        } else {
            n_differ++;
            g_print("DIFFERS: %s\n%s", (char *)g_ptr_array_index(files, i), difference);
        }
        ss_content_free(content);
    }
    print_message("%u read as GMime does, %u odd ones not, %u others not\n", n_same, n_odd,
                  n_differ);
    assert_int_equal(n_differ, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_is_read_as_gmime_does),
        cmocka_unit_test(test_data_does_not_depend_on_cuts),
        cmocka_unit_test(test_random_trees),
        cmocka_unit_test(test_captured_mail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
