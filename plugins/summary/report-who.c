/*
 * Tables by name: who sent, who took, for which domains, what was refused and why, what was slow.
 */
#include "plugins/summary/summary.h"

#define LABEL_COLUMN 2
#define SHOWN_TEXTS 3

/* --- hosts and domains --- */

typedef struct {
    const char *title;
    const char *const *columns;
    bool has_more;
} Shape;

static void
put_name(SsPage *page, const SsTopRow *row, size_t n_columns)
{
    size_t room = ss_report_edge(page, n_columns) - LABEL_COLUMN;
    g_autoptr(GString) text = g_string_new(row->name);
    g_autofree char *shown = NULL;

    if (row->also) {
        g_string_append_printf(text, " (%s)", row->also);
    }
    shown = ss_page_shorten(text->str, room, 8);
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_PLAIN, shown);
}

static void
put_numbers(SsPage *page, const SsTopRow *row, bool has_more)
{
    size_t n = has_more ? 4 : 3, i = 0;
    const uint64_t counts[] = {row->n, row->more, row->refused};
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t at = 0; at < G_N_ELEMENTS(counts); at++) {
        if (at != 1 || has_more) {
            g_string_truncate(text, 0);
            ss_words_count(text, counts[at]);
            ss_report_number(page, i++, n, text->str);
        }
    }
    g_string_truncate(text, 0);
    ss_report_bytes(text, row->bytes);
    ss_report_number(page, i, n, text->str);
    ss_page_end_line(page);
}

/* What is in no row of its own: the rest of the table, and what the table had no room for. */
static void
put_others(SsPage *page, const GPtrArray *rows, size_t from, const SsTop *top, bool has_more)
{
    SsTopRow sum = {0};
    g_autoptr(GString) text = g_string_new("… ");

    for (guint i = (guint)from; i < rows->len; i++) {
        const SsTopRow *row = g_ptr_array_index(rows, i);
        sum.n += row->n;
        sum.more += row->more;
        sum.refused += row->refused;
        sum.bytes += row->bytes;
    }
    ss_words_count(text, rows->len - from);
    g_string_append(text, " more");
    sum.name = text->str;
    if (rows->len > from) {
        put_name(page, &sum, has_more ? 4 : 3);
        put_numbers(page, &sum, has_more);
    }
    if (top->names_given_up) {
        g_string_assign(text, "… and ");
        ss_words_count(text, top->n_given_up);
        g_string_append(text, " of ");
        ss_words_counted(text, top->names_given_up, "name", "names");
        g_string_append(text, " that were rare when the table was full: the counts above are "
                              "lower bounds");
        ss_page_pad(page, LABEL_COLUMN);
        ss_page_wrap(page, SS_INK_WARN, text->str, LABEL_COLUMN + 2, SS_INK_PLAIN, NULL);
    }
}

