/*
 * Which attempts belong together.
 *
 * Surely: the same Message-ID, or the same ENVID (RFC 3461 section 4.4), for the same recipient; or
 * the queue id that a server gave stands in the Received field on top of what it sent on. With the
 * recipient, because a list's members all get one Message-ID.
 *
 * Where one of the two never came to its content there is only the envelope. It does for the same
 * client (address, name, or network, for a farm of senders takes turns) as long as the recipient
 * has not been settled since: what has been accepted or refused for good is not tried again, so a
 * further attempt is another message with the same envelope. Different sizes or ENVIDs that the
 * client declared tell two messages apart. And it does for a relay that tries to pass on what it
 * has accepted, if it has accepted only one such message.
 */
#include "output/trace-parts.h"

static bool
is_same(SsSlice a, SsSlice b)
{
    return a.len && ss_slice_eq(a, b);
}

static bool
is_same_name(SsSlice a, SsSlice b)
{
    return a.len && ss_slice_eq_nocase(a, b);
}

/* Both are known, and they are not the same. */
static bool
differs(SsSlice a, SsSlice b)
{
    return a.len && b.len && !ss_slice_eq(a, b);
}

/* The text of an address up to its network: three octets of four, or four groups of eight; empty
 * where it has fewer before `::`. */
static SsSlice
network(SsSlice ip)
{
    bool is_ip6 = ss_slice_index(ip, ':') < ip.len;
    size_t n = 0;

    for (size_t i = 0; i < ip.len; i++) {
        if (is_ip6 && ip.data[i] == ':' && i && ip.data[i - 1] == ':') {
            break;
        }
        n += ip.data[i] == (is_ip6 ? ':' : '.');
        if (n == (is_ip6 ? 4 : 3)) {
            return ss_slice_sub(ip, 0, i + 1);
        }
    }
    return SS_SLICE_NULL;
}

bool
ss_trace_is_same_client(const SsAttempt *a, const SsAttempt *b)
{
    const SsDeliveryPeer *x = &a->about.client, *y = &b->about.client;

    return is_same(x->ip, y->ip) || is_same_name(x->name, y->name) ||
           is_same(network(x->ip), network(y->ip));
}

static bool
is_taken(int outcome)
{
    return outcome == SS_OUTCOME_ACCEPTED || outcome == SS_OUTCOME_UNKNOWN;
}

static bool
is_same_queue_id(const SsAttempt *before, const SsAttempt *after)
{
    return is_same(before->queue_id, after->received_id) &&
           (is_same(before->about.server.ip, after->about.client.ip) ||
            is_same_name(before->about.server.name, after->received_by) ||
            is_same_name(before->about.server.name, after->about.client.name));
}

bool
ss_trace_is_next_hop(const SsAttempt *before, const SsAttempt *after)
{
    const SsDeliveryAttempt *x = &before->about, *y = &after->about;

    if (!is_taken(x->outcome) || y->time_ns < x->time_ns) {
        return false;
    }
    if (is_same_queue_id(before, after)) {
        return true;
    }
    /* On one host the same two addresses are a relay's and its client's. */
    if (is_same(x->client.ip, y->client.ip) && is_same(x->server.ip, y->server.ip)) {
        return false;
    }
    return is_same(x->server.ip, y->client.ip) || is_same_name(x->server.name, y->client.name);
}

static const SsAttemptRecipient *
find_recipient(const SsAttempt *attempt, SsSlice address)
{
    for (size_t i = 0; i < attempt->n_rcpt; i++) {
        if (ss_slice_eq_nocase(attempt->rcpt[i].address, address)) {
            return &attempt->rcpt[i];
        }
    }
    return NULL;
}

/* --- what was found by a key, looked at --- */

typedef struct {
    SsTracer *tracer;
    SsAttempt *attempt;
    SsTrace *trace; /* that it belongs to, or NULL yet */
} Join;

static void
unite(Join *join, SsAttempt *with)
{
    if (!join->trace) {
        join->trace = with->trace;
    } else if (join->trace != with->trace) {
        ss_trace_merge(join->tracer, join->trace, with->trace);
    }
}

static void
join_by_name(Join *join, SsTraceKeyKind kind, SsSlice name, SsSlice address)
{
    SsAttempt *found[SS_TRACE_FOUND_MAX];
    size_t n = ss_trace_index_find(&join->tracer->index, ss_trace_key(kind, name, address), found);

    for (size_t i = 0; i < n; i++) {
        SsSlice its = kind == SS_KEY_ENVID ? found[i]->envid : found[i]->message_id;
        if (ss_slice_eq(its, name) && find_recipient(found[i], address)) {
            unite(join, found[i]);
        }
    }
}

