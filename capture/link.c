/*
 * The link layer: what stands before the IP header, by link type.
 *
 * Each type is a row in LINKS. Ethernet's rule for "what comes next" (a type, or a length and an
 * LLC header, behind any number of VLAN tags) serves all types that carry an Ethernet type.
 *
 * A frame that ends before its IP header does is TRUNCATED even if it was no longer on the wire:
 * nothing but its own end says how long it should have been.
 */
#include "base/limits.h"
#include "capture/layers.h"

enum {
    LINKTYPE_NULL = 0,
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_PPP = 9,
    LINKTYPE_RAW_LINUX = 12, /* DLT_RAW as some programs write it into files */
    LINKTYPE_RAW_OPENBSD = 14,
    LINKTYPE_PPP_HDLC = 50,
    LINKTYPE_RAW = 101,
    LINKTYPE_C_HDLC = 104,
    LINKTYPE_LOOP = 108,
    LINKTYPE_LINUX_SLL = 113,
    LINKTYPE_PPP_PPPD = 166,
    LINKTYPE_IPV4 = 228,
    LINKTYPE_IPV6 = 229,
    LINKTYPE_LINUX_SLL2 = 276,
};

enum {
    ETHER_LLC = 0x0004,   /* only in the cooked headers of Linux */
    ETHER_TYPES = 0x0600, /* below it is a length: IEEE 802.3 section 3.2.6 */
    ETHER_IPV4 = 0x0800,
    ETHER_VLAN = 0x8100,
    ETHER_IPV6 = 0x86dd,
    ETHER_MPLS = 0x8847,
    ETHER_MPLS_MULTICAST = 0x8848,
    ETHER_PPPOE = 0x8864,
    ETHER_ETAG = 0x893f,
    ETHER_VNTAG = 0x8926,
    ETHER_PBB = 0x88e7,
    ETHER_MACSEC = 0x88e5,
    ETHER_QINQ = 0x88a8,
    ETHER_QINQ_OLD = 0x9100,
};

enum {
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    PPP_VAN_JACOBSON = 0x002d, /* compressed headers, RFC 1144 */
    PPP_VAN_JACOBSON_FULL = 0x002f,
    PPP_MPLS = 0x0281,
};

typedef struct {
    uint32_t link_type;
    SsPacketBucket (*strip)(SsPacket *packet);
} Link;

static SsPacketBucket
is_ip(SsPacket *packet, uint8_t version)
{
    packet->ip_version = version;
    return packet->cursor.is_short ? SS_PACKET_TRUNCATED : SS_PACKET_SEGMENT;
}

/* IEEE 802.2: either the service access point of IP, or SNAP with an Ethernet type (RFC 1042). */
static SsPacketBucket
strip_llc(SsPacket *packet, uint16_t *ret_type)
{
    SsCursor *cursor = &packet->cursor;
    uint16_t access_points = ss_cursor_u16(cursor);
    uint8_t control = ss_cursor_u8(cursor);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (access_points == 0x0606 && control == 0x03) {
        *ret_type = ETHER_IPV4;
        return SS_PACKET_SEGMENT;
    }
    if (access_points != 0xaaaa || control != 0x03) {
        return SS_PACKET_NOT_IP;
    }
    uint32_t organisation = ss_cursor_u24(cursor);
    *ret_type = ss_cursor_u16(cursor);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    bool has_type =
        organisation == 0 || organisation == 0x0000f8; /* the latter: RFC 1390 bridges */
    return has_type && *ret_type >= ETHER_TYPES ? SS_PACKET_SEGMENT : SS_PACKET_NOT_IP;
}

static bool
is_vlan(uint16_t type)
{
    return type == ETHER_VLAN || type == ETHER_QINQ || type == ETHER_QINQ_OLD;
}

/* From an Ethernet type to the IP header. */
static SsPacketBucket
strip_type(SsPacket *packet, uint16_t type)
{
    SsCursor *cursor = &packet->cursor;
    for (int n_tags = 0; is_vlan(type); n_tags++) {
        if (n_tags == SS_VLAN_TAGS_MAX) {
            return SS_PACKET_UNSUPPORTED_ENCAP;
        }
        ss_cursor_skip(cursor, 2);
        type = ss_cursor_u16(cursor);
    }
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (type < ETHER_TYPES) {
        SsPacketBucket bucket = strip_llc(packet, &type);
        if (bucket != SS_PACKET_SEGMENT) {
            return bucket;
        }
    }

    switch (type) {
    case ETHER_IPV4:
        return is_ip(packet, 4);
    case ETHER_IPV6:
        return is_ip(packet, 6);
    case ETHER_MPLS:
    case ETHER_MPLS_MULTICAST:
    case ETHER_PPPOE:
    case ETHER_ETAG:
    case ETHER_VNTAG:
    case ETHER_PBB:
    case ETHER_MACSEC:
        return SS_PACKET_UNSUPPORTED_ENCAP;
    default:
        return SS_PACKET_NOT_IP;
    }
}

static SsPacketBucket
strip_ethernet(SsPacket *packet)
{
    ss_cursor_skip(&packet->cursor, 12);
    return strip_type(packet, ss_cursor_u16(&packet->cursor));
}

static SsPacketBucket
strip_raw(SsPacket *packet)
{
    return is_ip(packet, 0);
}

static SsPacketBucket
strip_ipv4(SsPacket *packet)
{
    return is_ip(packet, 4);
}

