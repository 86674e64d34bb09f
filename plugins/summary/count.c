/*
 * Events to counts.
 */
#include "plugins/common/enhanced.h"
#include "plugins/summary/summary.h"

#define NS_PER_H (INT64_C(3600) * 1000000000)
/* Bytes of a reply's text by which refusals are told apart. */
#define REASON_MAX 160

static const int64_t span_lengths_h[] = {1, 24, INT64_C(7) * 24, INT64_C(365) * 24};

/* --- by hour --- */

int64_t
ss_summary_span_h(const SsSummary *self)
{
    return span_lengths_h[self->scale];
}

static int64_t
start_of(const SsSummary *self, int64_t hour)
{
    return hour / ss_summary_span_h(self) * ss_summary_span_h(self);
}

static SsSpanRow *find_span(SsSummary *self, int64_t hour);

/* The same rows in longer spans. Time has an end (the year 2116), so that the longest always fit.
 */
static void
coarsen(SsSummary *self)
{
    g_autoptr(GArray) old = self->spans;

    self->spans = g_array_new(FALSE, TRUE, sizeof(SsSpanRow));
    self->scale++;
    for (guint i = 0; i < old->len; i++) {
        const SsSpanRow *row = &g_array_index(old, SsSpanRow, i);
        SsSpanRow *sum = find_span(self, row->start_h);
        sum->sessions += row->sessions;
        for (int outcome = 0; outcome < SS_N_OUTCOMES; outcome++) {
            sum->by_outcome[outcome] += row->by_outcome[outcome];
        }
    }
}

/* From the end, where it mostly is. */
static SsSpanRow *
find_span(SsSummary *self, int64_t hour)
{
    SsSpanRow row = {.start_h = start_of(self, hour)};
    guint at = self->spans->len;

    while (at > 0 && g_array_index(self->spans, SsSpanRow, at - 1).start_h > row.start_h) {
        at--;
    }
    if (at > 0 && g_array_index(self->spans, SsSpanRow, at - 1).start_h == row.start_h) {
        return &g_array_index(self->spans, SsSpanRow, at - 1);
    }
    if (self->spans->len >= SS_SPANS_MAX && self->scale + 1 < G_N_ELEMENTS(span_lengths_h)) {
        coarsen(self);
        return find_span(self, hour); /* four deep at most */
    }
    g_array_insert_val(self->spans, at, row);
    return &g_array_index(self->spans, SsSpanRow, at);
}

static SsSpanRow *
span_of(SsSummary *self, int64_t time_ns)
{
    return find_span(self, MAX(time_ns, 0) / NS_PER_H);
}

/* --- names --- */

static SsTopRow *
row_of(SsSummary *self, SsTop *top, SsSlice name)
{
    g_autoptr(GString) text = g_string_new(NULL);

    ss_words_append(text, self->host, name, SS_NAME_MAX);
    g_string_ascii_down(text);
    return ss_top_row(top, text->str);
}

/* What stands behind the last @; the null path and a name alone have none. */
static SsSlice
domain_of(SsSlice address)
{
    for (size_t i = address.len; i > 0; i--) {
        if (address.data[i - 1] == '@') {
            SsSlice domain = ss_slice_from(address, i);
            return domain.len ? domain : SS_SLICE("(no domain)");
        }
    }
    if (ss_slice_is_null(address)) {
        return SS_SLICE("(not captured)");
    }
    return address.len ? SS_SLICE("(no domain)") : SS_SLICE("<> (bounces)");
}

static SsSlice
whole_of(SsSlice address)
{
    if (ss_slice_is_null(address)) {
        return SS_SLICE("(not captured)");
    }
    return address.len ? address : SS_SLICE("<> (bounces)");
}

/* --- refusals --- */

static bool
is_changing(const char *word)
{
    size_t digits = 0, len = strlen(word);

    for (const char *at = word; *at; at++) {
        digits += g_ascii_isdigit(*at);
        if (*at == '@') {
            return true;
        }
    }
    return digits >= 4 || (digits && len >= 12);
}

/* Addresses, queue ids and the like change from reply to reply: they stand as one mark, so that
 * what says the same is counted as the same. */
static char *
same_text(const SsSummary *self, SsSlice text)
{
    g_autoptr(GString) safe = g_string_new(NULL);
    GString *same = g_string_new(NULL);
    g_auto(GStrv) words = NULL;

    ss_words_append(safe, self->host, text, REASON_MAX);
    words = g_strsplit(safe->str, " ", -1);
    for (size_t i = 0; words[i]; i++) {
        if (*words[i]) {
            g_string_append(same, same->len ? " " : "");
            g_string_append(same, is_changing(words[i]) ? "…" : words[i]);
        }
    }
    return g_string_free(same, FALSE);
}

