/*
 * Inside of the description of frames: a walk over the bytes, one step a layer. A step reads its
 * header at `at`, says what it is, and names the next step; nothing recurses.
 */
#pragma once

#include "capture/describe.h"

typedef struct SsDescribe SsDescribe;
typedef void (*SsDescribeStep)(SsDescribe *self);

struct SsDescribe {
    SsArena *arena; /* NULL: no layers are wanted */
    SsDescription *out;
    const uint8_t *bytes;
    size_t at, end;      /* of what is left; IP and UDP cut off what lies behind them */
    size_t missing;      /* bytes behind `end` that were on the wire and not captured */
    SsDescribeStep next; /* NULL: nothing more is known */
    uint16_t type;       /* Ethernet type that `ss_describe_type` goes by */
    uint8_t ip_protocol; /* that `ss_describe_ip_protocol` goes by */
    size_t n_layers;
    SsLayer *layer; /* the one begun last; NULL without an arena */
};

/*
 * Begins a layer with a header of `len` bytes and moves behind it. Gives where the header is, or
 * NULL where it was cut short: then that is said of the layer and nothing follows. `name` and
 * `protocol` are static.
 */
const uint8_t *ss_describe_layer(SsDescribe *self, const char *name, const char *protocol,
                                 size_t len);

/* Makes the layer begun last `len` bytes longer. As above. */
const uint8_t *ss_describe_more(SsDescribe *self, size_t len);

/* A field of the layer begun last: bytes `from` to `from + len` of it; `len` 0: of none. */
void ss_describe_field(SsDescribe *self, const char *name, size_t from, size_t len,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Bytes of an address. */
void ss_describe_mac(SsDescribe *self, const char *name, size_t from);
void ss_describe_ip_address(SsDescribe *self, const char *name, size_t from, int family);

/* An Ethernet type as a field, and as what comes next. */
void ss_describe_type_field(SsDescribe *self, const char *name, size_t from, uint16_t type);

/* Nothing lies behind `len` more bytes, or it is padding. */
void ss_describe_cut(SsDescribe *self, size_t len);

static inline uint16_t
ss_be16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
ss_be32(const uint8_t *at)
{
    return (uint32_t)ss_be16(at) << 16 | ss_be16(at + 2);
}

/* The sum of RFC 1071 over `bytes`, added to `sum` and not yet folded. */
uint64_t ss_describe_sum(uint64_t sum, const uint8_t *bytes, size_t len);
bool ss_describe_sum_is_good(uint64_t sum);
/* The sum over the pseudo header of what begins at `at` (RFC 9293 section 3.1, RFC 8200
 * section 8.1). */
uint64_t ss_describe_pseudo(const SsDescribe *self, uint8_t protocol, size_t len);

/* The steps. */
void ss_describe_ethernet(SsDescribe *self);
void ss_describe_type(SsDescribe *self);
void ss_describe_ip(SsDescribe *self);
void ss_describe_ip_protocol(SsDescribe *self);
void ss_describe_tcp(SsDescribe *self);
void ss_describe_udp(SsDescribe *self);
void ss_describe_icmp(SsDescribe *self);
void ss_describe_icmp6(SsDescribe *self);
void ss_describe_arp(SsDescribe *self);
void ss_describe_mpls(SsDescribe *self);
void ss_describe_pppoe(SsDescribe *self);
void ss_describe_ppp(SsDescribe *self);
void ss_describe_gre(SsDescribe *self);
void ss_describe_vxlan(SsDescribe *self);
void ss_describe_geneve(SsDescribe *self);
