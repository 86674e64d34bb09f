/*
 * The summary's inside.
 *
 *     summary.c      the plugin
 *     count.c        events to counts
 *     table.c        names and their counts, the largest kept
 *     report.c       the page: problems, what was read, totals, hours, what was found
 *     report-who.c   the page: hosts, domains, reasons, the slowest replies
 *
 * Nothing is kept of a session or a message but what it adds to a count, and every table has a
 * bound.
 */
#pragma once

#include "base/plugin.h"
#include "plugins/common/health.h"
#include "plugins/common/page.h"
#include "plugins/common/refusal.h"
#include "plugins/common/words.h"

/* Names that a table keeps; with more, the half with the smaller counts is given up. */
#define SS_TABLE_MAX 4096
/* Bytes of a name. */
#define SS_NAME_MAX 255
/* Rows by hour; with more, a row is a day, a week, a year. */
#define SS_SPANS_MAX 336
/* Ids of findings, and remarks on packets: more than there are. */
#define SS_IDS_MAX 256
#define SS_SLOWEST 5
#define SS_N_CAUSES 6

/* --- table.c --- */

typedef struct {
    char *name;              /* safe UTF-8 */
    char *also;              /* another name of it, or NULL */
    uint64_t n;              /* what it is sorted by */
    uint64_t more;           /* sessions' messages, or a finding's severity */
    uint64_t refused, bytes; /* … */
    uint64_t hellos, offers; /* of a server: sessions with EHLO, and with STARTTLS in its reply */
    uint64_t in_clear;       /* of a server: messages it took in the clear */
} SsTopRow;

typedef struct {
    GHashTable *rows; /* name to SsTopRow */
    size_t max;
    uint64_t n_given_up, names_given_up;
} SsTop;

void ss_top_init(SsTop *top, size_t max);
void ss_top_clear(SsTop *top);
/* The row of `name`, made where there is none; borrowed until the next call. */
SsTopRow *ss_top_row(SsTop *top, const char *name);
/* All rows, the largest first, equal ones by name; borrowed ones in an array of the caller's. */
GPtrArray *ss_top_sorted(const SsTop *top);

/* --- counts --- */

typedef struct {
    int64_t start_h; /* hours since 1970 */
    uint64_t sessions, by_outcome[SS_N_OUTCOMES];
} SsSpanRow;

typedef struct {
    int64_t latency_ns;
    uint64_t session, frame, code;
    char *to;
} SsSlow;

typedef struct {
    uint64_t packets, bytes, retransmitted_packets, retransmitted_bytes, missing, zero_windows;
} SsDirectionCount;

typedef struct {
    const SsHost *host;
    SsFile *file;
    unsigned width;
    bool has_color;
    size_t top, addresses; /* rows of a table */
    bool is_by_size;

    uint64_t sessions, by_state[7], by_security[3], wordless, unread;
    uint64_t messages, by_outcome[SS_N_OUTCOMES], by_protection[3], message_bytes;
    uint64_t rcpt_accepted, rcpt_refused, rcpt_deferred, rcpt_unknown;
    uint64_t logins, by_login[4], logins_shown;
    SsDirectionCount half[2];
    uint64_t gaps, gap_bytes, by_cause[SS_N_CAUSES]; /* bytes */
    uint64_t resets[2], conflicts;
    GArray *spans;  /* of SsSpanRow, by time */
    unsigned scale; /* of spans: index into their lengths */
    SsTop clients, servers, senders, recipients, refusals, findings, remarks;
    SsTop from, to; /* addresses of the above */
    uint64_t deliveries, by_kind[SS_DELIVERY_DUPLICATE + 1];
    uint64_t n_greylisted; /* and accepted at last, after so long: */
    int64_t greylisted_ns, greylisted_max_ns;
    SsSlow slowest[SS_SLOWEST];
    size_t n_slowest;
} SsSummary;

/* --- count.c --- */

void ss_summary_count(SsSummary *self, const SsEvent *event);
/* Hours of one row of `spans`. */
int64_t ss_summary_span_h(const SsSummary *self);

/* --- report.c --- */

void ss_report_put(const SsSummary *self, SsPage *page, const SsEventCapture *capture);

/* A section's head: its title, and names of right-aligned columns, NULL-terminated. */
void ss_report_head(SsPage *page, const char *title, const char *const *columns);
/* A right-aligned number in column `i` of those at the page's right edge, of `n`. */
void ss_report_number(SsPage *page, size_t i, size_t n, const char *text);
/* Where the first of `n` columns begins. */
size_t ss_report_edge(const SsPage *page, size_t n);
/* "12.3 MB" */
void ss_report_bytes(GString *to, uint64_t n);

/* --- report-who.c --- */

/* The most frequent reason of refusals, and how often; NULL for none. The caller frees it. */
char *ss_report_main_reason(const SsSummary *self, uint64_t *ret_n);

void ss_report_put_who(const SsSummary *self, SsPage *page);
/* Servers that were greeted with EHLO and never offered STARTTLS. */
void ss_report_put_never_offered(const SsSummary *self, SsPage *page);
