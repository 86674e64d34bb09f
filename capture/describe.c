/*
 * The walk, and the link layers.
 */
#include "capture/describe-parts.h"

#include <arpa/inet.h>
#include <stdarg.h>

#define FIELDS_MAX 128 /* of one layer */
#define VALUE_MAX 160

enum {
    LINKTYPE_NULL = 0,
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_PPP = 9,
    LINKTYPE_RAW_LINUX = 12,
    LINKTYPE_RAW_OPENBSD = 14,
    LINKTYPE_PPP_HDLC = 50,
    LINKTYPE_RAW = 101,
    LINKTYPE_LOOP = 108,
    LINKTYPE_LINUX_SLL = 113,
    LINKTYPE_IPV4 = 228,
    LINKTYPE_IPV6 = 229,
    LINKTYPE_LINUX_SLL2 = 276,
};

#define ETHER_TYPES 0x0600

/* --- for the steps --- */

const uint8_t *
ss_describe_more(SsDescribe *self, size_t len)
{
    const uint8_t *at = self->bytes + self->at;

    if (len > self->end - self->at) {
        ss_describe_field(self, "cut", 0, 0, "its header was not captured whole");
        if (self->layer) {
            self->layer->len += self->end - self->at;
        }
        self->at = self->end;
        self->next = NULL;
        return NULL;
    }
    self->at += len;
    if (self->layer) {
        self->layer->len += len;
    }
    return at;
}

const uint8_t *
ss_describe_layer(SsDescribe *self, const char *name, const char *protocol, size_t len)
{
    SsLayer layer = {.name = ss_slice_str(name), .offset = self->at};

    self->n_layers++;
    self->out->protocol = ss_slice_str(protocol);
    if (self->arena) {
        self->layer =
            ss_list_append(self->arena, &self->out->layers, &layer, sizeof layer, SS_LAYERS_MAX);
    }
    return ss_describe_more(self, len);
}

void
ss_describe_field(SsDescribe *self, const char *name, size_t from, size_t len, const char *format,
                  ...)
{
    char value[VALUE_MAX];
    SsLayerField field;
    va_list arguments;
    int n;

    if (!self->layer) {
        return;
    }
    va_start(arguments, format);
    n = g_vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    field = (SsLayerField){
        .name = ss_slice_str(name),
        .value = ss_arena_dup(self->arena, ss_slice(value, (size_t)CLAMP(n, 0, VALUE_MAX - 1))),
        .offset = len ? self->layer->offset + from : 0,
        .len = len,
    };
    ss_list_append(self->arena, &self->layer->fields, &field, sizeof field, FIELDS_MAX);
}

void
ss_describe_mac(SsDescribe *self, const char *name, size_t from)
{
    const uint8_t *at;

    if (self->layer) {
        at = self->bytes + self->layer->offset + from;
        ss_describe_field(self, name, from, 6, "%02x:%02x:%02x:%02x:%02x:%02x", at[0], at[1], at[2],
                          at[3], at[4], at[5]);
    }
}

void
ss_describe_ip_address(SsDescribe *self, const char *name, size_t from, int family)
{
    char text[INET6_ADDRSTRLEN];

    if (self->layer) {
        inet_ntop(family == 4 ? AF_INET : AF_INET6, self->bytes + self->layer->offset + from, text,
                  sizeof text);
        ss_describe_field(self, name, from, family == 4 ? 4 : 16, "%s", text);
    }
}

void
ss_describe_cut(SsDescribe *self, size_t len)
{
    size_t left = self->end - self->at;

    if (len <= left) {
        self->end = self->at + len;
        self->missing = 0;
    } else {
        self->missing = MIN(self->missing, len - left);
    }
}

uint64_t
ss_describe_sum(uint64_t sum, const uint8_t *bytes, size_t len)
{
    for (; len > 1; bytes += 2, len -= 2) {
        sum += ss_be16(bytes);
    }
    return len ? sum + (uint64_t)(bytes[0] << 8) : sum;
}

bool
ss_describe_sum_is_good(uint64_t sum)
{
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum == 0xffff;
}

uint64_t
ss_describe_pseudo(const SsDescribe *self, uint8_t protocol, size_t len)
{
    size_t size = self->out->family == 4 ? 4 : 16;
    uint64_t sum = protocol + (uint64_t)(len & 0xffff) + (uint64_t)(len >> 16);

    sum = ss_describe_sum(sum, self->out->from.bytes, size);
    return ss_describe_sum(sum, self->out->to.bytes, size);
}

