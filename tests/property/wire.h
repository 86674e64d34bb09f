/*
 * Bytes in network order, and IP packets of them, whole and in fragments.
 */
#pragma once

#include <glib.h>

#include "capture/segment.h"

enum {
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_OPTIONS = 60,
};

void wire_put_u8(GByteArray *to, uint8_t value);
void wire_put_u16(GByteArray *to, uint16_t value);
void wire_put_u32(GByteArray *to, uint32_t value);
void wire_put(GByteArray *to, const void *bytes, size_t len);
void wire_put_zeros(GByteArray *to, size_t n);
void wire_poke_u16(GByteArray *in, guint at, uint16_t value);

/* Ones' complement sum (RFC 1071), not yet complemented. */
uint32_t wire_sum(const uint8_t *bytes, size_t len, uint32_t sum);

typedef struct {
    uint8_t family;
    uint8_t from[16], to[16];
    uint8_t protocol;
    uint16_t id;
    bool has_options; /* of IPv4, or a header of them in IPv6 */
} WireIp;

GByteArray *wire_ip(const WireIp *header, const GByteArray *payload);

/* Of TCP or UDP, their checksum field being zero. */
uint16_t wire_checksum(const WireIp *header, const GByteArray *payload);

GByteArray *wire_tcp(const SsSegment *segment, bool has_options, uint16_t id);

/* `packets`, of GByteArray, is one packet, and then its fragments, `n` at most; the packet itself
 * where it is too short. */
void wire_split(GPtrArray *packets, uint8_t family, size_t n, uint16_t id, GRand *dice);
