#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_bare_newline;

static void
line(SsTestHost *test, SsDirection direction, int kind)
{
    SsEvent event = ss_test_note(test, SS_NOTE_BARE, 1);
    SsEventBare bare = {0};

    bare.n[kind] = 1;
    bare.frames[kind] = event.frame;
    event.note.direction = direction;
    event.note.bare = &bare;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_content(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_bare_newline);
    SsEvent event = ss_test_note(test, SS_NOTE_BARE, 1);
    const SsEventBare bare = {.n = {1200, 0, 2}, .frames = {5, 0, 9}};
    const SsTestFinding *finding;

    (void)state;
    event.note.in_content = true;
    event.note.message = 3;
    event.note.bare = &bare;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "smtp.bare-newline"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_LOW);
    assert_int_equal(finding->message, 3);
    assert_int_equal(finding->frames->len, 2);
    assert_non_null(strstr(finding->summary, "1,200 bare LF, 2 NUL in the content of message 3"));
}

static void
test_look_alike(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_bare_newline);
    SsEvent event = ss_test_note(test, SS_NOTE_BARE, 1);
    const SsEventBare bare = {
        .look_alikes = 1, .look_alike = SS_SLICE_INIT("LF . LF"), .look_alike_frame = 4};

    (void)state;
    event.note.in_content = true;
    event.note.message = 1;
    event.note.bare = &bare;
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "LF . LF"));
}

/* A client that ends every line so is told once, and so is its server that answers alike. */
static void
test_lines_once(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_bare_newline);

    (void)state;
    line(test, SS_CLIENT, SS_BARE_LF);
    line(test, SS_SERVER, SS_BARE_LF);
    line(test, SS_CLIENT, SS_BARE_LF);
    assert_true(ss_test_found(test, "smtp.bare-newline"));
    line(test, SS_SERVER, SS_BARE_NUL);
    assert_true(ss_test_found(test, "smtp.bare-newline smtp.bare-newline"));
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "1 NUL in a line of the server's"));
}

static void
test_other_session(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_bare_newline);

    (void)state;
    line(test, SS_CLIENT, SS_BARE_CR);
    test->session = 2;
    line(test, SS_CLIENT, SS_BARE_CR);
    assert_true(ss_test_found(test, "smtp.bare-newline smtp.bare-newline"));
}

static void
test_not_without_counts(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_bare_newline);
    SsEvent event = ss_test_note(test, SS_NOTE_BARE, 1);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_look_alike),
        cmocka_unit_test(test_lines_once),
        cmocka_unit_test(test_other_session),
        cmocka_unit_test(test_not_without_counts),
    };

    return cmocka_run_group_tests_name("smtp-bare-newline", tests, NULL, NULL);
}
