/*
 * The structure of messages. A case is a message, lines ended by `|`, and what is to be seen of it:
 * a part a line, `type size content`; every case is also run cut at every place.
 */
#include "base/limits.h"
#include "run.h"
#include "tests/ss-test.h"

/* `|` becomes CRLF, `~` LF. */
static GString *
message_of(const char *text)
{
    GString *message = g_string_new(NULL);

    for (; *text; text++) {
        if (*text == '|') {
            g_string_append(message, "\r\n");
        } else {
            g_string_append_c(message, *text == '~' ? '\n' : *text);
        }
    }
    return message;
}

typedef struct {
    const char *type;
    const char *content; /* decoded, in the same writing; NULL: its hash is absent */
    size_t size;         /* where `content` is NULL */
} Leaf;

static void
check_leaf(const SsPart *part, const Leaf *leaf)
{
    run_expect(part->content_type, leaf->type);
    if (leaf->content) {
        g_autoptr(GString) content = message_of(leaf->content);
        g_autofree char *sha256 = run_sha256(ss_slice(content->str, content->len));
        assert_int_equal(part->size, content->len);
        run_expect(part->sha256, sha256);
    } else {
        assert_int_equal(part->size, leaf->size);
        run_expect(part->sha256, NULL);
    }
}

static void
check_leaves(SsContent *content, const Leaf *leaves, uint32_t odd)
{
    const SsContentResult *result = ss_content_result(content);
    size_t n = 0;

    for (; leaves[n].type; n++) {
        check_leaf(run_part(content, n), &leaves[n]);
    }
    assert_int_equal(result->parts.n, n);
    assert_int_equal(result->odd, odd);
}

static void
check(const char *text, uint32_t odd, const Leaf *leaves)
{
    g_autoptr(GString) message = message_of(text);
    SsSlice bytes = ss_slice(message->str, message->len);
    SsContent *content = run_open(bytes, 0);

    check_leaves(content, leaves, odd);
    ss_content_free(content);
    run_check_cuts(bytes);
}

#define LEAVES(...) ((const Leaf[]){__VA_ARGS__, {NULL, NULL, 0}})
#define NO_LEAVES ((const Leaf[]){{NULL, NULL, 0}})
#define TEXT(content)            \
    {                            \
        "text/plain", content, 0 \
    }
#define MIXED "Content-Type: multipart/mixed; boundary=b||"

static void
test_headers(void **state)
{
    g_autoptr(GString) message = message_of(
        "Received: one|Received: two|From: Ann <ann@a.example>|Sender: s@a.example, t@a.example|"
        "To: b@b.example,|\tc@c.example|Cc: d@d.example|Reply-To: R <r@r.example>|"
        "Subject: =?utf-8?Q?=C3=A4?=| folded|Message-ID: <m1@a.example>|In-Reply-To: "
        "<m0@a.example>|"
        "X-Mailer: other|User-Agent: agent|Date: Sat, 21 Nov 2026 10:00:00 +0100||body|");
    SsSlice bytes = ss_slice(message->str, message->len);
    SsContent *content = run_open(bytes, 0);
    const SsHeaders *headers = &ss_content_result(content)->headers;

    (void)state;
    assert_int_equal(headers->received, 2);
    assert_int_equal(headers->from.n, 1);
    run_expect(*(SsSlice *)headers->from.items, "Ann <ann@a.example>");
    assert_int_equal(headers->to.n, 2);
    run_expect(((SsSlice *)headers->to.items)[1], "c@c.example");
    run_expect(*(SsSlice *)headers->cc.items, "d@d.example");
    run_expect(*(SsSlice *)headers->reply_to.items, "R <r@r.example>");
    run_expect(headers->sender, "s@a.example");
    run_expect(headers->subject, "\xc3\xa4 folded");
    run_expect(headers->message_id, "<m1@a.example>");
    run_expect(headers->in_reply_to, "<m0@a.example>");
    run_expect(headers->mailer, "agent");
    run_expect(headers->date, "2026-11-21T10:00:00+01:00");
    assert_int_equal(ss_content_result(content)->odd, 0);
    ss_content_free(content);
    run_check_cuts(bytes);
}

static void
check_subject(const char *text, const char *subject, uint32_t odd)
{
    g_autoptr(GString) message = message_of(text);
    SsSlice bytes = ss_slice(message->str, message->len);
    SsContent *content = run_open(bytes, 0);

    run_expect(ss_content_result(content)->headers.subject, subject);
    assert_int_equal(ss_content_result(content)->odd, odd);
    ss_content_free(content);
    run_check_cuts(bytes);
}

