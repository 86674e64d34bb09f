#include "tests/ss-test.h"

#include "output/select/gate.h"
#include "output/select/literal.h"

/* --- what is wrong, and where --- */

static void
check_wrong(const char *text, const char *what, size_t at)
{
    g_autoptr(GString) found = g_string_new(NULL);
    SsExprError error = {found, 0};
    SsExpr *expr = ss_expr_new(text, &error);

    if (expr || !strstr(found->str, what) || error.at != at) {
        fail_msg("%s: \"%s\" at %zu, not \"%s\" at %zu", text, found->str, error.at, what, at);
    }
}

static void
test_errors(void **state)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    g_autoptr(GString) many = g_string_new("port == 1");

    (void)state;
    check_wrong("", "a comparison is missing", 0);
    check_wrong("  ", "a comparison is missing", 2);
    check_wrong("port", "a comparison is missing: ==", 4);
    check_wrong("port 25", "a comparison is missing: ==", 5);
    check_wrong("port = 25", "write ==", 5);
    check_wrong("port ==", "a value is missing", 7);
    check_wrong("port == and helo == x", "\"and\" is not a number", 8);
    check_wrong("port == 25 helo == x", "and, or or the end is missing", 11);
    check_wrong("port == 25 && helo == x", "and, or or the end is missing", 11);
    check_wrong("port == 25 and", "a comparison is missing", 14);
    check_wrong("and port == 25", "unknown field \"and\"", 0);
    check_wrong("not", "a comparison is missing", 3);
    check_wrong("(port == 25", "not closed", 0);
    check_wrong("(port == 25))", "was not opened", 12);
    check_wrong("port == 25)", "was not opened", 10);
    check_wrong("()", "a field is missing", 1);
    check_wrong("\"port\" == 25", "a field is missing", 0);
    check_wrong("helo == \"x", "a quote is not closed", 8);
    check_wrong("helo == x\"y\"", "stand in \"…\"", 9);
    check_wrong("helo == 'x'", "stand in \"…\"", 8);
    check_wrong("helo == (x)", "stand in \"…\"", 8);
    check_wrong("helo in x", "a list is missing", 8);
    check_wrong("helo in {}", "a value is missing", 9);
    check_wrong("helo in {a, }", "a value is missing", 12);
    check_wrong("helo in {a b}", "a comma is missing", 11);
    check_wrong("helo in {a, b", "a list is not closed", 8);
    check_wrong("subjct == x", "did you mean subject?", 0);
    check_wrong("not mesage.size == 1", "did you mean message.size?", 4);
    check_wrong("sesion.duraton == 1", "did you mean session.duration?", 0);
    check_wrong("form == x", "did you mean from?", 0);
    check_wrong("client == 192.0.2.1", "\"client\" has fields of its own: ip, port", 0);
    check_wrong("reply == 550", "\"reply\" has fields of its own: code", 0);
    check_wrong("subject == two words", "text with blanks stands in", 15);
    check_wrong("zzzzzzzzzz == 1", "list them", 0);
    check_wrong("session.client == 1", "has fields of its own: ip, port, name", 0);
    check_wrong("message.mail_code == 1", "unknown field", 0);
    check_wrong("finding.detail == 1", "cannot be compared", 0);
    check_wrong("frames == 1", "in several events: write session.frames or message.frames", 0);
    check_wrong("port == x", "is not a number", 8);
    check_wrong("size > 10 MiB", "and, or or the end is missing", 10);
    check_wrong("time > yesterday", "is not a time", 7);
    check_wrong("time > 2026-13-01", "is not a time", 7);
    check_wrong("session.duration > 1w", "is not a duration", 19);
    check_wrong("ip == mx.b.example", "is not an address", 6);
    check_wrong("ip in {192.0.2.0/24, 192.0.2.0/33}", "is not an address", 21);
    check_wrong("ip < 192.0.2.1", "compare it with ==, != or in", 3);
    check_wrong("outcome == reject", "accepted, rejected, deferred", 11);
    check_wrong("outcome < rejected", "one of a few words", 8);
    check_wrong("time contains 2026", "is a time", 5);
    check_wrong("session.from_start == maybe", "true or false", 22);
    check_wrong("subject matches \"a(b\"", "parenthesis", 20);
    check_wrong("subject matches [", "", 17);
    check_wrong("subject == \"größe\" and fron == x", "did you mean from?", 25);
    check_wrong("subject == \xff", "not UTF-8", 0);
    for (int i = 0; i < 300; i++) {
        g_string_append_c(deep, '(');
    }
    check_wrong(deep->str, "nested too deep", 256);
    for (int i = 0; i < 64; i++) {
        g_string_append(many, " or port == 1");
    }
    check_wrong(many->str, "more than 64", 9 + 63 * 13 + 4);
}