/* --- Ethernet and its kin --- */

static const struct {
    uint16_t type;
    const char *name;
    SsDescribeStep step;
} types[] = {
    {0x0800, "IPv4", ss_describe_ip},
    {0x86dd, "IPv6", ss_describe_ip},
    {0x0806, "ARP", ss_describe_arp},
    {0x8100, "802.1Q", NULL},
    {0x88a8, "802.1ad", NULL},
    {0x9100, "802.1Q, old", NULL},
    {0x8847, "MPLS", ss_describe_mpls},
    {0x8848, "MPLS multicast", ss_describe_mpls},
    {0x8863, "PPPoE discovery", ss_describe_pppoe},
    {0x8864, "PPPoE", ss_describe_pppoe},
    {0x6558, "Ethernet", ss_describe_ethernet},
    {0x880b, "PPP", ss_describe_ppp},
    {0x88cc, "LLDP", NULL},
    {0x88e5, "MACsec", NULL},
    {0x88e7, "802.1ah", NULL},
    {0x888e, "802.1X", NULL},
    {0x8926, "VN-Tag", NULL},
    {0x893f, "802.1BR", NULL},
};

void
ss_describe_type_field(SsDescribe *self, const char *name, size_t from, uint16_t type)
{
    const char *word = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (types[i].type == type) {
            word = types[i].name;
        }
    }
    ss_describe_field(self, name, from, 2, word ? "0x%04x (%s)" : "0x%04x", type, word);
    self->type = type;
    self->next = ss_describe_type;
}

static void
describe_vlan(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "802.1Q", "vlan", 4);

    if (at) {
        ss_describe_field(self, "VLAN", 0, 2, "%u", ss_be16(at) & 0x0fff);
        ss_describe_field(self, "priority", 0, 1, "%u", at[0] >> 5);
        ss_describe_type_field(self, "type", 2, ss_be16(at + 2));
    }
}

/* IEEE 802.2, and SNAP (RFC 1042). */
static void
describe_llc(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "LLC", "llc", 3);
    bool is_snap, is_ip;

    self->next = NULL;
    if (!at) {
        return;
    }
    is_snap = at[0] == 0xaa && at[1] == 0xaa && at[2] == 0x03;
    is_ip = at[0] == 0x06 && at[1] == 0x06 && at[2] == 0x03;
    ss_describe_field(self, "destination access point", 0, 1, "0x%02x", at[0]);
    ss_describe_field(self, "source access point", 1, 1, "0x%02x", at[1]);
    ss_describe_field(self, "control", 2, 1, "0x%02x", at[2]);
    if (is_ip) {
        self->next = ss_describe_ip;
    } else if (is_snap && (at = ss_describe_more(self, 5))) {
        ss_describe_field(self, "organisation", 3, 3, "%02x:%02x:%02x", at[0], at[1], at[2]);
        ss_describe_type_field(self, "type", 6, ss_be16(at + 3));
        if (self->type < ETHER_TYPES) {
            self->next = NULL;
        }
    }
}

void
ss_describe_type(SsDescribe *self)
{
    self->next = NULL;
    if (self->type == 0x8100 || self->type == 0x88a8 || self->type == 0x9100) {
        describe_vlan(self);
        return;
    }
    if (self->type < ETHER_TYPES) {
        self->next = describe_llc;
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (types[i].type == self->type) {
            self->next = types[i].step;
        }
    }
}

void
ss_describe_ethernet(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "Ethernet", "ethernet", 14);
    uint16_t type;

    self->next = NULL;
    if (!at) {
        return;
    }
    type = ss_be16(at + 12);
    ss_describe_mac(self, "destination", 0);
    ss_describe_mac(self, "source", 6);
    if (type < ETHER_TYPES) {
        ss_describe_field(self, "length", 12, 2, "%u", type);
        self->next = describe_llc;
    } else {
        ss_describe_type_field(self, "type", 12, type);
    }
}

/* --- cooked captures of Linux --- */

static void
describe_packet_type(SsDescribe *self, size_t from, size_t len, unsigned type)
{
    static const char *const words[] = {"to us", "broadcast", "multicast", "to another", "from us"};

    ss_describe_field(self, "packet type", from, len, "%u (%s)", type,
                      type < G_N_ELEMENTS(words) ? words[type] : "unknown");
}