static void
test_header_lines(void **state)
{
    (void)state;
    check_subject("Subject: a||", "a", 0);
    check_subject("Subject: a", "a", 0);
    check_subject("Subject:a~~", "a", 0);
    check_subject("SUBJECT \t:  a  ||", "a", 0);
    check_subject("Subject:||", "", 0);
    check_subject("Subject:| a||", "a", 0);
    check_subject("Subject: a\rb||", "a\rb", 0);
    check_subject("\xef\xbb\xbfSubject: a||", "a", 0);
    check_subject("From me@x Sat Nov 21|Subject: a||", "a", 0);
    check_subject(">From me@x Sat Nov 21|Subject: a||", "a", 0);
    check_subject("||Subject: a||", NULL, 0);
    check_subject("", NULL, 0);
    check_subject("Subject: a|Subject: b||", "a", SS_ODD_DOUBLE_FIELD);
    check_subject("Subject: a|X: b|X: c|Received: d|Received: e||", "a", 0);
    check_subject("Subject: a|no field|Subject: b||", "a", SS_ODD_NO_BLANK_LINE);
    check_subject(" fold first|Subject: a||", NULL, SS_ODD_NO_BLANK_LINE);
    check_subject("X\x01: a|Subject: a||", NULL, SS_ODD_NO_BLANK_LINE);
    check_subject("From me||x|Subject: a||", NULL, 0);
    check_subject("X: a|From me|Subject: a||", NULL, SS_ODD_NO_BLANK_LINE);
}

static void
test_one_part(void **state)
{
    (void)state;
    check("Subject: a||body|", 0, LEAVES(TEXT("body|")));
    check("Subject: a||no end", 0, LEAVES(TEXT("no end")));
    check("Subject: a||", 0, LEAVES(TEXT("")));
    check("Subject: a|", 0, LEAVES(TEXT("")));
    check("||body|", 0, LEAVES(TEXT("|body|")));
    check("just text|more|", SS_ODD_NO_BLANK_LINE, LEAVES(TEXT("just text|more|")));
    check("", 0, NO_LEAVES);
    check("Content-Type: text/html|Content-Transfer-Encoding: base64||YWJj|ZGVm|", 0,
          LEAVES({"text/html", "abcdef", 0}));
    check("Content-Transfer-Encoding: quoted-printable||a=3D=|b|", 0, LEAVES(TEXT("a=b|")));
    check("Content-Transfer-Encoding: x-odd||a=3D|", SS_ODD_ENCODING, LEAVES(TEXT("a=3D|")));
    check("Content-Type: garbage||a|", 0, LEAVES(TEXT("a|")));
    check("Content-Type: text/x|Content-Type: text/y||a|", SS_ODD_DOUBLE_FIELD,
          LEAVES({"text/x", "a|", 0}));
}

static void
test_multipart(void **state)
{
    (void)state;
    check(MIXED "--b||one|--b||two|--b--|", 0, LEAVES(TEXT("one"), TEXT("two")));
    check(MIXED "preamble|--b||one||--b||two|--b--|epilogue|--b||no part|", 0,
          LEAVES(TEXT("one|"), TEXT("two")));
    check("Content-Type: multipart/mixed; boundary=b~~--b~~one~--b~~two~~--b--~", 0,
          LEAVES(TEXT("one"), TEXT("two~")));
    /* The line end before a delimiter is the delimiter's, whatever it is. */
    check(MIXED "--b||one~--b~~two|--b--", 0, LEAVES(TEXT("one"), TEXT("two")));
    check(MIXED "--b||one\r|--b||two\r|--b--", 0, LEAVES(TEXT("one\r"), TEXT("two\r")));
    check(MIXED "--b||one\r--b|--b--", 0, LEAVES(TEXT("one\r--b")));
    check(MIXED "--b||--b||||--b--|", 0, LEAVES(TEXT(""), TEXT("|")));
    check(MIXED "--b|--b|--b--|", 0, LEAVES(TEXT(""), TEXT("")));
    check(MIXED "--b|Content-Type: text/html|--b--|", 0, LEAVES({"text/html", "", 0}));
    check(MIXED "--b--|", 0, NO_LEAVES);
    check(MIXED "no delimiter|", SS_ODD_NOT_CLOSED, NO_LEAVES);
    check(MIXED "--b||one|", SS_ODD_NOT_CLOSED, LEAVES(TEXT("one|")));
    check(MIXED "--b||one|--b", SS_ODD_NOT_CLOSED, LEAVES(TEXT("one"), TEXT("")));
}

