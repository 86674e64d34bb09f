/*
 * The page, problems first: what is wrong, what was read, what became of it, when, how well it was
 * captured.
 */
#include "plugins/summary/summary.h"

#define LABEL_COLUMN 2
#define COUNT_END 20
#define NUMBER_CELLS 10
#define BAR_CELLS 20

/* --- layout --- */

size_t
ss_report_edge(const SsPage *page, size_t n)
{
    return page->width - n * NUMBER_CELLS;
}

void
ss_report_number(SsPage *page, size_t i, size_t n, const char *text)
{
    size_t end = ss_report_edge(page, n) + (i + 1) * NUMBER_CELLS;
    size_t cells = ss_page_cells(text);

    ss_page_pad(page, end > cells ? end - cells : 0);
    ss_page_put(page, SS_INK_PLAIN, text);
}

void
ss_report_head(SsPage *page, const char *title, const char *const *columns)
{
    size_t n = 0;

    while (columns && columns[n]) {
        n++;
    }
    ss_page_end_line(page);
    ss_page_put(page, SS_INK_STRONG, title);
    for (size_t i = 0; i < n; i++) {
        size_t end = ss_report_edge(page, n) + (i + 1) * NUMBER_CELLS;
        ss_page_pad(page, end - ss_page_cells(columns[i]));
        ss_page_put(page, SS_INK_DIM, columns[i]);
    }
    ss_page_end_line(page);
}

/* "  accepted        1,234  text": the numbers right-aligned below each other. */
static void
put_row(SsPage *page, SsInk ink, const char *label, uint64_t n, const char *text)
{
    g_autoptr(GString) count = g_string_new(NULL);

    ss_words_count(count, n);
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_DIM, label);
    ss_page_pad(page, count->len < COUNT_END ? COUNT_END - count->len : 0);
    ss_page_put(page, SS_INK_PLAIN, count->str);
    if (*text) {
        ss_page_put(page, SS_INK_PLAIN, "  ");
    }
    ss_page_wrap(page, ink, text, page->column, SS_INK_PLAIN, NULL);
}

static void
put_line(SsPage *page, SsInk ink, const char *mark, const char *text)
{
    ss_page_put(page, ink, mark);
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

void
ss_report_bytes(GString *to, uint64_t n)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    uint64_t unit = 1000;
    size_t i = 0;

    if (n < 10000) {
        ss_words_count(to, n);
        g_string_append(to, " B");
        return;
    }
    while (n / unit >= 1000 && i + 1 < G_N_ELEMENTS(units)) {
        unit *= 1000;
        i++;
    }
    g_string_append_printf(to, "%" PRIu64 ".%d %s", n / unit, (int)(n % unit / (unit / 10)),
                           units[i]);
}

/* --- problems --- */

static uint64_t
sum_of(const SsList *tallies)
{
    const SsTally *tally = tallies->items;
    uint64_t sum = 0;

    for (size_t i = 0; i < tallies->n; i++) {
        sum += tally[i].n;
    }
    return sum;
}

static void
put_own_problems(const SsSummary *self, SsPage *page, const SsEventCapture *capture)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (sum_of(&capture->ledger.packets) != capture->packets) {
        put_line(page, SS_INK_BAD, "!! ",
                 "the ledger of packets does not come out even: please report this");
    }
    if (self->gaps) {
        ss_words_counted(text, self->gap_bytes, "byte", "bytes");
        g_string_append(text, " of sessions are missing, in ");
        ss_words_counted(text, self->gaps, "place", "places");
        g_string_append(text, ": what is said of those sessions is incomplete");
        put_line(page, SS_INK_BAD, "!! ", text->str);
    }
    if (self->conflicts) {
        g_string_truncate(text, 0);
        g_string_append(text, "bytes that came in two readings, ");
        ss_words_counted(text, self->conflicts, "time", "times");
        g_string_append(text, ": somebody may deceive the receiver, or whoever watches (see the "
                              "findings tcp.conflict)");
        put_line(page, SS_INK_BAD, "!! ", text->str);
    }
    if (self->logins_shown) {
        g_string_truncate(text, 0);
        ss_words_counted(text, self->logins_shown, "login", "logins");
        g_string_append(text, " showed a password or token to everyone on the way");
        put_line(page, SS_INK_BAD, "!! ", text->str);
    }
}

