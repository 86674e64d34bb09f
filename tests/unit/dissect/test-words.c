/*
 * What commands and replies say, by tables: verbs, paths, parameters, sizes, codes, queue ids,
 * banners; and the ledger that ties replies to commands.
 */
#include "dissect/smtp/params.h"
#include "dissect/smtp/path.h"
#include "dissect/smtp/reply-text.h"
#include "dissect/smtp/session.h"

#include "tests/ss-test.h"

static void
assert_slice(SsSlice slice, const char *expected)
{
    g_autofree char *text = g_strndup((const char *)slice.data, slice.len);

    if (!expected) {
        assert_true(ss_slice_is_null(slice));
        return;
    }
    assert_false(ss_slice_is_null(slice));
    assert_string_equal(text, expected);
}

static void
test_verbs(void **state)
{
    static const struct {
        const char *line;
        SsVerbId id;
        const char *argument;
        bool is_sure;
    } rows[] = {
        {"EHLO client.example", SS_VERB_EHLO, "client.example", true},
        {"ehlo client.example", SS_VERB_EHLO, "client.example", true},
        {"EHLO", SS_VERB_EHLO, NULL, false},
        {"EHLO we have a plan", SS_VERB_EHLO, "we have a plan", false},
        {"MAIL FROM:<a@b>", SS_VERB_MAIL, "FROM:<a@b>", true},
        {"mail From:<a@b> SIZE=1", SS_VERB_MAIL, "From:<a@b> SIZE=1", true},
        {"MAIL", SS_VERB_MAIL, NULL, false},
        {"MAIL is late today", SS_VERB_MAIL, "is late today", false},
        {"RCPT TO:<>", SS_VERB_RCPT, "TO:<>", true},
        {"DATA", SS_VERB_DATA, NULL, true},
        {"DATA  ", SS_VERB_DATA, NULL, true},
        {"DATAFOO", SS_VERB_UNKNOWN, NULL, false},
        {"DATA foo", SS_VERB_DATA, "foo", false},
        {" DATA", SS_VERB_DATA, NULL, false},
        {"BDAT 12 LAST", SS_VERB_BDAT, "12 LAST", true},
        {"BDAT", SS_VERB_BDAT, NULL, false},
        {"BDAT x", SS_VERB_BDAT, "x", false},
        {"QUIT\t", SS_VERB_QUIT, NULL, true},
        {"quit smoking", SS_VERB_QUIT, "smoking", false},
        {"HELP me", SS_VERB_HELP, "me", false},
        {"AUTH PLAIN", SS_VERB_AUTH, "PLAIN", true},
        {"AUTH for me", SS_VERB_AUTH, "for me", false},
        {"STARTTLS", SS_VERB_STARTTLS, NULL, true},
        {"", SS_VERB_UNKNOWN, NULL, false},
        {"   ", SS_VERB_UNKNOWN, NULL, false},
        {"\xff\xfe", SS_VERB_UNKNOWN, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SsSlice line = ss_slice_str(rows[i].line);
        SsCommandLine command = ss_command_parse(line);
        assert_int_equal(command.verb->id, rows[i].id);
        assert_slice(command.argument, rows[i].argument);
        assert_int_equal(ss_command_is_sure(line), rows[i].is_sure);
        if (rows[i].is_sure) { /* so must each beginning have been possible */
            for (size_t n = 1; n <= line.len; n++) {
                assert_true(ss_command_may_be_sure(ss_slice_sub(line, 0, n)));
            }
        }
    }
    assert_false(ss_command_may_be_sure(SS_SLICE("Subj")));
}

static void
test_paths(void **state)
{
    static const struct {
        const char *argument, *address, *rest;
    } rows[] = {
        {"FROM:<Smith@bar.com>", "Smith@bar.com", ""},
        {"FROM:<>", "", ""},
        {"FROM:<a@b> SIZE=10 BODY=8BITMIME", "a@b", "SIZE=10 BODY=8BITMIME"},
        {"from:<a@b>", "a@b", ""},
        {"FROM: <a@b>", "a@b", ""},
        {"FROM :<a@b>", "a@b", ""},
        {"FROM<a@b>", "a@b", ""},
        {"FROM:a@b", "a@b", ""},
        {"FROM:a@b SIZE=1", "a@b", "SIZE=1"},
        {"FROM:a@b\tSIZE=1", "a@b", "SIZE=1"},
        {"FROM:<@hosta.int,@jkl.org:userc@d.bar.org>", "@hosta.int,@jkl.org:userc@d.bar.org", ""},
        {"FROM:<\"a b\"@c>", "\"a b\"@c", ""},
        {"FROM:<\"a>b\"@c> X=1", "\"a>b\"@c", "X=1"},
        {"FROM:<\"a\\\">b\"@c> X=1", "\"a\\\">b\"@c", "X=1"},
        {"FROM:<\"abc@d> X=1", "\"abc@d", "X=1"},
        {"FROM:<a@b", "a@b", ""},
        {"FROM:<a@b X=1", "a@b", "X=1"},
        {"FROM:<", "", ""},
        {"FROM:<\\", "\\", ""},
        {"FROM:", "", ""},
        {"FROM", "", ""},
        {"", "", ""},
        {"FROM:<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]", ""},
        {"FROM:<a@b>SIZE=1", "a@b", "SIZE=1"},
        {"FROM:<a@b>>", "a@b", ">"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SsPath path = ss_path_parse(ss_slice_str(rows[i].argument), SS_SLICE("FROM"));
        assert_slice(path.address, rows[i].address);
        assert_int_equal(path.rest.len, strlen(rows[i].rest));
        assert_memory_equal(path.rest.data, rows[i].rest, path.rest.len);
    }
}

static void
test_params(void **state)
{
    static const struct {
        const char *rest, *said;
    } rows[] = {
        {"", ""},
        {"SIZE=10", "SIZE=10;"},
        {"size=10  body=8BITMIME\tSMTPUTF8", "SIZE=10;BODY=8BITMIME;SMTPUTF8=;"},
        {"A=1 a=2", "A=1;"},
        {"A==b=c", "A==b=c;"},
        {"=x", "=x;"},
        {"A= B", "A=;B=;"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) said = g_string_new(NULL);
        SsArena arena = {0};
        SsList list = ss_params_parse(&arena, ss_slice_str(rows[i].rest));
        for (size_t j = 0; j < list.n; j++) {
            const SsPair *pair = (const SsPair *)list.items + j;
            g_string_append_printf(said, "%.*s=%.*s;", (int)pair->key.len, pair->key.data,
                                   (int)pair->value.len, pair->value.data);
        }
        assert_string_equal(said->str, rows[i].said);
        assert_int_equal(list.total, list.n);
        ss_arena_clear(&arena);
    }
}

static void
test_many_params(void **state)
{
    g_autoptr(GString) rest = g_string_new(NULL);
    SsArena arena = {0};
    SsList list;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        g_string_append_printf(rest, "P%d=%d ", i, i);
    }
    list = ss_params_parse(&arena, ss_slice(rest->str, rest->len));
    assert_int_equal(list.n, SS_PARAMS_MAX);
    assert_int_equal(list.total, 1000);
    ss_arena_clear(&arena);
}

static void
test_chunk_sizes(void **state)
{
    static const struct {
        const char *argument;
        bool is_good;
        uint64_t size;
        bool is_last;
    } rows[] = {
        {"10", true, 10, false},
        {"0 LAST", true, 0, true},
        {"86 last", true, 86, true},
        {"007", true, 7, false},
        {"12  LAST  ", true, 12, true},
        {"9223372036854775807", true, INT64_MAX, false},
        {"9223372036854775808", false, 0, false},
        {"18446744073709551615", false, 0, false},
        {"99999999999999999999999999", false, 0, false},
        {"-1", false, 0, false},
        {"+5", false, 0, false},
        {"0x10", false, 0, false},
        {"1e3", false, 0, false},
        {"5 X", false, 0, false},
        {"5 LAST X", false, 0, false},
        {"LAST", false, 0, false},
        {"", false, 0, false},
        {" 5", false, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        uint64_t size = 0;
        bool is_last = false;
        assert_int_equal(ss_bdat_parse(ss_slice_str(rows[i].argument), &size, &is_last),
                         rows[i].is_good);
        assert_true(size == rows[i].size);
        assert_int_equal(is_last, rows[i].is_last);
    }
}

static void
test_enhanced_codes(void **state)
{
    static const struct {
        const char *line;
        uint64_t code;
        size_t len;
        const char *rest;
    } rows[] = {
        {"2.1.0 Ok", 250, 5, "Ok"},
        {"5.7.1", 554, 5, ""},
        {"5.7.1: refused", 554, 5, "refused"},
        {"4.7.650 later", 451, 7, "later"},
        {"2.1.0 Ok", 550, 0, "2.1.0 Ok"},
        {"3.0.0 x", 354, 0, "3.0.0 x"},
        {"2.1.0.1 x", 250, 0, "2.1.0.1 x"},
        {"2.1234.0 x", 250, 0, "2.1234.0 x"},
        {"2..0 x", 250, 0, "2..0 x"},
        {"2.1. x", 250, 0, "2.1. x"},
        {"2.1", 250, 0, "2.1"},
        {"", 250, 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SsSlice line = ss_slice_str(rows[i].line);
        assert_int_equal(ss_enhanced_length(line, rows[i].code), rows[i].len);
        assert_slice(ss_enhanced_skip(line, rows[i].code), rows[i].rest);
    }
}

static void
test_queue_ids(void **state)
{
    static const struct {
        const char *text, *id;
    } rows[] = {
        /* Postfix, short and long */
        {"Ok: queued as 4F5D2A01C3", "4F5D2A01C3"},
        {"Ok: queued as 4XyZ9q2Lz1zJn8m", "4XyZ9q2Lz1zJn8m"},
        /* Exim */
        {"OK id=1rAbCd-000123-4E", "1rAbCd-000123-4E"},
        {"OK id=1sAbCd-00000001abC-0Xyz", "1sAbCd-00000001abC-0Xyz"},
        /* Sendmail */
        {"4AL9bcde012345 Message accepted for delivery", "4AL9bcde012345"},
        /* OpenSMTPD */
        {"3a4b5c6d Message accepted for delivery", "3a4b5c6d"},
        /* Exchange */
        {"<abc@example.com> [InternalId=12345678901234, Hostname=EX01.example.com] 1234 bytes in "
         "0.1, 9 KB/sec Queued mail for delivery",
         "12345678901234"},
        /* Gmail */
        {"OK  1700000000 d2e1a72fcca58-6c4c0b5si1234567b3a.45 - gsmtp",
         "d2e1a72fcca58-6c4c0b5si1234567b3a.45"},
        /* qmail */
        {"ok 1700000000 qp 12345", "12345"},
        /* none */
        {"Ok", NULL},
        {"", NULL},
        {"queued as ", NULL},
        {"Message accepted for delivery", NULL},
        {"- gsmtp", NULL},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_slice(ss_queue_id_find(ss_slice_str(rows[i].text), false), rows[i].id);
    }
}

static void
test_banners(void **state)
{
    static const struct {
        const char *text, *host, *software;
    } rows[] = {
        {"mx.example.com ESMTP Postfix (Debian/GNU)", "mx.example.com", "Postfix"},
        {"mx.example.com ESMTP Exim 4.96 Tue, 21 Nov 2023 10:00:00 +0000", "mx.example.com",
         "Exim 4.96"},
        {"mx.example.com ESMTP Sendmail 8.17.1/8.17.1; Tue", "mx.example.com",
         "Sendmail 8.17.1/8.17.1"},
        {"mx ESMTP OpenSMTPD", "mx", "OpenSMTPD"},
        {"EX01.example.com Microsoft ESMTP MAIL Service ready at", "EX01.example.com",
         "Microsoft ESMTP MAIL Service"},
        {"mx.google.com ESMTP d2e1a72 - gsmtp", "mx.google.com", "gsmtp"},
        {"[192.0.2.1] ESMTP", "[192.0.2.1]", NULL},
        {"postfix.example.com ESMTP", "postfix.example.com", NULL},
        {"ESMTP ready", NULL, NULL},
        {"***************", NULL, NULL},
        {"", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_slice(ss_banner_host(ss_slice_str(rows[i].text)), rows[i].host);
        assert_slice(ss_banner_software(ss_slice_str(rows[i].text)), rows[i].software);
    }
}

/* --- the ledger --- */

static void
emit_nothing(SsEventSink *self, const SsEvent *event)
{
    (void)self;
    (void)event;
}

static void
push(SsSmtp *smtp, const char *line)
{
    SsOrigin origin = {.frame = 1};
    SsCommandLine command = ss_command_parse(ss_slice_str(line));

    ss_ledger_push(smtp, SS_PENDING_COMMAND, command.verb, command.name, &origin);
}

static void
expect_taken(SsSmtp *smtp, uint64_t code, const char *name)
{
    SsReply reply = {.code = code};
    g_autofree SsPending *pending = ss_ledger_take(smtp, &reply);

    if (!name) {
        assert_null(pending);
        return;
    }
    assert_non_null(pending);
    assert_string_equal(pending->name, name);
}

static void
test_ledger(void **state)
{
    SsEventSink sink = {.emit = emit_nothing};
    SsSmtpFactory factory = {.sink = &sink};
    SsSmtp smtp = {.factory = &factory};

    (void)state;
    expect_taken(&smtp, 250, NULL);
    push(&smtp, "mail FROM:<a>");
    push(&smtp, "RCPT TO:<b>");
    push(&smtp, "AVERYLONGVERBINDEED x");
    expect_taken(&smtp, 250, "MAIL");
    expect_taken(&smtp, 550, "RCPT");
    expect_taken(&smtp, 500, "AVERYLONGVERBIN");
    expect_taken(&smtp, 250, NULL);

    /* Replies were lost: the code tells which command it can answer. */
    push(&smtp, "MAIL FROM:<a>");
    push(&smtp, "RCPT TO:<b>");
    push(&smtp, "DATA");
    smtp.server.is_gapped = true;
    ss_ledger_gap(&smtp);
    expect_taken(&smtp, 354, "DATA");
    expect_taken(&smtp, 250, NULL);

    /* What was sent after the loss was sent because the rest had been answered. */
    push(&smtp, "MAIL FROM:<a>");
    smtp.server.is_gapped = true;
    ss_ledger_gap(&smtp);
    push(&smtp, "RCPT TO:<b>");
    expect_taken(&smtp, 550, "RCPT");

    for (int i = 0; i < SS_LEDGER_MAX + 5; i++) {
        push(&smtp, i < 5 ? "NOOP" : "RSET");
    }
    assert_int_equal(smtp.n_pending, SS_LEDGER_MAX);
    expect_taken(&smtp, 250, "RSET");
    ss_ledger_clear(&smtp);
}

/* --- secrets --- */

static void
test_masks(void **state)
{
    static const struct {
        const char *line, *shown;
    } rows[] = {
        {"AUTH PLAIN AGFubgBzZWNyZXQ=", "PLAIN ********"},
        {"AUTH\tPLAIN\tAGFubgBzZWNyZXQ=", "PLAIN\t********"},
        {"auth plain \t AGFubgBzZWNyZXQ=", "plain ********"},
        {"AUTH LOGIN", "LOGIN"},
        {"AUTH X-OWN AGFubgBzZWNyZXQ=", "X-OWN ********"},
        {"AUTH", NULL},
        {"XAUTH PLAIN AGFubgBzZWNyZXQ=", "PLAIN ********"},
        {"AUTH=PLAIN AGFubgBzZWNyZXQ=", "********"},
        {"AUTHPLAIN AGFubgBzZWNyZXQ=", "********"},
        {"PASS S3cretPw!", "********"},
        {"XFOO bar", "bar"},
    };
    SsSmtpFactory factory = {.sink = NULL};
    SsSmtp smtp = {.factory = &factory};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SsArena arena = {0};
        SsCommandLine command = ss_command_parse(ss_slice_str(rows[i].line));
        assert_slice(ss_auth_mask_argument(&smtp, &arena, &command), rows[i].shown);
        ss_arena_clear(&arena);
    }
}

/* An exchange that never ends is not kept for ever. */
static void
test_endless_auth(void **state)
{
    g_autofree char *line = g_strnfill(10000, 'A');
    SsSmtp smtp = {0};
    SsOrigin origin = {.frame = 1};

    (void)state;
    for (size_t len = 10; len <= 10000; len *= 1000) {
        ss_auth_begin(&smtp, SS_SLICE("LOGIN"), &origin);
        for (int i = 0; i < 1000; i++) {
            ss_auth_challenge(&smtp, SS_SLICE("UGFzc3dvcmQ6"));
            ss_auth_step(&smtp, ss_slice(line, len), &origin);
        }
        assert_int_equal(smtp.auth->turns.n, len == 10 ? SS_AUTH_STEPS_MAX : 5);
        assert_int_equal(smtp.auth->n_steps, 1000);
        assert_true(smtp.auth->arena.size < 2 * SS_AUTH_BYTES_MAX);
    }
    ss_auth_free(smtp.auth);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs),        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_params),       cmocka_unit_test(test_many_params),
        cmocka_unit_test(test_chunk_sizes),  cmocka_unit_test(test_enhanced_codes),
        cmocka_unit_test(test_queue_ids),    cmocka_unit_test(test_banners),
        cmocka_unit_test(test_ledger),       cmocka_unit_test(test_masks),
        cmocka_unit_test(test_endless_auth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
