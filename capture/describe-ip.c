/*
 * IPv4, IPv6 with its extension headers, ICMP, UDP, ARP.
 */
#include "base/limits.h"
#include "capture/describe-parts.h"

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_ICMP = 1,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_ESP = 50,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_ICMP6 = 58,
    PROTOCOL_NONE = 59,
    PROTOCOL_DESTINATION = 60,
    PROTOCOL_SCTP = 132,
    PROTOCOL_MPLS = 137,
};

enum {
    PORT_VXLAN = 4789,
    PORT_VXLAN_LINUX = 8472,
    PORT_GENEVE = 6081,
};

static void describe_extension(SsDescribe *self);

static const struct {
    uint8_t protocol;
    const char *name;
    SsDescribeStep step;
} protocols[] = {
    {PROTOCOL_TCP, "TCP", ss_describe_tcp},
    {PROTOCOL_UDP, "UDP", ss_describe_udp},
    {PROTOCOL_ICMP, "ICMP", ss_describe_icmp},
    {PROTOCOL_ICMP6, "ICMPv6", ss_describe_icmp6},
    {PROTOCOL_IPV4, "IPv4", ss_describe_ip},
    {PROTOCOL_IPV6, "IPv6", ss_describe_ip},
    {PROTOCOL_GRE, "GRE", ss_describe_gre},
    {PROTOCOL_MPLS, "MPLS", ss_describe_mpls},
    {PROTOCOL_HOP_BY_HOP, "hop-by-hop options", describe_extension},
    {PROTOCOL_ROUTING, "routing header", describe_extension},
    {PROTOCOL_FRAGMENT, "fragment header", describe_extension},
    {PROTOCOL_AUTHENTICATION, "authentication header", describe_extension},
    {PROTOCOL_DESTINATION, "destination options", describe_extension},
    {PROTOCOL_ESP, "ESP", NULL},
    {PROTOCOL_SCTP, "SCTP", NULL},
    {PROTOCOL_NONE, "nothing", NULL},
};

static void
describe_protocol(SsDescribe *self, const char *name, size_t from, uint8_t protocol)
{
    const char *word = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (protocols[i].protocol == protocol) {
            word = protocols[i].name;
        }
    }
    ss_describe_field(self, name, from, 1, word ? "%u (%s)" : "%u", protocol, word);
    self->ip_protocol = protocol;
    self->next = ss_describe_ip_protocol;
}

void
ss_describe_ip_protocol(SsDescribe *self)
{
    self->next = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (protocols[i].protocol == self->ip_protocol) {
            self->next = protocols[i].step;
        }
    }
}

/* What lies here is a part of a datagram. */
static void
stop_at_fragment(SsDescribe *self)
{
    self->next = NULL;
    self->out->is_fragment = true;
}

/* --- IPv4 (RFC 791) --- */

static const char *
name_of_option(uint8_t kind)
{
    switch (kind) {
    case 7:
        return "record route";
    case 68:
        return "timestamp";
    case 130:
        return "security";
    case 131:
        return "loose source route";
    case 137:
        return "strict source route";
    case 148:
        return "router alert";
    default:
        return "option";
    }
}

static void
describe_ip4_options(SsDescribe *self, size_t from, size_t end)
{
    const uint8_t *header = self->layer ? self->bytes + self->layer->offset : NULL;

    while (header && from < end && header[from] != 0) {
        size_t len = header[from] == 1 ? 1 : from + 1 < end ? header[from + 1] : 0;
        if (header[from] == 1) {
            from++; /* no operation */
            continue;
        }
        if (len < 2 || len > end - from) {
            ss_describe_field(self, "option", from, end - from, "%u, its length is wrong",
                              header[from]);
            return;
        }
        ss_describe_field(self, name_of_option(header[from]), from, len, "%u, %zu bytes",
                          header[from], len);
        from += len;
    }
}

static void
describe_fragment_flags(SsDescribe *self, uint16_t fragment)
{
    unsigned offset = (fragment & 0x1fffu) * 8;

    ss_describe_field(self, "flags", 6, 1, "%s%s%s", fragment & 0x4000 ? "don't fragment" : "",
                      fragment & 0x2000 ? "more fragments" : "", fragment & 0x6000 ? "" : "none");
    ss_describe_field(self, "fragment offset", 6, 2, "%u", offset);
}