static void
test_delimiter_lines(void **state)
{
    (void)state;
    check(MIXED "--b  \t||one|--b \t |X: y||two|--b-- |", 0, LEAVES(TEXT("one"), TEXT("two")));
    check(MIXED "--b||-|--|-- |--B|--bb|--b-|--b-- x| --b|x--b|--b--", 0,
          LEAVES(TEXT("-|--|-- |--B|--bb|--b-|--b-- x| --b|x--b")));
    check("Content-Type: multipart/mixed; boundary=\"b--\"||--b--||one|--b----|", 0,
          LEAVES(TEXT("one")));
    check("Content-Type: multipart/mixed; boundary=\"a b\"||--a b||one|--a b--|", 0,
          LEAVES(TEXT("one")));
    /* No blank line: what is no field is content, and may be a delimiter. */
    check("Content-Type: multipart/mixed; boundary=b|--b||one|--b--|", SS_ODD_NO_BLANK_LINE,
          LEAVES(TEXT("one")));
    check(MIXED "--b|no field|two|--b--|", SS_ODD_NO_BLANK_LINE, LEAVES(TEXT("no field|two")));
}

static void
test_parameter_without_a_fold(void **state)
{
    (void)state;
    check("Content-Type: text/html; |charset=x|Content-Transfer-Encoding: base64||YWJj|",
          SS_ODD_NO_FOLD, LEAVES({"text/html", "abc", 0}));
    check("Content-Type: multipart/x;|boundary=b||--b||one|--b--|", SS_ODD_NO_FOLD,
          LEAVES(TEXT("one")));
    check("Content-Type: multipart/x; boundary=b;|--b||one|--b--|", SS_ODD_NO_BLANK_LINE,
          LEAVES(TEXT("one")));
    check("Subject: x|text;|", SS_ODD_NO_BLANK_LINE, LEAVES(TEXT("text;|")));
}

static void
test_no_boundary(void **state)
{
    (void)state;
    check("Content-Type: multipart/mixed||--b||one|", SS_ODD_NO_BOUNDARY,
          LEAVES({"multipart/mixed", "--b||one|", 0}));
    check("Content-Type: multipart/mixed; boundary=\"\"||--||one|", SS_ODD_NO_BOUNDARY,
          LEAVES({"multipart/mixed", "--||one|", 0}));
    check("Content-Type: multipart/mixed|Content-Transfer-Encoding: base64||YWJj|",
          SS_ODD_NO_BOUNDARY | SS_ODD_ENCODING, LEAVES({"multipart/mixed", "YWJj|", 0}));
    check("Content-Type: multipart/mixed; boundary=b|Content-Transfer-Encoding: base64||"
          "--b||YWJj|--b--|",
          SS_ODD_ENCODING, LEAVES(TEXT("YWJj")));
}

static void
test_nested(void **state)
{
    (void)state;
    check("Content-Type: multipart/mixed; boundary=o||--o|Content-Type: multipart/x; boundary=oi||"
          "--oi||one|--oi--|epilogue|--o||two|--o--|",
          0, LEAVES(TEXT("one"), TEXT("two")));
    /* An outer delimiter closes the inner multipart. */
    check("Content-Type: multipart/mixed; boundary=o||--o|Content-Type: multipart/x; boundary=i||"
          "--i||one|--o||two|--i||three|--o--|",
          SS_ODD_NOT_CLOSED, LEAVES(TEXT("one"), TEXT("two|--i||three")));
    /* The same boundary: the inner one is meant. */
    check("Content-Type: multipart/mixed; boundary=b||--b|Content-Type: multipart/x; boundary=b||"
          "--b||one|--b--|--b||two|--b--|",
          0, LEAVES(TEXT("one"), TEXT("two")));
}

