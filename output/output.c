/*
 * The output side at work: events through the queue to the plugins; and what went wrong, told once.
 */
#include "output/output-parts.h"

#include "dissect/message/workers.h"
#include "output/file.h"
#include "output/tell.h"

G_DEFINE_QUARK(ss - output - error - quark, ss_output_error)

static void emit(SsEventSink *sink, const SsEvent *event);
static void take_chunk(SsContentTap *tap, void **states, const SsChunk *chunk);
static void tell_failures(SsOutput *output);

static void
free_instance(void *instance)
{
    ss_instance_free(instance);
}

static void
free_judge(void *judge)
{
    ss_judge_free(judge);
}

static void
deliver(void *to, SsQueued *const *events, size_t n)
{
    SsOutput *output = to;

    ss_delivery_frame(&output->delivery, events, n);
    tell_failures(output);
}

/* --- with threads --- */

/* Events that gather before they go to the output thread: few enough to be soon, many enough to be
 * cheap. */
#define BUNDLE 256

static void
hand_on(void *to, GPtrArray *events)
{
    SsOutput *output = to;

    /* So that whoever waits for a content's end waits for a worker, never for us. */
    ss_workers_flush(output->plan.workers);
    ss_handoff_put(output->handoff, events);
}

static void
deliver_bundle(void *to, GPtrArray *events)
{
    SsOutput *output = to;

    ss_queue_deliver(&output->queue, events);
}

static void
tick_now(void *to, gint64 now_ns)
{
    SsOutput *output = to;

    for (size_t i = 0; i < output->sinks->len; i++) {
        ss_instance_tick(g_ptr_array_index(output->sinks, i), now_ns);
    }
    tell_failures(output);
}

void
ss_output_start_threads(SsOutput *output)
{
    const SsHandoffTarget target = {deliver_bundle, tick_now, output};

    output->plan.workers = ss_workers_new(output->options.workers, ss_content_run);
    output->unshown_plan.workers = output->plan.workers;
    output->handoff = ss_handoff_new(&target);
    output->queue.hand_on = hand_on;
    output->queue.bundle = output->options.is_live ? 0 : BUNDLE;
}

void
ss_output_stop_threads(SsOutput *output)
{
    g_clear_pointer(&output->handoff, ss_handoff_free);
    g_clear_pointer(&output->plan.workers, ss_workers_free);
    output->unshown_plan.workers = NULL;
    output->queue.hand_on = NULL;
    output->queue.bundle = 0;
}

void
ss_output_take_finding(void *to, const SsEvent *finding)
{
    SsOutput *output = to;

    ss_delivery_finding(&output->delivery, finding);
}

SsOutput *
ss_output_new(const SsOutputOptions *options)
{
    SsOutput *output = g_new0(SsOutput, 1);

    output->options = *options;
    output->options.taken = g_array_new(FALSE, FALSE, sizeof(SsFileId));
    output->sink.emit = emit;
    output->tap.chunk = take_chunk;
    output->unshown_tap.chunk = ss_output_take_unshown;
    output->judges = g_ptr_array_new_with_free_func(free_judge);
    output->is_all = g_array_new(FALSE, FALSE, sizeof(bool));
    ss_registry_init(&output->registry);
    output->sinks = g_ptr_array_new_with_free_func(free_instance);
    output->detectors = g_ptr_array_new_with_free_func(free_instance);
    output->disabled = g_hash_table_new(g_str_hash, g_str_equal);
    output->taps = g_ptr_array_new();
    ss_queue_init(&output->queue, deliver, output);
    ss_delivery_init(&output->delivery);
    ss_charge_init(&output->charge);
    output->delivery.is_live = options->is_live;
    return output;
}

void
ss_output_free(SsOutput *output)
{
    if (!output) {
        return;
    }
    ss_output_stop_threads(output);
    ss_queue_clear(&output->queue);
    ss_output_clear_selection(output);
    ss_delivery_clear(&output->delivery);
    ss_charge_clear(&output->charge);
    g_ptr_array_unref(output->taps);
    g_ptr_array_unref(output->sinks);
    g_ptr_array_unref(output->detectors);
    g_hash_table_unref(output->disabled);
    g_array_unref(output->options.taken);
    ss_registry_clear(&output->registry); /* last: the code of loaded plugins goes with it */
    g_free(output);
}

/* --- at work --- */

static bool
is_every_sink_over(const SsOutput *output)
{
    for (size_t i = 0; i < output->sinks->len; i++) {
        if (!ss_instance_is_over(g_ptr_array_index(output->sinks, i))) {
            return false;
        }
    }
    return output->sinks->len > 0;
}

bool
ss_output_is_done(const SsOutput *output)
{
    /* What is expected is of all that there is to be read. */
    return is_every_sink_over(output) && output->judges->len == (output->selection != NULL);
}

static void
tell(SsInstance *instance, const char *line)
{
    instance->is_told = true;
    ss_tell("%s", line);
}

/* An output that has failed while others go on is told at once; a capture may last for days. */
static void
tell_failures(SsOutput *output)
{
    for (size_t i = 0; i < output->sinks->len; i++) {
        SsInstance *instance = g_ptr_array_index(output->sinks, i);
        g_autofree char *line = NULL;

        if (instance->is_told || !ss_instance_is_over(instance)) {
            continue;
        }
        line = ss_instance_error(instance);
        if (line && !is_every_sink_over(output)) {
            tell(instance, line);
        }
    }
}

