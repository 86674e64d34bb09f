#include "output/trace-parts.h"

/* --- of what kind --- */

static const SsAttempt *
attempt_at(const SsTrace *trace, guint i)
{
    return g_ptr_array_index(trace->attempts, i);
}

static bool
is_same_server(const SsAttempt *a, const SsAttempt *b)
{
    return a->about.server.port == b->about.server.port &&
           ss_slice_eq(a->about.server.ip, b->about.server.ip);
}

typedef struct {
    bool has_retry, has_greylisting, has_other_server, has_relay;
} Traits;

/* What `after` is to `before`, an attempt of the same client: for a recipient that both name and
 * that was not accepted then. */
static void
compare_recipients(const SsAttempt *before, const SsAttempt *after, Traits *traits)
{
    for (size_t i = 0; i < before->n_rcpt; i++) {
        const SsAttemptRecipient *rcpt = &before->rcpt[i];
        bool is_named = false;

        if (rcpt->outcome == SS_OUTCOME_ACCEPTED || rcpt->outcome == SS_OUTCOME_UNKNOWN) {
            continue;
        }
        for (size_t j = 0; j < after->n_rcpt && !is_named; j++) {
            is_named = ss_slice_eq_nocase(after->rcpt[j].address, rcpt->address);
        }
        if (is_named) {
            traits->has_other_server |= !is_same_server(before, after);
            traits->has_greylisting |= rcpt->is_greylisted;
            traits->has_retry = true;
        }
    }
}

static SsDeliveryKind
kind_of(const SsTrace *trace)
{
    Traits traits = {0};

    for (guint i = 1; i < trace->attempts->len; i++) {
        const SsAttempt *after = attempt_at(trace, i);
        bool is_compared = false;

        for (guint j = i; j-- > 0;) {
            const SsAttempt *before = attempt_at(trace, j);
            traits.has_relay |= ss_trace_is_next_hop(before, after);
            if (!is_compared && ss_trace_is_same_client(before, after)) {
                is_compared = true; /* the last one before it */
                compare_recipients(before, after, &traits);
            }
        }
    }
    if (traits.has_relay) {
        return traits.has_retry ? SS_DELIVERY_MIXED : SS_DELIVERY_RELAY;
    }
    if (traits.has_greylisting) {
        return traits.has_other_server ? SS_DELIVERY_MIXED : SS_DELIVERY_GREYLISTING;
    }
    return traits.has_other_server ? SS_DELIVERY_OTHER_SERVER
           : traits.has_retry      ? SS_DELIVERY_RETRY
                                   : SS_DELIVERY_DUPLICATE;
}

/* --- its recipients --- */

static SsDeliveryRecipient *
recipient_of(SsArena *arena, SsList *list, GHashTable *known, SsSlice address)
{
    GString *lower = g_string_new_len((const char *)address.data, (gssize)address.len);
    SsDeliveryRecipient *rcpt, one = {.address = address};
    GBytes *key;

    for (gsize i = 0; i < lower->len; i++) {
        lower->str[i] = (char)ss_ascii_lower((uint8_t)lower->str[i]);
    }
    key = g_string_free_to_bytes(lower);
    rcpt = g_hash_table_lookup(known, key);
    if (rcpt) {
        g_bytes_unref(key);
        return rcpt;
    }
    /* Not in the list's own room, which moves as it grows. */
    rcpt = ss_arena_alloc(arena, sizeof *rcpt);
    *rcpt = one;
    ss_list_append(arena, list, &rcpt, sizeof rcpt, SS_RECIPIENTS_MAX);
    g_hash_table_insert(known, key, rcpt);
    return rcpt;
}

/* As of the last attempt that named them. */
static SsList
recipients_of(SsArena *arena, const SsTrace *trace)
{
    g_autoptr(GHashTable) known =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    SsList pointers = {0}, list = {0};

    for (guint i = 0; i < trace->attempts->len; i++) {
        const SsAttempt *attempt = attempt_at(trace, i);
        for (size_t j = 0; j < attempt->n_rcpt; j++) {
            SsDeliveryRecipient *rcpt =
                recipient_of(arena, &pointers, known, attempt->rcpt[j].address);
            rcpt->outcome = attempt->rcpt[j].outcome;
            rcpt->reply = attempt->rcpt[j].reply;
            rcpt->attempts++;
        }
    }
    for (size_t i = 0; i < pointers.n; i++) {
        ss_list_append(arena, &list, ((SsDeliveryRecipient **)pointers.items)[i],
                       sizeof(SsDeliveryRecipient), SS_RECIPIENTS_MAX);
    }
    list.total = pointers.total;
    return list;
}