static void
test_shown(void **state)
{
    g_autoptr(GString) what = g_string_new("wrong");
    g_autoptr(GString) shown = g_string_new(NULL);
    g_autofree char *long_text = g_strnfill(200, 'x');
    SsExprError error = {what, 11};

    (void)state;
    ss_expr_error_show(&error, "a\t== 字字 b", shown); /* two columns each */
    assert_string_equal(shown->str, "wrong\n  a?== 字字 b\n           ^");
    g_string_truncate(shown, 0);
    error.at = 100;
    ss_expr_error_show(&error, long_text, shown);
    assert_non_null(strstr(shown->str, "\n  …xxx"));
    assert_non_null(strstr(shown->str, "xxx…\n"));
    assert_true(g_str_has_suffix(shown->str, " ^"));
    assert_int_equal(strlen(strrchr(shown->str, '\n')), 1 + 2 + 1 + 60 + 1);
}

/* --- what people write --- */

static void
check_time(const char *text, int64_t wanted)
{
    int64_t ns;

    assert_true(ss_literal_time(ss_slice_str(text), &ns));
    assert_int_equal(ns, wanted);
}

static void
check_duration(const char *text, int64_t wanted)
{
    int64_t ns;

    assert_true(ss_literal_duration(ss_slice_str(text), &ns));
    assert_int_equal(ns, wanted);
}

static void
test_literals(void **state)
{
    static const char *const no_times[] = {
        "",
        "2026",
        "2026-11",
        "2026-11-31",
        "2026-11-21T",
        "2026-11-21T24:00",
        "2026-11-21T10:60",
        "2026-11-21T10:00:00.",
        "2026-11-21T10:00Y",
        "1600-01-01",
        "2026-11-21T10:00:00+0200",
        "2026-11-21x",
        "9999-01-01",
        "2026-11-21T10:00:00.0123456789",
    };
    static const char *const no_durations[] = {
        "", ".5", "-1", "1.", "1x", "1e3", "99999999999", "1.0000000001", "100000000d",
    };
    static const char *const no_numbers[] = {
        "", "-1", "1.5", "0x10", "18446744073709551616", "1KB", "18014398509481984K", "1 "};
    uint64_t number;
    int64_t ns;

    (void)state;
    check_time("1970-01-01", 0);
    check_time("1969-12-31T23:59:59.999999999Z", -1);
    check_time("2026-11-21", INT64_C(1795219200) * 1000000000);
    check_time("2026-11-21T10:00", INT64_C(1795255200) * 1000000000);
    check_time("2026-11-21 10:00:00.5z", INT64_C(1795255200) * 1000000000 + 500000000);
    check_time("2026-11-21T10:00:00+02:00", INT64_C(1795248000) * 1000000000);
    check_time("2026-11-21T10:00:00-00:30", INT64_C(1795257000) * 1000000000);
    check_duration("0", 0);
    check_duration("1.5", 1500000000);
    check_duration("250ms", 250000000);
    check_duration("0.5ms", 500000);
    check_duration("1.5h", INT64_C(5400) * 1000000000);
    check_duration("2d", INT64_C(172800) * 1000000000);
    assert_true(ss_literal_number(SS_SLICE("18446744073709551615"), &number));
    assert_int_equal(number, UINT64_MAX);
    assert_true(ss_literal_number(SS_SLICE("10MiB"), &number));
    assert_int_equal(number, 10 << 20);
    for (size_t i = 0; i < G_N_ELEMENTS(no_times); i++) {
        assert_false(ss_literal_time(ss_slice_str(no_times[i]), &ns));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(no_durations); i++) {
        assert_false(ss_literal_duration(ss_slice_str(no_durations[i]), &ns));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(no_numbers); i++) {
        assert_false(ss_literal_number(ss_slice_str(no_numbers[i]), &number));
    }
}

/* --- a record --- */

