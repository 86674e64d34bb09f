/*
 * The end of the page: how many, what became of them, what was found, and how good the capture is.
 */
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 2
#define COUNT_END 19
#define SHOWN_REASONS 10

void
ss_totals_count(GPtrArray *reasons, const char *text, uint64_t n, uint64_t *ret_others)
{
    SsReason *reason;

    for (size_t i = 0; i < reasons->len; i++) {
        reason = g_ptr_array_index(reasons, i);
        if (strcmp(reason->text, text) == 0) {
            reason->n += n;
            return;
        }
    }
    if (reasons->len >= SS_REASONS_MAX) {
        if (ret_others) {
            *ret_others += n;
        }
        return;
    }
    reason = g_new(SsReason, 1);
    reason->text = g_strdup(text);
    reason->n = n;
    g_ptr_array_add(reasons, reason);
}

void
ss_reason_free(void *data)
{
    SsReason *reason = data;

    g_free(reason->text);
    g_free(reason);
}

void
ss_totals_clear(SsTotals *totals)
{
    g_ptr_array_unref(totals->reasons);
    g_ptr_array_unref(totals->ids);
}

/* "  messages     1,234  text": the numbers right-aligned below each other. */
static void
put_row(SsPage *page, SsInk ink, const char *label, uint64_t n, const char *text)
{
    g_autoptr(GString) count = g_string_new(NULL);

    ss_words_count(count, n);
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_DIM, label);
    ss_page_pad(page, count->len < COUNT_END - 12 ? COUNT_END - count->len : 12);
    ss_page_put(page, SS_INK_PLAIN, count->str);
    if (*text) {
        ss_page_put(page, SS_INK_PLAIN, "  ");
    }
    ss_page_wrap(page, ink, text, page->column, SS_INK_PLAIN, NULL);
}

static void
append_part(GString *to, uint64_t n, const char *what)
{
    if (n) {
        g_string_append(to, to->len ? ", " : "");
        ss_words_count(to, n);
        g_string_append_printf(to, " %s", what);
    }
}

static int
by_count(const void *a, const void *b)
{
    const SsReason *x = *(SsReason *const *)a;
    const SsReason *y = *(SsReason *const *)b;

    if (x->n != y->n) {
        return x->n < y->n ? 1 : -1;
    }
    return strcmp(x->text, y->text);
}

/* The first character of the text is its rank. */
static int
by_text(const void *a, const void *b)
{
    return strcmp((*(SsReason *const *)a)->text, (*(SsReason *const *)b)->text);
}

static void
put_traffic(const SsTotals *totals, SsPage *page)
{
    g_autoptr(GString) text = g_string_new(NULL);

    append_part(text, totals->by_security[SS_SECURITY_NONE], "in the clear");
    append_part(text, totals->by_security[SS_SECURITY_STARTTLS], "STARTTLS");
    append_part(text, totals->by_security[SS_SECURITY_SMTPS], "TLS");
    append_part(text, totals->unread, "of them not decrypted");
    append_part(text, totals->not_smtp, "not SMTP");
    append_part(text, totals->wordless, "without a word");
    put_row(page, SS_INK_PLAIN, "sessions", totals->sessions, text->str);
    g_string_truncate(text, 0);
    append_part(text, totals->by_outcome[SS_OUTCOME_ACCEPTED], "accepted");
    append_part(text, totals->partly, "of them not for all recipients");
    append_part(text, totals->by_outcome[SS_OUTCOME_REJECTED], "REFUSED");
    append_part(text, totals->by_outcome[SS_OUTCOME_DEFERRED], "DEFERRED");
    append_part(text, totals->by_outcome[SS_OUTCOME_INCOMPLETE], "INCOMPLETE");
    append_part(text, totals->by_outcome[SS_OUTCOME_UNKNOWN], "unknown");
    put_row(page, SS_INK_PLAIN, "messages", totals->messages, text->str);
    if (totals->logins) {
        g_string_truncate(text, 0);
        append_part(text, totals->logins_refused, "refused");
        append_part(text, totals->logins_shown, "with the secret in the clear");
        put_row(page, SS_INK_PLAIN, "logins", totals->logins, text->str);
    }
}

