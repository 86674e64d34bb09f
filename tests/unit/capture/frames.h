/* Frames made by hand and decoded, for the tests of what is below TCP. */
#pragma once

#include "capture/packet.h"
#include "tests/ss-test.h"
#include "tests/unit/capture/bytes.h"

static inline void
set16(GByteArray *array, size_t at, unsigned value)
{
    array->data[at] = (uint8_t)(value >> 8);
    array->data[at + 1] = (uint8_t)value;
}

#define PAYLOAD "EHLO client.example\r\n"
#define PAYLOAD_LEN (sizeof PAYLOAD - 1)

static const uint8_t FROM4[] = {192, 0, 2, 1};
static const uint8_t TO4[] = {198, 51, 100, 2};
static const uint8_t FROM6[] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
static const uint8_t TO6[] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

static inline void
put_tcp(GByteArray *to, unsigned n_option_words)
{
    put16(to, 40000);
    put16(to, 25);
    put32(to, 0x01020304);
    put32(to, 0x05060708);
    put8(to, (5 + n_option_words) << 4);
    put8(to, SS_TCP_PSH | SS_TCP_ACK | 0xc0);
    put16(to, 4096);
    put32(to, 0);
    for (unsigned i = 0; i < 4 * n_option_words; i++) {
        put8(to, 1);
    }
    put(to, PAYLOAD, PAYLOAD_LEN);
}

/* One's complement sum of 16-bit numbers, as plain as it can be. */
static inline uint16_t
plain_sum(uint32_t sum, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        sum += (uint32_t)bytes[i] << (i % 2 ? 0 : 8);
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)sum;
}

/* Puts the checksum into the IPv4 header that begins at `start`. */
static inline void
seal_ip4(GByteArray *array, guint start)
{
    uint8_t *header = array->data + start;
    size_t len = (size_t)(header[0] & 0x0f) * 4;
    header[10] = header[11] = 0;
    uint16_t sum = (uint16_t)~plain_sum(0, header, len);
    header[10] = (uint8_t)(sum >> 8);
    header[11] = (uint8_t)sum;
}

/* `options`: bytes, a multiple of 4. */
static inline void
put_ip4(GByteArray *to, unsigned options, unsigned fragment, uint8_t protocol, unsigned len)
{
    guint start = to->len;
    put8(to, 0x40 | (5 + options / 4));
    put8(to, 0);
    put16(to, 20 + options + len);
    put16(to, 1);
    put16(to, fragment);
    put8(to, 63);
    put8(to, protocol);
    put16(to, 0);
    put(to, FROM4, 4);
    put(to, TO4, 4);
    put_zeros(to, options);
    seal_ip4(to, start);
}

static inline void
put_ip6(GByteArray *to, uint8_t next, unsigned len)
{
    put32(to, 0x60000000);
    put16(to, len);
    put8(to, next);
    put8(to, 64);
    put(to, FROM6, 16);
    put(to, TO6, 16);
}

static inline GByteArray *
packet4(void)
{
    GByteArray *packet = g_byte_array_new();
    put_ip4(packet, 8, 0x4000, 6, 20 + 12 + PAYLOAD_LEN);
    put_tcp(packet, 3);
    return packet;
}

/* Behind a hop-by-hop header of 8 bytes and a destination header of 16. */
static inline GByteArray *
packet6(void)
{
    GByteArray *packet = g_byte_array_new();
    put_ip6(packet, 0, 24 + 20 + PAYLOAD_LEN);
    put8(packet, 60);
    put8(packet, 0);
    put_zeros(packet, 6);
    put8(packet, 6);
    put8(packet, 1);
    put_zeros(packet, 14);
    put_tcp(packet, 0);
    return packet;
}

static inline void
put_ethernet(GByteArray *to, unsigned type)
{
    put(to, "\2\2\2\2\2\2\4\4\4\4\4\4", 12);
    put16(to, type);
}

static inline SsPacketBucket
decode_cut(uint32_t link_type, const uint8_t *bytes, size_t captured, size_t len, SsSegment *ret)
{
    uint8_t *copy = malloc(captured ? captured : 1); /* so that the sanitizer knows its end */
    memcpy(copy, bytes, captured);
    SsFrame frame = {.origin = {7, 8, 9},
                     .link_type = link_type,
                     .len = (uint32_t)len,
                     .bytes = ss_slice(copy, captured)};
    uint64_t memory = 0;
    SsPacketDecoder *decoder = ss_packet_decoder_new(&memory);
    SsPacketBucket bucket = ss_packet_decode(decoder, &frame, ret);
    ss_packet_decoder_free(decoder);
    if (bucket == SS_PACKET_SEGMENT) {
        assert_true(ret->payload.data >= copy);
        assert_true(ret->payload.data + ret->payload.len <= copy + captured);
        assert_true(ret->payload.len + ret->cut <= len);
        for (size_t i = 0; i < ret->payload.len; i++) {
            assert_int_equal(ret->payload.data[i], bytes[ret->payload.data - copy + (ptrdiff_t)i]);
        }
        ret->payload.data = bytes + (ret->payload.data - copy);
    }
    free(copy);
    return bucket;
}

static inline SsPacketBucket
decode(uint32_t link_type, const GByteArray *frame, SsSegment *ret)
{
    return decode_cut(link_type, frame->data, frame->len, frame->len, ret);
}

static inline void
assert_is_hello(const SsSegment *segment)
{
    assert_true(ss_slice_eq(segment->payload, SS_SLICE(PAYLOAD)));
    assert_int_equal(segment->cut, 0);
    assert_int_equal(segment->from.port, 40000);
    assert_int_equal(segment->to.port, 25);
    assert_int_equal(segment->seq, 0x01020304);
    assert_int_equal(segment->ack, 0x05060708);
    assert_int_equal(segment->window, 4096);
    assert_int_equal(segment->flags, SS_TCP_PSH | SS_TCP_ACK);
    assert_int_equal(segment->origin.frame, 7);
    assert_int_equal(segment->origin.time_ns, 8);
    assert_int_equal(segment->origin.time_digits, 9);
    if (segment->family == 4) {
        static const uint8_t zeros[12];
        assert_memory_equal(segment->from.bytes, FROM4, 4);
        assert_memory_equal(segment->from.bytes + 4, zeros, 12);
        assert_memory_equal(segment->to.bytes, TO4, 4);
        assert_int_equal(segment->ttl, 63);
    } else {
        assert_int_equal(segment->family, 6);
        assert_memory_equal(segment->from.bytes, FROM6, 16);
        assert_memory_equal(segment->to.bytes, TO6, 16);
        assert_int_equal(segment->ttl, 64);
    }
}
