#include "app/pipeline.h"

#include <time.h>

#include "app/artefacts.h"
#include "app/caps.h"
#include "app/inspect.h"
#include "app/ledger.h"
#include "app/progress.h"
#include "capture/packet.h"
#include "dissect/flow.h"
#include "dissect/smtp/smtp.h"
#include "output/tell.h"
#include "version.h"

#define TICK_NS (SS_NS_PER_S / 2)
#define GREETING_PORTS_MAX 8

typedef struct {
    const SsPipelineSetup *setup;
    const SsAppOptions *options;
    SsExcerpt *excerpt; /* of -w, in the reading that it is noted in; or NULL */
    SsStreamFactory *factory;
    SsFlowTable *flows;
    SsPacketDecoder *decoder;
    SsLedger ledger;
    SsProgress progress;
    SsPipelineResult result;
    bool is_live;
    bool is_again; /* the second reading of two */
    bool has_overlap_warning;
    int64_t last_ns; /* packet time of the last frame read */
    int64_t first_ns;
    uint8_t time_digits;
    int64_t started_ns;   /* the clock when reading began */
    int64_t last_seen_ns; /* the clock when it was read; live only */
    int64_t ticked_ns;
    uint16_t
        greeting_ports[GREETING_PORTS_MAX]; /* where SMTP was greeted on a port not looked at */
    size_t n_greeting_ports;
} Pipeline;

static int64_t
clock_ns(void)
{
    return g_get_monotonic_time() * 1000;
}

/* --- what was found where it was not looked for --- */

static void
look_for_greeting(Pipeline *pipeline, const SsSegment *segment)
{
    SsSlice bytes = segment->payload;

    if (pipeline->n_greeting_ports == GREETING_PORTS_MAX || bytes.len < 10 ||
        memcmp(bytes.data, "220", 3) != 0 || (bytes.data[3] != ' ' && bytes.data[3] != '-')) {
        return;
    }
    for (size_t i = 4; i + 3 <= MIN(bytes.len, 256); i++) {
        if (ss_slice_starts_nocase(ss_slice_from(bytes, i), SS_SLICE("FTP"))) {
            return;
        }
    }
    for (size_t i = 0; i < pipeline->n_greeting_ports; i++) {
        if (pipeline->greeting_ports[i] == segment->from.port) {
            return;
        }
    }
    pipeline->greeting_ports[pipeline->n_greeting_ports++] = segment->from.port;
}

static void
explain_packets(const Pipeline *pipeline, GString *text)
{
    const SsFlowStats *stats = ss_flow_table_stats(pipeline->flows);
    const SsLedger *ledger = &pipeline->ledger;
    uint64_t segments = 0, other = stats->packets[SS_FLOW_OTHER_PORT];

    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        segments += stats->packets[i];
    }
    if (ledger->packets == 0) {
        g_string_append(text, pipeline->is_live ? ": no packet came that the filter takes"
                                                : ": there is no packet in it");
    } else if (ledger->filtered == ledger->packets) {
        g_string_append(text, ": the filter leaves out all of them");
    } else if (ledger->decoded[SS_PACKET_UNKNOWN_LINK]) {
        g_string_append(text, ": their link type is not one that is read: convert the capture "
                              "to Ethernet");
    } else if (ledger->decoded[SS_PACKET_FRAGMENT] && segments == 0) {
        g_string_append(text, ": they are fragments, and no datagram is whole");
    } else if (segments == 0) {
        g_string_append(text, ": none of them is TCP");
    } else if (other) {
        g_string_append_printf(text, ": %" G_GUINT64_FORMAT " of them TCP of %s", other,
                               pipeline->options->ports->len ? "other ports" : "other protocols");
    } else {
        g_string_append(text, ": resets and other strays");
    }
}

static bool
has_nothing(const Pipeline *pipeline)
{
    return ss_flow_table_stats(pipeline->flows)->sessions == 0;
}