static void
describe_ip4(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "IPv4", "ipv4", 20);
    size_t header_len, total_len;
    uint16_t fragment;
    bool is_good;

    if (!at) {
        return;
    }
    header_len = (size_t)(at[0] & 0x0f) * 4;
    total_len = ss_be16(at + 2);
    fragment = ss_be16(at + 6);
    ss_describe_field(self, "version", 0, 1, "4");
    ss_describe_field(self, "header length", 0, 1, "%zu", header_len);
    ss_describe_field(self, "DSCP and ECN", 1, 1, "0x%02x (DSCP %u, ECN %u)", at[1], at[1] >> 2,
                      at[1] & 3u);
    ss_describe_field(self, "total length", 2, 2, "%zu", total_len);
    ss_describe_field(self, "identification", 4, 2, "0x%04x (%u)", ss_be16(at + 4),
                      ss_be16(at + 4));
    describe_fragment_flags(self, fragment);
    ss_describe_field(self, "time to live", 8, 1, "%u", at[8]);
    describe_protocol(self, "protocol", 9, at[9]);
    self->out->family = 4;
    self->out->has_ports = false;
    memset(&self->out->from, 0, sizeof self->out->from);
    memset(&self->out->to, 0, sizeof self->out->to);
    memcpy(self->out->from.bytes, at + 12, 4);
    memcpy(self->out->to.bytes, at + 16, 4);
    if (header_len < 20 || (header_len > 20 && !ss_describe_more(self, header_len - 20))) {
        self->next = NULL;
        return;
    }
    is_good = ss_describe_sum_is_good(ss_describe_sum(0, at, header_len));
    ss_describe_field(self, "checksum", 10, 2, "0x%04x (%s)", ss_be16(at + 10),
                      is_good ? "good" : "bad");
    ss_describe_ip_address(self, "source", 12, 4);
    ss_describe_ip_address(self, "destination", 16, 4);
    describe_ip4_options(self, 20, header_len);
    if (total_len >= header_len) {
        ss_describe_cut(self, total_len - header_len);
    }
    if (fragment & 0x3fff) {
        stop_at_fragment(self);
    }
}

/* --- IPv6 (RFC 8200) --- */

static void
describe_ip6(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "IPv6", "ipv6", 40);
    size_t payload_len;

    if (!at) {
        return;
    }
    payload_len = ss_be16(at + 4);
    ss_describe_field(self, "version", 0, 1, "6");
    ss_describe_field(self, "traffic class", 0, 2, "0x%02x", (ss_be16(at) >> 4) & 0xffu);
    ss_describe_field(self, "flow label", 1, 3, "0x%05x", ss_be32(at) & 0xfffffu);
    ss_describe_field(self, "payload length", 4, 2, "%zu", payload_len);
    describe_protocol(self, "next header", 6, at[6]);
    ss_describe_field(self, "hop limit", 7, 1, "%u", at[7]);
    ss_describe_ip_address(self, "source", 8, 6);
    ss_describe_ip_address(self, "destination", 24, 6);
    self->out->family = 6;
    self->out->has_ports = false;
    memset(&self->out->from, 0, sizeof self->out->from);
    memset(&self->out->to, 0, sizeof self->out->to);
    memcpy(self->out->from.bytes, at + 8, 16);
    memcpy(self->out->to.bytes, at + 24, 16);
    if (payload_len) { /* 0 is a jumbogram, or taken before segmentation offload */
        ss_describe_cut(self, payload_len);
    }
}

static void
describe_fragment_header(SsDescribe *self, const uint8_t *at)
{
    uint16_t fragment = ss_be16(at + 2);

    ss_describe_field(self, "fragment offset", 2, 2, "%u", fragment & 0xfff8u);
    ss_describe_field(self, "more fragments", 3, 1, "%s", fragment & 1 ? "yes" : "no");
    ss_describe_field(self, "identification", 4, 4, "0x%08x", ss_be32(at + 4));
    if (fragment & 0xfff9) {
        stop_at_fragment(self);
    }
}

static void
describe_extension(SsDescribe *self)
{
    uint8_t kind = self->ip_protocol;
    const char *name = kind == PROTOCOL_HOP_BY_HOP       ? "Hop-by-hop options"
                       : kind == PROTOCOL_ROUTING        ? "Routing header"
                       : kind == PROTOCOL_FRAGMENT       ? "Fragment header"
                       : kind == PROTOCOL_AUTHENTICATION ? "Authentication header"
                                                         : "Destination options";
    const uint8_t *at = ss_describe_layer(self, name, "ipv6", 8);
    size_t len;

    if (!at) {
        return;
    }
    describe_protocol(self, "next header", 0, at[0]);
    if (kind == PROTOCOL_FRAGMENT) {
        describe_fragment_header(self, at);
        return;
    }
    len = kind == PROTOCOL_AUTHENTICATION ? (at[1] + 2u) * 4 : (at[1] + 1u) * 8;
    ss_describe_field(self, "length", 1, 1, "%zu", len);
    if (len > 8) {
        (void)ss_describe_more(self, len - 8);
    }
}

