/*
 * TCP (RFC 9293 section 3.1) and its options.
 */
#include "capture/describe-parts.h"

enum {
    OPTION_END = 0,
    OPTION_NOP = 1,
    OPTION_MSS = 2,
    OPTION_SCALE = 3,
    OPTION_SACK_PERMITTED = 4,
    OPTION_SACK = 5,
    OPTION_TIMESTAMPS = 8,
    OPTION_MD5 = 19,
    OPTION_USER_TIMEOUT = 28,
    OPTION_AO = 29,
    OPTION_MPTCP = 30,
    OPTION_FAST_OPEN = 34,
};

#define HEADER_LEN 20
#define PROTOCOL_TCP 6

static void
describe_sack(SsDescribe *self, size_t from, size_t len, const uint8_t *at)
{
    for (size_t i = 2; i + 8 <= len; i += 8) {
        ss_describe_field(self, "selective acknowledgement", from + i, 8, "%u to %u",
                          ss_be32(at + i), ss_be32(at + i + 4));
    }
}

static const char *
name_of_option(uint8_t kind)
{
    switch (kind) {
    case OPTION_MD5:
        return "MD5 signature";
    case OPTION_USER_TIMEOUT:
        return "user timeout";
    case OPTION_AO:
        return "authentication option";
    case OPTION_MPTCP:
        return "multipath";
    case OPTION_FAST_OPEN:
        return "fast open cookie";
    default:
        return "option";
    }
}

static void
describe_option(SsDescribe *self, size_t from, size_t len, const uint8_t *at)
{
    if (at[0] == OPTION_MSS && len == 4) {
        ss_describe_field(self, "maximum segment size", from, len, "%u", ss_be16(at + 2));
    } else if (at[0] == OPTION_SCALE && len == 3) {
        ss_describe_field(self, "window scale", from, len, "%u (times %u)", at[2],
                          1u << (at[2] > 14 ? 14 : at[2]));
    } else if (at[0] == OPTION_SACK_PERMITTED && len == 2) {
        ss_describe_field(self, "selective acknowledgement", from, len, "permitted");
    } else if (at[0] == OPTION_SACK) {
        describe_sack(self, from, len, at);
    } else if (at[0] == OPTION_TIMESTAMPS && len == 10) {
        ss_describe_field(self, "timestamp", from + 2, 4, "%u", ss_be32(at + 2));
        ss_describe_field(self, "timestamp echo", from + 6, 4, "%u", ss_be32(at + 6));
    } else {
        ss_describe_field(self, name_of_option(at[0]), from, len, "%u, %zu bytes", at[0], len);
    }
}

static void
describe_options(SsDescribe *self, const uint8_t *header, size_t header_len)
{
    size_t from = HEADER_LEN;

    while (from < header_len && header[from] != OPTION_END) {
        size_t left = header_len - from, len;
        if (header[from] == OPTION_NOP) {
            from++;
            continue;
        }
        len = left > 1 ? header[from + 1] : 0;
        if (len < 2 || len > left) {
            ss_describe_field(self, "option", from, left, "%u, its length is wrong", header[from]);
            return;
        }
        describe_option(self, from, len, header + from);
        from += len;
    }
}

static void
describe_flags(SsDescribe *self, const uint8_t *at)
{
    static const char *const words[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    char text[64] = "";

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (at[13] >> i & 1) {
            g_strlcat(text, text[0] ? ", " : "", sizeof text);
            g_strlcat(text, words[i], sizeof text);
        }
    }
    ss_describe_field(self, "flags", 13, 1, "0x%02x (%s)", at[13], text[0] ? text : "none");
}

static void
describe_checksum(SsDescribe *self, const uint8_t *at, size_t len, bool is_whole)
{
    uint64_t sum = ss_describe_pseudo(self, PROTOCOL_TCP, len);
    const char *verdict = "not checked, bytes are missing";

    if (is_whole) {
        verdict = ss_describe_sum_is_good(ss_describe_sum(sum, at, len)) ? "good" : "bad";
    }
    ss_describe_field(self, "checksum", 16, 2, "0x%04x (%s)", ss_be16(at + 16), verdict);
}

void
ss_describe_tcp(SsDescribe *self)
{
    size_t len = self->end - self->at, header_len;
    bool is_whole = self->missing == 0;
    const uint8_t *at = ss_describe_layer(self, "TCP", "tcp", HEADER_LEN);

    self->next = NULL;
    if (!at) {
        return;
    }
    header_len = (size_t)(at[12] >> 4) * 4;
    self->out->has_ports = true;
    self->out->from.port = ss_be16(at);
    self->out->to.port = ss_be16(at + 2);
    if (header_len > HEADER_LEN && !ss_describe_more(self, header_len - HEADER_LEN)) {
        header_len = HEADER_LEN;
    }
    if (!self->layer) {
        return;
    }
    ss_describe_field(self, "source port", 0, 2, "%u", self->out->from.port);
    ss_describe_field(self, "destination port", 2, 2, "%u", self->out->to.port);
    ss_describe_field(self, "sequence number", 4, 4, "%u", ss_be32(at + 4));
    ss_describe_field(self, "acknowledgement", 8, 4, "%u", ss_be32(at + 8));
    ss_describe_field(self, "header length", 12, 1, "%u", (at[12] >> 4) * 4u);
    describe_flags(self, at);
    ss_describe_field(self, "window", 14, 2, "%u", ss_be16(at + 14));
    describe_checksum(self, at, len, is_whole);
    ss_describe_field(self, "urgent pointer", 18, 2, "%u", ss_be16(at + 18));
    describe_options(self, at, header_len);
}