static void
explain_nothing(const Pipeline *pipeline)
{
    const SsFlowStats *stats = ss_flow_table_stats(pipeline->flows);
    uint64_t packets = pipeline->ledger.packets;
    g_autoptr(GString) text = g_string_new(NULL);

    if (!has_nothing(pipeline) || pipeline->options->verbosity < 0) {
        return;
    }
    g_string_append_printf(text, "no SMTP session in %" G_GUINT64_FORMAT " packet%s", packets,
                           packets == 1 ? "" : "s");
    explain_packets(pipeline, text);
    if (pipeline->n_greeting_ports) {
        g_string_append(text, "; an SMTP greeting was seen on port ");
        for (size_t i = 0; i < pipeline->n_greeting_ports; i++) {
            g_string_append_printf(text, "%s%u", i ? ", " : "", pipeline->greeting_ports[i]);
        }
        g_string_append_printf(text, ": try --ports %u", pipeline->greeting_ports[0]);
    } else if (pipeline->options->ports->len && stats->packets[SS_FLOW_OTHER_PORT]) {
        g_string_append(text, ": try --ports all");
    }
    ss_tell("%s", text->str);
}

/* --- live --- */

/* Packet time now: the last packet's, and what has passed since on the clock. */
static int64_t
packet_time_now(const Pipeline *pipeline)
{
    if (pipeline->last_ns == SS_TIME_NONE) {
        return (int64_t)time(NULL) * SS_NS_PER_S;
    }
    return pipeline->last_ns + (clock_ns() - pipeline->last_seen_ns);
}

static void
tick(Pipeline *pipeline)
{
    int64_t now = clock_ns();

    if (now - pipeline->ticked_ns < TICK_NS) {
        return;
    }
    pipeline->ticked_ns = now;
    if (pipeline->last_ns != SS_TIME_NONE) {
        ss_flow_table_advance(pipeline->flows, packet_time_now(pipeline), pipeline->ledger.packets);
    }
    ss_output_tick(pipeline->setup->output, packet_time_now(pipeline));
}

/* --- signals and progress --- */

static void
print_session(const SsConnection *connection, void *user_data)
{
    char client[46], server[46];

    (void)user_data;
    ss_connection_ip(connection, SS_CLIENT, client);
    ss_connection_ip(connection, SS_SERVER, server);
    fprintf(stderr,
            "  #%" G_GUINT64_FORMAT "  %s:%u -> %s:%u  %" G_GUINT64_FORMAT
            " bytes from the client, %" G_GUINT64_FORMAT " from the server\n",
            connection->session, client, connection->half[SS_CLIENT].port, server,
            connection->half[SS_SERVER].port, connection->half[SS_CLIENT].bytes,
            connection->half[SS_SERVER].bytes);
}

static void
report(Pipeline *pipeline)
{
    const SsFlowStats *stats = ss_flow_table_stats(pipeline->flows);

    ss_progress_hide(&pipeline->progress);
    fprintf(stderr,
            "smtpscope: %" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT
            " sessions, %" G_GUINT64_FORMAT " messages; %" G_GUINT64_FORMAT
            " bytes kept; open sessions:\n",
            pipeline->ledger.packets, stats->sessions, ss_smtp_factory_messages(pipeline->factory),
            stats->memory);
    ss_flow_table_foreach(pipeline->flows, print_session, NULL);
}

static void
show_progress(Pipeline *pipeline, const SsSource *source)
{
    const SsFlowStats *stats = ss_flow_table_stats(pipeline->flows);
    SsProgressCount count = {
        .is_again = pipeline->is_again,
        .done = pipeline->is_again ? source->position
                                   : pipeline->setup->inputs->done + source->position,
        .total = pipeline->setup->inputs->total,
        .packets = pipeline->ledger.packets,
        .sessions = stats->sessions,
        .messages = ss_smtp_factory_messages(pipeline->factory),
    };

    ss_progress_show(&pipeline->progress, &count);
}

/* --- frames --- */

