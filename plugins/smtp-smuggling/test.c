#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_smuggling;

static void
note(SsTestHost *test, const SsEventLookAlike *alike)
{
    SsEvent event = ss_test_note(test, SS_NOTE_LOOK_ALIKE, 1);

    event.note.verb = SS_SLICE("MAIL");
    event.note.message = 1;
    event.note.look_alike = alike;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, alike ? "smtp.smuggling" : ""));
    if (alike) {
        assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_HIGH);
        assert_int_equal(ss_test_finding(test, 0)->message, 1);
    }
}

static SsEventLookAlike
look_alike(SsHiddenMessage *hidden)
{
    static SsSlice rcpt[] = {SS_SLICE_INIT("carol@b.example"), SS_SLICE_INIT("dan@b.example")};

    *hidden = (SsHiddenMessage){
        .from = SS_SLICE("admin@b.example"), .rcpt = {rcpt, 2, 2}, .has_data = true};
    return (SsEventLookAlike){
        .name = SS_SLICE("LF . LF"),
        .frame = 4,
        .verb_frame = 5,
        .messages = {hidden, 1, 1},
        .commands = 5,
        .outer = {.code = 250, .frame = 6},
    };
}

static void
test_command_follows(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_smuggling);
    SsHiddenMessage hidden;
    SsEventLookAlike alike = look_alike(&hidden);

    (void)state;
    note(test, &alike);
    assert_int_equal(ss_test_finding(test, 0)->frames->len, 3);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary,
                           "<admin@b.example> to <carol@b.example> and 1 more; make sure"));
}

static void
test_split(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_smuggling);
    SsReplyText extra[] = {{.code = 250, .frame = 7}, {.code = 250, .frame = 8}};
    SsHiddenMessage hidden;
    SsEventLookAlike alike = look_alike(&hidden);

    (void)state;
    alike.extra = (SsList){extra, 2, 2};
    hidden.reply = extra[1];
    note(test, &alike);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "accepted a hidden message"));
    assert_int_equal(ss_test_finding(test, 0)->frames->len, 5);
}

/* It took it for the end, and then refused what came. */
static void
test_split_refused(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_smuggling);
    SsReplyText extra[] = {{.code = 503, .frame = 7}};
    SsHiddenMessage hidden;
    SsEventLookAlike alike = look_alike(&hidden);

    (void)state;
    alike.extra = (SsList){extra, 1, 1};
    note(test, &alike);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "gave 1 reply to what is behind it"));
}

static void
test_refused(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_smuggling);
    SsHiddenMessage hidden;
    SsEventLookAlike alike = look_alike(&hidden);

    (void)state;
    alike.outer = (SsReplyText){.code = 550, .text = SS_SLICE("bare <LF> received"), .frame = 6};
    note(test, &alike);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "550 bare <LF> received"));
}

static void
test_not_other_notes(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_smuggling);

    (void)state;
    note(test, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_follows), cmocka_unit_test(test_split),
        cmocka_unit_test(test_split_refused),   cmocka_unit_test(test_refused),
        cmocka_unit_test(test_not_other_notes),
    };

    return cmocka_run_group_tests_name("smtp-smuggling", tests, NULL, NULL);
}
