#include "output/select/gate.h"

/* What of a live session waits, and what is known of it. */
typedef struct {
    uint64_t key; /* the session's number; of a connection without one, see key_of() */
    bool is_kept, is_forced;
    uint64_t known; /* of the session when what is held was last looked at */
    GQueue held;    /* of SsQueued */
    GList link;     /* among those that have something waiting, in order of its coming */
    bool is_listed;
} Wait;

struct SsGate {
    SsGateTarget target;
    const SsSelection *selection; /* or … */
    const SsJudge *judge;         /* … live */
    GHashTable *waits;            /* of Wait, by key */
    GQueue listed;                /* their links */
    GByteArray *over, *shown;     /* sessions that have ended, and those of them kept: a bit each */
    size_t held, max;             /* bytes */
    uint64_t n_forced;
};

static void
wait_free(void *data)
{
    g_free(data); /* nothing is held in it any more */
}

static SsGate *
gate_alloc(const SsGateTarget *target)
{
    SsGate *gate = g_new0(SsGate, 1);

    gate->target = *target;
    gate->waits = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, wait_free);
    g_queue_init(&gate->listed);
    return gate;
}

SsGate *
ss_gate_new(const SsSelection *selection, const SsGateTarget *target)
{
    SsGate *gate = gate_alloc(target);

    gate->selection = selection;
    return gate;
}

SsGate *
ss_gate_new_live(const SsJudge *judge, size_t max, const SsGateTarget *target)
{
    SsGate *gate = gate_alloc(target);

    gate->judge = judge;
    gate->max = max;
    gate->over = g_byte_array_new();
    gate->shown = g_byte_array_new();
    return gate;
}

uint64_t
ss_gate_forced(const SsGate *gate)
{
    return gate->n_forced;
}

/* --- the second reading --- */

/* The connection's first packet, of what belongs to one. */
static uint64_t
began_of(const SsEvent *event)
{
    return event->type == SS_EVENT_PACKET ? event->packet.began
           : event->type == SS_EVENT_SPAN ? event->span.began
                                          : 0;
}

static bool
is_selected(const SsSelection *selection, const SsEvent *event)
{
    if (event->type == SS_EVENT_CAPTURE) {
        return true;
    }
    if (event->session == 0) { /* with `--ports all` a session's first packets have no number yet */
        uint64_t began = began_of(event);
        return began && ss_selection_has_began(selection, began);
    }
    if (event->type == SS_EVENT_MESSAGE) {
        return ss_selection_has_message(selection, event->session, event->message.index);
    }
    return ss_selection_has(selection, event->session);
}

/* --- live: what waits --- */

/* Sessions by their numbers, connections without by their first packets: from either end. */
static uint64_t
key_of(const SsEvent *event)
{
    return event->session ? event->session : UINT64_MAX - began_of(event);
}

static Wait *
wait_of(SsGate *gate, uint64_t key)
{
    Wait *wait = g_hash_table_lookup(gate->waits, &key);

    if (!wait) {
        wait = g_new0(Wait, 1);
        wait->key = key;
        wait->link.data = wait;
        g_queue_init(&wait->held);
        g_hash_table_add(gate->waits, wait);
    }
    return wait;
}

static void
unlist(SsGate *gate, Wait *wait)
{
    if (wait->is_listed && wait->held.length == 0) {
        g_queue_unlink(&gate->listed, &wait->link);
        wait->is_listed = false;
    }
}

static void
hold(SsGate *gate, Wait *wait, SsEvent *event)
{
    SsQueued *queued = ss_queued_new(event, NULL); /* takes a content over */

    if (event->type == SS_EVENT_MESSAGE) {
        event->message.content = NULL;
    }
    g_queue_push_tail(&wait->held, queued);
    gate->held += queued->arena.size;
    if (!wait->is_listed) {
        wait->is_listed = true;
        g_queue_push_tail_link(&gate->listed, &wait->link);
    }
}

/* Hands on what has waited, or drops it. */
static void
let_go(SsGate *gate, SsQueued *queued, bool is_kept)
{
    gate->held -= queued->arena.size;
    if (is_kept) {
        gate->target.show(gate->target.to, queued->event, true);
    } else {
        gate->target.drop(gate->target.to, queued->event);
    }
    ss_queued_free(queued);
}

static void
drop_all(SsGate *gate, Wait *wait)
{
    while (wait->held.length) {
        let_go(gate, g_queue_pop_head(&wait->held), false);
    }
    unlist(gate, wait);
}

/* Whether a message of a session that is kept is kept itself. */
static SsVerdict
verdict_of(const SsGate *gate, const Wait *wait, const SsEvent *event)
{
    if (event->type != SS_EVENT_MESSAGE || wait->is_forced) {
        return SS_VERDICT_YES;
    }
    return ss_judge_message(gate->judge, event->session, event->message.index);
}

/* Of a session that is kept, all that is certain. */
static void
release(SsGate *gate, Wait *wait)
{
    guint n = wait->held.length;

    for (guint i = 0; i < n; i++) {
        SsQueued *queued = g_queue_pop_head(&wait->held);
        SsVerdict verdict = verdict_of(gate, wait, queued->event);

        if (verdict == SS_VERDICT_UNKNOWN) {
            g_queue_push_tail(&wait->held, queued);
        } else {
            let_go(gate, queued, verdict == SS_VERDICT_YES);
        }
    }
    unlist(gate, wait);
}

