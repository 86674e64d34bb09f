#include "output/trace-parts.h"

/* Bytes of a text that is kept: longer than any path or name (RFC 5321 section 4.5.3.1), and than
 * what a server has to say in two lines. */
#define TEXT_MAX 1024

/* What the allocator, the list and the index add to an attempt and its recipients. */
#define ATTEMPT_SIZE 256
#define RECIPIENT_SIZE 320

/* --- an attempt --- */

static SsSlice
keep(SsAttempt *attempt, SsSlice text)
{
    return ss_arena_dup(&attempt->arena, ss_slice_sub(text, 0, TEXT_MAX));
}

/* What two messages are told apart by is kept whole or not at all. */
static SsSlice
keep_whole(SsAttempt *attempt, SsSlice text)
{
    return text.len <= TEXT_MAX ? keep(attempt, text) : SS_SLICE_NULL;
}

static SsReplyText
keep_reply(SsAttempt *attempt, const SsReplyText *reply)
{
    return (SsReplyText){reply->code, keep(attempt, reply->enhanced), keep(attempt, reply->text),
                         reply->frame};
}

static bool
is_refusal(const SsReplyText *reply)
{
    return reply && (reply->code / 100 == 4 || reply->code / 100 == 5);
}

static SsSlice
parameter(const SsList *params, SsSlice key)
{
    const SsPair *pairs = params->items;

    for (size_t i = 0; i < params->n; i++) {
        if (ss_slice_eq_nocase(pairs[i].key, key)) {
            return pairs[i].value;
        }
    }
    return SS_SLICE_NULL;
}

/* The first refusal is the attempt's reason. */
static void
explain(const SsTracer *tracer, SsAttempt *attempt, SsAttemptRecipient *rcpt, SsStage stage)
{
    SsRefusalWords words = {NULL, false};

    if (!tracer->explain || !is_refusal(&rcpt->reply)) {
        return;
    }
    words = tracer->explain(&rcpt->reply, stage);
    rcpt->is_greylisted = words.is_greylisting;
    if (ss_slice_is_null(attempt->about.reason)) {
        attempt->about.reason = ss_slice_str(words.meaning);
    }
}

static int
outcome_of(uint64_t code)
{
    switch (code / 100) {
    case 2:
        return SS_OUTCOME_ACCEPTED;
    case 4:
        return SS_OUTCOME_DEFERRED;
    case 5:
        return SS_OUTCOME_REJECTED;
    default:
        return SS_OUTCOME_UNKNOWN;
    }
}

/* What became of a recipient: by its own replies, else as of the message. */
static void
take_recipient(const SsTracer *tracer, SsAttempt *attempt, const SsEventMessage *message,
               const SsRecipient *rcpt)
{
    SsAttemptRecipient *kept = &attempt->rcpt[attempt->n_rcpt];
    const SsReplyText *reply = message->reply ? message->reply : &rcpt->reply;
    SsStage stage = (SsStage)message->stage;

    if (ss_slice_is_null(rcpt->address) || rcpt->address.len > TEXT_MAX) {
        return;
    }
    attempt->n_rcpt++;
    kept->address = keep(attempt, rcpt->address);
    kept->outcome = message->outcome;
    if (message->stage != SS_STAGE_MAIL && is_refusal(&rcpt->reply)) {
        reply = &rcpt->reply;
        stage = SS_STAGE_RCPT;
        kept->outcome = outcome_of(reply->code);
    } else if (rcpt->final) {
        reply = rcpt->final;
        kept->outcome = outcome_of(reply->code);
    }
    kept->reply = keep_reply(attempt, reply);
    explain(tracer, attempt, kept, stage);
}

static SsAttempt *
attempt_new(const SsTracer *tracer, const SsEvent *event)
{
    const SsEventMessage *message = &event->message;
    const SsRecipient *rcpt = message->rcpt.items;
    size_t n_rcpt = MIN(message->rcpt.n, SS_ATTEMPT_RECIPIENTS_MAX);
    SsArena arena = {0};
    SsAttempt *attempt = ss_arena_alloc(&arena, sizeof *attempt);

    attempt->arena = arena;
    attempt->about = (SsDeliveryAttempt){
        .uid = event->uid,
        .session = event->session,
        .index = message->index,
        .time_ns = message->time_ns,
        .outcome = message->outcome,
        .stage = message->stage,
        .delay_ns = SS_TIME_NONE,
    };
    attempt->end_ns = MAX(message->end_ns, message->time_ns);
    attempt->from = keep_whole(attempt, message->from);
    attempt->envid = keep_whole(attempt, parameter(&message->from_params, SS_SLICE("ENVID")));
    attempt->declared_size =
        keep_whole(attempt, parameter(&message->from_params, SS_SLICE("SIZE")));
    attempt->message_id = keep_whole(attempt, message->headers.message_id);
    attempt->queue_id = keep_whole(attempt, message->queue_id);
    attempt->received_by = keep_whole(attempt, message->headers.received_by);
    attempt->received_id = keep_whole(attempt, message->headers.received_id);
    attempt->received = message->headers.received;
    attempt->size = message->size;
    attempt->is_whole = message->stage == SS_STAGE_END && message->missing_bytes == 0;
    if (message->reply) {
        attempt->reply = keep_reply(attempt, message->reply);
        attempt->about.reply = &attempt->reply;
    }
    attempt->rcpt = ss_arena_alloc(&attempt->arena, MAX(n_rcpt, 1) * sizeof *attempt->rcpt);
    for (size_t i = 0; i < n_rcpt; i++) {
        take_recipient(tracer, attempt, message, &rcpt[i]);
    }
    if (ss_slice_is_null(attempt->about.reason) && is_refusal(message->reply) && tracer->explain) {
        attempt->about.reason =
            ss_slice_str(tracer->explain(message->reply, (SsStage)message->stage).meaning);
    }
    return attempt;
}