/* `input` is NULL in a second reading: what is told of it is known. */
static void
see_time(Pipeline *pipeline, SsAppInput *input, const SsFrame *frame)
{
    const SsAppInputs *inputs = pipeline->setup->inputs;
    int64_t now = frame->origin.time_ns;

    if (input && input->about.first_ns == SS_TIME_NONE) {
        input->about.first_ns = now;
        if (pipeline->last_ns != SS_TIME_NONE && now < pipeline->last_ns &&
            !pipeline->has_overlap_warning) {
            const SsAppInput *before = input - 1;
            pipeline->has_overlap_warning = true;
            ss_progress_hide(&pipeline->progress);
            g_assert(before >= &g_array_index(inputs->items, SsAppInput, 0));
            ss_tell("%s: starts before %s ends: give the files in order of time",
                    input->source->name, before->source->name);
        }
    }
    if (pipeline->first_ns == SS_TIME_NONE) {
        pipeline->first_ns = now;
    }
    if (input) {
        input->about.last_ns = MAX(input->about.last_ns, now);
    }
    pipeline->last_ns = now;
    pipeline->time_digits = MAX(pipeline->time_digits, frame->origin.time_digits);
}

/* For outputs that show packets. */
static void
inspect(Pipeline *pipeline, const SsFrame *frame, SsPacketBucket bucket, const SsSegment *segment)
{
    SsInspect inspect = {ss_output_sink(pipeline->setup->output),
                         ss_output_plan(pipeline->setup->output)};

    if (ss_event_sink_wants(inspect.sink, SS_EVENT_PACKET)) {
        ss_inspect_frame(&inspect, frame, bucket, segment, ss_flow_table_verdict(pipeline->flows));
    }
}

static void
take_frame(Pipeline *pipeline, SsAppInput *input, SsFrame *frame)
{
    SsSegment segment;
    SsPacketBucket bucket;

    frame->origin.frame = ++pipeline->ledger.packets;
    see_time(pipeline, input, frame);
    ss_output_advance(pipeline->setup->output, frame->origin.frame);
    if (pipeline->setup->filter && !ss_filter_matches(pipeline->setup->filter, frame)) {
        pipeline->ledger.filtered++;
        return;
    }
    bucket = ss_packet_decode(pipeline->decoder, frame, &segment);
    pipeline->ledger.decoded[bucket]++;
    if (bucket != SS_PACKET_SEGMENT) {
        if (bucket == SS_PACKET_FRAGMENT && pipeline->excerpt) {
            ss_excerpt_add_fragment(pipeline->excerpt, frame);
        }
        ss_flow_table_advance(pipeline->flows, frame->origin.time_ns, frame->origin.frame);
        inspect(pipeline, frame, bucket, NULL);
        return;
    }
    pipeline->ledger.bytes += segment.payload.len;
    if (ss_flow_table_feed(pipeline->flows, &segment) == SS_FLOW_OTHER_PORT) {
        look_for_greeting(pipeline, &segment);
    }
    if (pipeline->excerpt) {
        ss_excerpt_add(pipeline->excerpt, frame, ss_flow_table_verdict(pipeline->flows)->flow,
                       segment.fragments, segment.n_fragments);
    }
    inspect(pipeline, frame, bucket, &segment);
}

/* Of a file it is packet time; live it is the clock's, so that it ends also where nothing comes. */
static int64_t
duration_so_far(const Pipeline *pipeline)
{
    if (pipeline->is_live) {
        return clock_ns() - pipeline->started_ns;
    }
    return pipeline->first_ns == SS_TIME_NONE ? 0 : pipeline->last_ns - pipeline->first_ns;
}

/* Nobody takes what is read any more. */
static bool
is_in_vain(const SsPipelineSetup *setup)
{
    bool is_done = ss_output_is_done(setup->output);

    if (!setup->excerpt) {
        return is_done;
    }
    return ss_excerpt_has_failed(setup->excerpt) &&
           (is_done || !ss_output_has_sinks(setup->output));
}

static bool
is_over(const Pipeline *pipeline)
{
    const SsAppOptions *options = pipeline->options;

    return *pipeline->setup->stop || is_in_vain(pipeline->setup) ||
           (options->max_packets && pipeline->ledger.packets >= options->max_packets) ||
           (options->duration_ns && duration_so_far(pipeline) >= options->duration_ns);
}

static void
tell(Pipeline *pipeline, const char *name, GError **error)
{
    ss_progress_hide(&pipeline->progress);
    ss_tell("%s: %s", name, (*error)->message);
    g_clear_error(error);
}

/* The other outputs go on without it. */
static void
tell_excerpt_error(Pipeline *pipeline)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;

    if (pipeline->setup->excerpt && ss_excerpt_steal_error(pipeline->setup->excerpt, &error)) {
        pipeline->result.is_failed = true;
        name = g_strdup_printf("-w %s", pipeline->options->write_to);
        tell(pipeline, name, &error);
    }
}