/* A reply slower than this needs attention. */
#define SLOW_NS (5 * INT64_C(1000000000))

/* Packets sent again, of a hundred, that do. */
#define LOSS_PERCENT 1

/* What is no fault of the capture, and should not go on for long. */
static void
put_attention(const SsSummary *self, SsPage *page, uint64_t n_medium)
{
    uint64_t declined = self->rcpt_refused + self->rcpt_deferred, n_reason;
    uint64_t packets = self->half[0].packets + self->half[1].packets;
    uint64_t again = self->half[0].retransmitted_packets + self->half[1].retransmitted_packets;
    g_autofree char *reason = ss_report_main_reason(self, &n_reason);
    g_autoptr(GString) text = g_string_new(NULL);

    if (reason && declined) {
        ss_words_count(text, declined);
        g_string_append(text, " of ");
        ss_words_counted(text, self->rcpt_accepted + declined + self->rcpt_unknown, "recipient",
                         "recipients");
    } else if (reason) {
        ss_words_count(text, self->by_outcome[SS_OUTCOME_REJECTED] +
                                 self->by_outcome[SS_OUTCOME_DEFERRED]);
        g_string_append(text, " of ");
        ss_words_counted(text, self->messages, "message", "messages");
    }
    if (reason) {
        g_string_append_printf(text, " refused or put off; most often: %s, ", reason);
        ss_words_counted(text, n_reason, "time", "times");
        put_line(page, SS_INK_WARN, "-- ", text->str);
    }
    if (n_medium) {
        g_string_truncate(text, 0);
        ss_words_counted(text, n_medium, "finding", "findings");
        g_string_append(text, " of severity medium");
        put_line(page, SS_INK_WARN, "-- ", text->str);
    }
    if (self->n_slowest && self->slowest[0].latency_ns >= SLOW_NS) {
        g_string_assign(text, "a reply took ");
        ss_words_duration(text, self->slowest[0].latency_ns);
        g_string_append_printf(text, ": see session #%" PRIu64, self->slowest[0].session);
        put_line(page, SS_INK_WARN, "-- ", text->str);
    }
    if (again > 1 && again * 100 >= packets * LOSS_PERCENT) {
        g_string_truncate(text, 0);
        ss_words_share(text, again, packets);
        g_string_append(text, " of the packets were sent again: some are lost on the way");
        put_line(page, SS_INK_WARN, "-- ", text->str);
    }
}

static void
put_problems(const SsSummary *self, SsPage *page, const SsEventCapture *capture)
{
    g_autoptr(GPtrArray) lines = ss_health_of(capture);
    GPtrArray *findings = ss_top_sorted(&self->findings);
    uint64_t n_high = 0, n_medium = 0;
    g_autoptr(GString) text = g_string_new(NULL);
    size_t before = page->text->len;

    ss_health_add_limits(lines, capture);
    for (guint i = 0; i < lines->len; i++) {
        const SsHealthLine *line = g_ptr_array_index(lines, i);
        if (line->is_bad) {
            put_line(page, SS_INK_BAD, "!! ", line->text);
        }
    }
    put_own_problems(self, page, capture);
    for (guint i = 0; i < findings->len; i++) {
        const SsTopRow *row = g_ptr_array_index(findings, i);
        n_high += row->more == SS_SEVERITY_HIGH ? row->n : 0;
        n_medium += row->more == SS_SEVERITY_MEDIUM ? row->n : 0;
    }
    g_ptr_array_unref(findings);
    if (n_high) {
        ss_words_counted(text, n_high, "finding", "findings");
        g_string_append(text, " of severity HIGH");
        put_line(page, SS_INK_BAD, "!! ", text->str);
    }
    put_attention(self, page, n_medium);
    for (guint i = 0; i < lines->len; i++) {
        const SsHealthLine *line = g_ptr_array_index(lines, i);
        if (!line->is_bad) {
            put_line(page, SS_INK_PLAIN, "-- ", line->text);
        }
    }
    if (page->text->len > before) {
        ss_page_end_line(page);
    }
}

