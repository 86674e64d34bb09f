/*
 * An expression of -Y, as it is: it is compiled, or refused with a place inside it and lines that
 * can be shown; compiled, what is said with less known stays so with more.
 */
#include "fuzz.h"
#include "output/select/expr.h"

bool
ss_fuzz_seed(const char *path, GByteArray *ret_input)
{
    g_autofree char *text = NULL;
    gsize len;

    if (!g_file_get_contents(path, &text, &len, NULL)) {
        return false;
    }
    g_byte_array_append(ret_input, (const guint8 *)text, (guint)len);
    return true;
}

static void
check_error(const SsExprError *error, const char *text)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    size_t lines = 0;

    if (error->at > strlen(text) || error->what->len == 0) {
        ss_fuzz_fail("an error at %zu of %zu bytes: %s", error->at, strlen(text), error->what->str);
    }
    if (g_utf8_validate(text, -1, NULL) && !g_utf8_validate(text + error->at, -1, NULL)) {
        ss_fuzz_fail("the place is inside a character");
    }
    ss_expr_error_show(error, text, shown);
    for (const char *c = shown->str; *c; c++) {
        lines += *c == '\n';
    }
    if (lines != 2 || !g_utf8_validate(shown->str, -1, NULL)) {
        ss_fuzz_fail("%zu lines: %s", lines + 1, shown->str);
    }
}

static uint64_t
compare_all(const SsExpr *expr)
{
    SsSlice rcpt = SS_SLICE("bob@example.org"), word = SS_SLICE("PIPELINING");
    SsRecipient recipient = {.address = rcpt,
                             .reply = {.code = 550, .enhanced = SS_SLICE("5.1.1")}};
    SsEvent events[] = {
        {.type = SS_EVENT_SESSION, .session = 1, .time_ns = 1, .uid = 7},
        {.type = SS_EVENT_MESSAGE, .session = 1, .time_ns = 2},
        {.type = SS_EVENT_AUTH, .session = 1},
        {.type = SS_EVENT_TLS, .session = 1},
        {.type = SS_EVENT_FINDING, .session = 1},
    };
    uint64_t holds = 0, given_up = 0;

    events[0].session_end.client.at = (SsEndpoint){SS_SLICE("192.0.2.1"), 40000};
    events[0].session_end.server.at = (SsEndpoint){SS_SLICE("2001:db8::1"), 25};
    events[0].session_end.extensions = (SsList){&word, 1, 1};
    events[1].message.index = 1;
    events[1].message.from = SS_SLICE("");
    events[1].message.rcpt = (SsList){&recipient, 1, 1};
    events[1].message.headers.subject = SS_SLICE("Re: Re: aaaaaaaaaaaaaaaaaaaaaaaa\xff\xc3\xb6");
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        holds |= ss_expr_compare(expr, UINT64_MAX, &events[i], &given_up);
    }
    return holds | ss_expr_compare_otherwise(expr, &events[0], &given_up);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    g_autofree char *text = g_strndup(len ? (const char *)data : "", len);
    g_autoptr(GString) what = g_string_new(NULL);
    SsExprError error = {what, 0};
    g_autoptr(SsExpr) expr = ss_expr_new(text, &error);
    uint64_t holds, known = 0;
    SsVerdict verdict = SS_VERDICT_UNKNOWN;

    if (!expr) {
        check_error(&error, text);
        return 0;
    }
    holds = compare_all(expr);
    for (guint i = 0; i < expr->comparisons->len; i++) {
        SsVerdict next = ss_expr_evaluate(expr, known, holds & known);
        if (verdict != SS_VERDICT_UNKNOWN && next != verdict) {
            ss_fuzz_fail("certain, and then otherwise: %s", text);
        }
        verdict = next;
        known |= UINT64_C(1) << i;
    }
    if (ss_expr_evaluate(expr, known, holds) == SS_VERDICT_UNKNOWN) {
        ss_fuzz_fail("all is known, and nothing certain: %s", text);
    }
    return 0;
}