/* "no such mailbox (550 5.1.1)", LF, the server's words. */
static void
count_refusal(SsSummary *self, const SsReplyText *reply, SsStage stage)
{
    g_autofree char *text = same_text(self, reply->text);
    g_autoptr(GString) key = g_string_new(ss_enhanced_explain(reply, stage).meaning);

    g_string_append_printf(key, " (%03" PRIu64, reply->code);
    if (reply->enhanced.len) {
        g_string_append_c(key, ' ');
        ss_words_append(key, self->host, reply->enhanced, 16);
    }
    g_string_append_printf(key, ")\n%s", text);
    ss_top_row(&self->refusals, key->str)->n++;
}

/* --- the events --- */

static void
count_recipient(SsSummary *self, const SsEventMessage *message, const SsRecipient *rcpt)
{
    const SsReplyText *reply = ss_recipient_reply(rcpt);
    SsTopRow *row = row_of(self, &self->recipients, domain_of(rcpt->address));

    SsTopRow *address = row_of(self, &self->to, whole_of(rcpt->address));

    address->n++;
    address->refused += ss_reply_is_refusal(reply);
    address->bytes += ss_reply_is_refusal(reply) ? 0 : message->size;
    row->n++;
    row->bytes += ss_reply_is_refusal(reply) ? 0 : message->size;
    if (reply->code / 100 == 2) {
        self->rcpt_accepted++;
    } else if (reply->code / 100 == 4) {
        self->rcpt_deferred++;
    } else if (reply->code / 100 == 5) {
        self->rcpt_refused++;
    } else {
        self->rcpt_unknown++;
    }
    if (ss_reply_is_refusal(reply)) {
        row->refused++;
        if (message->stage != SS_STAGE_MAIL) { /* else for that alone */
            count_refusal(self, reply, rcpt->final ? SS_STAGE_END : SS_STAGE_RCPT);
        }
    }
}

static void
count_message(SsSummary *self, const SsEvent *event)
{
    const SsEventMessage *message = &event->message;
    const SsRecipient *rcpt = message->rcpt.items;
    SsTopRow *row = row_of(self, &self->senders, domain_of(message->from));
    SsTopRow *address = row_of(self, &self->from, whole_of(message->from));
    bool is_declined =
        message->outcome == SS_OUTCOME_REJECTED || message->outcome == SS_OUTCOME_DEFERRED;

    address->n++;
    address->bytes += message->size;
    address->refused += is_declined;
    self->messages++;
    self->by_outcome[message->outcome]++;
    self->by_protection[message->security]++;
    self->message_bytes += message->size;
    span_of(self, message->time_ns)->by_outcome[message->outcome]++;
    row->n++;
    row->bytes += message->size;
    row->refused += is_declined;
    if (ss_message_is_refused_whole(message)) {
        count_refusal(self, message->reply, (SsStage)message->stage);
    }
    for (size_t i = 0; i < message->rcpt.n; i++) {
        count_recipient(self, message, &rcpt[i]);
    }
    self->rcpt_unknown += message->rcpt.total - message->rcpt.n;
}

static void
count_end(SsSummary *self, SsTop *top, const SsPeer *peer, const SsEventSession *session)
{
    uint64_t refused = session->messages.rejected + session->messages.deferred;
    SsTopRow *row = row_of(self, top, peer->at.ip);

    row->n++;
    row->more += session->messages.accepted + refused + session->messages.incomplete +
                 session->messages.unknown;
    row->refused += refused;
    row->bytes += session->client.bytes + session->server.bytes;
    if (peer->name.len) {
        g_autoptr(GString) name = g_string_new(NULL);
        ss_words_append(name, self->host, peer->name, 64);
        g_free(row->also);
        row->also = g_strdup(name->str);
    }
}

static bool
has_starttls(const SsEventSession *session)
{
    const SsSlice *extension = session->extensions.items;

    for (size_t i = 0; i < session->extensions.n; i++) {
        if (ss_slice_eq_nocase(ss_slice_sub(extension[i], 0, ss_slice_index(extension[i], ' ')),
                               SS_SLICE("STARTTLS"))) {
            return true;
        }
    }
    return false;
}

static void
count_offer(SsSummary *self, const SsEventSession *session)
{
    SsTopRow *row = row_of(self, &self->servers, session->server.at.ip);
    bool is_clear = session->security == SS_SECURITY_NONE;

    row->hellos += session->extensions.n > 0;
    row->offers += !is_clear || has_starttls(session);
    row->in_clear += is_clear ? session->messages.accepted : 0;
}

static void
count_tallies(SsTop *top, const SsList *tallies, SsSummary *self)
{
    const SsTally *tally = tallies->items;

    for (size_t i = 0; i < tallies->n; i++) {
        row_of(self, top, tally[i].key)->n += tally[i].n;
    }
}