/* --- what was read --- */

/* One input has no name here, so that the page is the same through a pipe. */
static void
put_inputs(const SsSummary *self, SsPage *page, const SsEventCapture *capture)
{
    const SsInput *input = capture->inputs.items;

    for (size_t i = 0; i < MIN(capture->inputs.n, self->top); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        if (capture->inputs.n > 1) {
            ss_words_append(text, self->host, input[i].name, SS_NAME_MAX);
            g_string_append(text, ", ");
        }
        if (input[i].first_ns != SS_TIME_NONE) {
            g_string_append(text, "from ");
            ss_words_time(text, input[i].first_ns);
            g_string_append(text, " on, for ");
            ss_words_duration(text, input[i].last_ns - input[i].first_ns);
        } else {
            g_string_append(text, "no packet");
        }
        ss_page_pad(page, LABEL_COLUMN);
        ss_page_wrap(page, SS_INK_PLAIN, text->str, LABEL_COLUMN + 2, SS_INK_PLAIN, NULL);
    }
    if (capture->inputs.n > self->top) {
        g_autoptr(GString) text = g_string_new("… ");
        ss_words_count(text, capture->inputs.n - self->top);
        g_string_append(text, " more");
        ss_page_pad(page, LABEL_COLUMN);
        ss_page_wrap(page, SS_INK_PLAIN, text->str, LABEL_COLUMN, SS_INK_PLAIN, NULL);
    }
}

static void
put_read(const SsSummary *self, SsPage *page, const SsEventCapture *capture)
{
    ss_page_put(page, SS_INK_STRONG, "what was read");
    ss_page_end_line(page);
    put_inputs(self, page, capture);
    put_row(page, SS_INK_PLAIN, "packets", capture->packets, "");
    if (capture->dropped != SS_COUNT_NONE) {
        put_row(page, SS_INK_PLAIN, "dropped", capture->dropped, "");
    }
}

/* --- the ledger --- */

#define SHARE_CELLS 9
#define COUNT_CELLS 12
#define LEDGER_CELLS (2 * (COUNT_CELLS + SHARE_CELLS))

static void
put_right(SsPage *page, size_t end, const char *text)
{
    size_t cells = ss_page_cells(text);

    ss_page_pad(page, end > cells ? end - cells : 0);
    ss_page_put(page, SS_INK_PLAIN, text);
}

static void
put_ledger_row(SsPage *page, const char *label, const uint64_t n[2], const uint64_t all[2])
{
    size_t edge = page->width - LEDGER_CELLS;
    g_autofree char *shown = ss_page_shorten(label, edge - LABEL_COLUMN, 0);

    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_PLAIN, shown);
    for (size_t i = 0; i < 2; i++) {
        size_t end = edge + i * (LEDGER_CELLS / 2) + COUNT_CELLS;
        g_autoptr(GString) count = g_string_new(NULL);
        g_autoptr(GString) share = g_string_new(NULL);
        ss_words_count(count, n[i]);
        ss_words_share(share, n[i], all[i]);
        put_right(page, end, count->str);
        put_right(page, end + SHARE_CELLS, n[i] ? share->str : "");
    }
    ss_page_end_line(page);
}

static void
put_ledger(SsPage *page, const SsEventCapture *capture)
{
    const SsTally *tally = capture->ledger.packets.items;
    const SsTally *bytes = capture->ledger.bytes.items;
    uint64_t all[2] = {sum_of(&capture->ledger.packets), sum_of(&capture->ledger.bytes)};

    ss_page_end_line(page);
    ss_page_put(page, SS_INK_STRONG, "where packets and payload went");
    put_right(page, page->width - LEDGER_CELLS + COUNT_CELLS, "packets");
    put_right(page, page->width - SHARE_CELLS, "bytes");
    ss_page_end_line(page);
    for (size_t i = 0; i < capture->ledger.packets.n; i++) {
        g_autofree char *name = g_strndup((const char *)tally[i].key.data, tally[i].key.len);
        g_autofree char *label = ss_health_bucket(tally[i].key);
        uint64_t n[2] = {tally[i].n, ss_tally_of(&capture->ledger.bytes, name)};
        put_ledger_row(page, label, n, all);
    }
    /* Bytes of a packet that is counted elsewhere: a part of a segment that was seen before. */
    for (size_t i = 0; i < capture->ledger.bytes.n; i++) {
        g_autofree char *name = g_strndup((const char *)bytes[i].key.data, bytes[i].key.len);
        if (ss_tally_of(&capture->ledger.packets, name) == 0) {
            g_autofree char *label = ss_health_bucket(bytes[i].key);
            uint64_t n[2] = {0, bytes[i].n};
            put_ledger_row(page, label, n, all);
        }
    }
    put_ledger_row(page, "all that was read", all, all);
}

