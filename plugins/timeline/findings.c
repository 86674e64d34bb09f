/*
 * A session's findings: kept as they come, told by severity.
 */
#include "plugins/timeline/timeline.h"

/* Frames named of one finding. */
#define SHOWN_FRAMES 8

static char *
frames_of(const SsEventFinding *finding)
{
    const uint64_t *frames = finding->frames.items;
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < MIN(finding->frames.n, SHOWN_FRAMES); i++) {
        g_string_append_printf(text, "%s%" PRIu64, i ? ", " : "", frames[i]);
    }
    if (finding->frames.total > SHOWN_FRAMES) {
        g_string_append(text, ", …");
    }
    return g_string_free(text, FALSE);
}

bool
ss_verdict_has_finding(const SsTold *told, SsSlice id)
{
    for (size_t i = 0; i < told->findings->len; i++) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        if (ss_slice_eq(id, ss_slice_str(finding->id))) {
            return true;
        }
    }
    return false;
}

static bool
is_id(const SsToldFinding *finding, const char *id)
{
    return strcmp(finding->id, id) == 0;
}

/* In a crowd the first of each id is kept; the session's event counts them all. */
void
ss_verdict_finding(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventFinding *finding = &event->finding;
    int severity = CLAMP(finding->severity, SS_SEVERITY_INFO, SS_SEVERITY_HIGH);
    SsToldFinding *kept;

    if (ss_lines_is_crowded(self) && ss_verdict_has_finding(told, finding->id)) {
        return;
    }
    kept = g_new0(SsToldFinding, 1);
    kept->severity = severity;
    kept->id = ss_timeline_safe(self, finding->id, 64);
    kept->summary = ss_timeline_safe(self, finding->summary, SS_SHOWN_MAX);
    kept->frames = frames_of(finding);
    kept->is_told = finding->message && finding->message == told->refused_message &&
                    (is_id(kept, "smtp.rejected") || is_id(kept, "smtp.deferred"));
    g_ptr_array_add(told->findings, kept);
    self->kept += SS_TOLD_FINDING_SIZE;
}

static int
by_severity(const void *a, const void *b)
{
    const SsToldFinding *x = *(SsToldFinding *const *)a;
    const SsToldFinding *y = *(SsToldFinding *const *)b;

    if (x->severity != y->severity) {
        return y->severity - x->severity;
    }
    return strcmp(x->id, y->id); /* g_ptr_array_sort is stable */
}

/* One behind the last of the findings that have the id of the one at `first`. */
static size_t
end_of_id(const GPtrArray *findings, size_t first)
{
    const SsToldFinding *finding = g_ptr_array_index(findings, first);
    size_t end = first + 1;

    while (end < findings->len &&
           strcmp(((SsToldFinding *)g_ptr_array_index(findings, end))->id, finding->id) == 0) {
        end++;
    }
    return end;
}

/* The host hands on the first of an id, and counts all. */
static uint64_t
total_of(const SsEventSession *session, const char *id, uint64_t n_seen)
{
    const SsTally *tally = session->findings.items;

    for (size_t i = 0; i < session->findings.n; i++) {
        if (ss_slice_eq(tally[i].key, ss_slice_str(id))) {
            return MAX(tally[i].n, n_seen);
        }
    }
    return n_seen;
}

void
ss_verdict_count_findings(SsTimeline *self, SsTold *told, const SsEventSession *session)
{
    g_ptr_array_sort(told->findings, by_severity);
    for (size_t i = 0, end; i < told->findings->len; i = end) {
        SsToldFinding *first = g_ptr_array_index(told->findings, i);
        g_autofree char *name = NULL;

        end = end_of_id(told->findings, i);
        first->total = total_of(session, first->id, end - i);
        if (first->severity == SS_SEVERITY_HIGH) {
            told->n_high += first->total;
        }
        name = g_strdup_printf("%d%s", SS_SEVERITY_HIGH - first->severity, first->id);
        ss_totals_count(self->totals.ids, name, first->total, NULL);
    }
}

/* Refusals stand with their recipients already, logins in the head: one paragraph is enough. */
static bool
is_told_once(const SsToldFinding *finding)
{
    return finding->is_told || is_id(finding, "auth.cleartext") || is_id(finding, "auth.failure") ||
           is_id(finding, "tcp.gap");
}

/* One behind the last that is told in the same paragraph as the one at `first`. */
static size_t
end_of_paragraph(const GPtrArray *findings, size_t first)
{
    const SsToldFinding *finding = g_ptr_array_index(findings, first);
    size_t end = first + 1, end_of_all = end_of_id(findings, first);

    while (end < end_of_all &&
           ((is_told_once(finding) && is_told_once(g_ptr_array_index(findings, end))) ||
            strcmp(((SsToldFinding *)g_ptr_array_index(findings, end))->summary,
                   finding->summary) == 0)) {
        end++;
    }
    return end;
}