static void
test_embedded_messages(void **state)
{
    (void)state;
    check("Content-Type: message/rfc822||Subject: in||inner|", 0,
          LEAVES({"message/rfc822", "Subject: in||inner|", 0}, TEXT("inner|")));
    check(MIXED "--b|Content-Type: message/rfc822||Subject: in||inner|--b||two|--b--|", 0,
          LEAVES({"message/rfc822", "Subject: in||inner", 0}, TEXT("inner"), TEXT("two")));
    /* The same boundary within: the inner multipart's first. */
    check(MIXED "--b|Content-Type: message/rfc822||" MIXED "|--b||x|--b--|y|--b--|", 0,
          LEAVES({"message/rfc822", MIXED "|--b||x|--b--|y", 0}, TEXT("x")));
}

static void
test_embedded_multipart(void **state)
{
    (void)state;
    check("Content-Type: multipart/mixed; boundary=o||--o|Content-Type: message/rfc822||"
          "Content-Type: multipart/mixed; boundary=i||pre|--i||x|--i--|epi||--o||two|--o--|",
          0,
          LEAVES({"message/rfc822",
                  "Content-Type: multipart/mixed; boundary=i||pre|--i||x|--i--|epi|", 0},
                 TEXT("x"), TEXT("two")));
    /* Headers that the outer delimiter ends: its line end is not the inner message's. */
    check(MIXED "--b|Content-Type: message/rfc822||Subject: in|--b--|", 0,
          LEAVES({"message/rfc822", "Subject: in", 0}, TEXT("")));
    check(MIXED "--b|Content-Type: message/rfc822||Subject: in||--b--|", 0,
          LEAVES({"message/rfc822", "Subject: in|", 0}, TEXT("")));
    check(MIXED "--b|Content-Type: message/rfc822||--b--|", 0, LEAVES({"message/rfc822", "", 0}));
    /* Encoded, against RFC 2046: a leaf alone. */
    check("Content-Type: message/rfc822|Content-Transfer-Encoding: base64||YWJj|", 0,
          LEAVES({"message/rfc822", "abc", 0}));
    /* What one part says does not go over to the next. */
    check(MIXED "--b|Content-Transfer-Encoding: base64||YWJj|--b|Content-Type: message/rfc822||"
                "S: x||YWJj|--b--|",
          0, LEAVES(TEXT("abc"), {"message/rfc822", "S: x||YWJj", 0}, TEXT("YWJj")));
}

static void
test_digest(void **state)
{
    (void)state;
    check("Content-Type: multipart/digest; boundary=b||--b||S: x||one|--b|Content-Type: text/x||"
          "two|--b--|",
          0, LEAVES({"message/rfc822", "S: x||one", 0}, TEXT("one"), {"text/x", "two", 0}));
}

static void
test_part_fields(void **state)
{
    g_autoptr(GString) message = message_of(
        MIXED "--b|Content-Type: Image/PNG; name=n.png|Content-Transfer-Encoding: Base64|"
              "Content-Disposition: Attachment; filename=f.png||YQ==|--b|"
              "Content-Type: text/x; charset=Latin1; name=n.x||t|--b--|");
    SsContent *content = run_open(ss_slice(message->str, message->len), 0);

    (void)state;
    run_expect(run_part(content, 0)->content_type, "image/png");
    run_expect(run_part(content, 0)->encoding, "base64");
    run_expect(run_part(content, 0)->filename, "f.png");
    run_expect(run_part(content, 0)->disposition, "attachment");
    run_expect(run_part(content, 0)->charset, NULL);
    run_expect(run_part(content, 1)->filename, "n.x");
    run_expect(run_part(content, 1)->charset, "latin1");
    run_expect(run_part(content, 1)->encoding, NULL);
    run_expect(run_part(content, 1)->disposition, NULL);
    ss_content_free(content);
}

/* `^` is where bytes are missing. */
static void
check_holes(const char *text, const char *subject, const Leaf *leaves)
{
    g_autoptr(GString) message = message_of(text);
    Hole holes[4];
    size_t n = 0;
    char *caret;

    while ((caret = strchr(message->str, '^'))) {
        holes[n].at = (size_t)(caret - message->str);
        holes[n++].n = 10;
        g_string_erase(message, caret - message->str, 1);
    }
    for (size_t step = 0; step < 12; step++) {
        SsContent *content = run_open_holes(ss_slice(message->str, message->len), holes, n, step);
        size_t i = 0;

        run_expect(ss_content_result(content)->headers.subject, subject);
        for (; leaves[i].type; i++) {
            check_leaf(run_part(content, i), &leaves[i]);
        }
        assert_int_equal(ss_content_result(content)->parts.n, i);
        assert_int_equal(ss_content_result(content)->missing, 10 * n);
        run_expect(ss_content_result(content)->sha256, NULL);
        ss_content_free(content);
    }
}

