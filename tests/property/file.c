#include "file.h"

#include "base/limits.h"

const char *const file_names[N_FILES] = {
    "no file",
    "pcap, µs, big-endian",
    "pcap, µs, little-endian",
    "pcap, ns, big-endian",
    "pcap, ns, little-endian",
    "pcapng, big-endian",
    "pcapng, little-endian",
};

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    OPTION_COMMENT = 1,
    OPTION_RESOLUTION = 9,
    SNAP_LENGTH = 262144,
    LINKS_MAX = 300,
};

typedef struct {
    GByteArray *to;
    bool is_big;
} Writer;

bool
file_takes_any_link(FileFormat format)
{
    return format == FILE_NONE || format == FILE_PCAPNG_BIG || format == FILE_PCAPNG_LITTLE;
}

static void
put_bytes(const Writer *writer, const void *bytes, size_t len)
{
    if (len) {
        g_byte_array_append(writer->to, bytes, (guint)len);
    }
}

static void
put_u16(const Writer *writer, uint16_t value)
{
    uint16_t swapped = writer->is_big ? GUINT16_TO_BE(value) : GUINT16_TO_LE(value);

    put_bytes(writer, &swapped, 2);
}

static void
put_u32(const Writer *writer, uint32_t value)
{
    uint32_t swapped = writer->is_big ? GUINT32_TO_BE(value) : GUINT32_TO_LE(value);

    put_bytes(writer, &swapped, 4);
}

/* --- pcap --- */

static void
write_pcap(const Writer *writer, bool is_ns, const GArray *frames)
{
    int64_t unit_ns = is_ns ? 1 : 1000;

    put_u32(writer, is_ns ? 0xa1b23c4d : 0xa1b2c3d4);
    put_u16(writer, 2);
    put_u16(writer, 4);
    put_u32(writer, 0);
    put_u32(writer, 0);
    put_u32(writer, SNAP_LENGTH);
    put_u32(writer, frames->len ? g_array_index(frames, FileFrame, 0).link_type : 1);
    for (guint i = 0; i < frames->len; i++) {
        const FileFrame *frame = &g_array_index(frames, FileFrame, i);
        gsize len;
        gconstpointer bytes = g_bytes_get_data(frame->bytes, &len);

        put_u32(writer, (uint32_t)(frame->time_ns / SS_NS_PER_S));
        put_u32(writer, (uint32_t)(frame->time_ns % SS_NS_PER_S / unit_ns));
        put_u32(writer, (uint32_t)len);
        put_u32(writer, (uint32_t)len);
        put_bytes(writer, bytes, len);
    }
}

/* --- pcapng --- */

static void
put_padded(const Writer *writer, const void *bytes, size_t len)
{
    static const uint8_t zeros[4];

    put_bytes(writer, bytes, len);
    put_bytes(writer, zeros, (4 - len % 4) % 4);
}

static guint
begin_block(const Writer *writer, uint32_t type)
{
    guint start = writer->to->len;

    put_u32(writer, type);
    put_u32(writer, 0);
    return start;
}

static void
end_block(const Writer *writer, guint start)
{
    uint32_t len = writer->to->len - start + 4;
    uint32_t swapped = writer->is_big ? GUINT32_TO_BE(len) : GUINT32_TO_LE(len);

    put_u32(writer, len);
    memcpy(writer->to->data + start + 4, &swapped, 4);
}

/* Microseconds unless said else: every second interface says nanoseconds. */
static void
put_interface(const Writer *writer, uint32_t link_type, bool is_ns)
{
    static const uint8_t nine = 9;
    guint start = begin_block(writer, BLOCK_INTERFACE);

    put_u16(writer, (uint16_t)link_type);
    put_u16(writer, 0);
    put_u32(writer, SNAP_LENGTH);
    if (is_ns) {
        put_u16(writer, OPTION_RESOLUTION);
        put_u16(writer, 1);
        put_padded(writer, &nine, 1);
        put_u32(writer, 0); /* the end of options */
    }
    end_block(writer, start);
}

static void
put_packet(const Writer *writer, const FileFrame *frame, uint32_t interface, bool is_ns)
{
    guint start = begin_block(writer, BLOCK_PACKET);
    uint64_t time = (uint64_t)frame->time_ns / (is_ns ? 1 : 1000);
    gsize len;
    gconstpointer bytes = g_bytes_get_data(frame->bytes, &len);

    put_u32(writer, interface);
    put_u32(writer, (uint32_t)(time >> 32));
    put_u32(writer, (uint32_t)time);
    put_u32(writer, (uint32_t)len);
    put_u32(writer, (uint32_t)len);
    put_padded(writer, bytes, len);
    if (interface % 2) {
        put_u16(writer, OPTION_COMMENT);
        put_u16(writer, 3);
        put_padded(writer, "odd", 3);
        put_u32(writer, 0);
    }
    end_block(writer, start);
}

static void
write_pcapng(const Writer *writer, const GArray *frames)
{
    uint32_t interfaces[LINKS_MAX] = {0}; /* by link type: its number + 1 */
    uint32_t n_interfaces = 0;
    guint start = begin_block(writer, BLOCK_SECTION);

    put_u32(writer, 0x1a2b3c4d);
    put_u16(writer, 1);
    put_u16(writer, 0);
    put_u32(writer, UINT32_MAX); /* the section's length is not said */
    put_u32(writer, UINT32_MAX);
    end_block(writer, start);
    for (guint i = 0; i < frames->len; i++) {
        const FileFrame *frame = &g_array_index(frames, FileFrame, i);
        uint32_t *number = &interfaces[frame->link_type];

        if (!*number) {
            *number = ++n_interfaces;
            put_interface(writer, frame->link_type, *number % 2 == 0);
        }
        put_packet(writer, frame, *number - 1, *number % 2 == 0);
    }
}

GByteArray *
file_write(FileFormat format, const GArray *frames)
{
    Writer writer = {
        .to = g_byte_array_new(),
        .is_big =
            format == FILE_PCAP_US_BIG || format == FILE_PCAP_NS_BIG || format == FILE_PCAPNG_BIG,
    };

    if (format == FILE_PCAPNG_BIG || format == FILE_PCAPNG_LITTLE) {
        write_pcapng(&writer, frames);
    } else {
        write_pcap(&writer, format == FILE_PCAP_NS_BIG || format == FILE_PCAP_NS_LITTLE, frames);
    }
    return writer.to;
}
