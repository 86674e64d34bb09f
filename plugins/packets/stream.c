/*
 * What bytes of the streams mean, kept as long as packets may carry them: spans come when their
 * last byte has been read, packets come again. All of it is bounded over all connections; what was
 * forgotten has no meaning any more, and a client's bytes without one are masked.
 */
#include "plugins/packets/packets.h"

#define FLOWS_MAX 16384
#define SPANS_MAX 16384
#define TEXTS_MAX (8 << 20)
#define PIECES_MAX 64 /* of one stream: packets of one span, of which TLS has the longest */

static guint
hash_flow(gconstpointer flow)
{
    return g_int64_hash(&((const SsPacketsFlow *)flow)->began);
}

static gboolean
equal_flows(gconstpointer a, gconstpointer b)
{
    return ((const SsPacketsFlow *)a)->began == ((const SsPacketsFlow *)b)->began;
}

void
ss_streams_init(SsPacketsStreams *streams)
{
    *streams = (SsPacketsStreams){.flows = g_hash_table_new(hash_flow, equal_flows)};
}

/* Spans go in the order of their coming, which is theirs in each stream too: so from its head. */
static void
drop_oldest(SsPacketsStreams *streams)
{
    SsPacketsSpan *span = g_queue_pop_head(&streams->spans);

    if (span->stream) {
        g_queue_pop_head(&span->stream->spans);
    }
    streams->text_size -= span->about.text.len;
    g_free((void *)span->about.text.data);
    g_free(span);
}

static void
free_flow(SsPacketsStreams *streams, SsPacketsFlow *flow)
{
    for (int i = 0; i < 2; i++) {
        SsStream *stream = &flow->stream[i];
        SsPacketsSpan *span;
        while ((span = g_queue_pop_head(&stream->spans))) {
            span->stream = NULL; /* goes in its turn */
        }
        g_clear_pointer(&stream->pieces, g_array_unref);
    }
    g_queue_unlink(&streams->used, &flow->link);
    g_hash_table_remove(streams->flows, flow);
    g_free(flow);
}

void
ss_streams_clear(SsPacketsStreams *streams)
{
    while (streams->used.head) {
        free_flow(streams, streams->used.head->data);
    }
    while (streams->spans.head) {
        drop_oldest(streams);
    }
    g_clear_pointer(&streams->flows, g_hash_table_unref);
}

SsPacketsFlow *
ss_streams_find(const SsPacketsStreams *streams, uint64_t began)
{
    SsPacketsFlow probe = {.began = began};

    return began ? g_hash_table_lookup(streams->flows, &probe) : NULL;
}

SsPacketsFlow *
ss_streams_flow(SsPacketsStreams *streams, uint64_t began)
{
    SsPacketsFlow *flow = ss_streams_find(streams, began);

    if (!began) {
        return NULL;
    }
    if (!flow) {
        if (g_hash_table_size(streams->flows) >= FLOWS_MAX) {
            free_flow(streams, streams->used.head->data);
        }
        flow = g_new0(SsPacketsFlow, 1);
        flow->began = began;
        flow->link.data = flow;
        g_hash_table_add(streams->flows, flow);
    } else {
        g_queue_unlink(&streams->used, &flow->link);
    }
    g_queue_push_tail_link(&streams->used, &flow->link);
    return flow;
}

/* --- packets --- */

static void
add_piece(SsStream *stream, uint64_t offset, uint64_t len, uint64_t frame)
{
    SsPiece piece = {offset, offset + len, frame};

    if (!stream->pieces) {
        stream->pieces = g_array_new(FALSE, FALSE, sizeof(SsPiece));
    }
    if (stream->pieces->len >= PIECES_MAX) {
        g_array_remove_index(stream->pieces, 0);
    }
    g_array_append_val(stream->pieces, piece);
}

void
ss_streams_take_packet(SsPacketsStreams *streams, const SsEvent *event)
{
    const SsEventPacket *packet = &event->packet;
    SsPacketsFlow *flow = ss_streams_flow(streams, packet->began);
    SsStream *stream;

    if (!flow) {
        return;
    }
    flow->uid = event->uid ? event->uid : flow->uid;
    flow->is_session = flow->is_session || packet->is_of_session;
    if (ss_slice_eq(packet->bucket, SS_SLICE("other_port"))) {
        flow->is_over = true; /* it was not what it seemed */
    }
    stream = &flow->stream[packet->direction & 1];
    if (packet->payload && packet->offset + packet->payload > stream->frontier) {
        add_piece(stream, packet->offset, packet->payload, event->frame);
    }
}

/* --- spans --- */

/* The first packet that had the byte at `offset`. */
static uint64_t
frame_of(const SsStream *stream, uint64_t offset)
{
    for (guint i = 0; stream->pieces && i < stream->pieces->len; i++) {
        const SsPiece *piece = &g_array_index(stream->pieces, SsPiece, i);
        if (piece->offset <= offset && offset < piece->end) {
            return piece->frame;
        }
    }
    return 0;
}

static void
forget_pieces(SsStream *stream)
{
    guint kept = 0;

    for (guint i = 0; stream->pieces && i < stream->pieces->len; i++) {
        SsPiece piece = g_array_index(stream->pieces, SsPiece, i);
        if (piece.end > stream->frontier) {
            g_array_index(stream->pieces, SsPiece, kept++) = piece;
        }
    }
    if (stream->pieces) {
        g_array_set_size(stream->pieces, kept);
    }
}

/* Nothing more will be told of its bytes. */
static void
end_flow(SsPacketsFlow *flow)
{
    flow->is_over = true;
    g_clear_pointer(&flow->stream[0].pieces, g_array_unref);
    g_clear_pointer(&flow->stream[1].pieces, g_array_unref);
}

void
ss_streams_take_span(SsPacketsStreams *streams, const SsEvent *event)
{
    const SsEventSpan *about = &event->span;
    SsPacketsFlow *flow = ss_streams_flow(streams, about->began);
    SsPacketsSpan *span;
    SsStream *stream;

    if (!flow) {
        return;
    }
    flow->uid = event->uid ? event->uid : flow->uid;
    flow->is_session = true;
    if (about->kind == SS_SPAN_END) {
        end_flow(flow);
    }
    if (!about->len) {
        return;
    }
    stream = &flow->stream[about->direction & 1];
    span = g_new(SsPacketsSpan, 1);
    *span = (SsPacketsSpan){*about, frame_of(stream, about->offset),
                            frame_of(stream, about->offset + about->len - 1), stream};
    if (about->text.data) {
        span->about.text = ss_slice(g_memdup2(about->text.len ? about->text.data : (const void *)"",
                                              MAX(about->text.len, 1)),
                                    about->text.len);
    }
    streams->text_size += about->text.len;
    g_queue_push_tail(&stream->spans, span);
    g_queue_push_tail(&streams->spans, span);
    stream->frontier = MAX(stream->frontier, about->offset + about->len);
    forget_pieces(stream);
    while (streams->spans.length > SPANS_MAX || streams->text_size > TEXTS_MAX) {
        drop_oldest(streams);
    }
}

GList *
ss_stream_spans(const SsStream *stream, uint64_t offset)
{
    GList *found = NULL;

    /* From the end: what is asked for is nearly always the last that came. A line that ends the
     * content overlaps the span before it by two bytes. */
    for (GList *link = stream->spans.tail; link; link = link->prev) {
        const SsPacketsSpan *span = link->data;
        if (span->about.offset + span->about.len > offset) {
            found = link;
        } else {
            break;
        }
    }
    return found;
}
