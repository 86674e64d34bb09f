/* A decoder that is fed fragments, for the tests of what is put together. */
#pragma once

#include "base/limits.h"
#include "tests/unit/capture/frames.h"

#define SECOND SS_NS_PER_S

typedef struct {
    SsPacketDecoder *decoder;
    uint64_t memory;
    uint64_t frame;
    int64_t now_ns;
    SsSegment segment; /* of the last frame */
} Wire;

static inline void
wire_init(Wire *wire)
{
    *wire = (Wire){.now_ns = 100 * SECOND};
    wire->decoder = ss_packet_decoder_new(&wire->memory);
}

/* Whatever was fed, nothing may be left. */
static inline void
wire_clear(Wire *wire)
{
    ss_packet_decoder_finish(wire->decoder);
    assert_int_equal(wire->memory, 0);
    ss_packet_decoder_free(wire->decoder);
}

static inline uint64_t
met(const Wire *wire, SsMet which)
{
    return ss_packet_decoder_met(wire->decoder)[which];
}

/* `captured` bytes of a frame without a link layer; their copy is gone when this returns. */
static inline SsPacketBucket
feed_cut(Wire *wire, const GByteArray *packet, size_t captured)
{
    g_autofree uint8_t *copy = g_memdup2(packet->data, MAX(captured, 1));
    SsFrame frame = {.origin = {++wire->frame, wire->now_ns, 9},
                     .link_type = 101,
                     .len = packet->len,
                     .bytes = ss_slice(copy, captured)};
    return ss_packet_decode(wire->decoder, &frame, &wire->segment);
}

static inline SsPacketBucket
feed(Wire *wire, const GByteArray *packet)
{
    return feed_cut(wire, packet, packet->len);
}

/* --- making fragments --- */

typedef struct {
    int version;
    uint32_t id;
    uint8_t protocol;
    unsigned offset; /* bytes */
    bool more;
} Head;

static inline GByteArray *
fragment_of(Head head, SsSlice bytes)
{
    GByteArray *packet = g_byte_array_new();
    if (head.version == 4) {
        put_ip4(packet, 0, head.offset / 8 | (head.more ? 0x2000 : 0), head.protocol,
                (unsigned)bytes.len);
        set16(packet, 4, head.id);
        seal_ip4(packet, 0);
    } else {
        put_ip6(packet, 44, 8 + (unsigned)bytes.len);
        put8(packet, head.protocol);
        put8(packet, 0);
        put16(packet, head.offset | head.more);
        put32(packet, head.id);
    }
    put(packet, bytes.data, bytes.len);
    return packet;
}

/* Feeds the bytes from `from` to before `to` of a datagram; to its end if `to` is its length. */
static inline SsPacketBucket
feed_part(Wire *wire, int version, uint32_t id, const GByteArray *datagram, size_t from, size_t to)
{
    Head head = {version, id, 6, (unsigned)from, to < datagram->len};
    g_autoptr(GByteArray) packet = fragment_of(head, ss_slice(datagram->data + from, to - from));
    return feed(wire, packet);
}

/* A TCP segment with a payload of `len` bytes, that begins with PAYLOAD's and has its checksum. */
static inline GByteArray *
tcp_of(int version, size_t len, uint8_t filler)
{
    GByteArray *tcp = g_byte_array_new();
    put_tcp(tcp, 0);
    while (tcp->len < 20 + len) {
        put8(tcp, filler);
        filler = (uint8_t)(filler * 5 + 1);
    }
    g_byte_array_set_size(tcp, (guint)(20 + len));
    size_t n = version == 4 ? 4 : 16;
    uint32_t sum = plain_sum(6 + tcp->len, version == 4 ? FROM4 : FROM6, n);
    sum = plain_sum(sum, version == 4 ? TO4 : TO6, n);
    sum = (uint16_t)~plain_sum(sum, tcp->data, tcp->len);
    set16(tcp, 16, sum);
    return tcp;
}

static inline void
assert_is_datagram(const Wire *wire, const GByteArray *tcp)
{
    const SsSegment *segment = &wire->segment;
    assert_true(ss_slice_eq(segment->tcp, ss_slice(tcp->data, tcp->len)));
    assert_true(ss_slice_eq(segment->payload, ss_slice(tcp->data + 20, tcp->len - 20)));
    assert_int_equal(segment->cut, 0);
    assert_int_equal(segment->from.port, 40000);
    assert_int_equal(segment->seq, 0x01020304);
    assert_int_equal(ss_segment_checksum(segment), SS_CHECKSUM_GOOD);
    assert_int_equal(segment->oddities & ~SS_FRAME_TINY_FRAGMENT, SS_FRAME_FRAGMENTED);
    assert_int_equal(segment->ttl, segment->family == 4 ? 63 : 64);
    assert_true(segment->n_fragments >= 1);
    assert_int_equal(segment->fragments[segment->n_fragments - 1], wire->frame);
}