static void
count_half(SsDirectionCount *half, const SsPeer *peer)
{
    half->packets += peer->packets;
    half->bytes += peer->bytes;
    half->retransmitted_packets += peer->retransmitted_packets;
    half->retransmitted_bytes += peer->retransmitted_bytes;
    half->missing += peer->missing_bytes;
    half->zero_windows += peer->zero_windows;
}

static void
count_session(SsSummary *self, const SsEventSession *session)
{
    self->sessions++;
    self->by_state[session->state]++;
    if (session->client.bytes == 0 && session->server.bytes == 0) {
        self->wordless++;
    } else if (session->state != SS_STATE_NOT_SMTP) {
        self->by_security[session->security]++;
    }
    self->unread += session->security != SS_SECURITY_NONE && session->decrypted != 1;
    span_of(self, session->time_ns)->sessions++;
    count_half(&self->half[SS_CLIENT], &session->client);
    count_half(&self->half[SS_SERVER], &session->server);
    count_end(self, &self->clients, &session->client, session);
    count_end(self, &self->servers, &session->server, session);
    count_offer(self, session);
    count_tallies(&self->findings, &session->findings, self);
    count_tallies(&self->remarks, &session->remarks, self);
}

static void
count_finding(SsSummary *self, const SsEvent *event)
{
    SsTopRow *row = row_of(self, &self->findings, event->finding.id);

    row->more = (uint64_t)CLAMP(event->finding.severity, SS_SEVERITY_INFO, SS_SEVERITY_HIGH);
    row->n += event->session == 0; /* a session's event counts its own */
}

static void
count_auth(SsSummary *self, const SsEventAuth *auth)
{
    self->logins++;
    self->by_login[auth->outcome]++;
    self->logins_shown +=
        auth->security == SS_SECURITY_NONE &&
        (auth->secret_kind == SS_SECRET_PASSWORD || auth->secret_kind == SS_SECRET_TOKEN);
}

static void
count_note(SsSummary *self, const SsEventNote *note)
{
    static const char *const causes[] = {"capture", "snap-length", "network", "limit"};
    size_t cause = 0;

    switch (note->kind) {
    case SS_NOTE_GAP:
        while (cause < G_N_ELEMENTS(causes) &&
               !ss_slice_eq(note->text, ss_slice_str(causes[cause]))) {
            cause++;
        }
        self->gaps++;
        self->gap_bytes += note->span;
        self->by_cause[cause] += note->span;
        break;
    case SS_NOTE_RESET:
        self->resets[note->direction]++;
        break;
    case SS_NOTE_CONFLICT:
        self->conflicts++;
        break;
    default:
        break;
    }
}

/* The slowest first; of equal ones the earlier. */
static void
count_reply(SsSummary *self, const SsEvent *event)
{
    const SsEventReply *reply = &event->reply;
    size_t at = self->n_slowest;
    g_autoptr(GString) to = NULL;

    if (reply->latency_ns == SS_TIME_NONE || ss_slice_is_null(reply->to)) {
        return;
    }
    while (at > 0 && self->slowest[at - 1].latency_ns < reply->latency_ns) {
        at--;
    }
    if (at == SS_SLOWEST) {
        return;
    }
    if (self->n_slowest == SS_SLOWEST) {
        g_free(self->slowest[--self->n_slowest].to);
    }
    memmove(&self->slowest[at + 1], &self->slowest[at],
            (self->n_slowest - at) * sizeof self->slowest[0]);
    self->n_slowest++;
    to = g_string_new(NULL);
    ss_words_append(to, self->host, reply->to, 32);
    self->slowest[at] =
        (SsSlow){reply->latency_ns, event->session, event->frame, reply->code, g_strdup(to->str)};
}

static void
count_delivery(SsSummary *self, const SsEventDelivery *delivery)
{
    self->deliveries++;
    self->by_kind[delivery->kind]++;
    if (delivery->kind == SS_DELIVERY_GREYLISTING && delivery->outcome == SS_OUTCOME_ACCEPTED) {
        self->n_greylisted++;
        self->greylisted_ns += delivery->total_delay_ns;
        self->greylisted_max_ns = MAX(self->greylisted_max_ns, delivery->total_delay_ns);
    }
}

void
ss_summary_count(SsSummary *self, const SsEvent *event)
{
    switch (event->type) {
    case SS_EVENT_SESSION:
        count_session(self, &event->session_end);
        break;
    case SS_EVENT_MESSAGE:
        count_message(self, event);
        break;
    case SS_EVENT_AUTH:
        count_auth(self, &event->auth);
        break;
    case SS_EVENT_REPLY:
        count_reply(self, event);
        break;
    case SS_EVENT_FINDING:
        count_finding(self, event);
        break;
    case SS_EVENT_DELIVERY:
        count_delivery(self, &event->delivery);
        break;
    case SS_EVENT_NOTE:
        count_note(self, &event->note);
        break;
    default:
        break;
    }
}
