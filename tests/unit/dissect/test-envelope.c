/*
 * What the SMTP dissector notes of commands' forms and of mail that is taken, and envelopes that
 * are too large to be written down: S34 of docs/hostile-input.md.
 */
#include "dissect/smtp/session.h"

#include "tests/ss-test.h"

typedef struct {
    SsEventSink base;
    SsStreamFactory *factory;
    SsConnection connection;
    SsStreamSink *sink;
    uint64_t memory, most_memory;
    GString *words;                       /* of notes, each with a blank behind it */
    uint64_t n_rcpt, rcpt_total, n_final; /* of the last message */
    int outcome;
    unsigned n_taken;
} Rig;

static void
take_event(SsEventSink *self, const SsEvent *event)
{
    Rig *rig = (Rig *)self;

    if (event->type == SS_EVENT_NOTE && event->note.kind == SS_NOTE_SYNTAX &&
        event->note.direction == SS_CLIENT) {
        g_string_append_len(rig->words, (const char *)event->note.text.data,
                            (gssize)event->note.text.len);
        g_string_append_c(rig->words, ' ');
    } else if (event->type == SS_EVENT_NOTE) {
        rig->n_taken += event->note.kind == SS_NOTE_TAKEN;
    } else if (event->type == SS_EVENT_MESSAGE) {
        const SsRecipient *recipients = event->message.rcpt.items;
        rig->n_rcpt = event->message.rcpt.n;
        rig->rcpt_total = event->message.rcpt.total;
        rig->outcome = event->message.outcome;
        rig->n_final = 0;
        for (size_t i = 0; i < event->message.rcpt.n; i++) {
            rig->n_final += recipients[i].final != NULL;
        }
    }
}

static void
say(Rig *rig, SsDirection direction, const char *text)
{
    SsSlice bytes = ss_slice_str(text);

    rig->connection.last.frame++;
    rig->connection.frame = rig->connection.last.frame;
    rig->connection.half[direction].packets++;
    rig->connection.half[direction].bytes += bytes.len;
    rig->sink->ops->data(rig->sink, direction, bytes, &rig->connection.last);
    rig->most_memory = MAX(rig->most_memory, rig->memory);
}

static void
rig_open(Rig *rig, const char *hello, const char *offer)
{
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT};

    *rig = (Rig){.base = {SS_WANT_ALL_WRITTEN | SS_WANT(SS_EVENT_NOTE), take_event}};
    rig->words = g_string_new(NULL);
    rig->connection = (SsConnection){
        .family = 4,
        .from_start = true,
        .on_server_port = true,
        .syn_ns = SS_TIME_NONE,
        .ready_ns = SS_TIME_NONE,
        .session = 1,
        .uid = 1,
        .memory = &rig->memory,
        .first = {.frame = 1, .time_digits = 9},
        .last = {.frame = 1, .time_digits = 9},
    };
    rig->factory = ss_smtp_factory_new(&options, &rig->base, NULL);
    rig->sink = rig->factory->open(rig->factory, &rig->connection);
    say(rig, SS_SERVER, "220 mx.b.example ESMTP\r\n");
    say(rig, SS_CLIENT, hello);
    say(rig, SS_SERVER, offer);
}

static void
rig_close(Rig *rig)
{
    rig->sink->ops->close(rig->sink, SS_CLOSE_FIN, SS_CLIENT);
    ss_smtp_factory_free(rig->factory);
    g_string_free(rig->words, TRUE);
    assert_int_equal(rig->memory, 0);
}

/* --- notes --- */