static SsSlice extensions[] = {SS_SLICE_INIT("PIPELINING"), SS_SLICE_INIT("SIZE 10240000")};
static SsTally tallies[] = {{SS_SLICE_INIT("tls.not-used"), 2}, {SS_SLICE_INIT("smtp.slow"), 1}};
static SsSlice header_from[] = {SS_SLICE_INIT("J\xc3\xb6rg <j@a.example>")};
static SsPair params[] = {{SS_SLICE_INIT("SIZE"), SS_SLICE_INIT("500")}};
static SsReplyText final_reply = {250, SS_SLICE_INIT("2.0.0"), SS_SLICE_INIT("queued"), 9};
static SsRecipient recipients[] = {
    {.address = SS_SLICE_INIT("bob@B.example"),
     .reply = {250, SS_SLICE_INIT("2.1.5"), SS_SLICE_INIT("Ok"), 7}},
    {.address = SS_SLICE_INIT("no@b.example"),
     .reply = {550, SS_SLICE_INIT("5.1.1"), SS_SLICE_INIT("no"), 8}},
};
static SsPart parts[] = {
    {.content_type = SS_SLICE_INIT("text/plain"), .sha256 = SS_SLICE_INIT("aa")},
    {.content_type = SS_SLICE_INIT("image/png"),
     .filename = SS_SLICE_INIT("Picture.PNG"),
     .sha256 = SS_SLICE_INIT("bb")},
};

static SsEvent
session_of(uint64_t number)
{
    SsEvent event = {.type = SS_EVENT_SESSION,
                     .session = number,
                     .uid = 0xabc,
                     .frame = 20,
                     .time_ns = INT64_C(1795255200) * 1000000000};
    SsEventSession *session = &event.session_end;

    session->client.at = (SsEndpoint){SS_SLICE("192.0.2.10"), 40000};
    session->server.at = (SsEndpoint){SS_SLICE("2001:db8::25"), 25};
    session->client.name = SS_SLICE("client.a.example");
    session->server.software = SS_SLICE_NULL;
    session->client.mss = SS_COUNT_NONE;
    session->duration_ns = 1500000000;
    session->security = SS_SECURITY_STARTTLS;
    session->decrypted = 0;
    session->extensions = (SsList){extensions, 2, 2};
    session->findings = (SsList){tallies, 2, 2};
    session->from_start = true;
    session->frames[0] = 1;
    session->frames[1] = 20;
    session->timing.tls_ns = SS_TIME_NONE;
    return event;
}

static SsEvent
message_of(uint64_t number, uint64_t index)
{
    SsEvent event = {.type = SS_EVENT_MESSAGE,
                     .session = number,
                     .frame = 10,
                     .time_ns = INT64_C(1795255201) * 1000000000};
    SsEventMessage *message = &event.message;

    message->index = index;
    message->from = SS_SLICE("");
    message->from_params = (SsList){params, 1, 1};
    message->rcpt = (SsList){recipients, 2, 2};
    message->transfer = -1;
    message->outcome = SS_OUTCOME_ACCEPTED;
    message->reply = &final_reply;
    message->mail_code = 250;
    message->mail_enhanced = SS_SLICE("2.1.0");
    message->data_code = 354;
    message->size = 2048;
    message->security = SS_SECURITY_NONE;
    message->headers.from = (SsList){header_from, 1, 1};
    message->headers.subject = SS_SLICE("Gr\xc3\xb6\xc3\x9f"
                                        "e \xff of it");
    message->headers.message_id = SS_SLICE_NULL;
    message->parts = (SsList){parts, 2, 2};
    return event;
}

static SsEvent
auth_of(uint64_t number)
{
    SsEvent event = {.type = SS_EVENT_AUTH, .session = number, .frame = 5};

    event.auth.mechanism = SS_SLICE("PLAIN");
    event.auth.username = SS_SLICE("alice");
    event.auth.secret_kind = -1;
    return event;
}

static SsExpr *
compile(const char *text)
{
    g_autoptr(GString) what = g_string_new(NULL);
    SsExprError error = {what, 0};
    SsExpr *expr = ss_expr_new(text, &error);

    if (!expr) {
        fail_msg("%s: %s at %zu", text, what->str, error.at);
    }
    return expr;
}

