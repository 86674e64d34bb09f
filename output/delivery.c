#include "output/delivery.h"

#include "base/limits.h"

/* --- what hangs on a session's slot --- */

typedef struct {
    char *id;
    uint64_t n;
} Tally;

typedef struct {
    uint64_t ended_up_to; /* messages up to this index have ended */
    GArray *ended_beyond; /* of uint64_t: those past it that ended before their turn */
    GArray *tallies;      /* of Tally: findings made, by id */
    GPtrArray *held;      /* of SsQueued: findings about messages that have not ended */
    void *states[];       /* by state_index; NULL until first used */
} Session;

static void
clear_tally(void *tally)
{
    g_free(((Tally *)tally)->id);
}

static void
free_queued(void *queued)
{
    ss_queued_free(queued);
}

static Session *
session_of(const SsDelivery *delivery, void **slot)
{
    if (!*slot) {
        *slot = g_malloc0(sizeof(Session) + delivery->n_states * sizeof(void *));
    }
    return *slot;
}

static void
free_instance_states(GPtrArray *instances, Session *session)
{
    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);
        void *state;

        if (instance->plugin->session_state == 0) {
            continue;
        }
        state = session->states[instance->state_index];
        if (state && instance->plugin->session_free) {
            instance->plugin->session_free(instance->self, state);
        }
        g_free(state);
    }
}

static void
free_session(const SsDelivery *delivery, void **slot)
{
    Session *session = slot ? *slot : NULL;

    if (!session) {
        return;
    }
    free_instance_states(delivery->sinks, session);
    free_instance_states(delivery->detectors, session);
    g_clear_pointer(&session->ended_beyond, g_array_unref);
    g_clear_pointer(&session->tallies, g_array_unref);
    g_clear_pointer(&session->held, g_ptr_array_unref);
    g_free(session);
    *slot = NULL;
}

/* An instance's own state for the event's session; NULL where it keeps none, or there is none. */
static void *
state_of(const SsDelivery *delivery, const SsInstance *instance, const SsEvent *event)
{
    size_t size = instance->plugin->session_state;
    Session *session;

    if (size == 0 || !event->slot) {
        return NULL;
    }
    session = session_of(delivery, event->slot);
    if (!session->states[instance->state_index]) {
        session->states[instance->state_index] = g_malloc0(size);
    }
    return session->states[instance->state_index];
}

/* --- messages that have ended --- */

/* The place of `index` among those that ended before their turn, or their number. */
static size_t
find_ended(const Session *session, uint64_t index)
{
    size_t n = session->ended_beyond ? session->ended_beyond->len : 0;
    size_t i = 0;

    while (i < n && g_array_index(session->ended_beyond, uint64_t, i) != index) {
        i++;
    }
    return i;
}

static bool
has_ended(const Session *session, uint64_t index)
{
    return index <= session->ended_up_to ||
           (session->ended_beyond && find_ended(session, index) < session->ended_beyond->len);
}

static void
set_ended(Session *session, uint64_t index)
{
    if (index != session->ended_up_to + 1) {
        if (!session->ended_beyond) {
            session->ended_beyond = g_array_new(FALSE, FALSE, sizeof(uint64_t));
        }
        g_array_append_val(session->ended_beyond, index);
        return;
    }
    session->ended_up_to = index;
    while (session->ended_beyond) {
        size_t at = find_ended(session, session->ended_up_to + 1);
        if (at == session->ended_beyond->len) {
            break;
        }
        g_array_remove_index_fast(session->ended_beyond, (guint)at);
        session->ended_up_to++;
    }
}

/* --- findings --- */

/* How many of this id there are now with this one. */
static uint64_t
count_finding(Session *session, SsSlice id)
{
    Tally tally;

    if (!session->tallies) {
        session->tallies = g_array_new(FALSE, FALSE, sizeof(Tally));
        g_array_set_clear_func(session->tallies, clear_tally);
    }
    for (size_t i = 0; i < session->tallies->len; i++) {
        Tally *known = &g_array_index(session->tallies, Tally, i);
        if (ss_slice_eq(ss_slice_str(known->id), id)) {
            return ++known->n;
        }
    }
    tally.id = g_strndup((const char *)id.data, id.len);
    tally.n = 1;
    g_array_append_val(session->tallies, tally);
    return 1;
}

void
ss_delivery_finding(SsDelivery *delivery, const SsEvent *event)
{
    Session *session = session_of(delivery, event->slot ? event->slot : &delivery->no_session);
    uint64_t message = event->finding.message;
    SsQueued *queued;

    if (count_finding(session, event->finding.id) > SS_FINDINGS_MAX || delivery->only_counts) {
        return;
    }
    queued = ss_queued_new(event);
    if (message == 0 || has_ended(session, message)) {
        g_ptr_array_add(delivery->findings, queued);
        return;
    }
    if (!session->held) {
        session->held = g_ptr_array_new_with_free_func(free_queued);
    }
    g_ptr_array_add(session->held, queued);
}

/* Lets go the findings about `message`, 0 for all; they belong to the frame of `event`. */
static void
release(SsDelivery *delivery, const SsEvent *event, uint64_t message)
{
    Session *session = event->slot ? *event->slot : NULL;
    size_t i = 0;

    if (!session || !session->held) {
        return;
    }
    while (i < session->held->len) {
        SsQueued *queued = g_ptr_array_index(session->held, i);
        if (message && queued->event->finding.message != message) {
            i++;
            continue;
        }
        g_ptr_array_steal_index(session->held, (guint)i);
        queued->event->frame = event->frame;
        g_ptr_array_add(delivery->findings, queued);
    }
}

