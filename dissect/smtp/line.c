#include "dissect/smtp/line.h"

struct SsLineStart {
    GByteArray *bytes;
    uint64_t dropped;     /* bytes of it past the cap */
    bool is_whole;        /* its end has come: it stands here until it has been read */
    bool ends_cr;         /* the last byte so far is CR */
    SsOrigin first, last; /* of its first byte, and of the last so far */
};

static void
keep(struct SsLineStart *start, SsSlice bytes, size_t max)
{
    size_t room = start->bytes->len < max ? max - start->bytes->len : 0;
    size_t n = MIN(room, bytes.len);

    if (bytes.len) {
        g_byte_array_append(start->bytes, bytes.data, (guint)n);
        start->dropped += bytes.len - n;
        start->ends_cr = bytes.data[bytes.len - 1] == '\r';
    }
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

static struct SsLineStart *
start_new(const SsOrigin *origin)
{
    struct SsLineStart *start = g_new0(struct SsLineStart, 1);

    start->bytes = g_byte_array_new();
    start->first = *origin;
    return start;
}

bool
ss_line_take(SsLineBuffer *buffer, SsSlice *in, const SsOrigin *origin, size_t max,
             SsLine *ret_line)
{
    size_t at = ss_slice_index(*in, '\n');
    SsSlice piece = ss_slice_sub(*in, 0, at);
    bool is_cut = at == in->len;
    struct SsLineStart *start;
    bool ends_cr;

    ss_line_done(buffer);
    start = buffer->start;
    *in = ss_slice_from(*in, at + 1);
    if (!start && !is_cut) {
        ends_cr = piece.len && piece.data[piece.len - 1] == '\r';
        *ret_line = (SsLine){
            .text = ss_slice_sub(piece, 0, max),
            .size = piece.len + 1,
            .first = *origin,
            .last = *origin,
        };
        ret_line->dropped = piece.len - ret_line->text.len;
        strip_cr(ret_line, ends_cr);
        return true;
    }
    if (!start) {
        start = buffer->start = start_new(origin);
    }
    keep(start, piece, max);
    if (is_cut) {
        start->last = *origin;
        return false;
    }
    start->is_whole = true;
    *ret_line = (SsLine){
        .text = ss_slice(start->bytes->data, start->bytes->len),
        .dropped = start->dropped,
        .size = start->bytes->len + start->dropped + 1,
        .first = start->first,
        .last = *origin,
    };
    strip_cr(ret_line, start->ends_cr);
    return true;
}

bool
ss_line_is_open(const SsLineBuffer *buffer)
{
    return buffer->start && !buffer->start->is_whole;
}

SsSlice
ss_line_begun(const SsLineBuffer *buffer)
{
    return ss_line_is_open(buffer) ? ss_slice(buffer->start->bytes->data, buffer->start->bytes->len)
                                   : ss_slice("", 0);
}

uint64_t
ss_line_size(const SsLineBuffer *buffer)
{
    return ss_line_is_open(buffer) ? ss_line_begun(buffer).len + buffer->start->dropped : 0;
}

bool
ss_line_cut(const SsLineBuffer *buffer, SsLine *ret_line)
{
    const struct SsLineStart *start = buffer->start;

    if (!ss_line_is_open(buffer)) {
        return false;
    }
    *ret_line = (SsLine){
        .text = ss_slice(start->bytes->data, start->bytes->len),
        .dropped = start->dropped,
        .size = start->bytes->len + start->dropped,
        .is_cut = !start->ends_cr,
        .first = start->first,
        .last = start->last,
    };
    if (start->ends_cr) {
        strip_cr(ret_line, true);
    }
    return true;
}

uint64_t
ss_line_reset(SsLineBuffer *buffer)
{
    uint64_t n = ss_line_size(buffer);

    ss_line_clear(buffer);
    return n;
}

void
ss_line_clear(SsLineBuffer *buffer)
{
    struct SsLineStart *start = g_steal_pointer(&buffer->start);

    if (start) {
        g_byte_array_unref(start->bytes);
        g_free(start);
    }
}

void
ss_line_done(SsLineBuffer *buffer)
{
    if (buffer->start && buffer->start->is_whole) {
        ss_line_clear(buffer);
    }
}
