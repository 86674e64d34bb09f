/*
 * What carries other packets: MPLS (RFC 3032), PPPoE (RFC 2516), PPP (RFC 1661), GRE (RFC 2784,
 * 2890, 2637), VXLAN (RFC 7348), GENEVE (RFC 8926).
 */
#include "capture/describe-parts.h"

void
ss_describe_mpls(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "MPLS", "mpls", 4);

    self->next = NULL;
    if (!at) {
        return;
    }
    ss_describe_field(self, "label", 0, 3, "%u", ss_be32(at) >> 12);
    ss_describe_field(self, "traffic class", 2, 1, "%u", (at[2] >> 1) & 7u);
    ss_describe_field(self, "bottom of stack", 2, 1, "%s", at[2] & 1 ? "yes" : "no");
    ss_describe_field(self, "time to live", 3, 1, "%u", at[3]);
    if (!(at[2] & 1)) {
        self->next = ss_describe_mpls;
    } else if (self->at < self->end && self->bytes[self->at] >> 4 == 0 &&
               self->end - self->at >= 18) {
        /* RFC 4385: a control word before Ethernet. */
        if (ss_describe_layer(self, "Control word", "mpls", 4)) {
            self->next = ss_describe_ethernet;
        }
    } else {
        self->next = ss_describe_ip;
    }
}

void
ss_describe_ppp(SsDescribe *self)
{
    bool is_short = self->at < self->end && (self->bytes[self->at] & 1); /* compressed field */
    const uint8_t *at = ss_describe_layer(self, "PPP", "ppp", is_short ? 1 : 2);
    uint16_t protocol;

    self->next = NULL;
    if (!at) {
        return;
    }
    protocol = is_short ? at[0] : ss_be16(at);
    if (protocol == 0x0021 || protocol == 0x0057) {
        self->next = ss_describe_ip;
    } else if (protocol == 0x0281) {
        self->next = ss_describe_mpls;
    }
    ss_describe_field(self, "protocol", 0, is_short ? 1 : 2, self->next ? "0x%04x (%s)" : "0x%04x",
                      protocol,
                      protocol == 0x0021   ? "IPv4"
                      : protocol == 0x0057 ? "IPv6"
                                           : "MPLS");
}

void
ss_describe_pppoe(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "PPPoE", "pppoe", 6);

    self->next = NULL;
    if (!at) {
        return;
    }
    ss_describe_field(self, "version and type", 0, 1, "0x%02x", at[0]);
    ss_describe_field(self, "code", 1, 1, "0x%02x", at[1]);
    ss_describe_field(self, "session", 2, 2, "0x%04x", ss_be16(at + 2));
    ss_describe_field(self, "length", 4, 2, "%u", ss_be16(at + 4));
    ss_describe_cut(self, ss_be16(at + 4));
    if (at[1] == 0) { /* else discovery */
        self->next = ss_describe_ppp;
    }
}

void
ss_describe_gre(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "GRE", "gre", 4);
    uint16_t flags;
    size_t from = 4;

    self->next = NULL;
    if (!at) {
        return;
    }
    flags = ss_be16(at);
    ss_describe_field(self, "flags and version", 0, 2, "0x%04x", flags);
    ss_describe_type_field(self, "protocol", 2, ss_be16(at + 2));
    if (flags & 0x8000 && (at = ss_describe_more(self, 4))) {
        ss_describe_field(self, "checksum", from, 2, "0x%04x", ss_be16(at));
        from += 4;
    }
    if (flags & 0x2000 && (at = ss_describe_more(self, 4))) {
        ss_describe_field(self, "key", from, 4, "0x%08x", ss_be32(at));
        from += 4;
    }
    if (flags & 0x1000 && (at = ss_describe_more(self, 4))) {
        ss_describe_field(self, "sequence number", from, 4, "%u", ss_be32(at));
        from += 4;
    }
    if ((flags & 7) == 1 && flags & 0x0080 && (at = ss_describe_more(self, 4))) {
        ss_describe_field(self, "acknowledgement", from, 4, "%u", ss_be32(at));
    }
    if (flags & 0x4000) { /* routing, which RFC 2784 took out */
        self->next = NULL;
    }
}

void
ss_describe_vxlan(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "VXLAN", "vxlan", 8);

    self->next = NULL;
    if (at) {
        ss_describe_field(self, "flags", 0, 1, "0x%02x", at[0]);
        ss_describe_field(self, "network identifier", 4, 3, "%u", ss_be32(at + 4) >> 8);
        self->next = ss_describe_ethernet;
    }
}

void
ss_describe_geneve(SsDescribe *self)
{
    const uint8_t *at = ss_describe_layer(self, "GENEVE", "geneve", 8);
    size_t options_len;

    self->next = NULL;
    if (!at) {
        return;
    }
    options_len = (at[0] & 0x3fu) * 4u;
    ss_describe_field(self, "version", 0, 1, "%u", at[0] >> 6);
    ss_describe_field(self, "options length", 0, 1, "%zu", options_len);
    ss_describe_field(self, "network identifier", 4, 3, "%u", ss_be32(at + 4) >> 8);
    ss_describe_type_field(self, "protocol", 2, ss_be16(at + 2));
    if (options_len) {
        (void)ss_describe_more(self, options_len);
    }
}
