/*
 * A delivery's block: one message over many connections, and why it took them.
 */
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 2
#define VALUE_COLUMN 12
/* Attempts and recipients shown; with -v all. */
#define SHOWN_ROWS 20
#define NAME_CELLS 24

static const char *const fates[SS_N_OUTCOMES] = {
    [SS_OUTCOME_ACCEPTED] = "accepted", [SS_OUTCOME_REJECTED] = "REFUSED",
    [SS_OUTCOME_DEFERRED] = "DEFERRED", [SS_OUTCOME_INCOMPLETE] = "INCOMPLETE",
    [SS_OUTCOME_UNKNOWN] = "unknown",
};

static SsInk
ink_of(int outcome)
{
    return outcome == SS_OUTCOME_ACCEPTED  ? SS_INK_GOOD
           : outcome == SS_OUTCOME_UNKNOWN ? SS_INK_PLAIN
                                           : SS_INK_BAD;
}

static void
put_label(SsPage *page, const char *label)
{
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_DIM, label);
    ss_page_pad(page, VALUE_COLUMN);
}

static void
put_field(const SsTimeline *self, SsPage *page, const char *label, SsSlice text)
{
    if (!ss_slice_is_null(text)) {
        g_autofree char *safe = ss_timeline_safe(self, text, SS_SHOWN_FIELD_MAX);
        put_label(page, label);
        ss_page_wrap(page, SS_INK_PLAIN, *safe ? safe : "<>", VALUE_COLUMN, SS_INK_PLAIN, NULL);
    }
}

static void
append_nth(GString *to, uint64_t n)
{
    static const char *const ends[] = {"th", "st", "nd", "rd"};
    bool is_teen = n % 100 >= 11 && n % 100 <= 13;

    ss_words_count(to, n);
    g_string_append(to, ends[is_teen || n % 10 > 3 ? 0 : n % 10]);
}

char *
ss_delivery_verdict(const SsEventDelivery *delivery)
{
    GString *text = g_string_new(fates[delivery->outcome]);
    uint64_t n = delivery->attempts.total;

    switch ((SsDeliveryKind)delivery->kind) {
    case SS_DELIVERY_RELAY:
        g_string_append(text, ", passed on over ");
        ss_words_counted(text, delivery->uids.n, "connection", "connections");
        g_string_append(text, ", after ");
        ss_words_duration(text, delivery->total_delay_ns);
        break;
    case SS_DELIVERY_MIXED:
        g_string_append(text, ", in ");
        ss_words_counted(text, n, "attempt", "attempts");
        g_string_append(text, " at several servers, after ");
        ss_words_duration(text, delivery->total_delay_ns);
        break;
    case SS_DELIVERY_DUPLICATE:
        g_string_append(text, " MORE THAN ONCE, sent ");
        ss_words_counted(text, n, "time", "times");
        break;
    default:
        g_string_append(text, delivery->kind == SS_DELIVERY_OTHER_SERVER
                                  ? " at another server, at the "
                                  : " at the ");
        append_nth(text, n);
        g_string_append(text, " attempt, ");
        ss_words_duration(text, delivery->total_delay_ns);
        g_string_append(text, delivery->kind == SS_DELIVERY_GREYLISTING
                                  ? " after it was first greylisted"
                                  : " after the first");
    }
    return g_string_free(text, FALSE);
}

static void
append_peer(GString *to, const SsTimeline *self, const SsDeliveryPeer *peer)
{
    g_autofree char *name =
        ss_timeline_safe(self, peer->name.len ? peer->name : peer->ip, SS_SHOWN_FIELD_MAX);
    g_autofree char *shown = ss_page_shorten(name, NAME_CELLS, NAME_CELLS / 2);

    g_string_append(to, shown);
}

/* "   8.095  #2  client.a.example → mx.b.example  accepted 250 2.0.0" */
static void
put_attempt(const SsTimeline *self, SsPage *page, const SsEvent *event,
            const SsDeliveryAttempt *attempt)
{
    g_autoptr(GString) text = g_string_new(NULL);
    double after_s = (double)(attempt->time_ns - event->time_ns) / 1e9;

    g_string_printf(text, "%9.3f  #%" PRIu64 "  ", after_s, attempt->session);
    append_peer(text, self, &attempt->client);
    g_string_append(text, " → ");
    append_peer(text, self, &attempt->server);
    g_string_append(text, "  ");
    ss_page_put(page, SS_INK_PLAIN, text->str);
    g_string_assign(text, fates[attempt->outcome]);
    if (attempt->reply && attempt->outcome != SS_OUTCOME_ACCEPTED) {
        g_string_append_printf(text, " %" PRIu64, attempt->reply->code);
    }
    if (attempt->reason.len) {
        g_string_append(text, attempt->outcome == SS_OUTCOME_ACCEPTED ? ", not for all" : "");
        g_string_append_printf(text, ", %.*s", (int)attempt->reason.len,
                               (const char *)attempt->reason.data);
    }
    ss_page_wrap(page, ink_of(attempt->outcome), text->str, VALUE_COLUMN + 4, SS_INK_PLAIN, NULL);
}

static void
put_more(SsPage *page, uint64_t n)
{
    g_autoptr(GString) text = g_string_new("… ");

    if (n) {
        ss_words_count(text, n);
        g_string_append(text, " more");
        ss_page_pad(page, VALUE_COLUMN);
        ss_page_put(page, SS_INK_DIM, text->str);
        ss_page_end_line(page);
    }
}

static void
put_recipients(const SsTimeline *self, SsPage *page, const SsList *list, size_t max)
{
    const SsDeliveryRecipient *rcpt = list->items;

    for (size_t i = 0; i < list->n && i < max; i++) {
        g_autofree char *address = ss_timeline_address(self, rcpt[i].address);
        g_autofree char *shown = ss_page_shorten(address, page->width / 2, NAME_CELLS);
        put_label(page, i ? "" : "to");
        ss_page_put(page, SS_INK_PLAIN, shown);
        ss_page_put(page, SS_INK_PLAIN, "  ");
        ss_page_put(page, ink_of(rcpt[i].outcome), fates[rcpt[i].outcome]);
        ss_page_end_line(page);
    }
    put_more(page, list->total - MIN(list->n, max));
}

void
ss_delivery_put(const SsTimeline *self, SsPage *page, const SsEvent *event)
{
    const SsEventDelivery *delivery = &event->delivery;
    const SsDeliveryAttempt *attempts = delivery->attempts.items;
    g_autofree char *verdict = ss_delivery_verdict(delivery);
    size_t max = self->host->verbosity > 0 ? SIZE_MAX : SHOWN_ROWS;

    ss_page_put(page, SS_INK_STRONG, "delivery");
    ss_page_pad(page, VALUE_COLUMN);
    ss_page_wrap(page, ink_of(delivery->outcome), verdict, VALUE_COLUMN, SS_INK_PLAIN, NULL);
    put_field(self, page, "id", delivery->message_id);
    put_field(self, page, "from", delivery->from);
    put_recipients(self, page, &delivery->rcpt, max);
    for (size_t i = 0; i < delivery->attempts.n && i < max; i++) {
        put_attempt(self, page, event, &attempts[i]);
    }
    put_more(page, delivery->attempts.total - MIN(delivery->attempts.n, max));
}
