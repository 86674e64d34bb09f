/*
 * One's complement sums do not care in which order or how many bytes at a time they are made (RFC
 * 1071 section 2), so that words of 64 bits are added, four sums side by side, and folded at the
 * end.
 */
#include "capture/checksum.h"

#include <glib.h>
#include <string.h>

#include "capture/segment.h"

#define PROTOCOL_TCP 6

/* A carry out of the top comes in at the bottom. */
static inline uint64_t
add(uint64_t sum, uint64_t word)
{
    sum += word;
    return sum + (sum < word);
}

uint64_t
ss_checksum_add(uint64_t sum, const uint8_t *bytes, size_t len)
{
    uint64_t sums[3] = {0};
    uint64_t words[4];
    for (; len >= sizeof words; len -= sizeof words) {
        memcpy(words, bytes, sizeof words);
        sum = add(sum, words[0]);
        sums[0] = add(sums[0], words[1]);
        sums[1] = add(sums[1], words[2]);
        sums[2] = add(sums[2], words[3]);
        bytes += sizeof words;
    }
    sum = add(add(sum, sums[0]), add(sums[1], sums[2]));
    for (; len >= sizeof words[0]; len -= sizeof words[0]) {
        memcpy(words, bytes, sizeof words[0]);
        sum = add(sum, words[0]);
        bytes += sizeof words[0];
    }
    if (len >= sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, bytes, sizeof word);
        sum = add(sum, word);
        bytes += sizeof word;
        len -= sizeof word;
    }
    if (len) {
        uint32_t word = 0; /* as if filled up with zeros */
        memcpy(&word, bytes, len);
        sum = add(sum, word);
    }
    return sum;
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
