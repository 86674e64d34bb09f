/*
 * The output side put together: what the command line asks for, opened; what the dissectors must
 * build for it, told; events through the queue to the plugins; and what went wrong, told once.
 */
#include "output/output.h"

#include <sys/stat.h>
#include <unistd.h>

#include "dissect/message/workers.h"
#include "output/delivery.h"
#include "output/file.h"
#include "output/handoff.h"
#include "output/host.h"
#include "output/queue.h"
#include "output/tell.h"

struct SsOutput {
    SsEventSink sink; /* first, so that `emit` finds us */
    SsContentTap tap;
    SsContentPlan plan;
    SsOutputOptions options;
    SsRegistry registry;
    GPtrArray *sinks;     /* of SsInstance, in the order of the command line */
    GPtrArray *detectors; /* those set by the command line, then at `open` all */
    GHashTable *disabled; /* names of detectors turned off */
    GPtrArray *taps;      /* of SsInstance, borrowed: those that take content */
    const SsPlugin *stdout_taken_by;
    SsQueue queue;
    SsHandoff *handoff; /* to the output thread; NULL where the reader delivers */
    SsDelivery delivery;
    int n_cut; /* messages longer than the limit; atomic */
};

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

static void
start_threads(SsOutput *output)
{
    const SsHandoffTarget target = {deliver_bundle, tick_now, output};

    output->plan.workers = ss_workers_new(output->options.workers, ss_content_run);
    output->handoff = ss_handoff_new(&target);
    output->queue.hand_on = hand_on;
    output->queue.bundle = output->options.is_live ? 0 : BUNDLE;
}

/* All that was put is delivered, and this thread is alone again. */
static void
stop_threads(SsOutput *output)
{
    g_clear_pointer(&output->handoff, ss_handoff_free);
    g_clear_pointer(&output->plan.workers, ss_workers_free);
    output->queue.hand_on = NULL;
    output->queue.bundle = 0;
}

static void
take_finding(void *to, const SsEvent *finding)
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
    ss_registry_init(&output->registry);
    output->sinks = g_ptr_array_new_with_free_func(free_instance);
    output->detectors = g_ptr_array_new_with_free_func(free_instance);
    output->disabled = g_hash_table_new(g_str_hash, g_str_equal);
    output->taps = g_ptr_array_new();
    ss_queue_init(&output->queue, deliver, output);
    ss_delivery_init(&output->delivery);
    output->delivery.is_live = options->is_live;
    return output;
}

void
ss_output_free(SsOutput *output)
{
    if (!output) {
        return;
    }
    stop_threads(output);
    ss_queue_clear(&output->queue);
    ss_delivery_clear(&output->delivery);
    g_ptr_array_unref(output->taps);
    g_ptr_array_unref(output->sinks);
    g_ptr_array_unref(output->detectors);
    g_hash_table_unref(output->disabled);
    g_array_unref(output->options.taken);
    ss_registry_clear(&output->registry); /* last: the code of loaded plugins goes with it */
    g_free(output);
}

bool
ss_output_load(SsOutput *output, const char *folder, GError **error)
{
    return ss_registry_load(&output->registry, folder, error);
}

void
ss_output_protect(SsOutput *output, const char *path)
{
    struct stat about;
    SsFileId id;

    if ((g_str_equal(path, "-") ? fstat(STDIN_FILENO, &about) : stat(path, &about)) == 0) {
        id = (SsFileId){about.st_dev, about.st_ino};
        g_array_append_val(output->options.taken, id);
    }
}

void
ss_output_list(const SsOutput *output, FILE *to)
{
    ss_registry_print(&output->registry, to);
}

/* --- the command line --- */

static bool
set_unknown(GError **error, const SsOutput *output, const char *name)
{
    GString *known = g_string_new(NULL);

    for (size_t i = 0; i < output->registry.plugins->len; i++) {
        const SsPlugin *plugin = g_ptr_array_index(output->registry.plugins, i);
        if (!ss_plugin_is_detector(plugin)) {
            g_string_append_printf(known, "%s%s", known->len ? ", " : "", plugin->name);
        }
    }
    g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                "unknown output \"%s\": there are %s", name, known->str);
    g_string_free(known, TRUE);
    return false;
}