/* --- totals --- */

static void
put_sessions(const SsSummary *self, SsPage *page)
{
    static const char *const states[] = {
        "ended with QUIT", "closed without QUIT", "reset",   "fell silent",
        "open at the end", "not readable (TLS)",  "not SMTP"};
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(self->by_state); i++) {
        append_part(text, self->by_state[i], states[i]);
    }
    append_part(text, self->wordless, "of them without a word");
    put_row(page, SS_INK_PLAIN, "sessions", self->sessions, text->str);
    g_string_truncate(text, 0);
    append_part(text, self->by_security[SS_SECURITY_NONE], "in the clear");
    append_part(text, self->by_security[SS_SECURITY_STARTTLS], "STARTTLS");
    append_part(text, self->by_security[SS_SECURITY_SMTPS], "TLS");
    append_part(text, self->unread, "not decrypted: their mail is not counted");
    if (text->len) {
        ss_page_pad(page, COUNT_END + 2);
        ss_page_wrap(page, SS_INK_PLAIN, text->str, COUNT_END + 2, SS_INK_PLAIN, NULL);
    }
}

/* "3 addresses of 2 domains" */
static void
put_names(SsPage *page, const char *label, const SsTop *addresses, const SsTop *domains)
{
    g_autoptr(GString) text = g_string_new("of ");
    uint64_t n = g_hash_table_size(addresses->rows) + addresses->names_given_up;

    ss_words_counted(text, g_hash_table_size(domains->rows) + domains->names_given_up, "domain",
                     "domains");
    put_row(page, SS_INK_PLAIN, label, n, text->str);
}

static void
put_deliveries(const SsSummary *self, SsPage *page)
{
    static const char *const kinds[] = {
        "tried again", "greylisted",       "tried at another server",
        "passed on",   "of several kinds", "sent more than once"};
    g_autoptr(GString) text = g_string_new("over several connections: ");
    size_t before = text->len;

    if (self->deliveries == 0) {
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (self->by_kind[i]) {
            g_string_append(text, text->len > before ? ", " : "");
            ss_words_count(text, self->by_kind[i]);
            g_string_append_printf(text, " %s", kinds[i]);
        }
    }
    put_row(page, SS_INK_PLAIN, "deliveries", self->deliveries, text->str);
    if (self->n_greylisted) {
        g_string_assign(text, "were greylisted and accepted after ");
        ss_words_duration(text, self->greylisted_ns / (int64_t)self->n_greylisted);
        g_string_append(text, " on average, ");
        ss_words_duration(text, self->greylisted_max_ns);
        g_string_append(text, " at most");
        put_row(page, SS_INK_PLAIN, "", self->n_greylisted, text->str);
    }
}