/* "4 × ", where there are several and the text is that of each. */
static void
append_text(GString *text, const SsTold *told, const SsEventSession *session, size_t first,
            size_t end)
{
    const SsToldFinding *finding = g_ptr_array_index(told->findings, first);
    const SsToldFinding *last = g_ptr_array_index(told->findings, end - 1);
    uint64_t n = MAX(finding->total, end - first);

    if (finding->is_told) {
        g_string_append(text, "told above");
    } else if (n > 1 && is_id(finding, "tcp.gap")) {
        g_string_append(text, "the capture lacks ");
        ss_words_count(text, MAX(told->missing_bytes[0], session->client.missing_bytes) +
                                 MAX(told->missing_bytes[1], session->server.missing_bytes));
        g_string_append(text, " bytes, in ");
        ss_words_count(text, n);
        g_string_append(text, " places; the first: ");
        g_string_append(text, finding->summary);
    } else if (n > 1 && is_told_once(finding)) {
        g_string_append(text, finding->summary);
        if (end - first > 1 && strcmp(finding->summary, last->summary) == 0) {
            g_string_append(text, "; ");
            ss_words_count(text, n);
            g_string_append(text, " times");
        } else {
            g_string_append(text, "; and ");
            ss_words_counted(text, n - 1, "more login", "more logins");
            g_string_append(text, " like it");
        }
    } else {
        if (end - first > 1) {
            ss_words_count(text, end - first);
            g_string_append(text, " × ");
        }
        g_string_append(text, finding->summary);
    }
}

static void
append_frames(GString *text, const SsTold *told, size_t first, size_t end, bool is_cut)
{
    g_autoptr(GString) frames = g_string_new(NULL);
    const char *before = "";

    for (size_t i = first; i < end; i++) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        if (*finding->frames && strcmp(finding->frames, before) != 0) {
            g_string_append_printf(frames, "%s%s", frames->len ? ", " : "", finding->frames);
            before = finding->frames;
        }
    }
    if (frames->len == 0) {
        return;
    }
    if (is_cut) {
        g_string_append(frames, ", …");
    }
    g_string_append_printf(text, " (frame%s %s)", strchr(frames->str, ',') ? "s" : "", frames->str);
}

/* -q shows what must not be missed; a password in the clear stands with its login in the head. */
static bool
is_shown(const SsToldFinding *finding, bool is_quiet)
{
    return !is_quiet ||
           (finding->severity == SS_SEVERITY_HIGH && !is_id(finding, "auth.cleartext"));
}

void
ss_verdict_put_findings(SsPage *page, const SsTold *told, const SsEventSession *session,
                        bool is_quiet)
{
    static const char *const names[] = {"info", "low", "medium", "HIGH"};
    static const SsInk inks[] = {SS_INK_DIM, SS_INK_PLAIN, SS_INK_WARN, SS_INK_BAD};
    size_t widest = 0;

    for (size_t i = 0; i < told->findings->len; i++) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        if (is_shown(finding, is_quiet)) {
            widest = MAX(widest, strlen(finding->id));
        }
    }
    if (widest == 0) {
        return;
    }
    ss_page_end_line(page);
    for (size_t i = 0, end, first_of_id = 0; i < told->findings->len; i = end) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        size_t indent = 10 + widest + 2, end_of_all = end_of_id(told->findings, i);
        g_autoptr(GString) text = g_string_new(NULL);
        uint64_t total;

        end = end_of_paragraph(told->findings, i);
        first_of_id = finding->total ? i : first_of_id;
        total = ((SsToldFinding *)g_ptr_array_index(told->findings, first_of_id))->total;
        if (!is_shown(finding, is_quiet)) {
            continue;
        }
        append_text(text, told, session, i, end);
        append_frames(text, told, i, end, end == end_of_all && total > end - first_of_id);
        ss_page_pad(page, 2);
        ss_page_put(page, inks[finding->severity], names[finding->severity]);
        ss_page_pad(page, 10);
        ss_page_put(page, SS_INK_STRONG, finding->id);
        ss_page_pad(page, indent);
        ss_page_wrap(page, SS_INK_PLAIN, text->str, indent, SS_INK_PLAIN, NULL);
        if (end == end_of_all && total > end - first_of_id) {
            g_string_assign(text, "… ");
            ss_words_count(text, total);
            g_string_append_printf(text, " in all, the first %zu shown", end - first_of_id);
            ss_page_pad(page, indent);
            ss_page_wrap(page, SS_INK_PLAIN, text->str, indent, SS_INK_PLAIN, NULL);
        }
    }
}