void
ss_describe_ip(SsDescribe *self)
{
    uint8_t version = self->at < self->end ? self->bytes[self->at] >> 4 : 0;

    self->next = NULL;
    if (version == 4) {
        describe_ip4(self);
    } else if (version == 6) {
        describe_ip6(self);
    }
}

/* --- UDP (RFC 768) --- */

static bool
is_port(const SsDescribe *self, uint16_t port)
{
    return self->out->to.port == port;
}

void
ss_describe_udp(SsDescribe *self)
{
    size_t left = self->end - self->at + self->missing, len;
    bool is_whole = self->missing == 0;
    const uint8_t *at = ss_describe_layer(self, "UDP", "udp", 8);
    uint16_t checksum;

    self->next = NULL;
    if (!at) {
        return;
    }
    self->out->has_ports = true;
    self->out->from.port = ss_be16(at);
    self->out->to.port = ss_be16(at + 2);
    len = ss_be16(at + 4);
    checksum = ss_be16(at + 6);
    ss_describe_field(self, "source port", 0, 2, "%u", self->out->from.port);
    ss_describe_field(self, "destination port", 2, 2, "%u", self->out->to.port);
    ss_describe_field(self, "length", 4, 2, "%zu", len);
    if (checksum == 0 || !is_whole || len < 8 || len > left) {
        ss_describe_field(self, "checksum", 6, 2, "0x%04x (%s)", checksum,
                          checksum ? "not checked" : "none");
    } else {
        uint64_t sum = ss_describe_sum(ss_describe_pseudo(self, PROTOCOL_UDP, len), at, len);
        ss_describe_field(self, "checksum", 6, 2, "0x%04x (%s)", checksum,
                          ss_describe_sum_is_good(sum) ? "good" : "bad");
    }
    if (len >= 8) {
        ss_describe_cut(self, len - 8);
    }
    if (is_port(self, PORT_VXLAN) || is_port(self, PORT_VXLAN_LINUX)) {
        self->next = ss_describe_vxlan;
    } else if (is_port(self, PORT_GENEVE)) {
        self->next = ss_describe_geneve;
    }
}

/* --- ICMP (RFC 792, RFC 4443) --- */

static void
describe_icmp(SsDescribe *self, const char *name, const char *protocol, const char *word)
{
    const uint8_t *at = ss_describe_layer(self, name, protocol, 8);

    self->next = NULL;
    if (at) {
        ss_describe_field(self, "type", 0, 1, word ? "%u (%s)" : "%u", at[0], word);
        ss_describe_field(self, "code", 1, 1, "%u", at[1]);
        ss_describe_field(self, "checksum", 2, 2, "0x%04x", ss_be16(at + 2));
    }
}

void
ss_describe_icmp(SsDescribe *self)
{
    uint8_t type = self->at < self->end ? self->bytes[self->at] : 255;
    const char *word = type == 0    ? "echo reply"
                       : type == 3  ? "destination unreachable"
                       : type == 5  ? "redirect"
                       : type == 8  ? "echo request"
                       : type == 11 ? "time exceeded"
                                    : NULL;

    describe_icmp(self, "ICMP", "icmp", word);
}

void
ss_describe_icmp6(SsDescribe *self)
{
    uint8_t type = self->at < self->end ? self->bytes[self->at] : 255;
    const char *word = type == 1     ? "destination unreachable"
                       : type == 2   ? "packet too big"
                       : type == 3   ? "time exceeded"
                       : type == 128 ? "echo request"
                       : type == 129 ? "echo reply"
                       : type == 133 ? "router solicitation"
                       : type == 134 ? "router advertisement"
                       : type == 135 ? "neighbour solicitation"
                       : type == 136 ? "neighbour advertisement"
                                     : NULL;

    describe_icmp(self, "ICMPv6", "icmp6", word);
}

/* --- ARP (RFC 826), of IPv4 over Ethernet --- */

void
ss_describe_arp(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "ARP", "arp", 8);
    uint16_t operation;

    self->next = NULL;
    if (!at) {
        return;
    }
    operation = ss_be16(at + 6);
    ss_describe_field(self, "operation", 6, 2, "%u (%s)", operation,
                      operation == 1   ? "who has"
                      : operation == 2 ? "is at"
                                       : "other");
    if (ss_be16(at + 2) != 0x0800 || at[4] != 6 || at[5] != 4 || !ss_describe_more(self, 20)) {
        return;
    }
    ss_describe_mac(self, "sender", 8);
    ss_describe_ip_address(self, "sender's address", 14, 4);
    ss_describe_mac(self, "target", 18);
    ss_describe_ip_address(self, "target's address", 24, 4);
    self->out->family = 4;
    memcpy(self->out->from.bytes, at + 14, 4);
    memcpy(self->out->to.bytes, at + 24, 4);
}
