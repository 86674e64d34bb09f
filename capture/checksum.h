/* Inside of capture/: the checksum of the Internet protocols (RFC 1071). */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Adds bytes up; begins at an even place of what is summed. The sum is of numbers in the machine's
 * byte order, which the checksum does not mind.
 */
uint64_t ss_checksum_add(uint64_t sum, const uint8_t *bytes, size_t len);

/* The same of `len` bytes that are a multiple of 4 and few, known to the compiler. */
static inline uint64_t
ss_checksum_add_words(uint64_t sum, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i += sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, bytes + i, sizeof word);
        sum += word;
    }
    return sum;
}

/* To 16 bits: 0xffff where the checksum among the bytes is right. */
static inline uint16_t
ss_checksum_fold(uint64_t sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}