/* What had been received when the end was asked for is still read, but not for ever. */
#define DRAIN_NS (2 * SS_NS_PER_S)

static void
drain(Pipeline *pipeline, SsAppInput *input)
{
    SsSource *source = input->source;
    int64_t deadline = clock_ns() + DRAIN_NS;
    SsSourceStats stats;
    SsFrame frame;

    if (!source->ops->stats(source, &stats)) {
        return;
    }
    while (pipeline->ledger.packets < stats.received && clock_ns() < deadline &&
           source->ops->next(source, &frame, NULL) == SS_SOURCE_FRAME) {
        take_frame(pipeline, input, &frame);
    }
}

/* Reads one source to its end. False where nothing more is to be read at all. */
static bool
read_source(Pipeline *pipeline, SsAppInput *input)
{
    SsSource *source = input->source;
    g_autoptr(GError) error = NULL;

    while (!is_over(pipeline)) {
        SsFrame frame;
        SsSourceStatus status = source->ops->next(source, &frame, &error);

        if (*pipeline->setup->report) {
            *pipeline->setup->report = 0;
            report(pipeline);
        }
        switch (status) {
        case SS_SOURCE_FRAME:
            take_frame(pipeline, input, &frame);
            tell_excerpt_error(pipeline);
            if (pipeline->setup->reread &&
                !ss_reread_add(pipeline->setup->reread, &frame, &error)) {
                pipeline->result.is_failed = true;
                tell(pipeline, "-Y", &error);
                return false;
            }
            break;
        case SS_SOURCE_IDLE:
            break;
        case SS_SOURCE_END:
            return true;
        case SS_SOURCE_DAMAGED:
            pipeline->result.is_damaged = true;
            pipeline->ledger.damaged++;
            tell(pipeline, source->name, &error);
            return true;
        case SS_SOURCE_ERROR:
            pipeline->result.is_failed = true;
            tell(pipeline, source->name, &error);
            return false;
        }
        if (pipeline->is_live) {
            if (status == SS_SOURCE_FRAME) {
                pipeline->last_seen_ns = clock_ns();
            }
            tick(pipeline);
        } else if ((pipeline->ledger.packets & 1023) == 0 &&
                   ss_progress_is_due(&pipeline->progress)) {
            show_progress(pipeline, source);
        }
    }
    if (*pipeline->setup->stop) {
        drain(pipeline, input);
    }
    return false;
}

/* --- the end --- */

static void
emit_capture(Pipeline *pipeline)
{
    SsEventSink *sink = ss_output_sink(pipeline->setup->output);
    SsAppInputs *inputs = pipeline->setup->inputs;
    SsArena arena = {0};
    SsEvent event = {.type = SS_EVENT_CAPTURE};
    SsEventCapture *capture = &event.capture;

    if (!ss_event_sink_wants(sink, SS_EVENT_CAPTURE)) {
        return;
    }
    event.time_ns = pipeline->last_ns;
    event.time_digits = pipeline->time_digits ? pipeline->time_digits : 6;
    event.frame = pipeline->ledger.packets;
    capture->version = SS_SLICE(SS_VERSION);
    for (char **word = pipeline->options->words; word && *word; word++) {
        SsSlice text = ss_slice_str(*word);
        ss_list_append(&arena, &capture->options, &text, sizeof text, SIZE_MAX);
    }
    for (guint i = 0; i < inputs->items->len; i++) {
        ss_list_append(&arena, &capture->inputs, &g_array_index(inputs->items, SsAppInput, i).about,
                       sizeof(SsInput), SIZE_MAX);
    }
    capture->packets = pipeline->ledger.packets;
    capture->dropped =
        inputs->has_stats ? inputs->stats.dropped + inputs->stats.dropped_interface : SS_COUNT_NONE;
    ss_ledger_fill(&pipeline->ledger, ss_flow_table_stats(pipeline->flows), &arena,
                   &capture->ledger.packets, &capture->ledger.bytes);
    capture->limits = ss_caps_list(ss_flow_table_stats(pipeline->flows),
                                   ss_smtp_factory_limits(pipeline->factory), &arena);
    capture->artefacts =
        ss_ledger_artefacts(ss_packet_decoder_met(pipeline->decoder),
                            ss_flow_table_stats(pipeline->flows)->artefacts, &arena);
    ss_ledger_add_damaged(&pipeline->ledger, &arena, &capture->artefacts);
    sink->emit(sink, &event);
    ss_arena_clear(&arena);
}

