#include "base/plugin.h"
#include "plugins/common/enhanced.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_refusal;

static SsRecipient
recipient(const char *address, uint64_t code, const char *enhanced, const char *text,
          uint64_t frame)
{
    SsRecipient rcpt = {.address = ss_test_slice(address)};

    rcpt.reply = (SsReplyText){code, ss_test_slice(enhanced), ss_test_slice(text), frame};
    return rcpt;
}

static void
test_recipients(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    SsRecipient rcpt[] = {
        recipient("bob@b.example", 250, "2.1.5", "Ok", 0),
        recipient("eve@b.example", 550, "5.1.1", "User unknown", 6),
        recipient("", 451, NULL, "Greylisted, try again", 7),
    };
    SsEvent event;

    (void)state;
    event = ss_test_message(test, 2, SS_OUTCOME_ACCEPTED, SS_STAGE_END);
    event.message.rcpt = (SsList){rcpt, 3, 3};
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "smtp.rejected smtp.deferred"));
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "eve@b.example was refused: no such mailbox; check the address (550 5.1.1 "
                        "User unknown)");
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 6);
    assert_int_equal(g_array_index(ss_test_finding(test, 1)->frames, uint64_t, 0), 7);
    assert_int_equal(ss_test_finding(test, 1)->message, 1);
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "greylisted"));
}

static void
test_whole_message(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    SsReplyText reply = {552, SS_SLICE("5.3.4"), SS_SLICE("too big"), 5};
    SsRecipient rcpt[] = {recipient("bob@b.example", 250, "2.1.5", "Ok", 0)};
    SsEvent event = ss_test_message(test, 2, SS_OUTCOME_REJECTED, SS_STAGE_END);

    (void)state;
    event.message.rcpt = (SsList){rcpt, 1, 1};
    event.message.reply = &reply;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "smtp.rejected"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary,
                                 "the message was refused: the message is too large"));
}

/* LMTP answers the content for each recipient. */
static void
test_final_replies(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    SsReplyText full = {452, SS_SLICE("4.2.2"), SS_SLICE("mailbox full"), 5};
    SsRecipient rcpt[] = {recipient("a@b.example", 250, NULL, "", 0),
                          recipient("b@b.example", 250, NULL, "", 0)};
    SsEvent event = ss_test_message(test, 2, SS_OUTCOME_DEFERRED, SS_STAGE_END);

    (void)state;
    rcpt[1].final = &full;
    event.message.rcpt = (SsList){rcpt, 2, 2};
    event.message.reply = &full;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "smtp.deferred"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary, "b@b.example was put off"));
}

static void
test_not_accepted(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    SsReplyText reply = {250, SS_SLICE("2.0.0"), SS_SLICE("Ok"), 5};
    SsEvent event = ss_test_message(test, 2, SS_OUTCOME_ACCEPTED, SS_STAGE_END);

    (void)state;
    event.message.reply = &reply;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

static void
test_not_incomplete(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    SsRecipient rcpt[] = {recipient("bob@b.example", 0, NULL, NULL, 0)};
    SsEvent event = ss_test_message(test, 2, SS_OUTCOME_INCOMPLETE, SS_STAGE_RCPT);

    (void)state;
    event.message.rcpt = (SsList){rcpt, 1, 1};
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

/* DATA's 503 behind nothing but refused recipients says nothing more. */
static void
test_not_twice(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    SsReplyText reply = {554, SS_SLICE("5.5.1"), SS_SLICE("no valid recipients"), 5};
    SsRecipient rcpt[] = {recipient("eve@b.example", 550, NULL, "No such user here", 0)};
    SsEvent event = ss_test_message(test, 2, SS_OUTCOME_REJECTED, SS_STAGE_DATA);

    (void)state;
    event.message.rcpt = (SsList){rcpt, 1, 1};
    event.message.reply = &reply;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "smtp.rejected"));
}

/* A refused MAIL is the one cause of all that a pipelining client sent behind it. */
static void
test_mail_refused(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    SsReplyText reply = {553, SS_SLICE("5.1.8"), SS_SLICE("no such domain"), 5};
    SsRecipient rcpt[] = {recipient("bob@b.example", 503, "5.0.0", "Need MAIL before RCPT", 0)};
    SsEvent event;

    (void)state;
    event = ss_test_message(test, 2, SS_OUTCOME_REJECTED, SS_STAGE_MAIL);
    event.message.rcpt = (SsList){rcpt, 1, 1};
    event.message.reply = &reply;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "smtp.rejected"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary, "the message was refused: the "
                                                                    "sender's domain"));
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 5);
}

