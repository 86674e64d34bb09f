#include "app/inspect.h"

#include <arpa/inet.h>

#include "capture/describe.h"

static SsSlice
ip_text(uint8_t family, const uint8_t *address, char text[INET6_ADDRSTRLEN])
{
    inet_ntop(family == 4 ? AF_INET : AF_INET6, address, text, INET6_ADDRSTRLEN);
    return ss_slice_str(text);
}

/* In tcpdump's manner. */
static SsSlice
flags_text(uint8_t flags, char text[9])
{
    static const char letters[] = "FSRP.U";
    size_t n = 0;

    for (size_t i = 0; i < sizeof letters - 1; i++) {
        if (flags >> i & 1) {
            text[n++] = letters[i];
        }
    }
    return n ? ss_slice(text, n) : SS_SLICE("none");
}

static void
append_remarks(SsEventPacket *packet, SsArena *arena, const SsFlowVerdict *verdict)
{
    const uint64_t with_other = SS_REMARKS(SS_REMARK_RETRANSMISSION) |
                                SS_REMARKS(SS_REMARK_DUPLICATE) | SS_REMARKS(SS_REMARK_OVERLAP) |
                                SS_REMARKS(SS_REMARK_CONFLICT);

    for (int i = 0; i < SS_N_REMARKS; i++) {
        char text[64];
        SsSlice word = ss_slice_str(ss_remark_name(i));

        if (!(verdict->remarks >> i & 1)) {
            continue;
        }
        if (verdict->other_frame && (with_other >> i & 1)) {
            g_snprintf(text, sizeof text, "%s %s %" G_GUINT64_FORMAT, ss_remark_name(i),
                       i == SS_REMARK_CONFLICT || i == SS_REMARK_OVERLAP ? "with" : "of",
                       verdict->other_frame);
            word = ss_arena_dup(arena, ss_slice_str(text));
        }
        ss_list_append(arena, &packet->remarks, &word, sizeof word, SS_N_REMARKS);
    }
}

static void
fill_segment(SsEvent *event, SsArena *arena, const SsSegment *segment, const SsFlowVerdict *verdict)
{
    SsEventPacket *packet = &event->packet;
    const SsConnection *connection = verdict->connection;

    packet->is_tcp = true;
    packet->from.port = segment->from.port;
    packet->to.port = segment->to.port;
    packet->is_relative = verdict->is_relative;
    packet->seq = verdict->is_relative ? verdict->seq : segment->seq;
    packet->ack = verdict->is_relative ? verdict->ack : segment->ack;
    packet->has_ack = (segment->flags & SS_TCP_ACK) != 0;
    packet->window = verdict->window;
    packet->payload = segment->payload.len + (uint64_t)segment->cut;
    packet->direction = -1;
    append_remarks(packet, arena, verdict);
    if (connection) {
        /* Its name is not fixed here: what it is made of may still come. */
        packet->is_of_session = connection->session != 0;
        event->uid = connection->uid;
        event->session = connection->session;
        packet->began = connection->first.frame;
        packet->direction = (int)verdict->direction;
        packet->offset = verdict->offset;
    }
}

/* Where in the frame the segment's payload is, if it is in it: not where it was put together from
 * fragments. */
static void
place_payload(SsEventPacket *packet, const SsFrame *frame, const SsSegment *segment)
{
    uintptr_t begin = (uintptr_t)frame->bytes.data, at = (uintptr_t)segment->payload.data;

    if (!segment->payload.len) {
        return;
    }
    if (at >= begin && at - begin <= frame->bytes.len) {
        packet->payload_at = at - begin;
        packet->is_fragment = false;
    } else {
        packet->is_fragment = true;
    }
}

void
ss_inspect_frame(const SsInspect *self, const SsFrame *frame, SsPacketBucket bucket,
                 const SsSegment *segment, const SsFlowVerdict *verdict)
{
    bool has_layers = (self->plan->needs & SS_NEED_LAYERS) != 0;
    char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], flags[9];
    SsArena arena = {0};
    SsDescription description = {.protocol = SS_SLICE("tcp")};
    SsEvent event = {
        .type = SS_EVENT_PACKET,
        .time_ns = frame->origin.time_ns,
        .time_digits = frame->origin.time_digits,
        .frame = frame->origin.frame,
    };
    SsEventPacket *packet = &event.packet;

    if (has_layers || !segment) {
        ss_describe(frame, has_layers ? &arena : NULL, &description);
        packet->payload_at = description.payload_at;
        packet->is_fragment = description.is_fragment;
    }
    packet->len = frame->len;
    packet->captured = frame->bytes.len;
    packet->direction = -1;
    if (segment) {
        packet->bucket = ss_slice_str(ss_flow_bucket_name(verdict->bucket));
        packet->protocol = SS_SLICE("tcp");
        packet->from.ip = ip_text(segment->family, segment->from.bytes, from);
        packet->to.ip = ip_text(segment->family, segment->to.bytes, to);
        packet->flags = flags_text(segment->flags, flags);
        fill_segment(&event, &arena, segment, verdict);
        place_payload(packet, frame, segment);
    } else {
        packet->bucket = ss_slice_str(ss_packet_bucket_name(bucket));
        packet->protocol = description.protocol;
        if (description.family) {
            packet->from.ip = ip_text(description.family, description.from.bytes, from);
            packet->to.ip = ip_text(description.family, description.to.bytes, to);
            packet->from.port = description.has_ports ? description.from.port : 0;
            packet->to.port = description.has_ports ? description.to.port : 0;
        }
    }
    if (has_layers) {
        packet->layers = description.layers;
        packet->bytes = frame->bytes;
    }
    self->sink->emit(self->sink, &event);
    ss_arena_clear(&arena);
}