/* What an address of `len` bytes takes of the eight there are. */
static void
describe_cooked_address(SsDescribe *self, size_t from, size_t len)
{
    if (len == 6) {
        ss_describe_mac(self, "source", from);
    }
}

static void
describe_sll(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "Linux cooked", "sll", 16);

    self->next = NULL;
    if (at) {
        describe_packet_type(self, 0, 2, ss_be16(at));
        ss_describe_field(self, "ARP hardware type", 2, 2, "%u", ss_be16(at + 2));
        describe_cooked_address(self, 6, ss_be16(at + 4));
        ss_describe_type_field(self, "protocol", 14, ss_be16(at + 14));
    }
}

static void
describe_sll2(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "Linux cooked v2", "sll2", 20);

    self->next = NULL;
    if (at) {
        ss_describe_type_field(self, "protocol", 0, ss_be16(at));
        ss_describe_field(self, "interface index", 4, 4, "%u", ss_be32(at + 4));
        ss_describe_field(self, "ARP hardware type", 8, 2, "%u", ss_be16(at + 8));
        describe_packet_type(self, 10, 1, at[10]);
        describe_cooked_address(self, 12, at[11]);
    }
}

/* A protocol family in four bytes, whose order is that of the machine that captured (NULL) or the
 * network's (LOOP). */
static void
describe_family(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "Loopback", "loopback", 4);
    uint32_t family;

    self->next = NULL;
    if (!at) {
        return;
    }
    family = ss_be32(at);
    if (family > 0xffff) {
        family = (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
    }
    /* AF_INET everywhere, AF_INET6 of Linux, the BSDs, macOS. */
    if (family == 2 || family == 10 || family == 24 || family == 28 || family == 30) {
        ss_describe_field(self, "family", 0, 4, "%u (%s)", family, family == 2 ? "IPv4" : "IPv6");
        self->next = ss_describe_ip;
    } else {
        ss_describe_field(self, "family", 0, 4, "%u", family);
    }
}

/* PPP, with the address and control bytes of HDLC or without (RFC 1662 section 3.2). */
static void
describe_ppp_link(SsDescribe *self)
{
    self->next = ss_describe_ppp;
    if (self->end - self->at >= 2 && self->bytes[self->at] == 0xff &&
        self->bytes[self->at + 1] == 0x03) {
        ss_describe_layer(self, "HDLC", "hdlc", 2);
        ss_describe_field(self, "address", 0, 1, "0xff");
        ss_describe_field(self, "control", 1, 1, "0x03");
    }
}

static const struct {
    uint32_t link_type;
    SsDescribeStep step;
} links[] = {
    {LINKTYPE_ETHERNET, ss_describe_ethernet}, {LINKTYPE_LINUX_SLL, describe_sll},
    {LINKTYPE_LINUX_SLL2, describe_sll2},      {LINKTYPE_RAW, ss_describe_ip},
    {LINKTYPE_RAW_LINUX, ss_describe_ip},      {LINKTYPE_RAW_OPENBSD, ss_describe_ip},
    {LINKTYPE_IPV4, ss_describe_ip},           {LINKTYPE_IPV6, ss_describe_ip},
    {LINKTYPE_NULL, describe_family},          {LINKTYPE_LOOP, describe_family},
    {LINKTYPE_PPP, describe_ppp_link},         {LINKTYPE_PPP_HDLC, describe_ppp_link},
};

/* --- the walk --- */

void
ss_describe(const SsFrame *frame, SsArena *arena, SsDescription *ret_description)
{
    SsDescribe self = {
        .arena = arena,
        .out = ret_description,
        .bytes = frame->bytes.data,
        .end = frame->bytes.len,
        .missing = frame->len > frame->bytes.len ? frame->len - frame->bytes.len : 0,
    };

    *ret_description = (SsDescription){.protocol = SS_SLICE("unknown")};
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        if (links[i].link_type == frame->link_type) {
            self.next = links[i].step;
        }
    }
    while (self.next && self.n_layers < SS_LAYERS_MAX) {
        SsDescribeStep step = self.next;
        self.next = NULL;
        step(&self);
    }
    ret_description->payload_at = self.at;
    ret_description->payload_len = self.end - self.at;
}