/* Whether it holds for the session with the message; without it, where `is_alone`. */
static bool
holds(const char *text, bool is_alone)
{
    SsJudge *judge = ss_judge_new(compile(text), NULL);
    SsEvent session = session_of(1), message = message_of(1, 1), auth = auth_of(1);
    bool is_match;

    ss_judge_event(judge, &auth);
    if (!is_alone) {
        ss_judge_event(judge, &message);
    }
    ss_judge_event(judge, &session);
    assert_int_not_equal(ss_judge_session(judge, 1), SS_VERDICT_UNKNOWN);
    ss_judge_end(judge, &session);
    is_match = ss_judge_count(judge)->sessions_matched == 1;
    ss_judge_free(judge);
    return is_match;
}

static void
check_all(const char *const *texts, bool wanted, bool is_alone)
{
    for (; *texts; texts++) {
        if (holds(*texts, is_alone) != wanted) {
            fail_msg("%s: %s", *texts, wanted ? "does not hold" : "holds");
        }
    }
}

static void
test_comparisons(void **state)
{
    static const char *const yes[] = {
        "ip == 192.0.2.10",
        "ip in {198.51.100.0/24, 192.0.2.0/24}",
        "ip == 2001:DB8:0::25",
        "server.ip == 2001:db8::/32",
        "ip != 192.0.2.10",
        "not client.ip != 192.0.2.10",
        "ip == 0.0.0.0/0",
        "ip contains 192.0.2",
        "port == 25",
        "port==25",
        "port > 25",
        "port in {1,25}",
        "port<=25",
        "helo == CLIENT.a.EXAMPLE",
        "helo contains a.example",
        "helo matches ^client\\.",
        "from == \"\"",
        "not from != \"\"",
        "rcpt == BOB@b.example",
        "rcpt != bob@b.example",
        "rcpt contains @b.EXAMPLE",
        "rcpt matches \"^NO@\"",
        "rcpt in {x, \"no@b.example\"}",
        "user == Alice",
        "subject contains GRÖSSE",
        "subject contains \"grösse\"",
        "subject matches ÖSS|ößE",
        "subject matches \"of it$\"",
        "header.from contains JÖRG",
        "attachment.name == picture.png",
        "attachment.sha256 == BB",
        "message.parts.sha256 == aa",
        "not attachment.sha256 == aa",
        "size > 2047",
        "size == 2K",
        "size matches ^20",
        "code == 550",
        "code == 354",
        "code == 250",
        "code >= 500",
        "code in {421, 550}",
        "code matches ^5",
        "enhanced == 5.1.1",
        "enhanced == 2.1.0",
        "enhanced == 2.0.0",
        "outcome == Accepted",
        "outcome != rejected",
        "outcome in {deferred, accepted}",
        "outcome matches ^acc",
        "security == none",
        "finding == tls.not-used",
        "finding contains TLS.",
        "time == 2026-11-21T10:00:01Z",
        "time > 2026-11-21",
        "session.time < 2026-11-21T10:00:01",
        "session.duration == 1.5",
        "session.duration < 2s",
        "session.security == starttls",
        "session.decrypted == no",
        "session.from_start == true",
        "session.extensions contains pipelining",
        "session.findings == smtp.slow",
        "session.findings.tls.not-used == 2",
        "session.frames == 20",
        "session.uid == 0000000000000abc",
        "uid contains abc",
        "session == 1",
        "session.session == 1",
        "duration > 1",
        "mechanism == plain",
        "auth.username == alice",
        "message.from_params.size == 500",
        "message.from_params == SIZE",
        "message.rcpt.code == 550",
        "message.reply.code == 250",
        "message.parts.content_type == image/png",
        "message.type == message",
        "not message_id == x",
        "not message_id != x",
        "not software matches .*",
        "not message.transfer != DATA",
        "not session.timing.tls >= 0",
        "not session.client.mss >= 0",
        "not tls.version contains \"\"",
        "not (port == 1 or port == 2)",
        "port == 1 or port == 25 and helo contains a",
        "not port == 1 and port == 25",
        "not not port == 25",
        "NOT port == 1 AND (port == 25 OR port == 1)",
        "((port == 25))",
        "subject == \"größe \xef\xbf\xbd of it\"",
        NULL,
    };
    static const char *const no[] = {
        "ip == 192.0.2.11",
        "ip in {192.0.3.0/24}",
        "server.ip == 192.0.2.10",
        "port == 26",
        "user != alice",
        "user == bob",
        "message_id == x",
        "message_id != x",
        "software matches .*",
        "tls.version contains \"\"",
        "security == starttls",
        "rcpt == b.example",
        "size > 2048",
        "code == 535",
        "attachment.name contains plain",
        "port == 25 and port == 1",
        "(port == 25 or port == 1) and helo == x",
        "not port == 25 or port == 1",
        "time < 2026-11-21",
        "finding == tls.not",
        "session.findings.smtp.smuggling >= 0",
        "from contains x",
        "subject matches ^of",
        NULL,
    };
    /* Without a message: what is the message's is absent, but what stands in for it. */
    static const char *const alone_yes[] = {
        "security == starttls",
        "time == 2026-11-21T10:00:00Z",
        "not outcome == accepted",
        "port == 25",
        "user == alice",
        "not size >= 0",
        NULL,
    };
    static const char *const alone_no[] = {
        "outcome == accepted",
        "outcome != accepted",
        "security == none",
        "size >= 0",
        "message.time > 2000-01-01",
        "rcpt contains b",
        NULL,
    };

    (void)state;
    check_all(yes, true, false);
    check_all(no, false, false);
    check_all(alone_yes, true, true);
    check_all(alone_no, false, true);
}

