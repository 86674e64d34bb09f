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

void
ss_verdict_finding(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventFinding *finding = &event->finding;
    int severity = CLAMP(finding->severity, SS_SEVERITY_INFO, SS_SEVERITY_HIGH);
    SsToldFinding *kept = g_new0(SsToldFinding, 1);
    g_autofree char *name = NULL;

    kept->severity = severity;
    kept->message = finding->message;
    kept->id = ss_timeline_safe(self, finding->id, 64);
    kept->summary = ss_timeline_safe(self, finding->summary, SS_SHOWN_MAX);
    kept->frames = frames_of(finding);
    g_ptr_array_add(told->findings, kept);
    told->n_findings[severity]++;
    self->totals.n_findings[severity]++;
    name = g_strdup_printf("%d%s", SS_SEVERITY_HIGH - severity, kept->id);
    ss_totals_count(self->totals.ids, name, NULL);
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

/* Refusals stand with their recipients already: only their id and frames are told again. */
static bool
is_told_above(const SsToldFinding *finding)
{
    return strcmp(finding->id, "smtp.rejected") == 0 || strcmp(finding->id, "smtp.deferred") == 0;
}

/* Those of one id stand side by side: their frames on one line. */
static char *
text_of(const GPtrArray *findings, size_t *i)
{
    const SsToldFinding *finding = g_ptr_array_index(findings, *i);
    g_autoptr(GString) frames = g_string_new(finding->frames);
    const char *text = is_told_above(finding) ? "told above" : finding->summary;

    while (is_told_above(finding) && *i + 1 < findings->len) {
        const SsToldFinding *next = g_ptr_array_index(findings, *i + 1);
        if (strcmp(next->id, finding->id) != 0) {
            break;
        }
        g_string_append_printf(frames, "%s%s", frames->len ? ", " : "", next->frames);
        ++*i;
    }
    if (frames->len == 0) {
        return g_strdup(text);
    }
    return g_strdup_printf("%s (frame%s %s)", text, strchr(frames->str, ',') ? "s" : "",
                           frames->str);
}

void
ss_verdict_put_findings(SsPage *page, const SsTold *told)
{
    static const char *const names[] = {"info", "low", "medium", "HIGH"};
    static const SsInk inks[] = {SS_INK_DIM, SS_INK_PLAIN, SS_INK_WARN, SS_INK_BAD};
    size_t widest = 0;

    if (told->findings->len == 0) {
        return;
    }
    ss_page_end_line(page);
    g_ptr_array_sort(told->findings, by_severity);
    for (size_t i = 0; i < told->findings->len; i++) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        widest = MAX(widest, strlen(finding->id));
    }
    for (size_t i = 0; i < told->findings->len; i++) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        size_t indent = 10 + widest + 2;
        g_autofree char *text = text_of(told->findings, &i);

        ss_page_pad(page, 2);
        ss_page_put(page, inks[finding->severity], names[finding->severity]);
        ss_page_pad(page, 10);
        ss_page_put(page, SS_INK_STRONG, finding->id);
        ss_page_pad(page, indent);
        ss_page_wrap(page, SS_INK_PLAIN, text, indent, SS_INK_PLAIN, NULL);
    }
}