#define LOST(size)               \
    {                            \
        "text/plain", NULL, size \
    }

static void
test_holes_in_content(void **state)
{
    (void)state;
    check_holes("Subject: a||one ^two|", "a", LEAVES(LOST(9)));
    check_holes("Subject: a||^two|", "a", LEAVES(LOST(5)));
    check_holes("Subject: a||two|^", "a", LEAVES(LOST(5)));
    check_holes("Subject: a|" MIXED "--b||on^e|--b||two|--b--|", "a", LEAVES(LOST(3), TEXT("two")));
    check_holes("Subject: a|" MIXED "--b||one|^--b||two|--b||three|--b--|", "a",
                LEAVES(LOST(15), TEXT("three")));
    check_holes("Subject: a|" MIXED "--b||one|-^-b||two|--b||three|--b--|", "a",
                LEAVES(LOST(15), TEXT("three")));
    check_holes("Subject: a|" MIXED "--b||one|--b^||two|--b||three|--b--|", "a",
                LEAVES(LOST(15), TEXT("three")));
    check_holes("Subject: a|" MIXED "pre^amble|--b||two|--b--|^epi", "a", LEAVES(TEXT("two")));
    check_holes("Content-Transfer-Encoding: base64||YWJjZ^YWJj|", NULL, LEAVES(LOST(6)));
    check_holes("Content-Transfer-Encoding: base64||YWJjZ^YWJ|", NULL, LEAVES(LOST(3)));
    check_holes(MIXED "--b|Content-Type: message/rfc822||S: x||in^ner|--b||two|--b--|", NULL,
                LEAVES({"message/rfc822", NULL, 13}, LOST(5), TEXT("two")));
}

static void
test_holes_in_headers(void **state)
{
    (void)state;
    /* A field that is cut is worth nothing, those around it are. */
    check_holes("Subj^ect: x|Subject: a||t|", "a", LEAVES(LOST(3)));
    check_holes("Subject: a|X: y^z|To: x||t|", "a", LEAVES(LOST(3)));
    check_holes("Subject: a^b|Subject: c||t|", "c", LEAVES(LOST(3)));
    check_holes("Subject: a|^folds|Subject: c||t|", "a", LEAVES(LOST(3)));
    check_holes("Subject: a| b^c| d|To: x||t|", NULL, LEAVES(LOST(3)));
    check_holes("X: y^z| fold|Subject: a||t|", "a", LEAVES(LOST(3)));
    check_holes("^Subject: x|Subject: a||t|", "a", LEAVES(LOST(3)));
    check_holes("Subject: a|^", "a", LEAVES(LOST(0)));
    check_holes("^", NULL, LEAVES(LOST(0)));
    check_holes("Subject: a|^x|" MIXED "--b||one|--b--|", "a", LEAVES(TEXT("one")));
    check_holes("Subject: a|" MIXED "--b|X: ^y||one|--b||two|--b--|", "a",
                LEAVES(LOST(3), TEXT("two")));
    check_holes("Subject: a|" MIXED "--b|X: ^y|--b||two|--b--|", "a", LEAVES(LOST(0), TEXT("two")));
}

static void
test_depth(void **state)
{
    g_autoptr(GString) message = g_string_new(NULL);
    SsContent *content;

    (void)state;
    for (int i = 0; i < SS_MIME_DEPTH_MAX + 5; i++) {
        g_string_append_printf(message, "Content-Type: multipart/x; boundary=b%d\r\n\r\n--b%d\r\n",
                               i, i);
    }
    g_string_append(message, "\r\ndeep\r\n--b0\r\n\r\nlast\r\n--b0--\r\n");
    content = run_open(ss_slice(message->str, message->len), 0);
    assert_int_equal(ss_content_result(content)->parts.n, 2);
    run_expect(run_part(content, 0)->content_type, "multipart/x");
    check_leaf(run_part(content, 1), &(const Leaf)TEXT("last"));
    assert_int_equal(ss_content_result(content)->odd, SS_ODD_DEPTH | SS_ODD_NOT_CLOSED);
    ss_content_free(content);
}