static void
test_short_names(void **state)
{
    g_autoptr(GString) why = g_string_new(NULL);

    (void)state;
    for (const SsShortName *row = ss_select_short_names(); row->name; row++) {
        SsSelectField field;
        assert_true(ss_select_field_find(ss_slice_str(row->name), &field, why));
        assert_true(field.n_paths > 0);
        for (size_t i = 0; i < field.n_paths; i++) { /* all of one kind */
            assert_true(field.paths[i].n_steps > 0);
        }
    }
}

static void
test_needs(void **state)
{
    static const struct {
        const char *text;
        uint32_t needs;
        bool needs_findings;
    } rows[] = {
        {"port == 25 and size > 1 and outcome == accepted", 0, false},
        {"subject == x", SS_NEED_MIME, false},
        {"attachment.sha256 == x", SS_NEED_MIME | SS_NEED_HASHES, false},
        {"message.sha256 == x", SS_NEED_HASHES, false},
        {"finding == x", 0, true},
        {"session.findings.x > 1", 0, true},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsExpr) expr = compile(rows[i].text);
        assert_int_equal(expr->needs, rows[i].needs);
        assert_int_equal(expr->needs_findings, rows[i].needs_findings);
        assert_false(expr->needs_finding_events);
    }
}

static void
test_regex_bound(void **state)
{
    g_autofree char *many = g_strnfill(5000, 'a');
    g_autoptr(GString) why = g_string_new(NULL);
    size_t at;
    SsRegex *regex = ss_regex_new(SS_SLICE("^(a+)+$"), why, &at);
    uint64_t given_up = 0;

    (void)state;
    many[4999] = '!';
    assert_false(ss_regex_matches(regex, ss_slice_str(many), &given_up));
    assert_int_equal(given_up, 1);
    assert_false(ss_regex_matches(regex, SS_SLICE("b"), &given_up));
    assert_false(ss_regex_matches(regex, ss_slice("", 0), &given_up));
    assert_int_equal(given_up, 1);
    ss_regex_free(regex);
}

/* --- random expressions on random records, against the obvious way --- */

/* A node of the obvious evaluator: an expression is drawn as a tree and written as a text. */
typedef struct Node Node;
struct Node {
    int kind; /* 0 leaf, 1 not, 2 and, 3 or */
    int leaf;
    Node *a, *b;
};

/* Of messages, of sessions, of logins. */
static const char *const leaves[] = {
    "message.index == 1", "size > 100", "outcome == rejected",    "from == \"\"",
    "port == 25",         "helo == x",  "session.state == reset", "user == alice",
};

static void
free_node(Node *node)
{
    if (node) {
        free_node(node->a);
        free_node(node->b);
        g_free(node);
    }
}

static Node *
draw(GRand *rand, int depth)
{
    Node *node = g_new0(Node, 1);

    node->kind = depth ? g_rand_int_range(rand, 0, 4) : 0;
    node->leaf = g_rand_int_range(rand, 0, (int)G_N_ELEMENTS(leaves));
    node->a = node->kind ? draw(rand, depth - 1) : NULL;
    node->b = node->kind > 1 ? draw(rand, depth - 1) : NULL;
    return node;
}

