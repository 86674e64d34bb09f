#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_reset;

static SsEvent
reset_of(SsTestHost *test, SsDirection by)
{
    SsEvent event = ss_test_note(test, SS_NOTE_RESET, 0);

    event.note.direction = by;
    event.note.in_dialogue = true;
    return event;
}

static void
test_reset(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    event.note.verb = SS_SLICE("RCPT");
    event.note.in_message = true;
    event.note.message = 3;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.reset"));
    assert_int_equal(ss_test_finding(test, 0)->message, 3);
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "the server reset the connection while RCPT waited for its reply: look at "
                        "the server's log at that time, and for a firewall that forges resets");
}

static void
test_places(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_CLIENT);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    test->session = 2;
    event = reset_of(test, SS_CLIENT);
    event.note.in_content = true;
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "the client reset the connection "
                                                              "without QUIT"));
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "middle of a message's content"));
}

/* Behind QUIT a client's reset forges nothing; in the middle of something it may. */
static void
test_leaving(void **state)
{
    static const struct {
        SsDirection by;
        const char *verb, *said;
    } rows[] = {
        {SS_CLIENT, "QUIT", "while QUIT waited for its reply: it was leaving, and did not wait"},
        {SS_SERVER, "QUIT", "while QUIT waited for its reply: look at the server's log"},
        {SS_CLIENT, "RCPT", "while RCPT waited for its reply: look at the client's log"},
        {SS_CLIENT, "data", "while the content waited for its reply: look at the client's log"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
        SsEvent event = reset_of(test, rows[i].by);

        event.note.verb = ss_test_slice(rows[i].verb);
        assert_true(ss_test_host_event(test, &event));
        assert_non_null(strstr(ss_test_finding(test, 0)->summary, rows[i].said));
    }
}

#define SECOND UINT64_C(1000000000)

static void
test_middle(void **state)
{
    static const struct {
        uint64_t ttl[2];
        bool is_middle;
    } rows[] = {{{48, 57}, true}, {{57, 57}, false}, {{0, 57}, false}, {{48, 0}, false}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
        SsEvent event = reset_of(test, SS_SERVER);
        const char *summary;

        event.note.verb = SS_SLICE("MAIL");
        event.note.ttl[0] = rows[i].ttl[0];
        event.note.ttl[1] = rows[i].ttl[1];
        assert_true(ss_test_host_event(test, &event));
        summary = ss_test_finding(test, 0)->summary;
        if (rows[i].is_middle) {
            assert_string_equal(
                summary,
                "a reset in the server's name ended the connection while MAIL waited for its "
                "reply: its TTL is 48 and that of the server's other packets 57, so it was sent by "
                "something in the middle, not by the server; look for a firewall, a filter or a "
                "load balancer on the way");
        } else {
            assert_null(strstr(summary, "in the middle"));
            assert_non_null(strstr(summary, "the server reset the connection while MAIL"));
        }
    }
}

static void
test_pause(void **state)
{
    static const struct {
        SsDirection by;
        const char *verb;
        uint64_t seconds;
        const char *said;
    } rows[] = {
        {SS_SERVER, NULL, 60, "after 60 s without a packet: the connection was dropped while idle"},
        {SS_SERVER, "MAIL", 600, "after 10 min without a packet: the connection was dropped"},
        {SS_CLIENT, NULL, 8000, "after 2 h 13 min without a packet: the connection was dropped"},
        {SS_CLIENT, "MAIL", 300, "after 5 min without a reply"},
        {SS_SERVER, NULL, 59, "look at the server's log"},
        {SS_SERVER, NULL, 0, "look at the server's log"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
        SsEvent event = reset_of(test, rows[i].by);

        event.note.verb = ss_test_slice(rows[i].verb);
        event.note.span = rows[i].seconds * SECOND;
        assert_true(ss_test_host_event(test, &event));
        if (!strstr(ss_test_finding(test, 0)->summary, rows[i].said)) {
            fail_msg("%s", ss_test_finding(test, 0)->summary);
        }
    }
}

/* No pause is one of 0 s. */
static void
test_no_pause(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    ss_test_host_option(test, "idle", "0");
    assert_true(ss_test_host_event(test, &event));
    assert_null(strstr(ss_test_finding(test, 0)->summary, "idle"));
}

static SsEvent
doubted_of(SsTestHost *test, SsDirection by)
{
    SsEvent event = ss_test_note(test, SS_NOTE_TCP, 0);

    event.note.direction = by;
    event.note.in_dialogue = true;
    event.note.evidence = 17;
    event.note.text = SS_SLICE("reset-doubted");
    return event;
}

static void
test_doubted(void **state)
{
    static const struct {
        uint64_t ttl[2];
        const char *said;
    } rows[] = {
        {{40, 57},
         "(packet 17) came while RCPT waited for its reply, and the connection went on: its TTL is "
         "40 "
         "and that of the server's other packets 57, so it was sent by something in the "
         "middle, not by the server;"},
        {{57, 57}, "and the connection went on: it is not one that its receiver had to believe"},
        {{57, SS_COUNT_NONE}, "went on: it is not one that its receiver had to believe"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
        SsTcpTrouble trouble = {.end[SS_SERVER].reset_ttl = rows[i].ttl[0]};
        SsEvent event = doubted_of(test, SS_SERVER);

        event.note.verb = SS_SLICE("RCPT");
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, ""));
        event = ss_test_session(test, 1000, SS_STATE_COMPLETE);
        event.session_end.server.ttl = rows[i].ttl[1];
        event.session_end.trouble = &trouble;
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, "tcp.reset"));
        assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 17);
        if (!strstr(ss_test_finding(test, 0)->summary, rows[i].said)) {
            fail_msg("%s", ss_test_finding(test, 0)->summary);
        }
    }
}

