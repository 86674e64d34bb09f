/*
 * A dialogue as packets. The order of the file is that of cause and effect: every packet
 * acknowledges all that the other side said before it. With dice, the bytes are cut anew, some are
 * sent again, and packets change places within a few; what a capture may do to them.
 */
#include "drive.h"

#define START_NS (INT64_C(1700000000) * SS_NS_PER_S)
#define STEP_NS (SS_NS_PER_S / 10000)
#define WINDOW 4 /* how many places a packet may move */
#define CLIENT_PORT 40000

typedef struct {
    SsDriveCapture *capture;
    const SsDialogue *dialogue;
    GRand *dice;
    uint64_t sent[2]; /* offsets */
    int64_t wait_ns;
    guint epoch;
    bool is_fixed;
} Builder;

static void
add_packet(Builder *builder, SsDirection direction, uint8_t flags, uint64_t offset, SsSlice payload)
{
    if (!builder->dialogue->is_seen[direction]) {
        return;
    }
    SsDrivePacket packet = {
        .direction = direction,
        .flags = flags,
        .offset = offset,
        .ack = builder->sent[ss_direction_other(direction)],
        .payload = payload,
        .wait_ns = builder->wait_ns,
        .epoch = builder->epoch,
        .is_fixed = builder->is_fixed,
    };
    builder->wait_ns = 0;
    g_array_append_val(builder->capture->packets, packet);
}

static void
add_ack(Builder *builder, SsDirection direction)
{
    add_packet(builder, direction, SS_TCP_ACK, builder->sent[direction], SS_SLICE_NULL);
}

static bool
one_in(GRand *dice, int n)
{
    return dice && g_rand_int_range(dice, 0, n) == 0;
}

static size_t
piece_length(const Builder *builder)
{
    size_t mss = builder->capture->plan.mss;
    if (!builder->dice) {
        return mss;
    }
    size_t most = one_in(builder->dice, 3) ? 4 : one_in(builder->dice, 2) ? 60 : mss;
    return (size_t)g_rand_int_range(builder->dice, 1, (gint32)most + 1);
}

/* Bytes from `from` to `to` of the stream, not those in the capture for the first time. */
static void
add_again(Builder *builder, SsDirection direction, uint64_t from, uint64_t to)
{
    uint64_t start = from + (uint64_t)g_rand_int_range(builder->dice, 0, (gint32)(to - from));
    uint64_t len = to - start < 1460 ? to - start : 1460;
    SsSlice again = ss_slice(builder->capture->stream[direction]->data + start, (size_t)len);
    add_packet(builder, direction, SS_TCP_ACK, start, again);
}

static void
add_chunk(Builder *builder, const SsDialogueChunk *chunk)
{
    SsDirection direction = chunk->direction;
    uint64_t from = builder->sent[direction];
    uint64_t to = from + chunk->bytes->len;
    const uint8_t *stream = builder->capture->stream[direction]->data;
    if (chunk->wait_ns > 0) {
        builder->wait_ns += chunk->wait_ns;
        builder->epoch++;
    }
    for (uint64_t at = from; at < to;) {
        uint64_t len = piece_length(builder);
        len = len < to - at ? len : to - at;
        if (!chunk->is_lost) {
            add_packet(builder, direction, SS_TCP_ACK | SS_TCP_PSH, at,
                       ss_slice(stream + at, (size_t)len));
        }
        at += len;
        builder->sent[direction] = at;
        if (!chunk->is_lost && one_in(builder->dice, 8)) {
            add_again(builder, direction, from, at);
        }
    }
    if (!builder->dice || one_in(builder->dice, 2)) {
        add_ack(builder, ss_direction_other(direction));
    }
}

static void
add_handshake(Builder *builder)
{
    builder->is_fixed = true;
    add_packet(builder, SS_CLIENT, SS_TCP_SYN, 0, SS_SLICE_NULL);
    add_packet(builder, SS_SERVER, SS_TCP_SYN | SS_TCP_ACK, 0, SS_SLICE_NULL);
    add_packet(builder, SS_CLIENT, SS_TCP_ACK, 0, SS_SLICE_NULL);
    builder->is_fixed = false;
}

static void
add_end(Builder *builder)
{
    SsDirection by = builder->dialogue->end_by;
    SsDirection other = ss_direction_other(by);
    builder->epoch++;
    builder->is_fixed = true;
    if (builder->dialogue->end == SS_CLOSE_RESET) {
        add_packet(builder, by, SS_TCP_RST | SS_TCP_ACK, builder->sent[by], SS_SLICE_NULL);
    }
    if (builder->dialogue->end == SS_CLOSE_FIN) {
        add_packet(builder, by, SS_TCP_FIN | SS_TCP_ACK, builder->sent[by], SS_SLICE_NULL);
        builder->sent[by]++;
        add_packet(builder, other, SS_TCP_FIN | SS_TCP_ACK, builder->sent[other], SS_SLICE_NULL);
        builder->sent[other]++;
        add_ack(builder, by);
    }
}

typedef struct {
    SsDrivePacket packet;
    guint key;
    guint i;
} Place;

static gint
compare_places(gconstpointer a, gconstpointer b)
{
    const Place *left = a;
    const Place *right = b;
    if (left->packet.epoch != right->packet.epoch) {
        return left->packet.epoch < right->packet.epoch ? -1 : 1;
    }
    if (left->key != right->key) {
        return left->key < right->key ? -1 : 1;
    }
    return left->i < right->i ? -1 : left->i > right->i;
}

