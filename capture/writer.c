/*
 * pcap:
 *
 *     magic 4 | major 2 | minor 2 | zone 4 | accuracy 4 | snap length 4 | link type 4
 *     seconds 4 | fraction 4 | captured length 4 | length 4 | bytes …
 *
 * pcapng: one section; an interface for each kind; then secrets and packets as they come.
 *
 *     type 4 | total length 4 | body … | total length 4
 *
 * Packets are handed on as they are, never copied.
 */
#include "capture/writer.h"

#include <string.h>

#include "base/limits.h"

#define LINKTYPE_ETHERNET 1

#define MAGIC_US 0xa1b2c3d4
#define MAGIC_NS 0xa1b23c4d

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_ENHANCED = 6,
    BLOCK_SECRETS = 10,
    BLOCK_SECTION = 0x0a0d0d0a,
};

enum {
    OPTION_COMMENT = 1,
    OPTION_APPLICATION = 4,
    OPTION_TSRESOL = 9,
};

#define SECRETS_TLS 0x544c534b
#define ORDER_MARK 0x1a2b3c4d

/* Around every block's body. */
#define FRAME_LEN 12
#define OPTION_HEAD 4
#define OPTIONS_END 4
#define OPTION_MAX 65535

struct SsCaptureWriter {
    bool is_pcapng;
    bool has_nanoseconds; /* of pcap, where it is one for all */
    char *application;
    SsCaptureKind *kinds;
    size_t n_kinds;
    uint32_t snap_length;
    SsCaptureWriteFn write;
    void *user_data;
};

static const SsCaptureKind ETHERNET = {LINKTYPE_ETHERNET, 6};

/* --- numbers --- */

static uint8_t *
put_u16(uint8_t *at, uint32_t value)
{
    *at++ = (uint8_t)value;
    *at++ = (uint8_t)(value >> 8);
    return at;
}

static uint8_t *
put_u32(uint8_t *at, uint32_t value)
{
    return put_u16(put_u16(at, value), value >> 16);
}

static bool
write_bytes(SsCaptureWriter *writer, const uint8_t *bytes, const uint8_t *end)
{
    return writer->write(writer->user_data, bytes, (size_t)(end - bytes));
}

static bool
write_slice(SsCaptureWriter *writer, SsSlice bytes)
{
    return bytes.len == 0 || writer->write(writer->user_data, bytes.data, bytes.len);
}

static bool
write_u32(SsCaptureWriter *writer, uint32_t value)
{
    uint8_t bytes[4];

    return write_bytes(writer, bytes, put_u32(bytes, value));
}

/* To the next multiple of four. */
static size_t
padded(size_t len)
{
    return (len + 3) & ~(size_t)3;
}

static bool
write_padding(SsCaptureWriter *writer, size_t len)
{
    static const uint8_t zeros[3];

    return write_slice(writer, ss_slice(zeros, padded(len) - len));
}

/* --- blocks of pcapng --- */

static size_t
option_len(SsSlice value)
{
    return value.len ? OPTION_HEAD + padded(value.len) : 0;
}

/* An option and the end of options; none where there is no value. */
static bool
write_option(SsCaptureWriter *writer, uint16_t code, SsSlice value)
{
    uint8_t head[OPTION_HEAD];

    if (value.len == 0) {
        return true;
    }
    return write_bytes(writer, head, put_u16(put_u16(head, code), (uint32_t)value.len)) &&
           write_slice(writer, value) && write_padding(writer, value.len) && write_u32(writer, 0);
}

static size_t
options_len(SsSlice value)
{
    return value.len ? option_len(value) + OPTIONS_END : 0;
}

static bool
write_section(SsCaptureWriter *writer)
{
    SsSlice application = ss_slice_sub(ss_slice_str(writer->application), 0, OPTION_MAX);
    uint32_t len = (uint32_t)(FRAME_LEN + 16 + options_len(application));
    uint8_t head[24], *at = head;

    at = put_u32(at, BLOCK_SECTION);
    at = put_u32(at, len);
    at = put_u32(at, ORDER_MARK);
    at = put_u16(at, 1);
    at = put_u16(at, 0);
    at = put_u32(at, UINT32_MAX); /* the section's length is not known */
    at = put_u32(at, UINT32_MAX);
    return write_bytes(writer, head, at) && write_option(writer, OPTION_APPLICATION, application) &&
           write_u32(writer, len);
}

static bool
write_interface(SsCaptureWriter *writer, const SsCaptureKind *kind)
{
    SsSlice digits = ss_slice(&kind->time_digits, 1);
    uint32_t len = (uint32_t)(FRAME_LEN + 8 + options_len(digits));
    uint8_t head[16], *at = head;

    at = put_u32(at, BLOCK_INTERFACE);
    at = put_u32(at, len);
    at = put_u16(at, kind->link_type);
    at = put_u16(at, 0);
    at = put_u32(at, writer->snap_length);
    return write_bytes(writer, head, at) && write_option(writer, OPTION_TSRESOL, digits) &&
           write_u32(writer, len);
}