/* With as few parentheses as the binding asks for. */
static void
put_node(GString *to, const Node *node, int binds)
{
    int own = node->kind == 3 ? 1 : node->kind == 2 ? 2 : 3;

    g_string_append(to, own < binds ? "(" : "");
    switch (node->kind) {
    case 0:
        g_string_append(to, leaves[node->leaf]);
        break;
    case 1:
        g_string_append(to, "not ");
        put_node(to, node->a, 3);
        break;
    default:
        put_node(to, node->a, own);
        g_string_append(to, node->kind == 2 ? " and " : " or ");
        put_node(to, node->b, own);
        break;
    }
    g_string_append(to, own < binds ? ")" : "");
}

typedef struct {
    bool has_port, is_x, is_reset, has_alice;
    unsigned n_messages;
    struct {
        bool is_big, is_rejected, is_null;
    } messages[4];
} Drawn;

static bool
naive(const Node *node, const Drawn *drawn, int message)
{
    switch (node->kind) {
    case 1:
        return !naive(node->a, drawn, message);
    case 2:
        return naive(node->a, drawn, message) && naive(node->b, drawn, message);
    case 3:
        return naive(node->a, drawn, message) || naive(node->b, drawn, message);
    default:
        break;
    }
    switch (node->leaf) {
    case 0:
        return message == 0;
    case 1:
        return message >= 0 && drawn->messages[message].is_big;
    case 2:
        return message >= 0 && drawn->messages[message].is_rejected;
    case 3:
        return message >= 0 && drawn->messages[message].is_null;
    case 4:
        return drawn->has_port;
    case 5:
        return drawn->is_x;
    case 6:
        return drawn->is_reset;
    default:
        return drawn->has_alice;
    }
}

static void
draw_record(GRand *rand, Drawn *drawn)
{
    *drawn = (Drawn){
        .has_port = g_rand_boolean(rand),
        .is_x = g_rand_boolean(rand),
        .is_reset = g_rand_boolean(rand),
        .has_alice = g_rand_boolean(rand),
        .n_messages = (unsigned)g_rand_int_range(rand, 0, 5),
    };
    for (int i = 0; i < 4; i++) {
        drawn->messages[i].is_big = g_rand_boolean(rand);
        drawn->messages[i].is_rejected = g_rand_boolean(rand);
        drawn->messages[i].is_null = g_rand_boolean(rand);
    }
}

/* What was certain at some time must be so at the end. */
static void
check_certain(const SsJudge *judge, SsVerdict *before, const char *text)
{
    SsVerdict now = ss_judge_session(judge, 1);

    if (*before != SS_VERDICT_UNKNOWN && now != *before) {
        fail_msg("%s: certain, and then otherwise", text);
    }
    *before = now;
}

static void
check_record(const Node *tree, const char *text, const Drawn *drawn)
{
    SsSelection *selection = ss_selection_new(true);
    SsJudge *judge = ss_judge_new(compile(text), selection);
    SsEvent event = {.type = SS_EVENT_NOTE, .session = 1}, session = session_of(1);
    SsVerdict before = SS_VERDICT_UNKNOWN;
    bool is_kept = drawn->n_messages == 0 && naive(tree, drawn, -1);

    session.session_end.server.at.port = drawn->has_port ? 25 : 587;
    session.session_end.client.name = drawn->is_x ? SS_SLICE("x") : SS_SLICE_NULL;
    session.session_end.state = drawn->is_reset ? SS_STATE_RESET : SS_STATE_CLOSED;
    event.note.kind = SS_NOTE_CONNECTED;
    event.note.client = session.session_end.client.at;
    event.note.server = session.session_end.server.at;
    ss_judge_event(judge, &event);
    check_certain(judge, &before, text);
    for (unsigned i = 0; i < drawn->n_messages; i++) {
        if (i == 2 && drawn->has_alice) {
            event = auth_of(1);
            ss_judge_event(judge, &event);
            check_certain(judge, &before, text);
        }
        event = message_of(1, i + 1);
        event.message.size = drawn->messages[i].is_big ? 101 : 100;
        event.message.outcome =
            drawn->messages[i].is_rejected ? SS_OUTCOME_REJECTED : SS_OUTCOME_ACCEPTED;
        event.message.from = drawn->messages[i].is_null ? SS_SLICE("") : SS_SLICE("a@b");
        ss_judge_event(judge, &event);
        check_certain(judge, &before, text);
        is_kept |= naive(tree, drawn, (int)i);
    }
    if (drawn->n_messages <= 2 && drawn->has_alice) {
        event = auth_of(1);
        ss_judge_event(judge, &event);
        check_certain(judge, &before, text);
    }
    ss_judge_event(judge, &session);
    check_certain(judge, &before, text);
    assert_int_equal(before, is_kept ? SS_VERDICT_YES : SS_VERDICT_NO);
    ss_judge_end(judge, &session);
    ss_selection_finish(selection);
    assert_int_equal(ss_selection_has(selection, 1), is_kept);
    assert_int_equal(ss_selection_has_began(selection, 1), is_kept);
    assert_false(ss_selection_has(selection, 2));
    for (unsigned i = 0; i < drawn->n_messages; i++) {
        if (ss_selection_has_message(selection, 1, i + 1) != naive(tree, drawn, (int)i)) {
            fail_msg("%s: message %u", text, i + 1);
        }
    }
    ss_judge_free(judge);
    ss_selection_free(selection);
}