static bool
check_dest(SsOutput *output, const SsPlugin *plugin, const char *dest, GError **error)
{
    bool is_stdout = !dest || g_str_equal(dest, "-");

    if (ss_plugin_is_detector(plugin) || plugin->dest == SS_DEST_NONE) {
        if (dest) {
            g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                        "\"%s\" writes no file: leave out \":%s\"", plugin->name, dest);
        }
        return dest == NULL;
    }
    if (plugin->dest == SS_DEST_FOLDER) {
        if (is_stdout) {
            g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                        "output \"%s\" needs a place to write to: %s:FOLDER", plugin->name,
                        plugin->name);
        }
        return !is_stdout;
    }
    if (is_stdout && output->stdout_taken_by) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "standard output is taken by \"%s\": give \"%s\" a file, %s:FILE",
                    output->stdout_taken_by->name, plugin->name, plugin->name);
        return false;
    }
    if (is_stdout) {
        output->stdout_taken_by = plugin;
    }
    return true;
}

/* `enabled=no` is for every detector, so it is no option of theirs. */
static bool
take_enabled(SsOutputSpec *spec, bool *ret_enabled, GError **error)
{
    guint index;
    const char *value;

    *ret_enabled = true;
    if (!g_ptr_array_find_with_equal_func(spec->keys, "enabled", g_str_equal, &index)) {
        return true;
    }
    value = g_ptr_array_index(spec->values, index);
    if (!g_str_equal(value, "yes") && !g_str_equal(value, "no")) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "\"%s\": enabled=%s: enabled is yes or no", spec->name, value);
        return false;
    }
    *ret_enabled = g_str_equal(value, "yes");
    g_ptr_array_remove_index(spec->keys, index);
    g_ptr_array_remove_index(spec->values, index);
    return true;
}

static bool
is_set_already(const SsOutput *output, const SsPlugin *plugin)
{
    for (size_t i = 0; i < output->detectors->len; i++) {
        const SsInstance *instance = g_ptr_array_index(output->detectors, i);
        if (instance->plugin == plugin) {
            return true;
        }
    }
    return g_hash_table_contains(output->disabled, plugin->name);
}

static bool
add_detector(SsOutput *output, const SsPlugin *plugin, SsOutputSpec *spec, GError **error)
{
    g_autoptr(SsInstance) instance = NULL;
    bool is_enabled;

    if (is_set_already(output, plugin)) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE, "\"%s\" is set twice",
                    plugin->name);
        return false;
    }
    if (!take_enabled(spec, &is_enabled, error)) {
        return false;
    }
    instance = ss_instance_new(plugin, spec, &output->options, error);
    if (!instance) {
        return false;
    }
    if (is_enabled) {
        g_ptr_array_add(output->detectors, g_steal_pointer(&instance));
    } else {
        g_hash_table_add(output->disabled, (void *)(uintptr_t)plugin->name);
    }
    return true;
}

bool
ss_output_add(SsOutput *output, const char *text, GError **error)
{
    g_autoptr(SsOutputSpec) spec = ss_output_spec_parse(text, error);
    const SsPlugin *plugin;
    SsInstance *instance;

    if (!spec) {
        return false;
    }
    plugin = ss_registry_find(&output->registry, spec->name);
    if (!plugin) {
        return set_unknown(error, output, spec->name);
    }
    if (!check_dest(output, plugin, spec->dest, error)) {
        return false;
    }
    if (ss_plugin_is_detector(plugin)) {
        return add_detector(output, plugin, spec, error);
    }
    instance = ss_instance_new(plugin, spec, &output->options, error);
    if (instance) {
        g_ptr_array_add(output->sinks, instance);
    }
    return instance != NULL;
}

bool
ss_output_has_sinks(const SsOutput *output)
{
    return output->sinks->len > 0;
}

/* --- opening --- */

static uint64_t
wants_of(GPtrArray *instances)
{
    uint64_t wants = 0;

    for (size_t i = 0; i < instances->len; i++) {
        wants |= ((const SsInstance *)g_ptr_array_index(instances, i))->wants;
    }
    return wants;
}

