#include "tests/ss-test.h"

#include <glib/gstdio.h>

#include "output/output.h"
#include "tests/unit/output/fake-content.h"
#include "tests/unit/output/scratch.h"

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

static SsOutput *
open_eml(const char *folder, const SsOutputOptions *options, const char *more)
{
    static const SsOutputOptions plain = {.verbosity = -1};
    g_autofree char *spec = g_strconcat("eml:", folder, more, NULL);
    SsOutput *output = ss_output_new(options ? options : &plain);

    assert_true(ss_output_add(output, spec, NULL));
    assert_true(ss_output_open(output, NULL));
    assert_int_equal(ss_output_plan(output)->needs, SS_NEED_CONTENT);
    assert_true(ss_output_sink(output)->wants ==
                (SS_WANT(SS_EVENT_MESSAGE) | SS_WANT(SS_EVENT_SESSION)));
    return output;
}

static SsContent *
begin(SsOutput *output)
{
    return ss_content_new(ss_output_plan(output), 0xabc, 1);
}

static void
finish(SsOutput *output, uint64_t index, SsContent *content)
{
    SsEvent event = {.type = SS_EVENT_MESSAGE, .uid = 0xabc, .session = 1, .frame = index};

    event.message.index = index;
    event.message.content = content;
    ss_output_sink(output)->emit(ss_output_sink(output), &event);
}

static void
put(SsOutput *output, uint64_t index, const char *text)
{
    SsContent *content = begin(output);

    if (*text) {
        ss_content_data(content, ss_slice_str(text));
    }
    ss_content_end(content, true);
    finish(output, index, content);
}

static void
close_eml(SsOutput *output)
{
    g_autoptr(GError) error = NULL;

    ss_output_close(output, &error);
    assert_null(error);
    ss_output_free(output);
    assert_int_equal(fake_n_alive, 0);
}

static void
check_list(const char *folder, const char *names)
{
    g_autofree char *found = scratch_list(folder);

    assert_string_equal(found, names);
}

static void
check_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *found = scratch_get(folder, name);

    assert_non_null(found);
    assert_string_equal(found, text);
}

static void
test_whole(void **state)
{
    SsOutput *output = open_eml(*state, NULL, "");

    put(output, 1, "Subject: one\r\n\r\nfirst\r\n");
    put(output, 2, "");
    finish(output, 3, NULL); /* which never came to its content */
    close_eml(output);
    check_file(*state, "0000000000000abc-1.eml", "Subject: one\r\n\r\nfirst\r\n");
    check_file(*state, "0000000000000abc-2.eml", "");
    check_list(*state, "0000000000000abc-1.eml 0000000000000abc-2.eml");
}

static void
test_partial(void **state)
{
    SsOutput *output = open_eml(*state, NULL, "");
    SsContent *content = begin(output);

    ss_content_data(content, SS_SLICE("be"));
    ss_content_gap(content, 1000);
    ss_content_data(content, SS_SLICE("fore"));
    ss_content_end(content, true);
    finish(output, 1, content);

    content = begin(output);
    ss_content_data(content, SS_SLICE("cut"));
    ss_content_end(content, false);
    finish(output, 2, content);

    content = begin(output); /* no byte of it was seen */
    ss_content_gap(content, 5);
    ss_content_end(content, false);
    finish(output, 3, content);
    close_eml(output);
    check_file(*state, "0000000000000abc-1.partial.eml", "before");
    check_file(*state, "0000000000000abc-2.partial.eml", "cut");
    check_list(*state, "0000000000000abc-1.partial.eml 0000000000000abc-2.partial.eml");
}

static void
test_limit(void **state)
{
    SsOutputOptions options = {.message_limit = 4, .verbosity = -1};
    SsOutput *output = open_eml(*state, &options, "");

    put(output, 1, "text");
    put(output, 2, "texts");
    close_eml(output);
    check_file(*state, "0000000000000abc-1.eml", "text");
    check_file(*state, "0000000000000abc-2.partial.eml", "text");
}

static void
test_on_its_way(void **state)
{
    SsOutput *output = open_eml(*state, NULL, "");
    SsContent *one = begin(output);
    SsContent *other = begin(output);
    g_autofree char *names = NULL;

    ss_content_data(one, SS_SLICE("o"));
    ss_content_data(other, SS_SLICE("ot"));
    ss_content_data(one, SS_SLICE("ne"));
    ss_content_data(other, SS_SLICE("her"));
    names = scratch_list(*state);
    assert_true(g_str_has_prefix(names, ".part-") && strstr(names, " .part-"));
    ss_content_end(one, true);
    ss_content_end(other, true);
    finish(output, 1, one);
    finish(output, 2, other);
    close_eml(output);
    check_file(*state, "0000000000000abc-1.eml", "one");
    check_file(*state, "0000000000000abc-2.eml", "other");
}

static void
test_existing(void **state)
{
    SsOutput *output = open_eml(*state, NULL, "");
    g_autoptr(GError) error = NULL;

    scratch_put(*state, "0000000000000abc-1.eml", "same");
    scratch_put(*state, "0000000000000abc-2.eml", "old");
    scratch_put(*state, "0000000000000abc-3.eml", "old");
    put(output, 1, "same");
    put(output, 2, "new");
    put(output, 3, "new");
    put(output, 4, "new");
    assert_false(ss_output_close(output, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE));
    assert_non_null(strstr(error->message, "0000000000000abc-2.eml"));
    assert_non_null(strstr(error->message, "overwrite=yes"));
    assert_non_null(strstr(error->message, "(and 1 more)"));
    ss_output_free(output);
    check_file(*state, "0000000000000abc-2.eml", "old");
    check_file(*state, "0000000000000abc-4.eml", "new");

    output = open_eml(*state, NULL, ",overwrite=yes");
    put(output, 2, "new");
    close_eml(output);
    check_file(*state, "0000000000000abc-2.eml", "new");
}

static void
test_folder_gone(void **state)
{
    g_autofree char *path = scratch_path(*state, "mails");
    SsOutput *output = open_eml(path, NULL, "");
    g_autoptr(GError) error = NULL;

    assert_int_equal(g_rmdir(path), 0);
    put(output, 1, "text");
    put(output, 2, "text");
    ss_output_advance(output, 9);
    assert_true(ss_output_is_done(output));
    assert_false(ss_output_close(output, &error));
    assert_non_null(strstr(error->message, "eml: cannot make a file in"));
    ss_output_free(output);
    assert_int_equal(fake_n_alive, 0);
}

static void
test_needs_a_folder(void **state)
{
    static const SsOutputOptions options;
    g_autoptr(SsOutput) output = ss_output_new(&options);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_false(ss_output_add(output, "eml", &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE));
    g_clear_error(&error);
    assert_false(ss_output_add(output, "eml:dir,format=pst", &error));
    assert_string_equal(error->message,
                        "output \"eml\" has no option \"format\": it takes overwrite");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_partial, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_on_its_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_existing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_folder_gone, set_up, tear_down),
        cmocka_unit_test(test_needs_a_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
