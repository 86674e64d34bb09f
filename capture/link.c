/*
 * The link layer: what stands outermost, by link type. Each type is a row in LINKS.
 *
 * A frame that ends before its IP header does is TRUNCATED even if it was no longer on the wire:
 * nothing but its own end says how long it should have been.
 */
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
    LINKTYPE_IEEE802_11 = 105,
    LINKTYPE_LOOP = 108,
    LINKTYPE_LINUX_SLL = 113,
    LINKTYPE_PFLOG = 117,
    LINKTYPE_IEEE802_11_PRISM = 119,
    LINKTYPE_IEEE802_11_RADIOTAP = 127,
    LINKTYPE_IEEE802_11_AVS = 163,
    LINKTYPE_PPP_PPPD = 166,
    LINKTYPE_PPI = 192,
    LINKTYPE_IPV4 = 228,
    LINKTYPE_IPV6 = 229,
    LINKTYPE_LINUX_SLL2 = 276,
};

enum {
    ETHER_LLC = 0x0004, /* only in the cooked headers of Linux */
    ETHER_TYPES = 0x0600,
};

typedef struct {
    uint32_t link_type;
    SsPacketBucket (*strip)(SsPacket *packet);
} Link;

static SsPacketBucket
strip_raw(SsPacket *packet)
{
    return ss_packet_next_ip(packet, 0);
}

static SsPacketBucket
strip_ipv4(SsPacket *packet)
{
    return ss_packet_next_ip(packet, 4);
}

static SsPacketBucket
strip_ipv6(SsPacket *packet)
{
    return ss_packet_next_ip(packet, 6);
}

/* The protocols that are no Ethernet types, but for LLC, are the kernel's own: no IP. */
static SsPacketBucket
next_cooked(SsPacket *packet, uint16_t protocol)
{
    if (packet->cursor.is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (protocol < ETHER_TYPES && protocol != ETHER_LLC) {
        return SS_PACKET_NOT_IP;
    }
    return ss_packet_next(packet, SS_LAYER_TYPE, protocol);
}

/* Packet type 2, device type 2, address length 2, address 8, protocol 2. */
static SsPacketBucket
strip_linux_sll(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    ss_cursor_skip(cursor, 4);
    uint16_t address_len = ss_cursor_u16(cursor);
    const uint8_t *address = ss_cursor_take(cursor, 8);
    ss_packet_came_from(packet, address_len == 6 ? address : NULL);
    return next_cooked(packet, ss_cursor_u16(cursor));
}

/* Protocol 2, reserved 2, interface 4, device type 2, packet type 1, address length 1, address 8.
 */
static SsPacketBucket
strip_linux_sll2(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    uint16_t protocol = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, 9);
    uint8_t address_len = ss_cursor_u8(cursor);
    const uint8_t *address = ss_cursor_take(cursor, 8);
    ss_packet_came_from(packet, address_len == 6 ? address : NULL);
    return next_cooked(packet, protocol);
}

/* AF_INET is the same everywhere, AF_INET6 another number on every system. */
static SsPacketBucket
next_family(SsPacket *packet, uint32_t family)
{
    if (packet->cursor.is_short) {
        return SS_PACKET_TRUNCATED;
    }
    switch (family) {
    case 2:
        return ss_packet_next_ip(packet, 4);
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return ss_packet_next_ip(packet, 6);
    default:
        return SS_PACKET_NOT_IP;
    }
}

/*
 * An address family in the byte order of the machine that captured (NULL) or in network order
 * (LOOP); families are small, so the order shows.
 */
static SsPacketBucket
strip_family(SsPacket *packet)
{
    uint32_t family = ss_cursor_u32(&packet->cursor);
    if (family > 0xffff) {
        family =
            (family & 0xff) << 24 | (family & 0xff00) << 8 | (family >> 8 & 0xff00) | family >> 24;
    }
    return next_family(packet, family);
}

/* OpenBSD's packet filter: length 1, family 1, what it did; filled up to a multiple of 4. */
static SsPacketBucket
strip_pflog(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    size_t len = ((size_t)ss_cursor_u8(cursor) + 3) & ~(size_t)3;
    uint8_t family = ss_cursor_u8(cursor);
    if (!cursor->is_short && len < 4) {
        return SS_PACKET_MALFORMED;
    }
    ss_cursor_skip(cursor, len - 2);
    return next_family(packet, family);
}

/* Cisco's framing: address 1, control 1, Ethernet type 2. */
static SsPacketBucket
strip_c_hdlc(SsPacket *packet)
{
    ss_cursor_skip(&packet->cursor, 2);
    return next_cooked(packet, ss_cursor_u16(&packet->cursor));
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
    return ss_packet_next(packet, SS_LAYER_PPP, 0);
}

/* As pppd's kernel driver gives it: a direction in place of the address byte. */
static SsPacketBucket
strip_ppp_pppd(SsPacket *packet)
{
    ss_cursor_skip(&packet->cursor, 2);
    return ss_packet_next(packet, SS_LAYER_PPP, 0);
}

/* Version 1, flags 1, length of this and its fields 2, link type 4; all low byte first. */
static SsPacketBucket
strip_ppi(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    cursor->is_little = true;
    ss_cursor_skip(cursor, 2);
    size_t len = ss_cursor_u16(cursor);
    uint32_t link_type = ss_cursor_u32(cursor);
    cursor->is_little = false;
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (len < 8) {
        return SS_PACKET_MALFORMED;
    }
    ss_cursor_skip(cursor, len - 8);
    if (link_type == LINKTYPE_PPI) {
        return SS_PACKET_ENCAP_LIMIT;
    }
    return cursor->is_short ? SS_PACKET_TRUNCATED : ss_link_strip(packet, link_type);
}

static const Link LINKS[] = {
    {LINKTYPE_ETHERNET, ss_ether_strip},
    {LINKTYPE_LINUX_SLL, strip_linux_sll},
    {LINKTYPE_LINUX_SLL2, strip_linux_sll2},
    {LINKTYPE_RAW, strip_raw},
    {LINKTYPE_RAW_LINUX, strip_raw},
    {LINKTYPE_RAW_OPENBSD, strip_raw},
    {LINKTYPE_IPV4, strip_ipv4},
    {LINKTYPE_IPV6, strip_ipv6},
    {LINKTYPE_NULL, strip_family},
    {LINKTYPE_LOOP, strip_family},
    {LINKTYPE_PFLOG, strip_pflog},
    {LINKTYPE_PPP, strip_ppp},
    {LINKTYPE_PPP_HDLC, strip_ppp},
    {LINKTYPE_PPP_PPPD, strip_ppp_pppd},
    {LINKTYPE_C_HDLC, strip_c_hdlc},
    {LINKTYPE_IEEE802_11, ss_wifi_strip},
    {LINKTYPE_IEEE802_11_RADIOTAP, ss_wifi_strip_radiotap},
    {LINKTYPE_IEEE802_11_PRISM, ss_wifi_strip_prism},
    {LINKTYPE_IEEE802_11_AVS, ss_wifi_strip_avs},
    {LINKTYPE_PPI, strip_ppi},
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