/* Its receiver gives up behind it: the client's log has nothing to tell of who forged it. */
static void
test_doubted_then_reset(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsTcpTrouble trouble = {.end[SS_SERVER] = {.resets = 1, .reset_ttl = 200}};
    SsEvent event = doubted_of(test, SS_SERVER);

    (void)state;
    event.note.verb = SS_SLICE("DATA");
    assert_true(ss_test_host_event(test, &event));
    event = reset_of(test, SS_CLIENT);
    event.note.evidence = 19;
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_session(test, 1000, SS_STATE_RESET);
    event.session_end.server.ttl = 64;
    event.session_end.trouble = &trouble;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.reset"));
    assert_string_equal(
        ss_test_finding(test, 0)->summary,
        "a reset in the server's name (packet 17) came while DATA waited for its reply, and then "
        "the client reset the connection (packet 19): the former's TTL is 200 and that of the "
        "server's "
        "other packets 64, so it was sent by something in the middle, not by the server; look for "
        "a firewall, a filter or a load balancer on the way");
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 17);
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 1), 19);
}

/* One that was believed after all is told once; outside of a dialogue, or behind TLS, none is. */
static void
test_not_doubted(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
        SsEvent event = ss_test_note(test, SS_NOTE_ENCRYPTED, 0);

        if (i == 0) {
            assert_true(ss_test_host_event(test, &event));
        }
        event = doubted_of(test, SS_SERVER);
        event.note.in_dialogue = i != 1;
        event.note.text = i == 2 ? SS_SLICE("overlap") : event.note.text;
        assert_true(ss_test_host_event(test, &event));
        if (i == 3) {
            event = reset_of(test, SS_SERVER);
            assert_true(ss_test_host_event(test, &event));
        }
        event = ss_test_session(test, 1000, i == 4 ? SS_STATE_RESET : SS_STATE_COMPLETE);
        assert_true(ss_test_host_event(test, &event));
        if (!ss_test_found(test, i == 3 ? "tcp.reset" : "")) {
            fail_msg("row %d", i);
        }
    }
}

/* Refused connections, and stacks that say goodbye by a reset once QUIT is answered. */
static void
test_not_outside_a_dialogue(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    event.note.in_dialogue = false;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

/* TLS hides whether QUIT was answered, unless there are keys. */
static void
test_not_where_it_is_hidden(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = ss_test_note(test, SS_NOTE_ENCRYPTED, 0);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    event = reset_of(test, SS_SERVER);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
    event = ss_test_event(test, SS_EVENT_TLS, 0);
    event.tls.decrypted = true;
    assert_true(ss_test_host_event(test, &event));
    event = reset_of(test, SS_SERVER);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.reset"));
}

static void
test_not_twice(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.reset"));
}

static void
test_not_a_close(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    event.note.kind = SS_NOTE_CLOSED;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_leaving),
        cmocka_unit_test(test_middle),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_no_pause),
        cmocka_unit_test(test_doubted),
        cmocka_unit_test(test_doubted_then_reset),
        cmocka_unit_test(test_not_doubted),
        cmocka_unit_test(test_not_outside_a_dialogue),
        cmocka_unit_test(test_not_where_it_is_hidden),
        cmocka_unit_test(test_not_twice),
        cmocka_unit_test(test_not_a_close),
    };

    return cmocka_run_group_tests_name("tcp-reset", tests, NULL, NULL);
}
