#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_slow;

typedef struct {
    const char *verb, *text;
    double wait_s, own_s, acked_s; /* the last below 0: by the reply */
    double left_s;
} Slow;

static void
slow(SsTestHost *test, const Slow *slow)
{
    SsEvent event = ss_test_note(test, SS_NOTE_SLOW, 100);

    event.note.verb = ss_test_slice(slow->verb);
    event.note.text = ss_test_slice(slow->text);
    event.note.span = (uint64_t)(slow->wait_s * 1e9);
    event.note.own_ns = (int64_t)(slow->own_s * 1e9);
    event.note.acked_ns = slow->acked_s < 0 ? SS_TIME_NONE : (int64_t)(slow->acked_s * 1e9);
    event.note.left_ns = (int64_t)(slow->left_s * 1e9);
    event.note.asked = strcmp(slow->verb, "banner") == 0 ? 0 : 7;
    event.note.evidence = 9;
    assert_true(ss_test_host_event(test, &event));
}

static void
check(const Slow *what, const char *summary)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_slow);

    slow(test, what);
    assert_true(ss_test_found(test, summary ? "smtp.slow" : ""));
    if (summary) {
        assert_string_equal(ss_test_finding(test, 0)->summary, summary);
        assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_LOW);
    }
}

static void
test_server(void **state)
{
    (void)state;
    check(&(Slow){"RCPT", NULL, 7, 6.98, 0.02, 0},
          "the server took 7.00 s to answer RCPT (acknowledged after 20 ms); a client "
          "should wait 5 min (RFC 5321 section 4.5.3.2.3): look at its checks of recipients: "
          "directory, policy service, call-out");
    check(&(Slow){"NOOP", NULL, 7, 7, -1, 0}, "the server took 7.00 s to answer NOOP");
    check(&(Slow){"banner", NULL, 31, 30.9, -1, 0},
          "the server took 31.0 s to send the banner; a client should wait 5 min (RFC 5321 section "
          "4.5.3.2.1): look at its name look-ups and block lists, its load, or a greet delay");
}

static void
test_network(void **state)
{
    (void)state;
    check(&(Slow){"MAIL", NULL, 6.5, 0.1, -1, 0},
          "the reply to MAIL came after 6.50 s, 6.40 s of it the network's: what was asked was "
          "lost and sent again; a client should wait 5 min (RFC 5321 section 4.5.3.2.2); look at "
          "the way to the server");
}

static void
test_timeouts(void **state)
{
    (void)state;
    check(&(Slow){"DATA", NULL, 95, 95, -1, 0},
          "the server took 1 min 35 s to answer DATA, close to the time a client should wait, "
          "2 min (RFC 5321 section 4.5.3.2.4): look at its policy service and its disk");
    check(&(Slow){"data", "unanswered", 601, 601, 0.1, 0},
          "the content was not answered for 10 min 01 s, until the session ended ("
          "acknowledged after 100 ms), over the time a client should wait, 10 min (RFC 5321 "
          "section 4.5.3.2.6), and one that gives up will send the message again: look at its "
          "content filters and its queue's disk");
}

/* A client that would not wait sends again what the server took. */
static void
test_given_up(void **state)
{
    (void)state;
    check(&(Slow){"data", NULL, 45, 45, -1, 20},
          "the server took 45.0 s to answer the content; the client had given up after 20.0 s, and "
          "should wait 10 min (RFC 5321 section 4.5.3.2.6): what the server took all the same will "
          "be sent again, a duplicate; raise the client's timeout; look at the server's content "
          "filters and its queue's disk");
    check(&(Slow){"data", "unanswered", 20.5, 20.5, -1, 20},
          "the content was not answered for 20.5 s, until the session ended; the client gave up "
          "after 20.0 s, and should wait 10 min (RFC 5321 section 4.5.3.2.6): what the server took "
          "all the same will be sent again, a duplicate; raise the client's timeout; look at the "
          "server's content filters and its queue's disk");
    check(&(Slow){"data", NULL, 700, 0.1, -1, 650},
          "the reply to the content came after 11 min 40 s, 11 min 39 s of it the network's: what "
          "was asked was lost and sent again; the client had given up after 10 min 50 s: what the "
          "server took all the same will be sent again, a duplicate; look at the way to the "
          "server");
}

static void
test_evidence(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_slow);

    (void)state;
    slow(test, &(Slow){"MAIL", NULL, 6, 6, -1, 0});
    slow(test, &(Slow){"banner", "cut off", 6, 6, -1, 0});
    assert_int_equal(ss_test_finding(test, 0)->frames->len, 2);
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 7);
    assert_int_equal(ss_test_finding(test, 1)->frames->len, 1);
    assert_int_equal(g_array_index(ss_test_finding(test, 1)->frames, uint64_t, 0), 9);
}

static void
test_not_within(void **state)
{
    (void)state;
    check(&(Slow){"MAIL", NULL, 5, 5, -1, 0}, NULL);
    check(&(Slow){"data", NULL, 1.2, 1.2, -1, 0}, NULL);
    check(&(Slow){"banner", "cut off", 4, 4, -1, 0}, NULL);
}

static void
test_option(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_slow);

    (void)state;
    ss_test_host_option(test, "seconds", "30");
    slow(test, &(Slow){"MAIL", NULL, 29, 29, -1, 0});
    assert_true(ss_test_found(test, ""));
    slow(test, &(Slow){"MAIL", NULL, 31, 31, -1, 0});
    assert_true(ss_test_found(test, "smtp.slow"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_server),   cmocka_unit_test(test_network),
        cmocka_unit_test(test_timeouts), cmocka_unit_test(test_given_up),
        cmocka_unit_test(test_evidence), cmocka_unit_test(test_not_within),
        cmocka_unit_test(test_option),
    };

    return cmocka_run_group_tests_name("smtp-slow", tests, NULL, NULL);
}