static void
test_random(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);

    (void)state;
    for (int i = 0; i < 2000; i++) {
        Node *tree = draw(rand, g_rand_int_range(rand, 0, 5));
        g_autoptr(GString) text = g_string_new(NULL);

        put_node(text, tree, 0);
        for (int j = 0; j < 5; j++) {
            Drawn drawn;
            draw_record(rand, &drawn);
            check_record(tree, text->str, &drawn);
        }
        free_node(tree);
    }
}

/* --- the gate, live --- */

typedef struct {
    SsJudge *judge;
    SsGate *gate;
    GString *seen;
} Live;

static void
show(void *to, const SsEvent *event, bool is_held)
{
    Live *live = to;

    g_string_append_printf(live->seen, "%s%s%" G_GUINT64_FORMAT " ", is_held ? "+" : "",
                           ss_event_type_name(event->type),
                           event->type == SS_EVENT_MESSAGE ? event->message.index : event->frame);
}

static void
drop(void *to, const SsEvent *event)
{
    Live *live = to;

    g_string_append_printf(live->seen, "-%s ", ss_event_type_name(event->type));
}

static void
live_init(Live *live, const char *text, size_t max)
{
    SsGateTarget target = {show, drop, live};

    live->judge = ss_judge_new(compile(text), NULL);
    live->gate = ss_gate_new_live(live->judge, max, &target);
    live->seen = g_string_new(NULL);
}

static void
live_clear(Live *live)
{
    ss_gate_free(live->gate);
    ss_judge_free(live->judge);
    g_string_free(live->seen, TRUE);
}

static void
put(Live *live, SsEvent event)
{
    if (event.type != SS_EVENT_PACKET) {
        ss_judge_event(live->judge, &event);
    }
    ss_gate_event(live->gate, &event);
    if (event.type == SS_EVENT_SESSION) {
        ss_judge_end(live->judge, &event);
        ss_gate_end(live->gate, event.session);
    }
}

static SsEvent
command_of(uint64_t session, uint64_t frame)
{
    return (SsEvent){.type = SS_EVENT_COMMAND, .session = session, .frame = frame};
}

static void
expect(Live *live, const char *seen)
{
    assert_string_equal(live->seen->str, seen);
    g_string_truncate(live->seen, 0);
}

static void
test_gate_waits(void **state)
{
    Live live;

    (void)state;
    live_init(&live, "user == alice and message.index != 2", 1 << 20);
    put(&live, command_of(1, 1));
    put(&live, command_of(2, 2));
    put(&live, message_of(1, 2));
    expect(&live, "");
    put(&live, auth_of(1)); /* and one message may yet match */
    put(&live, message_of(1, 1));
    expect(&live, "+command1 -message +auth5 message1 ");
    put(&live, message_of(1, 2));
    put(&live, command_of(1, 8));
    expect(&live, "command8 ");
    put(&live, session_of(1));
    put(&live, session_of(2));
    expect(&live, "session20 -command ");
    put(&live, (SsEvent){.type = SS_EVENT_PACKET, .session = 1, .frame = 30});
    put(&live, (SsEvent){.type = SS_EVENT_PACKET, .session = 2, .frame = 31});
    put(&live, (SsEvent){.type = SS_EVENT_CAPTURE, .frame = 32});
    expect(&live, "packet30 capture32 ");
    live_clear(&live);
}

