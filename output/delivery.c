#include "output/delivery.h"

#include <stdalign.h>

#include "base/limits.h"

/* --- what is kept of a session --- */

typedef struct {
    char *id;
    uint64_t n;
} Tally;

/* What has been found in a session. */
typedef struct {
    uint64_t ended_up_to; /* messages up to this index have ended */
    GArray *ended_beyond; /* of uint64_t: those past it that ended before their turn */
    GArray *tallies;      /* of Tally: findings made, by id */
    GPtrArray *held;      /* of SsQueued: findings about messages that have not ended */
} Book;

/*
 * What one keeps of a session: an instance, by its state_index, or the delivery itself, its book.
 * All that is kept of one session is a chain, of which the table has the head. There is none for a
 * session of which nobody keeps anything.
 */
typedef struct Kept Kept;
struct Kept {
    uint64_t session;
    Kept *next;
    size_t owner;
    alignas(max_align_t) uint8_t bytes[];
};

#define OWNER_BOOK SIZE_MAX

static Kept *
kept_new(uint64_t session, size_t owner, size_t size)
{
    Kept *kept = g_malloc0(sizeof *kept + size);

    kept->session = session;
    kept->owner = owner;
    return kept;
}

static void *
find_kept(const SsDelivery *delivery, uint64_t session, size_t owner)
{
    Kept *kept = g_hash_table_lookup(delivery->kept, &session);

    while (kept && kept->owner != owner) {
        kept = kept->next;
    }
    return kept;
}

/* Takes over `kept`. */
static void
add_kept(const SsDelivery *delivery, Kept *kept)
{
    Kept *head = g_hash_table_lookup(delivery->kept, &kept->session);

    if (head) {
        kept->next = head->next;
        head->next = kept;
    } else {
        g_hash_table_add(delivery->kept, kept);
    }
}

/* The caller owns it from now on. */
static void
remove_kept(const SsDelivery *delivery, Kept *kept)
{
    Kept *head = g_hash_table_lookup(delivery->kept, &kept->session);

    if (head != kept) {
        while (head->next != kept) {
            head = head->next;
        }
        head->next = kept->next;
    } else if (kept->next) {
        g_hash_table_add(delivery->kept, kept->next); /* of the same session: in its place */
    } else {
        g_hash_table_remove(delivery->kept, &kept->session);
    }
    kept->next = NULL;
}

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

static Book *
find_book(const SsDelivery *delivery, uint64_t session)
{
    Kept *kept = find_kept(delivery, session, OWNER_BOOK);

    return kept ? (Book *)(void *)kept->bytes : NULL;
}

static Book *
book_of(const SsDelivery *delivery, uint64_t session)
{
    Book *book = find_book(delivery, session);
    Kept *kept;

    if (book) {
        return book;
    }
    kept = kept_new(session, OWNER_BOOK, sizeof *book);
    add_kept(delivery, kept);
    return (Book *)(void *)kept->bytes;
}

static void
book_clear(Book *book)
{
    g_clear_pointer(&book->ended_beyond, g_array_unref);
    g_clear_pointer(&book->tallies, g_array_unref);
    g_clear_pointer(&book->held, g_ptr_array_unref);
}

static const SsInstance *
find_owner(GPtrArray *instances, size_t owner)
{
    for (size_t i = 0; i < instances->len; i++) {
        const SsInstance *instance = g_ptr_array_index(instances, i);
        if (instance->plugin->session_state && instance->state_index == owner) {
            return instance;
        }
    }
    return NULL;
}

static void
free_kept(const SsDelivery *delivery, Kept *kept)
{
    const SsInstance *instance;

    if (kept->owner == OWNER_BOOK) {
        book_clear((Book *)(void *)kept->bytes);
    } else {
        instance = find_owner(delivery->sinks, kept->owner);
        instance = instance ? instance : find_owner(delivery->detectors, kept->owner);
        if (instance->plugin->session_free && instance->self) {
            instance->plugin->session_free(instance->self, kept->bytes);
        }
    }
    g_free(kept);
}

static void
free_chain(const SsDelivery *delivery, Kept *kept)
{
    while (kept) {
        Kept *next = kept->next;
        free_kept(delivery, kept);
        kept = next;
    }
}

static void
free_session(const SsDelivery *delivery, uint64_t session)
{
    Kept *kept = g_hash_table_lookup(delivery->kept, &session);

    if (kept) {
        g_hash_table_remove(delivery->kept, &session);
        free_chain(delivery, kept);
    }
}