static bool
write_enhanced(SsCaptureWriter *writer, size_t kind, const SsFrame *frame, SsSlice comment)
{
    SsSlice text = ss_slice_sub(comment, 0, OPTION_MAX);
    uint32_t len = (uint32_t)(FRAME_LEN + 20 + padded(frame->bytes.len) + options_len(text));
    uint64_t ticks = (uint64_t)MAX(frame->origin.time_ns, 0);
    uint8_t head[28], *at = head;

    if (writer->kinds[kind].time_digits < 9) {
        ticks /= 1000;
    }
    at = put_u32(at, BLOCK_ENHANCED);
    at = put_u32(at, len);
    at = put_u32(at, (uint32_t)kind);
    at = put_u32(at, (uint32_t)(ticks >> 32));
    at = put_u32(at, (uint32_t)ticks);
    at = put_u32(at, (uint32_t)frame->bytes.len);
    at = put_u32(at, frame->len);
    return write_bytes(writer, head, at) && write_slice(writer, frame->bytes) &&
           write_padding(writer, frame->bytes.len) && write_option(writer, OPTION_COMMENT, text) &&
           write_u32(writer, len);
}

bool
ss_capture_writer_secrets(SsCaptureWriter *writer, SsSlice key_log)
{
    uint32_t len = (uint32_t)(FRAME_LEN + 8 + padded(key_log.len));
    uint8_t head[16], *at = head;

    if (!writer->is_pcapng) {
        return true;
    }
    at = put_u32(at, BLOCK_SECRETS);
    at = put_u32(at, len);
    at = put_u32(at, SECRETS_TLS);
    at = put_u32(at, (uint32_t)key_log.len);
    return write_bytes(writer, head, at) && write_slice(writer, key_log) &&
           write_padding(writer, key_log.len) && write_u32(writer, len);
}

/* --- pcap --- */

static bool
write_pcap_header(SsCaptureWriter *writer)
{
    uint8_t head[24], *at = head;

    at = put_u32(at, writer->has_nanoseconds ? MAGIC_NS : MAGIC_US);
    at = put_u16(at, 2);
    at = put_u16(at, 4);
    at = put_u32(at, 0);
    at = put_u32(at, 0);
    at = put_u32(at, writer->snap_length);
    at = put_u32(at, writer->kinds[0].link_type);
    return write_bytes(writer, head, at);
}

static bool
write_pcap_record(SsCaptureWriter *writer, const SsFrame *frame)
{
    int64_t time_ns = MAX(frame->origin.time_ns, 0);
    uint32_t fraction_ns = (uint32_t)(time_ns % SS_NS_PER_S);
    uint8_t head[16], *at = head;

    at = put_u32(at, (uint32_t)(time_ns / SS_NS_PER_S));
    at = put_u32(at, writer->has_nanoseconds ? fraction_ns : fraction_ns / 1000);
    at = put_u32(at, (uint32_t)frame->bytes.len);
    at = put_u32(at, frame->len);
    return write_bytes(writer, head, at) && write_slice(writer, frame->bytes);
}

/* --- both --- */

SsCaptureWriter *
ss_capture_writer_new(const SsCaptureWriterOptions *options)
{
    SsCaptureWriter *writer = g_new0(SsCaptureWriter, 1);
    const SsCaptureKind *kinds = options->n_kinds ? options->kinds : &ETHERNET;

    writer->is_pcapng = options->is_pcapng;
    writer->application = g_strdup(options->application);
    writer->n_kinds = MAX(options->n_kinds, 1);
    writer->kinds = g_memdup2(kinds, writer->n_kinds * sizeof *kinds);
    writer->snap_length = options->snap_length;
    writer->write = options->write;
    writer->user_data = options->user_data;
    for (size_t i = 0; i < writer->n_kinds; i++) {
        writer->has_nanoseconds |= kinds[i].time_digits == 9;
    }
    return writer;
}

bool
ss_capture_writer_begin(SsCaptureWriter *writer)
{
    if (!writer->is_pcapng) {
        return write_pcap_header(writer);
    }
    if (!write_section(writer)) {
        return false;
    }
    for (size_t i = 0; i < writer->n_kinds; i++) {
        if (!write_interface(writer, &writer->kinds[i])) {
            return false;
        }
    }
    return true;
}

bool
ss_capture_writer_packet(SsCaptureWriter *writer, size_t kind, const SsFrame *frame,
                         SsSlice comment)
{
    g_return_val_if_fail(kind < writer->n_kinds, false);
    return writer->is_pcapng ? write_enhanced(writer, kind, frame, comment)
                             : write_pcap_record(writer, frame);
}

void
ss_capture_writer_free(SsCaptureWriter *writer)
{
    if (writer) {
        g_free(writer->application);
        g_free(writer->kinds);
        g_free(writer);
    }
}
