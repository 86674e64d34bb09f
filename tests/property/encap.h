/*
 * Frames made by hand: TCP in IP, in fragments, in tunnels, on any link. The other way round than
 * capture/ reads them, and written apart from it.
 */
#pragma once

#include <glib.h>

#include "capture/segment.h"

/* What an IP packet lies in, by link type. */
typedef enum {
    LINK_ETHERNET,
    LINK_SLL,
    LINK_SLL2,
    LINK_RAW,
    LINK_NULL,
    LINK_LOOP,
    LINK_PPP,
    LINK_C_HDLC,
    N_LINKS,
} EncapLink;

/* What may stand between an Ethernet type and the packet. */
typedef enum {
    TAG_NONE,
    TAG_VLAN,
    TAG_QINQ,
    TAG_PPPOE,
    TAG_MPLS, /* one to three labels */
    TAG_VLAN_PPPOE,
    TAG_VLAN_MPLS,
    N_TAGS,
} EncapTag;

/* What a packet lies in within another one. */
typedef enum {
    TUNNEL_IP, /* RFC 2003, 2473, 4213 */
    TUNNEL_GRE,
    TUNNEL_GRE_ETHERNET,
    TUNNEL_VXLAN,
    TUNNEL_GENEVE,
    TUNNEL_GENEVE_ETHERNET,
    N_TUNNELS,
} EncapTunnel;

#define TUNNELS_MAX 3

/* How one packet is wrapped, from the link inwards. */
typedef struct {
    EncapLink link;
    EncapTag tag;
    size_t n_tunnels;
    struct {
        EncapTunnel kind;
        EncapTag tag;      /* of an Ethernet frame within */
        uint8_t family;    /* of the IP header around */
    } tunnel[TUNNELS_MAX]; /* the outermost first */
    bool has_ip_options;   /* of IPv4, or a destination options header of IPv6; of the innermost */
    bool is_padded;        /* to Ethernet's shortest frame */
    size_t n_fragments;    /* at most so many; 0 and 1: whole */
    size_t fragmented;     /* which IP header: 0 the innermost, n_tunnels the outermost */
} EncapStack;

extern const char *const encap_link_names[N_LINKS];
extern const uint32_t encap_link_types[N_LINKS];
extern const char *const encap_tag_names[N_TAGS];
extern const char *const encap_tunnel_names[N_TUNNELS];

/* Whether this link carries Ethernet types, so that there may be tags. */
bool encap_has_tags(EncapLink link);

/*
 * The frames of one segment, of GBytes; more than one where it is fragmented, in order. `dice`
 * decides what the stack leaves open: sizes, labels, keys. `id` is that of the IP headers.
 */
GPtrArray *encap_segment(const SsSegment *segment, const EncapStack *stack, uint16_t id,
                         GRand *dice);

/* The same of an IP packet, which it takes. `is_back`: from the server. */
GPtrArray *encap_packet(GByteArray *packet, uint8_t family, bool is_back, const EncapStack *stack,
                        uint16_t id, GRand *dice);