static void
put_totals(const SsSummary *self, SsPage *page)
{
    g_autoptr(GString) text = g_string_new(NULL);

    ss_report_head(page, "totals", NULL);
    put_sessions(self, page);
    append_part(text, self->by_outcome[SS_OUTCOME_ACCEPTED], "accepted");
    append_part(text, self->by_outcome[SS_OUTCOME_REJECTED], "REFUSED");
    append_part(text, self->by_outcome[SS_OUTCOME_DEFERRED], "DEFERRED");
    append_part(text, self->by_outcome[SS_OUTCOME_INCOMPLETE], "INCOMPLETE");
    append_part(text, self->by_outcome[SS_OUTCOME_UNKNOWN], "unknown");
    put_row(page, SS_INK_PLAIN, "messages", self->messages, text->str);
    put_row(page, SS_INK_PLAIN, "  bytes", self->message_bytes, "of content");
    g_string_truncate(text, 0);
    append_part(text, self->rcpt_accepted, "accepted");
    append_part(text, self->rcpt_refused, "REFUSED");
    append_part(text, self->rcpt_deferred, "DEFERRED");
    append_part(text, self->rcpt_unknown, "unknown");
    put_row(page, SS_INK_PLAIN, "recipients",
            self->rcpt_accepted + self->rcpt_refused + self->rcpt_deferred + self->rcpt_unknown,
            text->str);
    g_string_truncate(text, 0);
    append_part(text, self->by_login[SS_AUTH_SUCCESS], "accepted");
    append_part(text, self->by_login[SS_AUTH_FAILURE], "REFUSED");
    append_part(text, self->by_login[SS_AUTH_ABORTED], "given up");
    append_part(text, self->by_login[SS_AUTH_UNKNOWN], "outcome not seen");
    put_row(page, SS_INK_PLAIN, "logins", self->logins, text->str);
    if (self->messages) {
        put_names(page, "senders", &self->from, &self->senders);
        put_names(page, "addressees", &self->to, &self->recipients);
    }
    put_deliveries(self, page);
}

/* --- by hour --- */

static uint64_t
weight_of(const SsSummary *self, const SsSpanRow *row)
{
    uint64_t n = 0;

    for (int i = 0; i < SS_N_OUTCOMES; i++) {
        n += row->by_outcome[i];
    }
    return self->messages ? n : row->sessions;
}

static void
put_span(const SsSummary *self, SsPage *page, const SsSpanRow *row, uint64_t most)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(row->start_h * 3600);
    g_autofree char *label =
        g_date_time_format(time, ss_summary_span_h(self) == 1 ? "%Y-%m-%d %H:00" : "%Y-%m-%d");
    const uint64_t counts[] = {row->sessions, row->by_outcome[SS_OUTCOME_ACCEPTED],
                               row->by_outcome[SS_OUTCOME_REJECTED],
                               row->by_outcome[SS_OUTCOME_DEFERRED]};
    uint64_t weight = weight_of(self, row);
    double part = most ? (double)weight / (double)most : 0;
    size_t cells = (size_t)(part * BAR_CELLS + 0.5);
    size_t end = page->width - BAR_CELLS;

    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_PLAIN, label);
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        ss_words_count(text, counts[i]);
        put_right(page, end - 2 - (3 - i) * NUMBER_CELLS, text->str);
    }
    ss_page_pad(page, end);
    for (size_t i = 0; i < (weight ? MAX(cells, 1) : 0); i++) {
        ss_page_put(page, SS_INK_DIM, "#");
    }
    ss_page_end_line(page);
}

static void
put_hours(const SsSummary *self, SsPage *page)
{
    static const char *const names[] = {"sessions", "accepted", "refused", "deferred"};
    int64_t span_h = ss_summary_span_h(self);
    const char *title = span_h == 1    ? "by hour (UTC)"
                        : span_h == 24 ? "by day (UTC)"
                                       : "by time (UTC)";
    uint64_t most = 0;

    ss_page_end_line(page);
    ss_page_put(page, SS_INK_STRONG, title);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        put_right(page, page->width - BAR_CELLS - 2 - (3 - i) * NUMBER_CELLS, names[i]);
    }
    ss_page_end_line(page);
    for (guint i = 0; i < self->spans->len; i++) {
        most = MAX(most, weight_of(self, &g_array_index(self->spans, SsSpanRow, i)));
    }
    for (guint i = 0; i < self->spans->len; i++) {
        const SsSpanRow *row = &g_array_index(self->spans, SsSpanRow, i);
        if (i && row->start_h > row[-1].start_h + span_h) {
            ss_page_pad(page, LABEL_COLUMN);
            ss_page_wrap(page, SS_INK_DIM, "…", LABEL_COLUMN, SS_INK_PLAIN, NULL);
        }
        put_span(self, page, row, most);
    }
}

/* --- TCP --- */