static void
join_by_queue_id(Join *join, SsSlice id)
{
    SsAttempt *found[SS_TRACE_FOUND_MAX];
    size_t n = ss_trace_index_find(&join->tracer->index,
                                   ss_trace_key(SS_KEY_QUEUE_ID, id, SS_SLICE_NULL), found);

    for (size_t i = 0; i < n; i++) {
        if (is_same_queue_id(found[i], join->attempt) ||
            is_same_queue_id(join->attempt, found[i])) {
            unite(join, found[i]);
        }
    }
}

/* What they say of themselves tells them apart. */
static bool
are_others(const SsAttempt *a, const SsAttempt *b, bool is_hop)
{
    return differs(b->trace->message_id, a->message_id) || differs(b->trace->envid, a->envid) ||
           (!is_hop && differs(a->declared_size, b->declared_size)) ||
           (a->message_id.len && b->message_id.len);
}

/* The newest attempt for this recipient by the same client decides. True if it is to be tried no
 * further. */
static bool
join_retry(Join *join, SsAttempt *found, SsSlice address)
{
    const SsAttemptRecipient *rcpt = find_recipient(found, address);

    if (!rcpt || !ss_slice_eq_nocase(found->from, join->attempt->from) ||
        !ss_trace_is_same_client(found, join->attempt) ||
        found->about.uid == join->attempt->about.uid || are_others(join->attempt, found, false)) {
        return false;
    }
    if (found->about.time_ns > join->attempt->about.time_ns) { /* its session was over sooner */
        rcpt = find_recipient(join->attempt, address);
    }
    if (rcpt->outcome == SS_OUTCOME_DEFERRED || rcpt->outcome == SS_OUTCOME_INCOMPLETE) {
        unite(join, found);
    }
    return true;
}

static void
join_by_envelope(Join *join, SsSlice address)
{
    SsAttempt *found[SS_TRACE_FOUND_MAX], *hop = NULL;
    size_t n_hops = 0;
    bool is_over = false;
    size_t n = ss_trace_index_find(&join->tracer->index,
                                   ss_trace_key(SS_KEY_FROM, join->attempt->from, address), found);

    for (size_t i = 0; i < n; i++) {
        if (!is_over) {
            is_over = join_retry(join, found[i], address);
        }
        if (ss_trace_is_next_hop(found[i], join->attempt) &&
            ss_slice_eq_nocase(found[i]->from, join->attempt->from) &&
            find_recipient(found[i], address) && !are_others(join->attempt, found[i], true)) {
            n_hops += !hop || hop->trace != found[i]->trace;
            hop = found[i];
        }
    }
    if (n_hops == 1 && !join->trace) {
        unite(join, hop);
    }
}

/* --- both ways --- */

static void
add_to_index(SsTracer *tracer, SsAttempt *attempt)
{
    for (size_t i = 0; i < attempt->n_rcpt && i < SS_TRACE_RECIPIENTS_MAX; i++) {
        SsSlice address = attempt->rcpt[i].address;
        ss_trace_index_add(&tracer->index, ss_trace_key(SS_KEY_FROM, attempt->from, address),
                           attempt);
        if (attempt->message_id.len) {
            ss_trace_index_add(&tracer->index,
                               ss_trace_key(SS_KEY_MESSAGE_ID, attempt->message_id, address),
                               attempt);
        }
        if (attempt->envid.len) {
            ss_trace_index_add(&tracer->index, ss_trace_key(SS_KEY_ENVID, attempt->envid, address),
                               attempt);
        }
    }
    if (attempt->queue_id.len) {
        ss_trace_index_add(&tracer->index,
                           ss_trace_key(SS_KEY_QUEUE_ID, attempt->queue_id, SS_SLICE_NULL),
                           attempt);
    }
    if (attempt->received_id.len) {
        ss_trace_index_add(&tracer->index,
                           ss_trace_key(SS_KEY_QUEUE_ID, attempt->received_id, SS_SLICE_NULL),
                           attempt);
    }
}

SsTrace *
ss_trace_join(SsTracer *tracer, SsAttempt *attempt)
{
    Join join = {tracer, attempt, NULL};

    for (size_t i = 0; i < attempt->n_rcpt && i < SS_TRACE_RECIPIENTS_MAX; i++) {
        if (attempt->message_id.len) {
            join_by_name(&join, SS_KEY_MESSAGE_ID, attempt->message_id, attempt->rcpt[i].address);
        }
        if (attempt->envid.len) {
            join_by_name(&join, SS_KEY_ENVID, attempt->envid, attempt->rcpt[i].address);
        }
    }
    if (attempt->queue_id.len) {
        join_by_queue_id(&join, attempt->queue_id);
    }
    if (attempt->received_id.len) {
        join_by_queue_id(&join, attempt->received_id);
    }
    for (size_t i = 0; i < attempt->n_rcpt && i < SS_TRACE_RECIPIENTS_MAX; i++) {
        join_by_envelope(&join, attempt->rcpt[i].address);
    }
    if (!join.trace) {
        join.trace = ss_trace_new(tracer);
    }
    ss_trace_add(tracer, join.trace, attempt);
    add_to_index(tracer, attempt);
    return join.trace;
}
