/*
 * The packets of a dialogue as a pcap file, so that the whole program, and other programs, can read
 * them.
 */
#include "drive.h"

static void
put_u16(GByteArray *to, uint16_t value)
{
    uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};
    g_byte_array_append(to, bytes, sizeof(bytes));
}

static void
put_u32(GByteArray *to, uint32_t value)
{
    put_u16(to, (uint16_t)(value >> 16));
    put_u16(to, (uint16_t)value);
}

/* The Internet checksum (RFC 1071) of `bytes`, begun with `sum`. */
static uint16_t
checksum(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++) {
        sum += (uint32_t)(i % 2 ? bytes[i] : bytes[i] << 8);
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

static void
poke_u16(GByteArray *in, guint at, uint16_t value)
{
    in->data[at] = (uint8_t)(value >> 8);
    in->data[at + 1] = (uint8_t)value;
}

static void
put_ip4(GByteArray *to, const SsSegment *segment, uint16_t tcp_len)
{
    guint start = to->len;
    put_u16(to, 0x4500);
    put_u16(to, (uint16_t)(20 + tcp_len));
    put_u32(to, (uint32_t)(segment->origin.frame << 16) | 0x4000);
    put_u16(to, 0x4006);
    put_u16(to, 0);
    g_byte_array_append(to, segment->from.bytes, 4);
    g_byte_array_append(to, segment->to.bytes, 4);
    poke_u16(to, start + 10, checksum(to->data + start, 20, 0));
}

static void
put_ip6(GByteArray *to, const SsSegment *segment, uint16_t tcp_len)
{
    put_u32(to, 0x60000000);
    put_u16(to, tcp_len);
    put_u16(to, 0x0640);
    g_byte_array_append(to, segment->from.bytes, 16);
    g_byte_array_append(to, segment->to.bytes, 16);
}

static void
put_tcp(GByteArray *to, const SsSegment *segment)
{
    guint start = to->len;
    put_u16(to, segment->from.port);
    put_u16(to, segment->to.port);
    put_u32(to, segment->seq);
    put_u32(to, segment->ack);
    put_u16(to, (uint16_t)(0x5000 | segment->flags));
    put_u16(to, segment->window);
    put_u32(to, 0);
    if (segment->payload.len > 0) {
        g_byte_array_append(to, segment->payload.data, (guint)segment->payload.len);
    }
    size_t ip_len = segment->family == 4 ? 4 : 16;
    g_autoptr(GByteArray) pseudo = g_byte_array_new();
    g_byte_array_append(pseudo, segment->from.bytes, (guint)ip_len);
    g_byte_array_append(pseudo, segment->to.bytes, (guint)ip_len);
    put_u32(pseudo, to->len - start);
    put_u32(pseudo, 6);
    uint32_t sum = (uint16_t)~checksum(pseudo->data, pseudo->len, 0);
    poke_u16(to, start + 16, checksum(to->data + start, to->len - start, sum));
}

static void
put_frame(GByteArray *to, const SsSegment *segment)
{
    static const uint8_t macs[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
    uint16_t tcp_len = (uint16_t)(20 + segment->payload.len);
    g_byte_array_append(to, macs, sizeof(macs));
    if (segment->family == 4) {
        put_u16(to, 0x0800);
        put_ip4(to, segment, tcp_len);
    } else {
        put_u16(to, 0x86dd);
        put_ip6(to, segment, tcp_len);
    }
    put_tcp(to, segment);
}

bool
ss_drive_write_pcap(const SsDriveCapture *capture, const char *path, GError **error)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    put_u32(file, 0xa1b23c4d); /* big-endian, nanoseconds */
    put_u32(file, 2 << 16 | 4);
    put_u32(file, 0);
    put_u32(file, 0);
    put_u32(file, 262144);
    put_u32(file, 1);
    for (guint i = 0; i < capture->packets->len; i++) {
        SsSegment segment;
        int64_t time_ns = ss_drive_time(capture, i);
        ss_drive_segment(capture, i, time_ns, &segment);
        g_autoptr(GByteArray) frame = g_byte_array_new();
        put_frame(frame, &segment);
        put_u32(file, (uint32_t)(time_ns / SS_NS_PER_S));
        put_u32(file, (uint32_t)(time_ns % SS_NS_PER_S));
        put_u32(file, frame->len);
        put_u32(file, frame->len);
        g_byte_array_append(file, frame->data, frame->len);
    }
    return g_file_set_contents(path, (const char *)file->data, (gssize)file->len, error);
}