static SsPacketBucket
strip_ipv6(SsPacket *packet)
{
    return is_ip(packet, 6);
}

/* The protocols that are no Ethernet types, but for LLC, are the kernel's own: no IP. */
static SsPacketBucket
strip_cooked_protocol(SsPacket *packet, uint16_t protocol)
{
    if (packet->cursor.is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (protocol < ETHER_TYPES && protocol != ETHER_LLC) {
        return SS_PACKET_NOT_IP;
    }
    return strip_type(packet, protocol);
}

/* Packet type 2, device type 2, address length 2, address 8, protocol 2. */
static SsPacketBucket
strip_linux_sll(SsPacket *packet)
{
    ss_cursor_skip(&packet->cursor, 14);
    return strip_cooked_protocol(packet, ss_cursor_u16(&packet->cursor));
}

/* Protocol 2, reserved 2, interface 4, device type 2, packet type 1, address length 1, address 8.
 */
static SsPacketBucket
strip_linux_sll2(SsPacket *packet)
{
    uint16_t protocol = ss_cursor_u16(&packet->cursor);
    ss_cursor_skip(&packet->cursor, 18);
    return strip_cooked_protocol(packet, protocol);
}

/*
 * An address family in the byte order of the machine that captured (NULL) or in network order
 * (LOOP); families are small, so the order shows. AF_INET6 is another number on every system.
 */
static SsPacketBucket
strip_family(SsPacket *packet)
{
    uint32_t family = ss_cursor_u32(&packet->cursor);
    if (packet->cursor.is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (family > 0xffff) {
        family =
            (family & 0xff) << 24 | (family & 0xff00) << 8 | (family >> 8 & 0xff00) | family >> 24;
    }
    switch (family) {
    case 2:
        return is_ip(packet, 4);
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return is_ip(packet, 6);
    default:
        return SS_PACKET_NOT_IP;
    }
}

/* RFC 1661 section 2; the first byte of an even protocol number begins a number of two bytes. */
static SsPacketBucket
strip_ppp_protocol(SsPacket *packet)
{
    uint16_t protocol = ss_cursor_u8(&packet->cursor);
    if ((protocol & 1) == 0) {
        protocol = (uint16_t)(protocol << 8 | ss_cursor_u8(&packet->cursor));
    }
    if (packet->cursor.is_short) {
        return SS_PACKET_TRUNCATED;
    }
    switch (protocol) {
    case PPP_IPV4:
        return is_ip(packet, 4);
    case PPP_IPV6:
        return is_ip(packet, 6);
    case PPP_VAN_JACOBSON:
    case PPP_VAN_JACOBSON_FULL:
    case PPP_MPLS:
        return SS_PACKET_UNSUPPORTED_ENCAP;
    default:
        return SS_PACKET_NOT_IP;
    }
}

/* Cisco's framing: address 1, control 1, Ethernet type 2. */
static SsPacketBucket
strip_c_hdlc(SsPacket *packet)
{
    ss_cursor_skip(&packet->cursor, 2);
    uint16_t type = ss_cursor_u16(&packet->cursor);
    return strip_cooked_protocol(packet, type);
}

/* PPP with or without the address and control bytes of HDLC; or Cisco's framing in their place. */
static SsPacketBucket
strip_ppp(SsPacket *packet)
{
    const uint8_t *at = packet->cursor.at;
    if (packet->cursor.left < 2) {
        return SS_PACKET_TRUNCATED;
    }
    if (at[0] == 0x0f || at[0] == 0x8f) {
        return strip_c_hdlc(packet);
    }
    if (at[0] == 0xff && at[1] == 0x03) {
        ss_cursor_skip(&packet->cursor, 2);
    }
    return strip_ppp_protocol(packet);
}

/* As pppd's kernel driver gives it: a direction in place of the address byte. */
static SsPacketBucket
strip_ppp_pppd(SsPacket *packet)
{
    ss_cursor_skip(&packet->cursor, 2);
    return strip_ppp_protocol(packet);
}

static const Link LINKS[] = {
    {LINKTYPE_ETHERNET, strip_ethernet},
    {LINKTYPE_LINUX_SLL, strip_linux_sll},
    {LINKTYPE_LINUX_SLL2, strip_linux_sll2},
    {LINKTYPE_RAW, strip_raw},
    {LINKTYPE_RAW_LINUX, strip_raw},
    {LINKTYPE_RAW_OPENBSD, strip_raw},
    {LINKTYPE_IPV4, strip_ipv4},
    {LINKTYPE_IPV6, strip_ipv6},
    {LINKTYPE_NULL, strip_family},
    {LINKTYPE_LOOP, strip_family},
    {LINKTYPE_PPP, strip_ppp},
    {LINKTYPE_PPP_HDLC, strip_ppp},
    {LINKTYPE_PPP_PPPD, strip_ppp_pppd},
    {LINKTYPE_C_HDLC, strip_c_hdlc},
};

static const Link *
find_link(uint32_t link_type)
{
    for (size_t i = 0; i < sizeof LINKS / sizeof LINKS[0]; i++) {
        if (LINKS[i].link_type == link_type) {
            return &LINKS[i];
        }
    }
    return NULL;
}

SsPacketBucket
ss_link_strip(SsPacket *packet, uint32_t link_type)
{
    const Link *link = find_link(link_type);
    return link ? link->strip(packet) : SS_PACKET_UNKNOWN_LINK;
}