static size_t
size_of(const SsAttempt *attempt)
{
    size_t n_found_by = MIN(attempt->n_rcpt, SS_TRACE_RECIPIENTS_MAX);

    return attempt->arena.size + ATTEMPT_SIZE + n_found_by * RECIPIENT_SIZE;
}

static void
attempt_free(void *data)
{
    SsAttempt *attempt = data;
    SsArena arena = attempt->arena;

    ss_arena_clear(&arena);
}

/* --- deliveries --- */

SsTrace *
ss_trace_new(SsTracer *tracer)
{
    SsTrace *trace = g_new0(SsTrace, 1);

    trace->link.data = trace;
    trace->attempts = g_ptr_array_new();
    g_queue_push_tail_link(&tracer->traces, &trace->link);
    return trace;
}

static void
forget_attempt(SsTracer *tracer, SsAttempt *attempt)
{
    tracer->size -= size_of(attempt);
    ss_trace_index_remove(&tracer->index, attempt);
    attempt_free(attempt);
}

static void
trace_free(SsTracer *tracer, SsTrace *trace)
{
    for (guint i = 0; i < trace->attempts->len; i++) {
        forget_attempt(tracer, g_ptr_array_index(trace->attempts, i));
    }
    g_ptr_array_unref(trace->attempts);
    g_queue_unlink(&tracer->traces, &trace->link);
    g_free(trace);
}

static bool
is_before(const SsAttempt *a, const SsAttempt *b)
{
    const SsDeliveryAttempt *x = &a->about, *y = &b->about;

    if (x->time_ns != y->time_ns) {
        return x->time_ns < y->time_ns;
    }
    return x->session != y->session ? x->session < y->session : x->index < y->index;
}

/* What its attempts say that are kept, the first one that does. */
static void
name(SsTrace *trace)
{
    trace->message_id = trace->envid = SS_SLICE_NULL;
    for (guint i = 0; i < trace->attempts->len; i++) {
        const SsAttempt *attempt = g_ptr_array_index(trace->attempts, i);
        trace->message_id = trace->message_id.len ? trace->message_id : attempt->message_id;
        trace->envid = trace->envid.len ? trace->envid : attempt->envid;
    }
}

/* Of many the first and the last are kept. */
void
ss_trace_add(SsTracer *tracer, SsTrace *trace, SsAttempt *attempt)
{
    GPtrArray *attempts = trace->attempts;
    guint at = attempts->len;

    while (at && is_before(attempt, g_ptr_array_index(attempts, at - 1))) {
        at--;
    }
    g_ptr_array_insert(attempts, (int)at, attempt);
    attempt->trace = trace;
    trace->n_attempts++;
    trace->last_ns = MAX(trace->last_ns, attempt->end_ns);
    if (attempts->len > SS_ATTEMPTS_MAX) {
        guint middle = at == SS_ATTEMPTS_MAX / 2 ? SS_ATTEMPTS_MAX / 2 + 1 : SS_ATTEMPTS_MAX / 2;
        forget_attempt(tracer, g_ptr_array_steal_index(attempts, middle));
    }
    name(trace);
    g_queue_unlink(&tracer->traces, &trace->link);
    g_queue_push_tail_link(&tracer->traces, &trace->link);
}

bool
ss_trace_merge(SsTracer *tracer, SsTrace *to, SsTrace *from)
{
    uint64_t n_not_kept = from->n_attempts - from->attempts->len;

    if (to->attempts->len + from->attempts->len > SS_ATTEMPTS_MAX) {
        return false;
    }
    for (guint i = 0; i < from->attempts->len; i++) {
        ss_trace_add(tracer, to, g_ptr_array_index(from->attempts, i));
    }
    to->n_attempts += n_not_kept;
    g_ptr_array_set_size(from->attempts, 0);
    trace_free(tracer, from);
    return true;
}