static void
test_depth_of_a_message(void **state)
{
    g_autoptr(GString) message = g_string_new(NULL);

    (void)state;
    for (int i = 0; i < SS_MIME_DEPTH_MAX; i++) {
        g_string_append_printf(message, "Content-Type: multipart/x; boundary=b%d||--b%d|", i, i);
    }
    g_string_append(message, "Content-Type: message/rfc822||S: x||deep|--b0--|");
    check(message->str, SS_ODD_DEPTH | SS_ODD_NOT_CLOSED,
          LEAVES({"message/rfc822", "S: x||deep", 0}));
}

static void
test_values_are_cut(void **state)
{
    g_autofree char *pad = g_strnfill(20000, 'x');
    g_autofree char *text = g_strdup_printf("Subject: %s||body|", pad);
    g_autofree char *addresses = g_strdup_printf("To: %s||body|", pad);
    g_autofree char *type = g_strdup_printf("Content-Type: text/plain; x=%s||body|", pad);

    (void)state;
    check(text, SS_ODD_VALUE_CUT, LEAVES(TEXT("body|")));
    check(addresses, 0, LEAVES(TEXT("body|")));
    check(type, SS_ODD_VALUE_CUT, LEAVES(TEXT("body|")));
}

static void
test_parts_are_counted_past_the_cap(void **state)
{
    g_autoptr(GString) message = g_string_new("Content-Type: multipart/x; boundary=b\r\n\r\n");
    SsContent *content;

    (void)state;
    for (int i = 0; i < 1500; i++) {
        g_string_append_printf(message, "--b\r\n\r\n%d\r\n", i);
    }
    g_string_append(message, "--b--\r\n");
    content = run_open(ss_slice(message->str, message->len), 0);
    assert_int_equal(ss_content_result(content)->parts.n, SS_PARTS_MAX);
    assert_int_equal(ss_content_result(content)->parts.total, 1500);
    check_leaf(run_part(content, 999), &(const Leaf)TEXT("999"));
    ss_content_free(content);
}

static void
test_header_block_is_cut(void **state)
{
    g_autofree char *pad = g_strnfill(SS_HEADER_BLOCK_MAX - 100, 'x');
    g_autoptr(GString) message = g_string_new("Subject: a\r\nX: ");

    (void)state;
    g_string_append_printf(message, "%s\r\nY: %s\r\nTo: late@x\r\n\r\nbody\r\n", pad, pad);
    for (size_t step = 0; step < 2000; step += 999) {
        SsContent *content = run_open(ss_slice(message->str, message->len), step);

        run_expect(ss_content_result(content)->headers.subject, "a");
        assert_int_equal(ss_content_result(content)->headers.to.n, 0);
        assert_int_equal(ss_content_result(content)->odd, SS_ODD_HEADER_CUT);
        check_leaf(run_part(content, 0), &(const Leaf)TEXT("body|"));
        ss_content_free(content);
    }
}

/* A line is told by its first bytes; one byte more than those is no delimiter, no name. */
static void
test_line_prefix(void **state)
{
    (void)state;
    for (size_t len = 1016; len < 1026; len++) {
        g_autofree char *blanks = g_strnfill(len - 3, ' ');
        g_autofree char *name = g_strnfill(len, 'n');
        g_autofree char *padded = g_strdup_printf(MIXED "--b||x|--b%s|y|--b--|", blanks);
        g_autofree char *named = g_strdup_printf("%s: v|Subject: a||", name);
        g_autoptr(GString) message = message_of(padded);
        SsContent *content = run_open(ss_slice(message->str, message->len), 0);

        assert_int_equal(ss_content_result(content)->parts.n, len + 2 <= 1024 ? 2 : 1);
        ss_content_free(content);
        run_check_cuts(ss_slice(message->str, message->len));
        check_subject(named, len < 1024 ? "a" : NULL, len < 1024 ? 0 : SS_ODD_NO_BLANK_LINE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_header_lines),
        cmocka_unit_test(test_one_part),
        cmocka_unit_test(test_multipart),
        cmocka_unit_test(test_delimiter_lines),
        cmocka_unit_test(test_parameter_without_a_fold),
        cmocka_unit_test(test_no_boundary),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_embedded_messages),
        cmocka_unit_test(test_embedded_multipart),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_part_fields),
        cmocka_unit_test(test_holes_in_content),
        cmocka_unit_test(test_holes_in_headers),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_depth_of_a_message),
        cmocka_unit_test(test_values_are_cut),
        cmocka_unit_test(test_parts_are_counted_past_the_cap),
        cmocka_unit_test(test_header_block_is_cut),
        cmocka_unit_test(test_line_prefix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