static void
tell_stats(Pipeline *pipeline)
{
    SsAppInputs *inputs = pipeline->setup->inputs;
    SsAppInput *input = &g_array_index(inputs->items, SsAppInput, 0);

    inputs->has_stats = input->source->ops->stats(input->source, &inputs->stats);
    if (inputs->has_stats && pipeline->options->verbosity >= 0) {
        fprintf(stderr,
                "smtpscope: %" G_GUINT64_FORMAT " packets read, %" G_GUINT64_FORMAT
                " received by the filter, %" G_GUINT64_FORMAT
                " dropped by the kernel, %" G_GUINT64_FORMAT " by the interface%s\n",
                pipeline->ledger.packets, inputs->stats.received, inputs->stats.dropped,
                inputs->stats.dropped_interface,
                inputs->stats.dropped ? ": give a larger buffer with -B" : "");
    }
}

static void
tell_limits(const Pipeline *pipeline)
{
    g_autofree char *text = ss_caps_describe(ss_flow_table_stats(pipeline->flows),
                                             ss_smtp_factory_limits(pipeline->factory));

    if (text && pipeline->options->verbosity >= 0) {
        ss_tell("%s", text);
    }
}

/* What the capture itself did to the packets: said once. */
static void
tell_artefacts(const Pipeline *pipeline)
{
    const SsFlowStats *stats = ss_flow_table_stats(pipeline->flows);
    SsEventCapture capture = {.packets = pipeline->ledger.packets};
    SsLedger ledger = pipeline->ledger;
    SsArena arena = {0};
    g_autofree char *text = NULL;

    if (has_nothing(pipeline)) {
        ledger.decoded[SS_PACKET_UNKNOWN_LINK] = 0; /* said as the reason why there is nothing */
    }
    ss_ledger_fill(&ledger, stats, &arena, &capture.ledger.packets, &capture.ledger.bytes);
    capture.artefacts =
        ss_ledger_artefacts(ss_packet_decoder_met(pipeline->decoder), stats->artefacts, &arena);
    text = ss_artefacts_describe(&capture);
    if (text && pipeline->options->verbosity >= 0) {
        ss_tell("%s", text);
    }
    ss_arena_clear(&arena);
}

/* A filter that made no sense for some link type has matched none of its frames. */
static void
tell_filter_warning(SsFilter *filter)
{
    g_autofree char *warning = filter ? ss_filter_steal_warning(filter) : NULL;

    if (warning) {
        ss_tell("%s", warning);
    }
}

static void
finish(Pipeline *pipeline)
{
    ss_progress_hide(&pipeline->progress);
    ss_packet_decoder_finish(pipeline->decoder);
    ss_flow_table_finish(pipeline->flows, pipeline->ledger.packets);
    if (!pipeline->is_again) {
        tell_stats(pipeline);
    }
    emit_capture(pipeline);
    if (!ss_ledger_is_balanced(&pipeline->ledger, ss_flow_table_stats(pipeline->flows))) {
        fprintf(stderr, "smtpscope: the ledger of packets and bytes does not come out even: "
                        "please report this\n");
        g_warn_if_reached();
    }
    if (!pipeline->is_again) {
        explain_nothing(pipeline);
        tell_limits(pipeline);
        tell_artefacts(pipeline);
    }
}