static void
test_explanations(void **state)
{
    static const struct {
        SsStage stage;
        uint64_t code;
        const char *enhanced, *text, *meaning;
        bool is_greylisting;
    } cases[] = {
        {SS_STAGE_RCPT, 550, "5.1.1", "", "no such mailbox", false},
        {SS_STAGE_RCPT, 550, NULL, "User unknown", "no such mailbox", false},
        {SS_STAGE_RCPT, 550, "5.7.1", "blocked using dnsbl.example",
         "the client's address is on a block list", false},
        {SS_STAGE_RCPT, 554, "5.7.1", "Relay access denied",
         "the server does not relay for this client", false},
        {SS_STAGE_RCPT, 550, "5.7.26", "DMARC spam",
         "several authentication checks failed (SPF, DKIM, DMARC)", false},
        {SS_STAGE_RCPT, 450, "4.2.0", "Recipient address rejected: Greylisted", "greylisted", true},
        {SS_STAGE_RCPT, 451, "4.7.1", "please try again later", "put off, probably greylisted",
         true},
        {SS_STAGE_RCPT, 451, "4.3.0", "queue file error, try again later",
         "trouble in the receiving mail system", false},
        {SS_STAGE_RCPT, 452, "4.3.1", "try again later", "the server is out of disk space", false},
        {SS_STAGE_RCPT, 550, NULL, "greylisting is for others",
         "mailbox not available, or refused by policy", false},
        {SS_STAGE_RCPT, 550, "5.99.99", "", "mailbox not available, or refused by policy", false},
        {SS_STAGE_RCPT, 550, "nonsense", "", "mailbox not available, or refused by policy", false},
        {SS_STAGE_RCPT, 599, NULL, "", "refused", false},
        {SS_STAGE_RCPT, 499, NULL, "", "refused for now", false},
        {SS_STAGE_RCPT, 550, "5.2.1", "disabled", "the mailbox is disabled", false},
        {SS_STAGE_END, 550, "5.2.1", "message content rejected", "refused", false},
        {SS_STAGE_END, 550, "5.2.1", "looks like spam", "taken for spam", false},
        {SS_STAGE_MAIL, 452, "4.2.1", "slow down", "refused for now", false},
        {SS_STAGE_END, 554, "5.6.0", "bad header", "refused", false},
        {SS_STAGE_END, 550, NULL, "bad header", "refused", false},
        {SS_STAGE_END, 552, "5.3.4", "too big", "the message is too large for the server", false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SsReplyText reply = {cases[i].code, ss_test_slice(cases[i].enhanced),
                             ss_test_slice(cases[i].text), 0};
        SsAdvice advice = ss_enhanced_explain(&reply, cases[i].stage);
        assert_string_equal(advice.meaning, cases[i].meaning);
        assert_int_equal(advice.is_greylisting, cases[i].is_greylisting);
    }
}

/* --- retries --- */

typedef struct {
    double at_s;
    const char *client, *client_name;
    const char *from, *rcpt, *also; /* `also` is always taken */
    uint64_t code;                  /* of `rcpt`; a content that comes is accepted … */
    uint64_t end_code;              /* … but for this */
    const char *size;
} Attempt;

static void
give(SsTestHost *test, const Attempt *attempt)
{
    SsRecipient rcpt[2] = {
        recipient(attempt->rcpt, attempt->code, NULL, "Greylisted for 300 seconds", 3),
        recipient(attempt->also, 250, NULL, "ok", 0)};
    SsReplyText end = {attempt->end_code ? attempt->end_code : 250, SS_SLICE_NULL, SS_SLICE("text"),
                       5};
    SsPair size = {SS_SLICE("SIZE"), ss_test_slice(attempt->size)};
    bool is_refused = attempt->code / 100 != 2 && !attempt->also;
    SsEvent event;

    test->session++;
    event = ss_test_message(test, attempt->at_s * 1000,
                            is_refused          ? SS_OUTCOME_DEFERRED
                            : attempt->end_code ? SS_OUTCOME_DEFERRED
                                                : SS_OUTCOME_ACCEPTED,
                            is_refused ? SS_STAGE_RCPT : SS_STAGE_END);
    event.uid = 0x1000 + test->session;
    event.message.time_ns = event.time_ns;
    event.message.from = ss_test_slice(attempt->from ? attempt->from : "ann@a.example");
    event.message.rcpt = (SsList){rcpt, attempt->also ? 2 : 1, 2};
    event.message.reply = is_refused ? &rcpt[0].reply : &end;
    if (attempt->size) {
        event.message.from_params = (SsList){&size, 1, 1};
    }
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_session(test, attempt->at_s * 1000 + 10, SS_STATE_COMPLETE);
    event.uid = 0x1000 + test->session;
    event.session_end.client.at.ip = ss_test_slice(attempt->client ? attempt->client : "192.0.2.1");
    event.session_end.client.name = ss_test_slice(attempt->client_name);
    assert_true(ss_test_host_event(test, &event));
}

#define GREYLISTED                                                                           \
    ": greylisted; the server puts off senders it does not know yet; the client should try " \
    "again in some minutes, after 5 min 00 s by its own words (451 Greylisted for 300 seconds)"

static void
test_retry(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    const Attempt attempts[] = {
        {.at_s = 0, .rcpt = "bob@b.example", .code = 451, .size = "100"},
        {.at_s = 60, .rcpt = "bob@b.example", .code = 451, .size = "100"},
        {.at_s = 360, .rcpt = "Bob@b.example", .code = 250, .size = "100"},
        {.at_s = 400, .rcpt = "bob@b.example", .code = 250},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
        give(test, &attempts[i]);
    }
    assert_true(ss_test_found(test, "smtp.deferred smtp.deferred smtp.deferred"));
    assert_string_equal(ss_test_finding(test, 0)->summary, "bob@b.example was put off" GREYLISTED);
    assert_string_equal(ss_test_finding(test, 1)->summary,
                        "bob@b.example was put off again, 1 min 00 s after the first "
                        "attempt" GREYLISTED);
    assert_string_equal(ss_test_finding(test, 2)->summary,
                        "Bob@b.example was accepted at the retry, 6 min 00 s after it was first "
                        "put off: greylisted (2 attempts before)");
    assert_int_equal(ss_test_finding(test, 2)->message, 1);
    assert_int_equal(g_array_index(ss_test_finding(test, 2)->frames, uint64_t, 0), 5);
}

static void
test_retry_from_a_farm(void **state)
{
    static const Attempt seconds[] = {
        {.at_s = 60, .client = "192.0.2.200", .rcpt = "bob@b.example", .code = 250},
        {.at_s = 60,
         .client = "203.0.113.1",
         .client_name = "OUT.a.example",
         .rcpt = "bob@b.example",
         .code = 250},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
        const Attempt first = {
            .at_s = 0, .client_name = "out.a.example", .rcpt = "bob@b.example", .code = 451};
        give(test, &first);
        give(test, &seconds[i]);
        assert_true(ss_test_found(test, "smtp.deferred smtp.deferred"));
    }
}

static void
test_no_retry(void **state)
{
    static const Attempt seconds[] = {
        {.at_s = 60, .client = "203.0.113.1", .rcpt = "bob@b.example", .code = 250},
        {.at_s = 60, .from = "x@a.example", .rcpt = "bob@b.example", .code = 250},
        {.at_s = 60, .rcpt = "eve@b.example", .code = 250},
        {.at_s = 60, .rcpt = "bob@b.example", .code = 250, .size = "200"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
        const Attempt first = {.at_s = 0, .rcpt = "bob@b.example", .code = 451, .size = "100"};
        give(test, &first);
        give(test, &seconds[i]);
        assert_true(ss_test_found(test, "smtp.deferred"));
    }
}

/* The same envelope from another client: told as what it is, though it had to wait. */
static void
test_deferred_of_another(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    const Attempt first = {.at_s = 0, .rcpt = "bob@b.example", .code = 451};
    const Attempt second = {
        .at_s = 60, .client = "203.0.113.1", .rcpt = "bob@b.example", .code = 451};

    (void)state;
    give(test, &first);
    give(test, &second);
    assert_true(ss_test_found(test, "smtp.deferred smtp.deferred"));
    assert_string_equal(ss_test_finding(test, 1)->summary, "bob@b.example was put off" GREYLISTED);
}

/* However many recipients, a message that was put off at its end is one finding, now and later. */
static void
test_retry_of_whole(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    const Attempt attempts[] = {
        {.at_s = 0, .rcpt = "a@b.example", .code = 250, .also = "b@b.example", .end_code = 451},
        {.at_s = 60, .rcpt = "a@b.example", .code = 250, .also = "b@b.example", .end_code = 451},
        {.at_s = 90, .rcpt = "a@b.example", .code = 250, .also = "b@b.example"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
        give(test, &attempts[i]);
    }
    assert_true(ss_test_found(test, "smtp.deferred smtp.deferred smtp.deferred"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 1)->summary,
                                 "the message was put off again, 1 min 00 s after"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 2)->summary,
                                 "a@b.example was accepted at the retry, 1 min 30 s after"));
}

static void
test_retries_are_bounded(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_refusal);
    Attempt attempt = {.at_s = 0, .code = 451};
    char rcpt[32];
    size_t n = 3000;

    (void)state;
    attempt.rcpt = rcpt;
    for (size_t i = 0; i < 2 * n; i++) {
        g_snprintf(rcpt, sizeof rcpt, "u%zu@b.example", i % n);
        attempt.code = i < n ? 451 : 250;
        give(test, &attempt);
    }
    assert_int_equal(test->findings->len, n + 1024);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recipients),     cmocka_unit_test(test_whole_message),
        cmocka_unit_test(test_final_replies),  cmocka_unit_test(test_not_accepted),
        cmocka_unit_test(test_not_incomplete), cmocka_unit_test(test_not_twice),
        cmocka_unit_test(test_mail_refused),   cmocka_unit_test(test_explanations),
        cmocka_unit_test(test_retry),          cmocka_unit_test(test_retry_from_a_farm),
        cmocka_unit_test(test_no_retry),       cmocka_unit_test(test_deferred_of_another),
        cmocka_unit_test(test_retry_of_whole), cmocka_unit_test(test_retries_are_bounded),
    };

    return cmocka_run_group_tests_name("smtp-refusal", tests, NULL, NULL);
}