static int
compare_tallies(const void *a, const void *b)
{
    return strcmp(((const Tally *)a)->id, ((const Tally *)b)->id);
}

/* The counts of a session's findings go into its event. */
static void
fill_tallies(SsQueued *queued)
{
    SsEvent *event = queued->event;
    Session *session = event->slot ? *event->slot : NULL;

    if (!session || !session->tallies) {
        return;
    }
    g_array_sort(session->tallies, compare_tallies);
    for (size_t i = 0; i < session->tallies->len; i++) {
        const Tally *tally = &g_array_index(session->tallies, Tally, i);
        SsTally item = {ss_slice_str(tally->id), tally->n}; /* delivered before the tally goes */
        ss_list_append(&queued->arena, &event->session_end.findings, &item, sizeof item, SIZE_MAX);
    }
}

/* --- delivery --- */

void
ss_delivery_init(SsDelivery *delivery)
{
    *delivery = (SsDelivery){
        .sinks = g_ptr_array_new(),
        .detectors = g_ptr_array_new(),
        .findings = g_ptr_array_new_with_free_func(free_queued),
    };
}

void
ss_delivery_clear(SsDelivery *delivery)
{
    free_session(delivery, &delivery->no_session);
    g_clear_pointer(&delivery->findings, g_ptr_array_unref);
    g_clear_pointer(&delivery->sinks, g_ptr_array_unref);
    g_clear_pointer(&delivery->detectors, g_ptr_array_unref);
}

static bool
is_wanted(const SsInstance *instance, const SsEvent *event)
{
    if (event->type == SS_EVENT_NOTE) {
        return (ss_instance_notes(instance) & SS_NOTES(event->note.kind)) != 0;
    }
    return (instance->wants & SS_WANT(event->type)) ||
           (event->type == SS_EVENT_MESSAGE && (instance->wants & SS_WANT_REFUSALS));
}

static void
give(const SsDelivery *delivery, GPtrArray *instances, const SsEvent *event)
{
    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);
        if (is_wanted(instance, event) && !ss_instance_is_over(instance)) {
            ss_instance_event(instance, state_of(delivery, instance, event), event);
        }
    }
}

static void
free_message_states(GPtrArray *instances, const SsEvent *event)
{
    void **states = ss_content_states(event->message.content);

    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);
        if (instance->tap_index != SS_TAP_NONE && states[instance->tap_index] &&
            instance->plugin->message_free) {
            instance->plugin->message_free(instance->self, states[instance->tap_index]);
            states[instance->tap_index] = NULL;
        }
    }
}

static void
deliver_message(SsDelivery *delivery, const SsEvent *event)
{
    /* Findings that are only counted do not wait for their message. Nor could it be told in order
     * which have ended: of messages there may be only those with a refusal. */
    if (delivery->detectors->len && event->slot && !delivery->only_counts) {
        set_ended(session_of(delivery, event->slot), event->message.index);
        release(delivery, event, event->message.index);
    }
    give(delivery, delivery->detectors, event);
    give(delivery, delivery->sinks, event);
    if (event->message.content && delivery->has_taps) {
        free_message_states(delivery->sinks, event);
        free_message_states(delivery->detectors, event);
    }
}

static void
deliver_findings(SsDelivery *delivery)
{
    for (size_t i = 0; i < delivery->findings->len; i++) {
        const SsQueued *queued = g_ptr_array_index(delivery->findings, i);
        give(delivery, delivery->sinks, queued->event);
    }
    g_ptr_array_set_size(delivery->findings, 0);
}

/* All detectors before any sink, so that the findings of a frame stand before its sessions. */
static void
deliver_sessions(SsDelivery *delivery, SsQueued *const *events, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        give(delivery, delivery->detectors, events[i]->event);
        release(delivery, events[i]->event, 0);
    }
    deliver_findings(delivery);
    for (size_t i = 0; i < n; i++) {
        fill_tallies(events[i]);
        give(delivery, delivery->sinks, events[i]->event);
        free_session(delivery, events[i]->event->slot);
        g_free(events[i]->event->slot);
    }
}

/* The messages that findings come behind may still come with the rest of the frame. */
static bool
may_wait(const SsDelivery *delivery, SsQueued *const *events)
{
    return events[0]->is_early && delivery->findings->len <= SS_BURST_EVENTS;
}

void
ss_delivery_frame(SsDelivery *delivery, SsQueued *const *events, size_t n)
{
    size_t i = 0;
    size_t sessions;

    for (; i < n && events[i]->event->type != SS_EVENT_SESSION &&
           events[i]->event->type != SS_EVENT_CAPTURE;
         i++) {
        if (events[i]->event->type == SS_EVENT_MESSAGE) {
            deliver_message(delivery, events[i]->event);
        } else {
            give(delivery, delivery->detectors, events[i]->event);
            give(delivery, delivery->sinks, events[i]->event);
        }
    }
    sessions = i;
    while (i < n && events[i]->event->type == SS_EVENT_SESSION) {
        i++;
    }
    if (sessions < n || !may_wait(delivery, events)) {
        deliver_sessions(delivery, events + sessions, i - sessions);
    }
    for (; i < n; i++) {
        give(delivery, delivery->detectors, events[i]->event);
        deliver_findings(delivery);
        give(delivery, delivery->sinks, events[i]->event);
    }
    if (delivery->is_live) {
        for (size_t sink = 0; sink < delivery->sinks->len; sink++) {
            ss_instance_flush(g_ptr_array_index(delivery->sinks, sink));
        }
    }
}