/* A note that nobody wants is not copied, nor does its session get a place for it. */
static bool
is_wanted(const SsOutput *output, const SsEvent *event)
{
    if (event->type == SS_EVENT_NOTE) {
        return (output->notes & SS_NOTES(event->note.kind)) != 0;
    }
    return ss_event_sink_wants(&output->sink, event->type) ||
           (event->type == SS_EVENT_MESSAGE && (output->sink.wants & SS_WANT_REFUSALS));
}

/* In a first reading what only the sinks want counts, and goes no further. */
static bool
is_queued(const SsOutput *output, const SsEvent *event)
{
    if (event->type == SS_EVENT_NOTE) {
        return (output->queued_notes & SS_NOTES(event->note.kind)) != 0;
    }
    return (output->queued & SS_WANT(event->type)) ||
           (event->type == SS_EVENT_MESSAGE && (output->queued & SS_WANT_REFUSALS));
}

static void
emit(SsEventSink *sink, const SsEvent *event)
{
    SsOutput *output = (void *)sink;

    if (is_wanted(output, event)) {
        ss_charge_event(&output->charge, event);
        if (is_queued(output, event)) {
            ss_queue_put(&output->queue, event);
        }
    } else if (event->type == SS_EVENT_MESSAGE && event->message.content) {
        ss_content_free(event->message.content);
    }
}

void
ss_output_charge(SsOutput *output, uint64_t *memory)
{
    output->charge.memory = memory;
}

void
ss_output_advance(SsOutput *output, uint64_t frame)
{
    ss_queue_advance(&output->queue, frame);
}

void
ss_output_tick(SsOutput *output, int64_t now_ns)
{
    ss_queue_flush(&output->queue);
    if (output->handoff) {
        ss_handoff_tick(output->handoff, now_ns);
    } else {
        tick_now(output, now_ns);
    }
}

/* What outputs may have of `chunk`, as so many bytes of the message came before it; NULL: nothing.
 * A message that is cut is not whole. */
static const SsChunk *
cut(SsOutput *output, const SsChunk *chunk, uint64_t before, SsChunk *room)
{
    uint64_t limit = output->options.message_limit;

    if (limit == 0 || chunk->kind == SS_CHUNK_GAP) {
        return chunk;
    }
    *room = *chunk;
    if (chunk->kind == SS_CHUNK_END) {
        room->whole = chunk->whole && before <= limit;
        if (before > limit) {
            g_atomic_int_inc(&output->n_cut);
        }
        return room;
    }
    room->bytes = ss_slice_sub(chunk->bytes, 0, before < limit ? limit - before : 0);
    return room->bytes.len ? room : NULL;
}

static void
take_chunk(SsContentTap *tap, void **states, const SsChunk *chunk)
{
    SsOutput *output = (void *)((uint8_t *)tap - offsetof(SsOutput, tap));
    uintptr_t before = (uintptr_t)states[output->taps->len];
    SsChunk room;
    const SsChunk *limited = cut(output, chunk, before, &room);

    for (size_t i = 0; i < output->taps->len; i++) {
        SsInstance *instance = g_ptr_array_index(output->taps, i);
        const SsChunk *its = ss_plugin_is_detector(instance->plugin) ? chunk : limited;
        if (its) {
            ss_instance_content(instance, &states[i], its);
        }
    }
    if (chunk->kind == SS_CHUNK_DATA) {
        states[output->taps->len] = (void *)(before + (uintptr_t)chunk->bytes.len);
    }
}

void
ss_output_take_unshown(SsContentTap *tap, void **states, const SsChunk *chunk)
{
    SsOutput *output = (void *)((uint8_t *)tap - offsetof(SsOutput, unshown_tap));

    for (size_t i = 0; i < output->taps->len; i++) {
        SsInstance *instance = g_ptr_array_index(output->taps, i);
        if (ss_plugin_is_detector(instance->plugin)) {
            ss_instance_content(instance, &states[i], chunk);
        }
    }
}

/* --- the end --- */

/* Untold errors go to `lines`; true where one was told before. */
static bool
close_all(GPtrArray *instances, GPtrArray *lines)
{
    bool is_told = false;

    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);
        g_autofree char *line = NULL;

        ss_instance_close(instance);
        line = ss_instance_error(instance);
        is_told |= instance->is_told;
        if (line && !instance->is_told) {
            g_ptr_array_add(lines, g_steal_pointer(&line));
        }
    }
    return is_told;
}

bool
ss_output_close(SsOutput *output, GError **error)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    bool is_told;

    ss_queue_flush(&output->queue);
    ss_output_stop_threads(output);
    is_told = close_all(output->sinks, lines);
    is_told |= close_all(output->detectors, lines);
    if (output->n_cut && output->options.verbosity >= 0) {
        ss_tell("messages longer than --limit message=%" G_GUINT64_FORMAT
                ": %d, outputs have only their beginning",
                output->options.message_limit, output->n_cut);
    }
    for (size_t i = 0; i + 1 < lines->len; i++) {
        ss_tell("%s", (const char *)g_ptr_array_index(lines, i));
    }
    if (lines->len) {
        g_set_error_literal(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE,
                            g_ptr_array_index(lines, lines->len - 1));
    } else if (is_told) {
        g_set_error_literal(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_TOLD,
                            "an output could not be written");
    }
    return lines->len == 0 && !is_told;
}