/* What is still waited for comes first. */
static int
outcome_of(const SsList *rcpt)
{
    static const SsOutcome order[] = {SS_OUTCOME_DEFERRED, SS_OUTCOME_INCOMPLETE,
                                      SS_OUTCOME_UNKNOWN, SS_OUTCOME_ACCEPTED};
    const SsDeliveryRecipient *items = rcpt->items;

    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        for (size_t j = 0; j < rcpt->n; j++) {
            if (items[j].outcome == (int)order[i]) {
                return (int)order[i];
            }
        }
    }
    return SS_OUTCOME_REJECTED;
}

/* --- its attempts --- */

static SsList
attempts_of(SsArena *arena, const SsTrace *trace)
{
    SsList list = {0};

    for (guint i = 0; i < trace->attempts->len; i++) {
        SsDeliveryAttempt about = attempt_at(trace, i)->about;
        if (i) {
            about.delay_ns = about.time_ns - attempt_at(trace, i - 1)->about.time_ns;
        }
        ss_list_append(arena, &list, &about, sizeof about, SS_ATTEMPTS_MAX);
    }
    list.total = trace->n_attempts;
    return list;
}

/* The latest that passed it to the client of attempt `i`; NULL for none. */
static const SsAttempt *
hop_before(const SsTrace *trace, guint i)
{
    for (guint j = i; j-- > 0;) {
        if (ss_trace_is_next_hop(attempt_at(trace, j), attempt_at(trace, i))) {
            return attempt_at(trace, j);
        }
    }
    return NULL;
}

static SsList
hops_of(SsArena *arena, const SsTrace *trace)
{
    int64_t begin_ns = attempt_at(trace, 0)->about.time_ns;
    SsList list = {0};

    for (guint i = 0; i < trace->attempts->len; i++) {
        const SsAttempt *attempt = attempt_at(trace, i);
        const SsAttempt *before = hop_before(trace, i);
        SsDeliveryHop hop = {
            .uid = attempt->about.uid,
            .session = attempt->about.session,
            .index = attempt->about.index,
            .time_ns = attempt->end_ns,
            .from = attempt->about.client.name,
            .by = attempt->about.server.name,
            .queue_id = attempt->queue_id,
            .delay_ns = attempt->end_ns - (before ? before->end_ns : begin_ns),
            .size = attempt->size,
            .received = attempt->received,
            .added_bytes = SS_COUNT_NONE,
        };

        if (attempt->about.outcome != SS_OUTCOME_ACCEPTED) {
            continue;
        }
        if (before && before->is_whole && attempt->is_whole && attempt->size >= before->size) {
            hop.added_bytes = attempt->size - before->size;
        }
        ss_list_append(arena, &list, &hop, sizeof hop, SS_ATTEMPTS_MAX);
    }
    return list;
}

/* Its connections, each once. */
static SsList
uids_of(SsArena *arena, const SsTrace *trace)
{
    SsList list = {0};

    for (guint i = 0; i < trace->attempts->len; i++) {
        char text[17];
        SsSlice uid;
        bool is_known = false;

        g_snprintf(text, sizeof text, "%016" G_GINT64_MODIFIER "x",
                   attempt_at(trace, i)->about.uid);
        for (size_t j = 0; j < list.n && !is_known; j++) {
            is_known = ss_slice_eq(((SsSlice *)list.items)[j], ss_slice_str(text));
        }
        if (!is_known) {
            uid = ss_arena_dup(arena, ss_slice_str(text));
            ss_list_append(arena, &list, &uid, sizeof uid, SS_ATTEMPTS_MAX);
        }
    }
    return list;
}

void
ss_trace_tell(const SsTracer *tracer, const SsTrace *trace, const SsEvent *cause)
{
    const SsAttempt *first = attempt_at(trace, 0);
    const SsAttempt *last = attempt_at(trace, trace->attempts->len - 1);
    SsArena arena = {0};
    SsEvent event = {
        .type = SS_EVENT_DELIVERY,
        .time_ns = first->about.time_ns,
        .time_digits = cause->time_digits,
        .uid = last->about.uid,
        .session = last->about.session,
        .frame = cause->frame,
    };
    SsEventDelivery *delivery = &event.delivery;

    delivery->uids = uids_of(&arena, trace);
    if (delivery->uids.n > 1) {
        delivery->end_ns = trace->last_ns;
        delivery->kind = (int)kind_of(trace);
        delivery->message_id = trace->message_id;
        delivery->envid = trace->envid;
        delivery->from = first->from;
        delivery->rcpt = recipients_of(&arena, trace);
        delivery->outcome = outcome_of(&delivery->rcpt);
        delivery->attempts = attempts_of(&arena, trace);
        delivery->hops = hops_of(&arena, trace);
        delivery->total_delay_ns = trace->last_ns - first->about.time_ns;
        tracer->emit(tracer->to, &event);
    }
    ss_arena_clear(&arena);
}