static void
shuffle(GArray *packets, GRand *dice)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    for (guint i = 0; i < packets->len; i++) {
        Place place = {.packet = g_array_index(packets, SsDrivePacket, i), .key = i, .i = i};
        if (!place.packet.is_fixed && one_in(dice, 3)) {
            place.key += (guint)g_rand_int_range(dice, 1, WINDOW + 1);
        }
        g_array_append_val(places, place);
    }
    g_array_sort(places, compare_places);
    for (guint i = 0; i < packets->len; i++) {
        g_array_index(packets, SsDrivePacket, i) = g_array_index(places, Place, i).packet;
    }
}

/* A wait belongs to the place, not to the packet that came to stand there. */
static void
settle_waits(GArray *packets)
{
    guint first = 0;
    for (guint i = 0; i < packets->len; i++) {
        SsDrivePacket *packet = &g_array_index(packets, SsDrivePacket, i);
        SsDrivePacket *head = &g_array_index(packets, SsDrivePacket, first);
        if (packet->epoch != head->epoch) {
            first = i;
            continue;
        }
        if (packet != head) {
            head->wait_ns += packet->wait_ns;
            packet->wait_ns = 0;
        }
    }
}

SsDriveCapture *
ss_drive_capture_new(const SsDialogue *dialogue, const SsDrivePlan *plan)
{
    SsDriveCapture *capture = g_new0(SsDriveCapture, 1);
    capture->packets = g_array_new(FALSE, FALSE, sizeof(SsDrivePacket));
    capture->plan = *plan;
    capture->port = dialogue->port;
    capture->stream[SS_CLIENT] = g_byte_array_new();
    capture->stream[SS_SERVER] = g_byte_array_new();
    for (guint i = 0; i < dialogue->chunks->len; i++) {
        const SsDialogueChunk *chunk = g_ptr_array_index(dialogue->chunks, i);
        g_byte_array_append(capture->stream[chunk->direction], chunk->bytes->data,
                            chunk->bytes->len);
    }

    Builder builder = {.capture = capture, .dialogue = dialogue, .dice = plan->dice};
    if (!dialogue->from_middle) {
        add_handshake(&builder);
        builder.epoch++;
    }
    for (guint i = 0; i < dialogue->chunks->len; i++) {
        /* Where the start was not seen, what comes first decides where the streams begin. */
        builder.is_fixed = dialogue->from_middle && i < 2;
        add_chunk(&builder, g_ptr_array_index(dialogue->chunks, i));
        builder.epoch += builder.is_fixed;
        builder.is_fixed = false;
    }
    add_end(&builder);
    if (plan->dice) {
        shuffle(capture->packets, plan->dice);
        settle_waits(capture->packets);
    }
    return capture;
}

void
ss_drive_capture_free(SsDriveCapture *capture)
{
    if (capture) {
        g_array_unref(capture->packets);
        g_byte_array_unref(capture->stream[SS_CLIENT]);
        g_byte_array_unref(capture->stream[SS_SERVER]);
        g_free(capture);
    }
}

int64_t
ss_drive_time(const SsDriveCapture *capture, guint i)
{
    int64_t time_ns = START_NS;
    for (guint k = 0; k <= i && k < capture->packets->len; k++) {
        time_ns += STEP_NS + g_array_index(capture->packets, SsDrivePacket, k).wait_ns;
    }
    return time_ns;
}

static void
set_address(SsAddress *address, const SsDriveCapture *capture, SsDirection side)
{
    static const uint8_t ip4[2][4] = {{192, 0, 2, 1}, {198, 51, 100, 25}};
    static const uint8_t ip6[2][16] = {
        {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
        {0x20, 0x01, 0x0d, 0xb8, [15] = 25},
    };
    if (capture->plan.family == 4) {
        memcpy(address->bytes, ip4[side], 4);
    } else {
        memcpy(address->bytes, ip6[side], 16);
    }
    address->port = side == SS_CLIENT ? CLIENT_PORT : capture->port;
}

void
ss_drive_segment(const SsDriveCapture *capture, guint i, int64_t time_ns, SsSegment *ret_segment)
{
    const SsDrivePacket *packet = &g_array_index(capture->packets, SsDrivePacket, i);
    SsDirection other = ss_direction_other(packet->direction);
    bool is_syn = (packet->flags & SS_TCP_SYN) != 0;
    SsSegment segment = {
        .family = capture->plan.family,
        .seq = capture->plan.initial_seq[packet->direction] + (uint32_t)packet->offset + !is_syn,
        .flags = packet->flags,
        .window = 65535,
        .ttl = 64,
        .payload = packet->payload,
        .origin = {.frame = i + 1, .time_ns = time_ns, .time_digits = 9},
    };
    if (packet->flags & SS_TCP_ACK) {
        segment.ack = capture->plan.initial_seq[other] + 1 + (uint32_t)packet->ack;
    }
    set_address(&segment.from, capture, packet->direction);
    set_address(&segment.to, capture, other);
    *ret_segment = segment;
}

void
ss_drive_table(const SsDialogue *dialogue, const SsDriveCapture *capture, SsFlowTable *table,
               const SsDriveClock *clock)
{
    int64_t time_ns = START_NS;
    for (guint i = 0; i < capture->packets->len; i++) {
        time_ns += STEP_NS + g_array_index(capture->packets, SsDrivePacket, i).wait_ns;
        SsSegment segment;
        ss_drive_segment(capture, i, time_ns, &segment);
        g_autofree uint8_t *copy = g_memdup2(segment.payload.data, segment.payload.len);
        if (copy) {
            segment.payload.data = copy;
        }
        ss_flow_table_advance(table, time_ns, i);
        clock->begin(clock->user_data, i + 1);
        ss_flow_table_feed(table, &segment);
    }
    if (dialogue->end == SS_CLOSE_TIMEOUT) {
        ss_flow_table_advance(table, time_ns + 2 * 3600 * SS_NS_PER_S, capture->packets->len);
    }
    ss_flow_table_finish(table, capture->packets->len);
}
