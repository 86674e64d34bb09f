#include "dissect/smtp/line.h"

static void
keep(SsLineBuffer *buffer, SsSlice bytes, size_t max)
{
    size_t room, n;

    if (bytes.len == 0) {
        return;
    }
    if (!buffer->start) {
        buffer->start = g_byte_array_new();
    }
    room = buffer->start->len < max ? max - buffer->start->len : 0;
    n = MIN(room, bytes.len);
    g_byte_array_append(buffer->start, bytes.data, (guint)n);
    buffer->dropped += bytes.len - n;
    buffer->ends_cr = bytes.data[bytes.len - 1] == '\r';
}

static void
strip_cr(SsLine *line, bool ends_cr)
{
    line->is_bare_lf = !ends_cr;
    if (!ends_cr) {
        return;
    }
    if (line->dropped) {
        line->dropped--;
    } else {
        line->text.len--;
    }
}

bool
ss_line_take(SsLineBuffer *buffer, SsSlice *in, const SsOrigin *origin, size_t max,
             SsLine *ret_line)
{
    size_t at = ss_slice_index(*in, '\n');
    SsSlice piece = ss_slice_sub(*in, 0, at);
    bool ends_cr;

    if (!buffer->is_open) {
        if (buffer->start) {
            g_byte_array_set_size(buffer->start, 0);
        }
        buffer->dropped = 0;
        buffer->ends_cr = false;
        buffer->first = *origin;
        buffer->is_open = true;
    }
    if (at == in->len) {
        keep(buffer, piece, max);
        *in = ss_slice_from(*in, in->len);
        return false;
    }
    *in = ss_slice_from(*in, at + 1);
    *ret_line = (SsLine){.first = buffer->first, .last = *origin};
    if (!buffer->start || buffer->start->len == 0) {
        ends_cr = piece.len && piece.data[piece.len - 1] == '\r';
        ret_line->size = piece.len + 1;
        ret_line->text = ss_slice_sub(piece, 0, max);
        ret_line->dropped = piece.len - ret_line->text.len;
    } else {
        keep(buffer, piece, max);
        ends_cr = buffer->ends_cr;
        ret_line->text = ss_slice(buffer->start->data, buffer->start->len);
        ret_line->dropped = buffer->dropped;
        ret_line->size = buffer->start->len + buffer->dropped + 1;
    }
    strip_cr(ret_line, ends_cr);
    buffer->is_open = false;
    return true;
}

SsSlice
ss_line_begun(const SsLineBuffer *buffer)
{
    return buffer->is_open && buffer->start ? ss_slice(buffer->start->data, buffer->start->len)
                                            : ss_slice("", 0);
}

uint64_t
ss_line_reset(SsLineBuffer *buffer)
{
    uint64_t n = ss_line_begun(buffer).len + (buffer->is_open ? buffer->dropped : 0);

    buffer->is_open = false;
    return n;
}

void
ss_line_clear(SsLineBuffer *buffer)
{
    g_clear_pointer(&buffer->start, g_byte_array_unref);
    buffer->is_open = false;
}
