/*
 * Inside of capture/: the layers of one frame, each in its file. Each takes its header off the
 * front of the packet, cuts off what lies behind its end, and says which layer comes next; the loop
 * over them is in packet.c. So layers nest in any way without recursion, and what bounds them is
 * counted in the packet.
 */
#pragma once

#include "base/cursor.h"
#include "base/limits.h"
#include "capture/defrag.h"
#include "capture/packet.h"

typedef enum {
    SS_LAYER_ETHERNET,
    SS_LAYER_TYPE, /* what an Ethernet type tells: `type` */
    SS_LAYER_PPP,
    SS_LAYER_MPLS,
    SS_LAYER_IP,
    SS_LAYER_PROTOCOL, /* what the number of an IP protocol tells: `type` */
    SS_LAYER_GRE,
    SS_LAYER_UDP,
    SS_LAYER_TCP,
    SS_N_LAYERS,
} SsLayer;

typedef struct {
    SsCursor cursor; /* captured bytes not read yet */
    size_t missing;  /* bytes of this layer that follow them on the wire and were not captured */
    SsLayer next;
    uint16_t type;
    uint8_t ip_version; /* 4 or 6 as the layer before tells; 0: the packet's first nibble decides */
    uint8_t n_tags;
    uint8_t n_tunnels;
    uint8_t n_ip6_headers;
    bool has_fragments;   /* some of these bytes were a fragment's */
    bool has_datagram;    /* `datagram` is what these bytes were put together to */
    SsDatagram *datagram; /* the decoder's */
    SsDefrag *defrag;     /* likewise */
    int64_t now_ns;       /* packet time */
    SsSegment *segment;   /* filled in on the way */
} SsPacket;

/*
 * Whether `n` more bytes can be read. SS_PACKET_SEGMENT is yes, as in all functions below: so far
 * it is a segment.
 */
static inline SsPacketBucket
ss_packet_has(const SsPacket *packet, size_t n)
{
    if (n <= packet->cursor.left) {
        return SS_PACKET_SEGMENT;
    }
    return n - packet->cursor.left <= packet->missing ? SS_PACKET_TRUNCATED : SS_PACKET_MALFORMED;
}

/* Bytes of this layer on the wire, from here on. */
static inline size_t
ss_packet_wire_len(const SsPacket *packet)
{
    return packet->cursor.left + packet->missing;
}

/* Makes the packet end `n` bytes on, which is not past its end on the wire. */
static inline void
ss_packet_end_at(SsPacket *packet, size_t n)
{
    SsCursor *cursor = &packet->cursor;
    if (n < cursor->left) {
        cursor->left = n;
    }
    packet->missing = n - cursor->left;
}

/* What a header says comes next; TRUNCATED where the header was not all there. */
static inline SsPacketBucket
ss_packet_next(SsPacket *packet, SsLayer next, uint16_t type)
{
    packet->next = next;
    packet->type = type;
    return packet->cursor.is_short ? SS_PACKET_TRUNCATED : SS_PACKET_SEGMENT;
}

/* The next is an IP header of this version, 0 where its first nibble decides. */
static inline SsPacketBucket
ss_packet_next_ip(SsPacket *packet, uint8_t version)
{
    packet->ip_version = version;
    return ss_packet_next(packet, SS_LAYER_IP, 0);
}

/* Counts one more tunnel. */
static inline SsPacketBucket
ss_packet_enter(SsPacket *packet)
{
    return ++packet->n_tunnels > SS_ENCAP_MAX ? SS_PACKET_ENCAP_LIMIT : SS_PACKET_SEGMENT;
}

/* The outermost source address: the first one told stays. `mac` is 6 bytes, or NULL. */
static inline void
ss_packet_came_from(SsPacket *packet, const uint8_t *mac)
{
    SsSegment *segment = packet->segment;
    if (mac && !segment->has_link) {
        memcpy(segment->link_from, mac, sizeof segment->link_from);
        segment->has_link = true;
    }
}

/* Takes off what stands outermost, by link type. */
SsPacketBucket ss_link_strip(SsPacket *packet, uint32_t link_type);

/* Headers of 802.11, and what capture software puts before them. */
SsPacketBucket ss_wifi_strip(SsPacket *packet);
SsPacketBucket ss_wifi_strip_radiotap(SsPacket *packet);
SsPacketBucket ss_wifi_strip_prism(SsPacket *packet);
SsPacketBucket ss_wifi_strip_avs(SsPacket *packet);

SsPacketBucket ss_ether_strip(SsPacket *packet);
SsPacketBucket ss_ether_strip_type(SsPacket *packet);
/* IEEE 802.2, to the Ethernet type behind it. */
SsPacketBucket ss_ether_strip_llc(SsPacket *packet);
SsPacketBucket ss_ppp_strip(SsPacket *packet);
/* A PPPoE session's header (RFC 2516 section 4). */
SsPacketBucket ss_ppp_strip_ethernet(SsPacket *packet);
SsPacketBucket ss_mpls_strip(SsPacket *packet);
SsPacketBucket ss_gre_strip(SsPacket *packet);
SsPacketBucket ss_udp_strip(SsPacket *packet);

/* Sets family, addresses, id and TTL. */
SsPacketBucket ss_ip_strip(SsPacket *packet);
/* What the IP header carries, behind extension headers and fragmentation of IPv6. */
SsPacketBucket ss_ip_strip_protocol(SsPacket *packet);

/* Sets all that the TCP header tells, payload and `cut`; the last layer. */
SsPacketBucket ss_tcp_strip(SsPacket *packet);