static int
compare_plugins(const void *a, const void *b)
{
    const SsInstance *one = *(SsInstance *const *)a;
    const SsInstance *other = *(SsInstance *const *)b;

    return strcmp(one->plugin->name, other->plugin->name);
}

/* Beside those the command line sets, all others that it does not turn off; by name, so that
 * findings come in the same order every time. */
static bool
add_detectors(SsOutput *output, GError **error)
{
    for (size_t i = 0; i < output->registry.plugins->len; i++) {
        const SsPlugin *plugin = g_ptr_array_index(output->registry.plugins, i);
        SsInstance *instance;

        if (!ss_plugin_is_detector(plugin) || is_set_already(output, plugin)) {
            continue;
        }
        instance = ss_instance_new(plugin, NULL, &output->options, error);
        if (!instance) {
            return false;
        }
        g_ptr_array_add(output->detectors, instance);
    }
    g_ptr_array_sort(output->detectors, compare_plugins);
    return true;
}

static bool
open_instances(SsOutput *output, GPtrArray *instances, GPtrArray *delivered, GError **error)
{
    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);

        instance->on_finding = ss_plugin_is_detector(instance->plugin) ? take_finding : NULL;
        instance->to = output;
        if (!ss_instance_open(instance, error)) {
            return false;
        }
        if (instance->plugin->session_state) {
            instance->state_index = output->delivery.n_states++;
        }
        if ((instance->needs & SS_NEED_CONTENT) && instance->plugin->content) {
            instance->tap_index = output->taps->len;
            g_ptr_array_add(output->taps, instance);
        }
        output->plan.needs |= instance->needs;
        g_ptr_array_add(delivered, instance);
    }
    return true;
}

bool
ss_output_open(SsOutput *output, GError **error)
{
    uint64_t wants;

    if (!open_instances(output, output->sinks, output->delivery.sinks, error)) {
        return false;
    }
    wants = wants_of(output->sinks);
    /* A session's event counts the findings in it. */
    if (wants & (SS_WANT(SS_EVENT_FINDING) | SS_WANT(SS_EVENT_SESSION))) {
        if (!add_detectors(output, error) ||
            !open_instances(output, output->detectors, output->delivery.detectors, error)) {
            return false;
        }
    }
    /* What is kept of a session goes with its event, as what is kept of a content goes with its
     * message's; findings about a message wait for it. */
    output->delivery.only_counts = !(wants & SS_WANT(SS_EVENT_FINDING));
    wants |= SS_WANT(SS_EVENT_SESSION);
    if (output->delivery.detectors->len) {
        wants |= wants_of(output->detectors);
        wants |= output->delivery.only_counts ? 0 : SS_WANT(SS_EVENT_MESSAGE);
    }
    if (output->taps->len) {
        wants |= SS_WANT(SS_EVENT_MESSAGE);
        output->tap.n_states = output->taps->len + 1; /* and the count of bytes seen */
        output->plan.tap = &output->tap;
        output->delivery.has_taps = true;
    }
    output->queue.keeps_sessions = output->delivery.n_states || output->delivery.detectors->len;
    output->sink.wants = wants;
    if (output->options.workers && output->plan.needs) {
        start_threads(output);
    }
    return true;
}

SsEventSink *
ss_output_sink(SsOutput *output)
{
    return &output->sink;
}

const SsContentPlan *
ss_output_plan(SsOutput *output)
{
    return &output->plan;
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
    return is_every_sink_over(output);
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

static void
emit(SsEventSink *sink, const SsEvent *event)
{
    SsOutput *output = (void *)sink;

    bool is_refusal = event->type == SS_EVENT_MESSAGE && (sink->wants & SS_WANT_REFUSALS);

    if (ss_event_sink_wants(sink, event->type) || is_refusal) {
        ss_queue_put(&output->queue, event);
    } else if (event->type == SS_EVENT_MESSAGE && event->message.content) {
        ss_content_free(event->message.content);
    }
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
    stop_threads(output);
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