static void
syntax_words(void **state)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"MAIL FROM:<a@b.example>", ""},
        {"mail from:<a@b.example>", ""},
        {"MAIL FROM:<>", ""},
        {"MAIL FROM:<a@b.example> SIZE=1 XFOO", ""},
        {"RCPT TO:<postmaster>", ""},
        {"RCPT TO:<\"a b\"@c.example> NOTIFY=NEVER", ""},
        {"NOOP", ""},
        {"NOOP with words", ""},
        {"HELP", ""},
        {"VRFY bob", ""},
        {"XFOO  ", ""},
        {"MAIL FROM: <a@b.example>", "space-after-colon "},
        {"MAIL FROM :<a@b.example>", "space-before-colon "},
        {"MAIL FROM <a@b.example>", "missing-colon "},
        {"MAIL <a@b.example>", "missing-colon "},
        {"MAIL", "missing-colon no-brackets "},
        {"MAIL FROM:a@b.example", "no-brackets "},
        {"MAIL FROM:<a@b.example", "no-brackets "},
        {"MAIL FROM:<a b@c.example>", "bad-address "},
        {"RCPT TO:<>", "bad-address "},
        {"RCPT TO:<root>", "bad-address "},
        {"RCPT TO:<@a.example,@b.example:c@d.example>", ""},
        {"RCPT TO:bob", "no-brackets bad-address "},
        {"MAIL FROM:<a@b.example> SIZE=x", "bad-parameter "},
        {"MAIL FROM:<a@b.example> SIZE=x RET=y", "bad-parameter "},
        {"RCPT TO:<a@b.example> NOTIFY=OFTEN", "bad-parameter "},
        {"NOOP ", "trailing-space "},
        {" NOOP", "leading-space "},
        {"NOOP\twell", "tab "},
        {"EHLO", "bad-argument "},
        {"RSET now", "bad-argument "},
        {"VRFY", "bad-argument "},
        {"BDAT 0x5", "bad-argument "},
        {"BDAT", "bad-argument "},
        {"\tMAIL FROM: a b ", "leading-space tab trailing-space space-after-colon no-brackets "
                              "bad-address "},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *line = g_strconcat(cases[i].line, "\r\n", NULL);
        Rig rig;

        rig_open(&rig, "EHLO a.example\r\n", "250 mx.b.example\r\n");
        if (g_str_has_prefix(line, "RCPT")) {
            say(&rig, SS_CLIENT, "MAIL FROM:<a@b.example>\r\n");
        }
        say(&rig, SS_CLIENT, line);
        /* What lines themselves are noted for is tested elsewhere. */
        if (g_str_has_prefix(rig.words->str, "unknown-command")) {
            g_string_truncate(rig.words, 0);
        }
        if (strcmp(rig.words->str, cases[i].words) != 0) {
            fail_msg("%s: \"%s\"", cases[i].line, rig.words->str);
        }
        rig_close(&rig);
    }
}

/* More than LIMITS says (RFC 9422): each MAIL, the first RCPT of a message, each domain. */
static void
over_limit(void **state)
{
    static const struct {
        const char *line;
        bool is_over;
    } lines[] = {
        {"MAIL FROM:<a@b.example>\r\n", false},
        {"RCPT TO:<b@c.example>\r\n", false},
        {"RCPT TO:<c@C.EXAMPLE>\r\n", false},
        {"RCPT TO:<d@d.example>\r\n", true},
        {"RCPT TO:<e@c.example>\r\n", true},
        {"RCPT TO:<e@c.example>\r\n", false},
        {"RSET\r\n", false},
        {"MAIL FROM:<a@b.example>\r\n", false},
        {"RCPT TO:<b@d.example>\r\n", false},
        {"MAIL FROM:<a@b.example>\r\n", true},
        {"MAIL FROM:<a@b.example>\r\n", true},
    };
    Rig rig;

    (void)state;
    rig_open(&rig, "EHLO a.example\r\n",
             "250-mx.b.example\r\n250 LIMITS MAILMAX=2 RCPTMAX=3 RCPTDOMAINMAX=1 FOO=x\r\n");
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_string_truncate(rig.words, 0);
        say(&rig, SS_CLIENT, lines[i].line);
        if (strcmp(rig.words->str, lines[i].is_over ? "over-limit " : "") != 0) {
            fail_msg("line %zu, %s: \"%s\"", i, lines[i].line, rig.words->str);
        }
        say(&rig, SS_SERVER, "250 ok\r\n");
    }
    rig_close(&rig);
}

/* Limits that cannot be read, or are none, are no limits. */
static void
no_limit(void **state)
{
    static const char *const offers[] = {
        "250-mx.b.example\r\n250 LIMITS\r\n",
        "250-b\r\n250 LIMITS RCPTMAX RCPTMAX= RCPTMAX=-1 RCPTMAX=0x1 MAILMAX=9x\r\n",
        "250-mx.b.example\r\n250 XLIMITS RCPTMAX=1\r\n",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(offers); i++) {
        Rig rig;

        rig_open(&rig, "EHLO a.example\r\n", offers[i]);
        say(&rig, SS_CLIENT, "MAIL FROM:<a@b.example>\r\n");
        for (int n = 0; n < 20; n++) {
            say(&rig, SS_CLIENT, "RCPT TO:<b@c.example>\r\n");
        }
        assert_string_equal(rig.words->str, "");
        rig_close(&rig);
    }
}

/* --- S34 --- */

#define MANY 100000

static void
send_many(Rig *rig)
{
    say(rig, SS_CLIENT, "MAIL FROM:<ann@a.example>\r\n");
    say(rig, SS_SERVER, "250 ok\r\n");
    for (int i = 0; i < MANY; i++) {
        g_autofree char *line = g_strdup_printf("RCPT TO:<bob%d@b.example>\r\n", i);
        say(rig, SS_CLIENT, line);
        say(rig, SS_SERVER, "250 2.1.5 ok\r\n");
    }
    say(rig, SS_CLIENT, "DATA\r\n");
    say(rig, SS_SERVER, "354 go\r\n");
    say(rig, SS_CLIENT, "x\r\n.\r\n");
}