static void
put_direction(SsPage *page, const char *label, const SsDirectionCount *half, uint64_t resets)
{
    g_autoptr(GString) text = g_string_new("packets, ");

    ss_words_counted(text, half->bytes, "byte", "bytes");
    if (half->retransmitted_packets || half->retransmitted_bytes) {
        g_string_append(text, "; sent again ");
        ss_words_share(text, half->retransmitted_packets, half->packets);
        g_string_append(text, " of the packets, ");
        ss_words_counted(text, half->retransmitted_bytes, "byte", "bytes");
    }
    if (half->missing) {
        g_string_append(text, "; missing ");
        ss_words_counted(text, half->missing, "byte", "bytes");
    }
    if (half->zero_windows) {
        g_string_append(text, "; window closed ");
        ss_words_counted(text, half->zero_windows, "time", "times");
    }
    if (resets) {
        g_string_append(text, "; ");
        ss_words_counted(text, resets, "reset", "resets");
    }
    put_row(page, SS_INK_PLAIN, label, half->packets, text->str);
}

static void
put_tcp(const SsSummary *self, SsPage *page)
{
    static const char *const causes[] = {
        "bytes that were acknowledged and not captured",
        "bytes cut off by the snap length",
        "bytes lost on the way, never acknowledged",
        "bytes not waited for any longer, for a limit",
        "bytes missing, nobody knows why",
    };
    g_autoptr(GPtrArray) remarks = ss_top_sorted(&self->remarks);

    ss_report_head(page, "TCP", NULL);
    put_direction(page, "from clients", &self->half[SS_CLIENT], self->resets[SS_CLIENT]);
    put_direction(page, "from servers", &self->half[SS_SERVER], self->resets[SS_SERVER]);
    for (size_t i = 0; i < G_N_ELEMENTS(causes); i++) {
        if (self->by_cause[i]) {
            put_row(page, SS_INK_WARN, "gaps", self->by_cause[i], causes[i]);
        }
    }
    for (guint i = 0; i < remarks->len; i++) {
        const SsTopRow *row = g_ptr_array_index(remarks, i);
        put_row(page, SS_INK_PLAIN, i ? "" : "remarks", row->n, row->name);
    }
}

/* --- findings and protection --- */

static int
by_severity(const void *a, const void *b)
{
    const SsTopRow *x = *(SsTopRow *const *)a;
    const SsTopRow *y = *(SsTopRow *const *)b;

    if (x->more != y->more) {
        return x->more < y->more ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

static void
put_findings(const SsSummary *self, SsPage *page)
{
    static const char *const names[] = {"info", "low", "medium", "HIGH"};
    g_autoptr(GPtrArray) rows = ss_top_sorted(&self->findings);

    ss_report_head(page, "findings", NULL);
    g_ptr_array_sort(rows, by_severity);
    for (guint i = 0; i < rows->len; i++) {
        const SsTopRow *row = g_ptr_array_index(rows, i);
        put_row(page, row->more == SS_SEVERITY_HIGH ? SS_INK_BAD : SS_INK_PLAIN,
                names[row->more & 3], row->n, row->name);
    }
    if (rows->len == 0) {
        put_row(page, SS_INK_PLAIN, "none", 0, "");
    }
}

static void
put_protection(const SsSummary *self, SsPage *page)
{
    static const char *const names[] = {"in the clear", "STARTTLS", "TLS"};

    ss_report_head(page, "protection of messages", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GString) share = g_string_new(NULL);
        ss_words_share(share, self->by_protection[i], self->messages);
        put_row(page, SS_INK_PLAIN, names[i], self->by_protection[i], share->str);
    }
    if (self->unread) {
        put_row(page, SS_INK_PLAIN, "not known", self->unread,
                "sessions whose messages could not be read");
    }
    ss_report_put_never_offered(self, page);
}

void
ss_report_put(const SsSummary *self, SsPage *page, const SsEventCapture *capture)
{
    put_problems(self, page, capture);
    put_read(self, page, capture);
    put_ledger(page, capture);
    put_totals(self, page);
    if (self->sessions) {
        put_hours(self, page);
        ss_report_put_who(self, page);
        put_protection(self, page);
        put_tcp(self, page);
    }
    put_findings(self, page);
}