static bool
is_all_zero(const uint8_t *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/*
 * One event to one instance, with its state for the event's session. A state that is all zero, as
 * it was given, is not kept: most detectors remember nothing of most sessions.
 */
static void
give_one(SsDelivery *delivery, SsInstance *instance, const SsEvent *event)
{
    size_t size = instance->plugin->session_state;
    Kept *kept = NULL;
    bool is_kept, is_needed;

    /* A packet or a delivery may come when its session has ended. */
    if (size == 0 || event->session == 0 || event->type == SS_EVENT_PACKET ||
        event->type == SS_EVENT_DELIVERY) {
        ss_instance_event(instance, NULL, event);
        return;
    }
    kept = find_kept(delivery, event->session, instance->state_index);
    is_kept = kept != NULL;
    if (!kept) {
        kept = kept_new(event->session, instance->state_index, size);
    }
    ss_instance_event(instance, kept->bytes, event);
    is_needed = !is_all_zero(kept->bytes, size);
    if (is_needed && !is_kept) {
        add_kept(delivery, kept);
    } else if (!is_needed) {
        if (is_kept) {
            remove_kept(delivery, kept);
        }
        g_free(kept);
    }
}

/* --- messages that have ended --- */

/* The place of `index` among those that ended before their turn, or their number. */
static size_t
find_ended(const Book *book, uint64_t index)
{
    size_t n = book->ended_beyond ? book->ended_beyond->len : 0;
    size_t i = 0;

    while (i < n && g_array_index(book->ended_beyond, uint64_t, i) != index) {
        i++;
    }
    return i;
}

static bool
has_ended(const Book *book, uint64_t index)
{
    return index <= book->ended_up_to ||
           (book->ended_beyond && find_ended(book, index) < book->ended_beyond->len);
}

static void
set_ended(Book *book, uint64_t index)
{
    if (index != book->ended_up_to + 1) {
        if (!book->ended_beyond) {
            book->ended_beyond = g_array_new(FALSE, FALSE, sizeof(uint64_t));
        }
        g_array_append_val(book->ended_beyond, index);
        return;
    }
    book->ended_up_to = index;
    while (book->ended_beyond) {
        size_t at = find_ended(book, book->ended_up_to + 1);
        if (at == book->ended_beyond->len) {
            break;
        }
        g_array_remove_index_fast(book->ended_beyond, (guint)at);
        book->ended_up_to++;
    }
}

/* --- findings --- */

/* How many of this id there are now with this one. */
static uint64_t
count_finding(Book *book, SsSlice id)
{
    Tally tally;

    if (!book->tallies) {
        book->tallies = g_array_new(FALSE, FALSE, sizeof(Tally));
        g_array_set_clear_func(book->tallies, clear_tally);
    }
    for (size_t i = 0; i < book->tallies->len; i++) {
        Tally *known = &g_array_index(book->tallies, Tally, i);
        if (ss_slice_eq(ss_slice_str(known->id), id)) {
            return ++known->n;
        }
    }
    tally.id = g_strndup((const char *)id.data, id.len);
    tally.n = 1;
    g_array_append_val(book->tallies, tally);
    return 1;
}

void
ss_delivery_finding(SsDelivery *delivery, const SsEvent *event)
{
    Book *book = book_of(delivery, event->session);
    uint64_t message = event->finding.message;
    SsQueued *queued;

    if (count_finding(book, event->finding.id) > SS_FINDINGS_MAX || delivery->only_counts) {
        return;
    }
    queued = ss_queued_new(event, NULL);
    if (message == 0 || has_ended(book, message)) {
        g_ptr_array_add(delivery->findings, queued);
        return;
    }
    if (!book->held) {
        book->held = g_ptr_array_new_with_free_func(free_queued);
    }
    g_ptr_array_add(book->held, queued);
}

/* Lets go the findings about `message`, 0 for all; they belong to the frame of `event`. */
static void
release(SsDelivery *delivery, const SsEvent *event, uint64_t message)
{
    Book *book = find_book(delivery, event->session);
    size_t i = 0;

    if (!book || !book->held) {
        return;
    }
    while (i < book->held->len) {
        SsQueued *queued = g_ptr_array_index(book->held, i);
        if (message && queued->event->finding.message != message) {
            i++;
            continue;
        }
        g_ptr_array_steal_index(book->held, (guint)i);
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
fill_tallies(const SsDelivery *delivery, SsQueued *queued)
{
    SsEvent *event = queued->event;
    Book *book = find_book(delivery, event->session);

    if (!book || !book->tallies) {
        return;
    }
    g_array_sort(book->tallies, compare_tallies);
    for (size_t i = 0; i < book->tallies->len; i++) {
        const Tally *tally = &g_array_index(book->tallies, Tally, i);
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
        .judges = g_ptr_array_new(),
        .findings = g_ptr_array_new_with_free_func(free_queued),
        .kept = g_hash_table_new(g_int64_hash, g_int64_equal), /* by Kept's first member */
    };
}

void
ss_delivery_forget(SsDelivery *delivery)
{
    GHashTableIter iter;
    void *kept;

    g_hash_table_iter_init(&iter, delivery->kept);
    while (g_hash_table_iter_next(&iter, &kept, NULL)) {
        free_chain(delivery, kept);
        g_hash_table_iter_remove(&iter);
    }
    g_ptr_array_set_size(delivery->findings, 0);
    g_clear_pointer(&delivery->tracer, ss_tracer_free);
}

void
ss_delivery_clear(SsDelivery *delivery)
{
    ss_delivery_forget(delivery);
    g_clear_pointer(&delivery->kept, g_hash_table_unref);
    g_clear_pointer(&delivery->judges, g_ptr_array_unref);
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
give(SsDelivery *delivery, GPtrArray *instances, const SsEvent *event)
{
    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);
        if (is_wanted(instance, event) && !ss_instance_is_over(instance)) {
            give_one(delivery, instance, event);
        }
    }
}

static void
free_message_states(GPtrArray *instances, const SsEvent *event)
{
    void **states = ss_content_states(event->message.content);

    for (size_t i = 0; states && i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);
        if (instance->tap_index != SS_TAP_NONE && states[instance->tap_index] &&
            instance->plugin->message_free && instance->self) {
            instance->plugin->message_free(instance->self, states[instance->tap_index]);
            states[instance->tap_index] = NULL;
        }
    }
}

/* --- what sinks get --- */

void
ss_delivery_show(void *data, const SsEvent *event, bool is_held)
{
    SsDelivery *delivery = data;

    give(delivery, delivery->sinks, event);
    if (is_held) {
        ss_delivery_drop(delivery, event);
    }
}

void
ss_delivery_drop(void *data, const SsEvent *event)
{
    SsDelivery *delivery = data;

    if (event->type == SS_EVENT_MESSAGE && event->message.content && delivery->has_taps) {
        free_message_states(delivery->sinks, event);
    }
}

/* --- deliveries --- */

static void
give_delivery(void *to, const SsEvent *event)
{
    SsDelivery *delivery = to;

    if (!delivery->gate || ss_gate_has_delivery(delivery->gate, event)) {
        give(delivery, delivery->sinks, event);
    }
}

void
ss_delivery_trace(SsDelivery *delivery, SsExplainRefusal explain)
{
    delivery->tracer = ss_tracer_new(explain, give_delivery, delivery);
}

/* The deliveries that are left come before the capture's event, which tells how many were not kept
 * so long. */
static void
finish_deliveries(SsDelivery *delivery, SsQueued *capture)
{
    SsList *limits = &capture->event->capture.limits, all = {0};
    SsTally forgotten = {SS_SLICE("deliveries"), 0};

    ss_tracer_finish(delivery->tracer, capture->event);
    forgotten.n = ss_tracer_n_forgotten(delivery->tracer);
    if (forgotten.n == 0) {
        return;
    }
    for (size_t i = 0; i < limits->n; i++) {
        ss_list_append(&capture->arena, &all, (SsTally *)limits->items + i, sizeof(SsTally),
                       SIZE_MAX);
    }
    ss_list_append(&capture->arena, &all, &forgotten, sizeof forgotten, SIZE_MAX);
    *limits = all;
}

static void
show(SsDelivery *delivery, SsEvent *event)
{
    if (event->type != SS_EVENT_PACKET && event->type != SS_EVENT_SPAN) {
        for (size_t i = 0; i < delivery->judges->len; i++) {
            ss_judge_event(g_ptr_array_index(delivery->judges, i), event);
        }
    }
    if (delivery->gate) {
        ss_gate_event(delivery->gate, event);
    } else if (!delivery->is_muted) {
        give(delivery, delivery->sinks, event);
    }
}

static void
end_session(SsDelivery *delivery, const SsEvent *event)
{
    for (size_t i = 0; i < delivery->judges->len; i++) {
        ss_judge_end(g_ptr_array_index(delivery->judges, i), event);
    }
    if (delivery->gate) {
        ss_gate_end(delivery->gate, event->session);
    }
    free_session(delivery, event->session);
}

/* --- in order --- */

static void
deliver_message(SsDelivery *delivery, SsEvent *event)
{
    /* Findings that are only counted do not wait for their message. Nor could it be told in order
     * which have ended: of messages there may be only those with a refusal. */
    if (delivery->detectors->len && event->session && !delivery->only_counts) {
        set_ended(book_of(delivery, event->session), event->message.index);
        release(delivery, event, event->message.index);
    }
    give(delivery, delivery->detectors, event);
    if (delivery->tracer) {
        ss_tracer_message(delivery->tracer, event);
    }
    if (event->message.content && delivery->has_taps) {
        free_message_states(delivery->detectors, event);
    }
    show(delivery, event);
    ss_delivery_drop(delivery, event); /* unless it waits, and has its content with it */
}

static void
deliver_findings(SsDelivery *delivery)
{
    for (size_t i = 0; i < delivery->findings->len; i++) {
        SsQueued *queued = g_ptr_array_index(delivery->findings, i);
        show(delivery, queued->event);
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
        fill_tallies(delivery, events[i]);
        show(delivery, events[i]->event);
        if (delivery->tracer) {
            ss_tracer_session(delivery->tracer, events[i]->event);
        }
        end_session(delivery, events[i]->event);
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
            show(delivery, events[i]->event);
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
        if (delivery->tracer) {
            finish_deliveries(delivery, events[i]);
        }
        show(delivery, events[i]->event);
    }
    if (delivery->is_live) {
        for (size_t sink = 0; sink < delivery->sinks->len; sink++) {
            ss_instance_flush(g_ptr_array_index(delivery->sinks, sink));
        }
    }
}