/* Over the bound: the one that has waited longest. */
static void
make_room(SsGate *gate)
{
    while (gate->held > gate->max && gate->listed.length) {
        Wait *wait = g_queue_peek_head(&gate->listed);

        if (wait->key > UINT64_MAX / 2) { /* most are no sessions, and there is no verdict */
            drop_all(gate, wait);
            continue;
        }
        gate->n_forced += !wait->is_forced;
        wait->is_kept = wait->is_forced = true;
        release(gate, wait);
    }
}

/* --- live: events --- */

/* A connection that turned out to be a session: what was said of it before. */
static void
adopt(SsGate *gate, Wait *wait, const SsEvent *event)
{
    uint64_t began = began_of(event);
    uint64_t key = UINT64_MAX - began;
    Wait *before = began ? g_hash_table_lookup(gate->waits, &key) : NULL;

    if (!before) {
        return;
    }
    for (guint n = before->held.length; n > 0; n--) {
        g_queue_push_head(&wait->held, g_queue_pop_tail(&before->held));
    }
    unlist(gate, before);
    g_hash_table_remove(gate->waits, &key);
    if (wait->held.length && !wait->is_listed) {
        wait->is_listed = true;
        g_queue_push_tail_link(&gate->listed, &wait->link);
    }
}

/* It may turn out to be of a session. */
static void
take_nameless(SsGate *gate, SsEvent *event)
{
    Wait *wait;

    if (began_of(event) == 0) {
        return; /* of no connection */
    }
    wait = wait_of(gate, key_of(event));
    hold(gate, wait, event);
    make_room(gate);
    if (event->type == SS_EVENT_SPAN && event->span.kind == SS_SPAN_END) {
        drop_all(gate, wait);
        g_hash_table_remove(gate->waits, &wait->key);
    }
}

static void
take_live(SsGate *gate, SsEvent *event)
{
    SsVerdict verdict;
    uint64_t known;
    Wait *wait;

    if (ss_session_set_has(gate->over, event->session)) { /* a packet behind the end */
        if (ss_session_set_has(gate->shown, event->session)) {
            gate->target.show(gate->target.to, event, false);
        }
        return;
    }
    wait = wait_of(gate, event->session);
    adopt(gate, wait, event);
    verdict = wait->is_kept ? SS_VERDICT_YES : ss_judge_session(gate->judge, event->session);
    if (verdict == SS_VERDICT_NO) {
        drop_all(gate, wait);
        return;
    }
    if (verdict == SS_VERDICT_YES) {
        known = ss_judge_known(gate->judge, event->session);
        if (!wait->is_kept || wait->known != known) { /* else what waits waits on */
            wait->is_kept = true;
            wait->known = known;
            release(gate, wait);
        }
        verdict = verdict_of(gate, wait, event);
    }
    if (verdict == SS_VERDICT_YES) {
        gate->target.show(gate->target.to, event, false);
    } else if (verdict == SS_VERDICT_UNKNOWN) {
        hold(gate, wait, event);
        make_room(gate);
    }
}

void
ss_gate_event(SsGate *gate, SsEvent *event)
{
    if (event->type == SS_EVENT_CAPTURE) {
        gate->target.show(gate->target.to, event, false);
    } else if (gate->judge && event->session == 0) {
        take_nameless(gate, event);
    } else if (gate->judge) {
        take_live(gate, event);
    } else if (is_selected(gate->selection, event)) {
        gate->target.show(gate->target.to, event, false);
    }
}

static bool
has_attempt(const SsGate *gate, uint64_t session, uint64_t index)
{
    const Wait *wait;

    if (!gate->judge) {
        return ss_selection_has_message(gate->selection, session, index);
    }
    wait = g_hash_table_lookup(gate->waits, &session);
    return wait ? wait->is_kept : ss_session_set_has(gate->shown, session);
}

bool
ss_gate_has_delivery(const SsGate *gate, const SsEvent *event)
{
    const SsDeliveryAttempt *attempts = event->delivery.attempts.items;
    const SsDeliveryHop *hops = event->delivery.hops.items;
    bool is_it = false;

    for (size_t i = 0; i < event->delivery.attempts.n && !is_it; i++) {
        is_it = has_attempt(gate, attempts[i].session, attempts[i].index);
    }
    for (size_t i = 0; i < event->delivery.hops.n && !is_it; i++) {
        is_it = has_attempt(gate, hops[i].session, hops[i].index);
    }
    return is_it;
}

void
ss_gate_end(SsGate *gate, uint64_t session)
{
    Wait *wait = g_hash_table_lookup(gate->waits, &session);

    if (!wait) {
        return;
    }
    ss_session_set_put(gate->over, session);
    if (wait->is_kept) {
        ss_session_set_put(gate->shown, session);
    }
    drop_all(gate, wait);
    g_hash_table_remove(gate->waits, &session);
}

void
ss_gate_free(SsGate *gate)
{
    GHashTableIter iter;
    void *wait;

    if (!gate) {
        return;
    }
    g_hash_table_iter_init(&iter, gate->waits);
    while (g_hash_table_iter_next(&iter, &wait, NULL)) {
        drop_all(gate, wait);
    }
    g_hash_table_unref(gate->waits);
    if (gate->judge) {
        g_byte_array_unref(gate->over);
        g_byte_array_unref(gate->shown);
    }
    g_free(gate);
}