static void
s34_recipients(void **state)
{
    Rig rig;

    (void)state;
    rig_open(&rig, "EHLO a.example\r\n", "250 mx.b.example\r\n");
    send_many(&rig);
    say(&rig, SS_SERVER, "250 done\r\n");
    assert_int_equal(rig.n_rcpt, SS_RECIPIENTS_MAX);
    assert_int_equal(rig.rcpt_total, MANY);
    assert_int_equal(rig.outcome, SS_OUTCOME_ACCEPTED);
    assert_in_range(rig.most_memory, 1, 1 << 20);
    rig_close(&rig);
}

/* LMTP: as many replies to the content. */
static void
s34_recipients_lmtp(void **state)
{
    Rig rig;

    (void)state;
    rig_open(&rig, "LHLO a.example\r\n", "250 mx.b.example\r\n");
    send_many(&rig);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(rig.rcpt_total, 0);
        say(&rig, SS_SERVER, "250 2.0.0 saved\r\n");
    }
    assert_int_equal(rig.rcpt_total, MANY);
    assert_int_equal(rig.n_final, SS_RECIPIENTS_MAX);
    assert_int_equal(rig.outcome, SS_OUTCOME_ACCEPTED);
    assert_in_range(rig.most_memory, 1, 1 << 20);
    rig_close(&rig);
}

/* Commands that no reply comes to: the ledger and the transactions are capped, and memory is flat.
 */
static void
s34_transactions(void **state)
{
    Rig rig;

    (void)state;
    rig_open(&rig, "EHLO a.example\r\n", "250 mx.b.example\r\n");
    for (int i = 0; i < MANY; i++) {
        say(&rig, SS_CLIENT, "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\nRSET\r\n");
    }
    for (int i = 0; i < MANY; i++) {
        say(&rig, SS_SERVER, "250 ok\r\n");
    }
    assert_in_range(rig.most_memory, 1, 4 << 20);
    rig_close(&rig);
}

/* XFORWARD for a message that never comes. */
static void
s34_forwarded(void **state)
{
    Rig rig;

    (void)state;
    rig_open(&rig, "EHLO a.example\r\n", "250 mx.b.example\r\n");
    for (int i = 0; i < MANY; i++) {
        g_autofree char *line = g_strdup_printf("XFORWARD NAME=n%d A%d=1\r\n", i, i);
        say(&rig, SS_CLIENT, line);
        say(&rig, SS_SERVER, "250 ok\r\n");
    }
    assert_in_range(rig.most_memory, 1, 64 << 10);
    rig_close(&rig);
}

/* Told once of a server, domain and network of the client, so that what is taken from the inside
 * does not hide what is taken from outside. */
static void
taken_by_network(void **state)
{
    static const struct {
        uint8_t client[2];
        unsigned n;
    } cases[] = {
        {{192, 168}, 1}, {{192, 168}, 1}, {{192, 1}, 2},     {{172, 16}, 3},
        {{172, 217}, 4}, {{10, 1}, 5},    {{10, 2}, 5},      {{100, 64}, 6},
        {{100, 1}, 7},   {{8, 8}, 8},     {{0xfe, 0x80}, 9}, {{0xfe, 0}, 10},
    };
    Rig rig;

    (void)state;
    rig_open(&rig, "EHLO client.a.example\r\n", "250 mx.b.example\r\n");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        memcpy(rig.connection.half[SS_CLIENT].address, cases[i].client, 2);
        say(&rig, SS_CLIENT, "MAIL FROM:<eve@a.example>\r\n");
        say(&rig, SS_SERVER, "250 ok\r\n");
        say(&rig, SS_CLIENT, "RCPT TO:<bob@c.example>\r\n");
        say(&rig, SS_SERVER, "250 ok\r\n");
        say(&rig, SS_CLIENT, "DATA\r\n");
        say(&rig, SS_SERVER, "354 go\r\n");
        say(&rig, SS_CLIENT, "x\r\n.\r\n");
        say(&rig, SS_SERVER, "250 ok\r\n");
        assert_int_equal(rig.n_taken, cases[i].n);
    }
    rig_close(&rig);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syntax_words),     cmocka_unit_test(taken_by_network),
        cmocka_unit_test(over_limit),       cmocka_unit_test(no_limit),
        cmocka_unit_test(s34_recipients),   cmocka_unit_test(s34_recipients_lmtp),
        cmocka_unit_test(s34_transactions), cmocka_unit_test(s34_forwarded),
    };

    return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