static void
put_reasons(const SsTotals *totals, SsPage *page)
{
    uint64_t rest = totals->n_other_reasons;

    g_ptr_array_sort(totals->reasons, by_count);
    for (size_t i = 0; i < totals->reasons->len; i++) {
        const SsReason *reason = g_ptr_array_index(totals->reasons, i);
        if (i < SHOWN_REASONS) {
            put_row(page, SS_INK_PLAIN, i ? "" : "refused", reason->n, reason->text);
        } else {
            rest += reason->n;
        }
    }
    if (rest) {
        put_row(page, SS_INK_PLAIN, "", rest, "for other reasons");
    }
}

static void
put_findings(const SsTotals *totals, SsPage *page)
{
    static const char *const names[] = {"HIGH", "medium", "low", "info"};

    if (totals->ids->len == 0) {
        put_row(page, SS_INK_PLAIN, "findings", 0, "");
        return;
    }
    g_ptr_array_sort(totals->ids, by_text);
    for (size_t i = 0; i < totals->ids->len; i++) {
        const SsReason *id = g_ptr_array_index(totals->ids, i);
        g_autofree char *text =
            g_strdup_printf("%-6s  %s", names[(id->text[0] - '0') & 3], id->text + 1);
        put_row(page, id->text[0] == '0' ? SS_INK_BAD : SS_INK_PLAIN, i ? "" : "findings", id->n,
                text);
    }
}

static void
put_capture(const SsTotals *totals, SsPage *page, const SsEventCapture *capture)
{
    const SsInput *input = capture->inputs.items;
    g_autoptr(GString) text = g_string_new(NULL);
    int64_t first_ns = SS_TIME_NONE, last_ns = SS_TIME_NONE;

    for (size_t i = 0; i < capture->inputs.n; i++) {
        if (input[i].first_ns != SS_TIME_NONE &&
            (first_ns == SS_TIME_NONE || input[i].first_ns < first_ns)) {
            first_ns = input[i].first_ns;
        }
        last_ns = MAX(last_ns, input[i].last_ns);
    }
    if (first_ns != SS_TIME_NONE && last_ns != SS_TIME_NONE) {
        g_string_append(text, "from ");
        ss_words_time(text, first_ns);
        g_string_append(text, " on, for ");
        ss_words_duration(text, last_ns - first_ns);
    }
    put_row(page, SS_INK_PLAIN, "packets", capture->packets, text->str);
    if (capture->dropped != SS_COUNT_NONE) {
        put_row(page, capture->dropped ? SS_INK_BAD : SS_INK_PLAIN, "dropped", capture->dropped,
                capture->dropped ? "more that the kernel had no room for: try a larger buffer (-B)"
                                 : "");
    }
    if (totals->gaps) {
        g_string_truncate(text, 0);
        ss_words_counted(text, totals->gap_bytes, "byte", "bytes");
        g_string_append(text, totals->lost_bytes == totals->gap_bytes ? " lost on the way: what"
                                                                      : " not captured: what");
        g_string_append(text, " is said of those sessions is incomplete");
        put_row(page, SS_INK_WARN, "gaps", totals->gaps, text->str);
    }
}

/* What else is to be known of the capture; drops have their row. */
static void
put_health(SsPage *page, const SsEventCapture *capture)
{
    SsEventCapture about = *capture;
    g_autoptr(GPtrArray) lines = NULL;

    about.dropped = SS_COUNT_NONE;
    lines = ss_health_of(&about);
    ss_health_add_limits(lines, &about);
    for (guint i = 0; i < lines->len; i++) {
        const SsHealthLine *line = g_ptr_array_index(lines, i);
        ss_page_pad(page, LABEL_COLUMN);
        ss_page_put(page, SS_INK_DIM, i ? "" : "capture");
        ss_page_pad(page, COUNT_END + 2);
        ss_page_wrap(page, line->is_bad ? SS_INK_WARN : SS_INK_PLAIN, line->text, COUNT_END + 2,
                     SS_INK_PLAIN, NULL);
    }
}

void
ss_summary_put(const SsTimeline *self, SsPage *page, const SsEvent *event)
{
    const SsTotals *totals = &self->totals;

    ss_page_put(page, SS_INK_STRONG, "summary");
    ss_page_end_line(page);
    put_traffic(totals, page);
    put_reasons(totals, page);
    put_findings(totals, page);
    put_capture(totals, page, &event->capture);
    put_health(page, &event->capture);
}
