/*
 * One's complement sums do not care in which order or how many bytes at a time they are made (RFC
 * 1071 section 2), so that several 32-bit words go into 64-bit sums side by side and are folded at
 * the end.
 */
#include "capture/checksum.h"

#include <glib.h>
#include <string.h>

#include "capture/segment.h"

#define PROTOCOL_TCP 6
#define LANES 8

uint64_t
ss_checksum_add(uint64_t sum, const uint8_t *bytes, size_t len)
{
    uint64_t sums[LANES] = {sum};
    while (len >= LANES * sizeof(uint32_t)) {
        uint32_t words[LANES];
        memcpy(words, bytes, sizeof words);
        for (int i = 0; i < LANES; i++) {
            sums[i] += words[i];
        }
        bytes += sizeof words;
        len -= sizeof words;
    }
    for (; len >= sizeof(uint32_t); len -= sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, bytes, sizeof word);
        sums[1] += word;
        bytes += sizeof word;
    }
    if (len) {
        uint32_t word = 0; /* as if filled up with zeros */
        memcpy(&word, bytes, len);
        sums[2] += word;
    }
    for (int i = 1; i < LANES; i++) {
        sums[0] += sums[i];
    }
    return sums[0];
}

SsChecksum
ss_segment_checksum(const SsSegment *segment)
{
    size_t address_len = segment->family == 4 ? 4 : 16;

    if (segment->cut || ss_slice_is_null(segment->tcp) || (segment->oddities & SS_FRAME_REROUTED)) {
        return SS_CHECKSUM_UNKNOWN;
    }
    /* The pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1): addresses, length, protocol.
     */
    uint64_t sum = g_htonl((uint32_t)segment->tcp.len);
    sum += g_htonl(PROTOCOL_TCP);
    sum = ss_checksum_add(sum, segment->from.bytes, address_len);
    sum = ss_checksum_add(sum, segment->to.bytes, address_len);
    sum = ss_checksum_add(sum, segment->tcp.data, segment->tcp.len);
    return ss_checksum_fold(sum) == 0xffff ? SS_CHECKSUM_GOOD : SS_CHECKSUM_BAD;
}