/* --- the tracer --- */

static void
free_pending(void *pending)
{
    g_ptr_array_unref(pending);
}

SsTracer *
ss_tracer_new(SsExplainRefusal explain_refusal, void (*emit)(void *to, const SsEvent *event),
              void *to)
{
    SsTracer *tracer = g_new0(SsTracer, 1);

    tracer->explain = explain_refusal;
    tracer->emit = emit;
    tracer->to = to;
    tracer->pending = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_pending);
    g_queue_init(&tracer->traces);
    ss_trace_index_init(&tracer->index);
    return tracer;
}

void
ss_tracer_free(SsTracer *tracer)
{
    if (!tracer) {
        return;
    }
    while (tracer->traces.head) {
        trace_free(tracer, tracer->traces.head->data);
    }
    g_hash_table_unref(tracer->pending);
    ss_trace_index_clear(&tracer->index);
    g_free(tracer);
}

static void
forget_oldest(SsTracer *tracer, const SsEvent *cause)
{
    SsTrace *trace = tracer->traces.head->data;

    ss_trace_tell(tracer, trace, cause);
    trace_free(tracer, trace);
}

void
ss_tracer_message(SsTracer *tracer, const SsEvent *event)
{
    GPtrArray *pending = g_hash_table_lookup(tracer->pending, &event->session);
    SsAttempt *attempt;

    if (event->message.rcpt.n == 0) {
        return;
    }
    attempt = attempt_new(tracer, event);
    if (attempt->n_rcpt == 0) {
        attempt_free(attempt);
        return;
    }
    tracer->size += size_of(attempt);
    while (tracer->size > SS_DELIVERIES_BYTES && tracer->traces.head) {
        forget_oldest(tracer, event);
        tracer->n_forgotten++;
    }
    if (tracer->size > SS_DELIVERIES_BYTES) { /* all of it is of sessions that go on */
        tracer->size -= size_of(attempt);
        tracer->n_forgotten++;
        attempt_free(attempt);
        return;
    }
    if (!pending) {
        uint64_t *key = g_new(uint64_t, 1);
        *key = event->session;
        pending = g_ptr_array_new_with_free_func(attempt_free);
        g_hash_table_insert(tracer->pending, key, pending);
    }
    g_ptr_array_add(pending, attempt);
}

static SsDeliveryPeer
keep_peer(SsAttempt *attempt, const SsPeer *peer)
{
    return (SsDeliveryPeer){keep(attempt, peer->at.ip), peer->at.port, keep(attempt, peer->name)};
}

void
ss_tracer_session(SsTracer *tracer, const SsEvent *event)
{
    GPtrArray *pending = g_hash_table_lookup(tracer->pending, &event->session);

    while (tracer->traces.head &&
           ((SsTrace *)tracer->traces.head->data)->last_ns + SS_DELIVERIES_NS < event->time_ns) {
        forget_oldest(tracer, event);
    }
    if (!pending) {
        return;
    }
    g_ptr_array_set_free_func(pending, NULL);
    for (guint i = 0; i < pending->len; i++) {
        SsAttempt *attempt = g_ptr_array_index(pending, i);
        tracer->size -= size_of(attempt);
        attempt->about.client = keep_peer(attempt, &event->session_end.client);
        attempt->about.server = keep_peer(attempt, &event->session_end.server);
        ss_trace_join(tracer, attempt);
        tracer->size += size_of(attempt); /* with its links */
    }
    g_hash_table_remove(tracer->pending, &event->session);
}

static int
compare_firsts(const void *a, const void *b)
{
    const SsTrace *x = *(SsTrace *const *)a, *y = *(SsTrace *const *)b;

    return is_before(g_ptr_array_index(x->attempts, 0), g_ptr_array_index(y->attempts, 0)) ? -1 : 1;
}

void
ss_tracer_finish(SsTracer *tracer, const SsEvent *capture)
{
    g_autoptr(GPtrArray) traces = g_ptr_array_new();

    for (const GList *link = tracer->traces.head; link; link = link->next) {
        g_ptr_array_add(traces, link->data);
    }
    g_ptr_array_sort(traces, compare_firsts);
    for (guint i = 0; i < traces->len; i++) {
        ss_trace_tell(tracer, g_ptr_array_index(traces, i), capture);
    }
    /* Nothing is looked up any more: not link by link. */
    ss_trace_index_clear(&tracer->index);
    for (guint i = 0; i < traces->len; i++) {
        SsTrace *trace = g_ptr_array_index(traces, i);
        for (guint j = 0; j < trace->attempts->len; j++) {
            ((SsAttempt *)g_ptr_array_index(trace->attempts, j))->links = NULL;
        }
        trace_free(tracer, trace);
    }
    ss_trace_index_init(&tracer->index);
}

uint64_t
ss_tracer_n_forgotten(const SsTracer *tracer)
{
    return tracer->n_forgotten;
}