static void
init(Pipeline *pipeline)
{
    const SsAppOptions *options = pipeline->options;
    SsFlowOptions flow_options = {
        .limits = options->limits,
        .ports = (const uint16_t *)(void *)options->ports->data,
        .n_ports = options->ports->len,
        .overlap = (SsOverlap)options->overlap,
    };
    SsSmtpOptions smtp_options = {
        .limits = options->limits,
        .show_secrets = options->show_secrets,
    };
    GBytes *key = pipeline->setup->fingerprint_key;

    if (key) {
        smtp_options.fingerprint_key = ss_slice(g_bytes_get_data(key, NULL), g_bytes_get_size(key));
    }
    pipeline->excerpt = pipeline->is_again ? NULL : pipeline->setup->excerpt;
    if (pipeline->excerpt) {
        ss_excerpt_begin(pipeline->excerpt, pipeline->setup->inputs);
        flow_options.ended = ss_excerpt_end_flow;
        flow_options.user_data = pipeline->excerpt;
    }
    pipeline->is_live = options->interface != NULL;
    pipeline->first_ns = pipeline->last_ns = SS_TIME_NONE;
    pipeline->started_ns = clock_ns();
    pipeline->factory = ss_smtp_factory_new(&smtp_options, ss_output_sink(pipeline->setup->output),
                                            ss_output_plan(pipeline->setup->output));
    pipeline->flows = ss_flow_table_new(&flow_options, pipeline->factory);
    ss_output_charge(pipeline->setup->output, ss_flow_table_memory(pipeline->flows));
    pipeline->decoder = ss_packet_decoder_new(ss_flow_table_memory(pipeline->flows));
    ss_progress_begin(&pipeline->progress,
                      !options->no_progress && options->verbosity >= 0 && !pipeline->is_live);
}

static void
clear(Pipeline *pipeline)
{
    ss_output_charge(pipeline->setup->output, NULL);
    ss_packet_decoder_free(pipeline->decoder);
    ss_flow_table_free(pipeline->flows);
    ss_smtp_factory_free(pipeline->factory);
    pipeline->result.packets = pipeline->ledger.packets;
    pipeline->result.damaged = pipeline->ledger.damaged;
}

SsPipelineResult
ss_pipeline_run(const SsPipelineSetup *setup)
{
    Pipeline pipeline = {.setup = setup, .options = setup->options};

    init(&pipeline);
    for (guint i = 0; i < setup->inputs->items->len; i++) {
        SsAppInput *input = &g_array_index(setup->inputs->items, SsAppInput, i);
        if (!read_source(&pipeline, input)) {
            break;
        }
        setup->inputs->done += input->source->size == SS_COUNT_NONE ? 0 : input->source->size;
    }
    finish(&pipeline);
    clear(&pipeline);
    tell_filter_warning(setup->filter);
    return pipeline.result;
}

/* Up to the packet that was the last of the first reading, which -c, --duration or a signal may
 * have ended. False with `error` where there is less than then. */
static bool
read_again(Pipeline *pipeline, SsSource *source, uint64_t packets, GError **error)
{
    while (pipeline->ledger.packets < packets && !*pipeline->setup->stop &&
           !ss_output_is_done(pipeline->setup->output)) {
        SsFrame frame;
        SsSourceStatus status = source->ops->next(source, &frame, error);

        if (status == SS_SOURCE_FRAME) {
            take_frame(pipeline, NULL, &frame);
        } else if (status == SS_SOURCE_ERROR) {
            return false;
        } else if (status != SS_SOURCE_IDLE) {
            g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_READ,
                        "fewer packets than at the first reading");
            return false;
        }
        if (*pipeline->setup->report) {
            *pipeline->setup->report = 0;
            report(pipeline);
        }
        if ((pipeline->ledger.packets & 1023) == 0 && ss_progress_is_due(&pipeline->progress)) {
            show_progress(pipeline, source);
        }
    }
    return ss_reread_finish(pipeline->setup->reread, source, error);
}

SsPipelineResult
ss_pipeline_run_again(const SsPipelineSetup *setup, const SsPipelineResult *first)
{
    Pipeline pipeline = {.setup = setup, .options = setup->options, .is_again = true};
    g_autoptr(GError) error = NULL;
    g_autoptr(SsSource) source = ss_reread_open(setup->reread, &error);

    init(&pipeline);
    pipeline.ledger.damaged = first->damaged;
    pipeline.result.is_damaged = first->is_damaged;
    pipeline.result.is_failed = first->is_failed;
    if (!source || !read_again(&pipeline, source, first->packets, &error)) {
        pipeline.result.is_failed = true;
        tell(&pipeline, source ? source->name : "the second reading", &error);
    }
    finish(&pipeline);
    clear(&pipeline);
    return pipeline.result;
}