/* A message of a session that is kept, of which it is not certain whether it matches. */
static void
test_gate_holds_message(void **state)
{
    Live live;

    (void)state;
    live_init(&live, "message.index == 1 or session.state == reset", 1 << 20);
    put(&live, message_of(1, 1));
    put(&live, message_of(1, 2));
    put(&live, command_of(1, 9));
    expect(&live, "message1 command9 ");
    put(&live, session_of(1)); /* `complete` */
    expect(&live, "-message session20 ");
    live_clear(&live);
}

/* Many of them, some that ended late: none is looked at again until there is news. */
static void
test_gate_crowd(void **state)
{
    const uint64_t n = 50000;
    Live live;

    (void)state;
    live_init(&live, "size == 1 or session.state == complete", 64 << 20);
    for (uint64_t i = 1; i <= n; i++) {
        SsEvent message = message_of(1, i % 100 / 2 == 5 ? i ^ 1 : i);
        message.message.size = message.message.index % 2;
        put(&live, message);
        put(&live, command_of(1, i));
        if (live.seen->len > 1000) {
            g_string_truncate(live.seen, 0);
        }
    }
    g_string_truncate(live.seen, 0);
    assert_int_equal(ss_judge_message(live.judge, 1, n), SS_VERDICT_UNKNOWN);
    assert_int_equal(ss_judge_message(live.judge, 1, n - 1), SS_VERDICT_YES);
    put(&live, session_of(1));
    assert_true(g_str_has_prefix(live.seen->str, "+message2 +message4 "));
    assert_true(g_str_has_suffix(live.seen->str, "+message50000 session20 "));
    assert_int_equal(ss_judge_count(live.judge)->messages_matched, n);
    live_clear(&live);
}

static void
test_gate_addresses(void **state)
{
    SsEvent event = {.type = SS_EVENT_NOTE, .session = 1, .frame = 3};
    Live live;

    (void)state;
    event.note.kind = SS_NOTE_CONNECTED;
    event.note.client = (SsEndpoint){SS_SLICE("192.0.2.1"), 40000};
    event.note.server = (SsEndpoint){SS_SLICE("192.0.2.2"), 25};
    live_init(&live, "client.ip == 192.0.2.1 and port == 25", 1 << 20);
    put(&live, command_of(1, 1));
    put(&live, event);
    put(&live, command_of(1, 4));
    expect(&live, "+command1 note3 command4 ");
    event.session = 2;
    event.note.client.port = 1;
    event.note.server.port = 587;
    put(&live, command_of(2, 5));
    put(&live, event);
    expect(&live, "-command ");
    live_clear(&live);
}

/* With any port a connection has no number at first. */
static void
test_gate_nameless(void **state)
{
    SsEvent packet = {.type = SS_EVENT_PACKET, .frame = 1};
    Live live;

    (void)state;
    live_init(&live, "port > 0", 1 << 20);
    put(&live, packet); /* of no connection */
    packet.packet.began = 1;
    put(&live, packet);
    packet.frame = 2;
    packet.session = 1;
    put(&live, packet);
    expect(&live, "");
    put(&live, session_of(1));
    expect(&live, "+packet1 +packet2 session20 ");
    live_clear(&live);
}

static void
test_gate_bound(void **state)
{
    Live live;

    (void)state;
    live_init(&live, "session.state == reset", 4096);
    for (uint64_t i = 1; i < 100 && live.seen->len == 0; i++) {
        put(&live, command_of(1 + i % 2, i));
    }
    assert_int_equal(ss_gate_forced(live.gate), 1);
    assert_true(g_str_has_prefix(live.seen->str,
                                 "+command1 +command3 ")); /* of the one that waited longest */
    g_string_truncate(live.seen, 0);
    put(&live, command_of(2, 200));
    put(&live, message_of(2, 1));
    put(&live, session_of(2));
    expect(&live, "command200 message1 session20 ");
    live_clear(&live);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),         cmocka_unit_test(test_shown),
        cmocka_unit_test(test_literals),       cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_short_names),    cmocka_unit_test(test_needs),
        cmocka_unit_test(test_regex_bound),    cmocka_unit_test(test_random),
        cmocka_unit_test(test_gate_waits),     cmocka_unit_test(test_gate_holds_message),
        cmocka_unit_test(test_gate_addresses), cmocka_unit_test(test_gate_nameless),
        cmocka_unit_test(test_gate_bound),     cmocka_unit_test(test_gate_crowd),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