static int
by_size(const void *a, const void *b)
{
    const SsTopRow *x = *(SsTopRow *const *)a;
    const SsTopRow *y = *(SsTopRow *const *)b;

    if (x->bytes != y->bytes) {
        return x->bytes < y->bytes ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

static void
put_table(const SsSummary *self, SsPage *page, const SsTop *top, const Shape *shape, size_t max)
{
    g_autoptr(GPtrArray) rows = ss_top_sorted(top);
    size_t n = MIN(rows->len, max);

    if (n == 0) {
        return;
    }
    if (self->is_by_size) {
        g_ptr_array_sort(rows, by_size);
    }
    ss_report_head(page, shape->title, shape->columns);
    for (size_t i = 0; i < n; i++) {
        const SsTopRow *row = g_ptr_array_index(rows, i);
        put_name(page, row, shape->has_more ? 4 : 3);
        put_numbers(page, row, shape->has_more);
    }
    put_others(page, rows, n, top, shape->has_more);
}

/* --- refusals --- */

typedef struct {
    char *reason;
    uint64_t n;
    GPtrArray *texts; /* of SsTopRow, borrowed, the largest first */
} Reason;

static void
reason_free(void *data)
{
    Reason *reason = data;

    g_free(reason->reason);
    g_ptr_array_unref(reason->texts);
    g_free(reason);
}

static int
compare_reasons(const void *a, const void *b)
{
    const Reason *x = *(Reason *const *)a;
    const Reason *y = *(Reason *const *)b;

    if (x->n != y->n) {
        return x->n < y->n ? 1 : -1;
    }
    return strcmp(x->reason, y->reason);
}

/* A row's name is the reason, LF, the server's words. */
static GPtrArray *
group(const GPtrArray *rows)
{
    g_autoptr(GHashTable) by_reason = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *reasons = g_ptr_array_new_with_free_func(reason_free);

    for (guint i = 0; i < rows->len; i++) {
        SsTopRow *row = g_ptr_array_index(rows, i);
        g_autofree char *name = g_strndup(row->name, strcspn(row->name, "\n"));
        Reason *reason = g_hash_table_lookup(by_reason, name);

        if (!reason) {
            reason = g_new(Reason, 1);
            *reason = (Reason){g_steal_pointer(&name), 0, g_ptr_array_new()};
            g_hash_table_insert(by_reason, reason->reason, reason);
            g_ptr_array_add(reasons, reason);
        }
        reason->n += row->n;
        g_ptr_array_add(reason->texts, row);
    }
    g_ptr_array_sort(reasons, compare_reasons);
    return reasons;
}

char *
ss_report_main_reason(const SsSummary *self, uint64_t *ret_n)
{
    g_autoptr(GPtrArray) rows = ss_top_sorted(&self->refusals);
    g_autoptr(GPtrArray) reasons = group(rows);
    const Reason *first = reasons->len ? g_ptr_array_index(reasons, 0) : NULL;

    *ret_n = first ? first->n : 0;
    return first ? g_strdup(first->reason) : NULL;
}

static void
put_count_and_text(SsPage *page, size_t end, SsInk ink, uint64_t n, const char *text)
{
    g_autoptr(GString) count = g_string_new(NULL);

    ss_words_count(count, n);
    ss_page_pad(page, end > count->len ? end - count->len : 0);
    ss_page_put(page, ink, count->str);
    ss_page_put(page, ink, "  ");
    ss_page_wrap(page, ink, text, page->column, SS_INK_PLAIN, NULL);
}

static void
put_reason(SsPage *page, const Reason *reason)
{
    uint64_t rest = 0;

    put_count_and_text(page, 12, SS_INK_PLAIN, reason->n, reason->reason);
    for (guint i = 0; i < reason->texts->len; i++) {
        const SsTopRow *row = g_ptr_array_index(reason->texts, i);
        const char *text = row->name + strlen(reason->reason) + 1;
        if (i < SHOWN_TEXTS && *text) {
            g_autofree char *quoted = g_strdup_printf("\"%s\"", text);
            put_count_and_text(page, 20, SS_INK_DIM, row->n, quoted);
        } else if (*text) {
            rest += row->n;
        }
    }
    if (rest) {
        put_count_and_text(page, 20, SS_INK_DIM, rest, "in other words");
    }
}

static void
put_refusals(const SsSummary *self, SsPage *page)
{
    g_autoptr(GPtrArray) rows = ss_top_sorted(&self->refusals);
    g_autoptr(GPtrArray) reasons = group(rows);
    uint64_t rest = self->refusals.n_given_up;

    if (reasons->len == 0) {
        return;
    }
    ss_report_head(page, "refused (5yz) or deferred (4yz), by reason", NULL);
    for (guint i = 0; i < reasons->len; i++) {
        const Reason *reason = g_ptr_array_index(reasons, i);
        if (i < self->top) {
            put_reason(page, reason);
        } else {
            rest += reason->n;
        }
    }
    if (rest) {
        put_count_and_text(page, 12, SS_INK_PLAIN, rest, "for other reasons");
    }
}

/* --- the slowest replies --- */

static void
put_slowest(const SsSummary *self, SsPage *page)
{
    if (self->n_slowest == 0) {
        return;
    }
    ss_report_head(page, "slowest replies", NULL);
    for (size_t i = 0; i < self->n_slowest; i++) {
        const SsSlow *slow = &self->slowest[i];
        g_autoptr(GString) text = g_string_new(NULL);
        const char *to = strcmp(slow->to, "data") == 0     ? "the content"
                         : strcmp(slow->to, "banner") == 0 ? "the connection (banner)"
                                                           : slow->to;
        ss_words_duration(text, slow->latency_ns);
        ss_page_pad(page, 14 > ss_page_cells(text->str) ? 14 - ss_page_cells(text->str) : 0);
        ss_page_put(page, SS_INK_PLAIN, text->str);
        g_string_printf(text, "  %03" PRIu64 " to %s, session #%" PRIu64 ", packet %" PRIu64,
                        slow->code, to, slow->session, slow->frame);
        ss_page_wrap(page, SS_INK_PLAIN, text->str, page->column, SS_INK_PLAIN, NULL);
    }
}

/* --- servers without STARTTLS --- */

void
ss_report_put_never_offered(const SsSummary *self, SsPage *page)
{
    static const char *const columns[] = {"sessions", "messages", NULL};
    g_autoptr(GPtrArray) rows = ss_top_sorted(&self->servers);
    size_t n = 0;

    for (guint i = 0; i < rows->len; i++) {
        const SsTopRow *row = g_ptr_array_index(rows, i);
        if (row->hellos == 0 || row->offers) {
            continue;
        }
        if (n == 0) {
            ss_report_head(page, "servers that never offered STARTTLS", columns);
        }
        if (n++ < self->top) {
            g_autoptr(GString) text = g_string_new(NULL);
            put_name(page, row, 2);
            ss_words_count(text, row->n);
            ss_report_number(page, 0, 2, text->str);
            g_string_truncate(text, 0);
            ss_words_count(text, row->in_clear);
            ss_report_number(page, 1, 2, text->str);
            ss_page_end_line(page);
        }
    }
    if (n > self->top) {
        g_autoptr(GString) text = g_string_new("… ");
        ss_words_count(text, n - self->top);
        g_string_append(text, " more");
        ss_page_pad(page, LABEL_COLUMN);
        ss_page_wrap(page, SS_INK_PLAIN, text->str, LABEL_COLUMN, SS_INK_PLAIN, NULL);
    }
}

void
ss_report_put_who(const SsSummary *self, SsPage *page)
{
    static const char *const host_columns[] = {"sessions", "messages", "declined", "bytes", NULL};
    static const char *const from_columns[] = {"messages", "declined", "bytes", NULL};
    static const char *const to_columns[] = {"recipients", "declined", "bytes", NULL};
    const struct {
        const SsTop *top;
        Shape shape;
        size_t max;
    } tables[] = {
        {&self->clients, {"clients", host_columns, true}, self->top},
        {&self->servers, {"servers", host_columns, true}, self->top},
        {&self->senders, {"domains of senders", from_columns, false}, self->top},
        {&self->recipients, {"domains of recipients", to_columns, false}, self->top},
        {&self->from, {"senders", from_columns, false}, self->addresses},
        {&self->to, {"recipients", to_columns, false}, self->addresses},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        put_table(self, page, tables[i].top, &tables[i].shape, tables[i].max);
    }
    put_refusals(self, page);
    put_slowest(self, page);
}
