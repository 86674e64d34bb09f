/*
 * The classic format (draft-ietf-opsawg-pcap): a header of 24 bytes that tells byte order and
 * resolution by its magic, then records.
 *
 *     magic 4 | major 2 | minor 2 | zone 4 | accuracy 4 | snap length 4 | link type 4
 *     seconds 4 | fraction 4 | captured length 4 | length 4 | bytes …
 */
#include "capture/source-file.h"

#include "base/cursor.h"
#include "base/limits.h"

#define FILE_HEADER_LEN 24
#define RECORD_HEADER_LEN 16
#define MODIFIED_HEADER_LEN 24 /* of the variant with interface, protocol and packet type */

#define MAGIC_US 0xa1b2c3d4
#define MAGIC_NS 0xa1b23c4d
#define MAGIC_MODIFIED 0xa1b2cd34

/* Upper bits of the link type tell of checksums at the frame's end. */
#define LINK_TYPE_MASK 0x03ffffff

/* What libpcap takes for the longest packet, whatever the header says; and what no header can raise
 * it over. */
#define PACKET_MAX 262144
#define PACKET_MAX_ASKED ((size_t)16 << 20)

static SsCursor
cursor_of(const SsPcap *pcap, SsSlice bytes)
{
    SsCursor cursor = ss_cursor(bytes);
    cursor.is_little = pcap->is_little;
    return cursor;
}

static SsSourceStatus
pcap_begin(SsFileSource *self, GError **error)
{
    SsPcap *pcap = &self->pcap;
    SsSlice bytes;
    SsReadStatus status = ss_reader_peek(&self->reader, FILE_HEADER_LEN, &bytes);
    if (status != SS_READ_OK) {
        return ss_file_source_end(self, status, error);
    }
    pcap->is_little = bytes.data[0] != 0xa1;
    SsCursor cursor = cursor_of(pcap, bytes);
    pcap->magic = ss_cursor_u32(&cursor);
    uint16_t major = ss_cursor_u16(&cursor);
    uint16_t minor = ss_cursor_u16(&cursor);
    ss_cursor_skip(&cursor, 8);
    pcap->snap_length = ss_cursor_u32(&cursor);
    pcap->link_type = ss_cursor_u32(&cursor) & LINK_TYPE_MASK;
    if (major != 2) {
        return ss_file_source_corrupt(self, "its version is not 2", error);
    }
    pcap->version = pcap->is_little ? (uint32_t)minor << 16 | major : (uint32_t)major << 16 | minor;
    pcap->minor = minor;
    pcap->has_nanoseconds = pcap->magic == MAGIC_NS;
    pcap->header_len = pcap->magic == MAGIC_MODIFIED ? MODIFIED_HEADER_LEN : RECORD_HEADER_LEN;
    pcap->max_len = MAX(PACKET_MAX, MIN(pcap->snap_length, PACKET_MAX_ASKED));
    ss_reader_take(&self->reader, FILE_HEADER_LEN);
    return SS_SOURCE_FRAME;
}

static SsSourceStatus
pcap_next(SsFileSource *self, SsFrame *ret_frame, GError **error)
{
    const SsPcap *pcap = &self->pcap;
    SsReader *reader = &self->reader;
    SsSlice bytes;
    SsReadStatus status = ss_reader_peek(reader, pcap->header_len, &bytes);
    if (status != SS_READ_OK) {
        return ss_file_source_end(self, status, error);
    }
    SsCursor cursor = cursor_of(pcap, ss_slice(bytes.data, RECORD_HEADER_LEN));
    uint32_t seconds = ss_cursor_u32(&cursor);
    uint32_t fraction = ss_cursor_u32(&cursor);
    uint32_t captured = ss_cursor_u32(&cursor);
    uint32_t len = ss_cursor_u32(&cursor);
    /* Up to version 2.2 they stood the other way round, and in 2.3 it depended on the program. */
    if (pcap->minor < 3 || (pcap->minor == 3 && captured > len)) {
        uint32_t other = captured;
        captured = len;
        len = other;
    }
    /* A file put behind another one reads as an empty packet, and what follows it as chaff. */
    if (seconds == pcap->magic && fraction == pcap->version && captured == 0 && len == 0) {
        return ss_file_source_corrupt(self, "another file begins here", error);
    }
    if (captured > pcap->max_len) {
        g_autofree char *how = g_strdup_printf("a captured length of %u bytes", captured);
        return ss_file_source_corrupt(self, how, error);
    }
    status = ss_reader_peek(reader, pcap->header_len + captured, &bytes);
    if (status != SS_READ_OK) {
        return ss_file_source_end(self, status, error);
    }
    ss_reader_take(reader, bytes.len);

    ret_frame->origin.time_ns =
        (int64_t)seconds * SS_NS_PER_S + (int64_t)fraction * (pcap->has_nanoseconds ? 1 : 1000);
    ret_frame->origin.time_digits = pcap->has_nanoseconds ? 9 : 6;
    ret_frame->link_type = pcap->link_type;
    ret_frame->len = MAX(len, captured);
    ret_frame->snap_length = pcap->snap_length;
    ret_frame->bytes = ss_slice_from(bytes, pcap->header_len);
    return SS_SOURCE_FRAME;
}

static const SsFileFormat PCAP_FORMAT = {pcap_begin, pcap_next};

const SsFileFormat *
ss_pcap_format(SsSlice magic)
{
    SsCursor cursor = ss_cursor(magic);
    uint32_t big = ss_cursor_u32(&cursor);
    uint32_t little = GUINT32_SWAP_LE_BE(big);
    bool is_pcap = big == MAGIC_US || little == MAGIC_US || big == MAGIC_NS || little == MAGIC_NS ||
                   big == MAGIC_MODIFIED || little == MAGIC_MODIFIED;
    return is_pcap ? &PCAP_FORMAT : NULL;
}
