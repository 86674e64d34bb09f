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
    enum {
        WORD = sizeof(uint64_t),
    };
    uint64_t sum1 = 0, sum2 = 0, sum3 = 0, word;
    for (; len >= 4 * WORD; len -= 4 * WORD) {
        memcpy(&word, bytes, WORD);
        sum = add(sum, word);
        memcpy(&word, bytes + WORD, WORD);
        sum1 = add(sum1, word);
        memcpy(&word, bytes + 2 * WORD, WORD);
        sum2 = add(sum2, word);
        memcpy(&word, bytes + 3 * WORD, WORD);
        sum3 = add(sum3, word);
        bytes += 4 * WORD;
    }
    sum = add(add(sum, sum1), add(sum2, sum3));
    for (; len >= WORD; len -= WORD) {
        memcpy(&word, bytes, WORD);
        sum = add(sum, word);
        bytes += WORD;
    }
    if (len) {
        word = 0; /* as if filled up with zeros */
        memcpy(&word, bytes, len);
        sum = add(sum, word);
    }
    return sum;
}

SsChecksum
ss_segment_checksum(const SsSegment *segment)
{
    if (segment->cut || ss_slice_is_null(segment->tcp) || (segment->oddities & SS_FRAME_REROUTED)) {
        return SS_CHECKSUM_UNKNOWN;
    }
    /* The pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1): addresses, length, protocol.
     */
    uint64_t sum = g_htonl((uint32_t)segment->tcp.len);
    sum += g_htonl(PROTOCOL_TCP);
    sum = ss_checksum_add_words(sum, segment->from.bytes, sizeof segment->from.bytes);
    sum = ss_checksum_add_words(sum, segment->to.bytes, sizeof segment->to.bytes);
    sum = ss_checksum_add(sum, segment->tcp.data, segment->tcp.len);
    return ss_checksum_fold(sum) == 0xffff ? SS_CHECKSUM_GOOD : SS_CHECKSUM_BAD;
}
