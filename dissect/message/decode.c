#include "dissect/message/decode.h"

#include <gmime/gmime.h>

/* Bytes decoded at a time; the result lies on the stack. */
#define PIECE 8192

/* Where uudecode stands: in the lines before `begin` (how much of the word was seen), in the rest
 * of that line, at a line's start, in a line, past the end. */
enum {
    UU_SEARCH,
    UU_SKIP,
    UU_BEGIN_LINE,
    UU_LENGTH,
    UU_LINE,
    UU_END
};

static const char uu_begin[] = "begin ";

SsEncoding
ss_encoding_of_name(SsSlice name, bool *ret_known)
{
    static const struct {
        SsSlice name;
        SsEncoding encoding;
    } names[] = {
        {SS_SLICE_INIT("7bit"), SS_ENCODING_IDENTITY},
        {SS_SLICE_INIT("8bit"), SS_ENCODING_IDENTITY},
        {SS_SLICE_INIT("binary"), SS_ENCODING_IDENTITY},
        {SS_SLICE_INIT("base64"), SS_ENCODING_BASE64},
        {SS_SLICE_INIT("quoted-printable"), SS_ENCODING_QUOTED},
        {SS_SLICE_INIT("uuencode"), SS_ENCODING_UUENCODE},
        {SS_SLICE_INIT("x-uuencode"), SS_ENCODING_UUENCODE},
        {SS_SLICE_INIT("x-uue"), SS_ENCODING_UUENCODE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (ss_slice_eq_nocase(name, names[i].name)) {
            if (ret_known) {
                *ret_known = true;
            }
            return names[i].encoding;
        }
    }
    if (ret_known) {
        *ret_known = false;
    }
    return SS_ENCODING_IDENTITY;
}

void
ss_decode_start(SsDecode *decode, SsEncoding encoding)
{
    decode->encoding = encoding;
    decode->state = 0;
    decode->save = 0;
}

void
ss_decode_resume(SsDecode *decode)
{
    decode->state = decode->encoding == SS_ENCODING_UUENCODE ? UU_SKIP : 0;
    decode->save = 0;
}

/* `save` while searching: how much of `begin ` matched; -1 as uint32: not at this line. In a line:
 * up to three characters, their number and the bytes the line still has. */
#define UU_NO_MATCH UINT32_MAX
#define UU_PACK(chars, n, left) ((chars) | (uint32_t)(n) << 18 | (uint32_t)(left) << 20)

static uint32_t
uu_search(SsDecode *decode, uint8_t c)
{
    uint32_t matched = decode->save;

    if (c == '\n') {
        return 0;
    }
    if (matched == UU_NO_MATCH || c != (uint8_t)uu_begin[matched]) {
        return UU_NO_MATCH;
    }
    if (matched + 1 == sizeof uu_begin - 1) {
        decode->state = UU_BEGIN_LINE;
        return 0;
    }
    return matched + 1;
}

/* One character of a line of data; returns how many bytes it completed. */
static size_t
uu_char(SsDecode *decode, uint8_t c, uint8_t *out)
{
    uint32_t chars = decode->save & 0x3ffff;
    uint32_t n = decode->save >> 18 & 3;
    uint32_t left = decode->save >> 20;
    uint32_t group;
    size_t bytes;

    if (n < 3) {
        decode->save = UU_PACK((chars << 6 | ((c - 32u) & 63)) & 0x3ffff, n + 1, left);
        return 0;
    }
    group = chars << 6 | ((c - 32u) & 63);
    bytes = MIN(left, 3);
    out[0] = (uint8_t)(group >> 16);
    out[1] = (uint8_t)(group >> 8);
    out[2] = (uint8_t)group;
    left -= (uint32_t)bytes;
    decode->save = UU_PACK(0, 0, left);
    if (left == 0) {
        decode->state = UU_SKIP;
    }
    return bytes;
}

/*
 * Our own, for GMime's step takes a CR for a length and gives another result when the cut falls
 * behind one.
 */
static size_t
uu_decode(SsDecode *decode, const uint8_t *in, size_t len, uint8_t *out)
{
    uint8_t *to = out;

    for (size_t i = 0; i < len && decode->state != UU_END; i++) {
        uint8_t c = in[i];

        if (decode->state == UU_SEARCH) {
            decode->save = uu_search(decode, c);
        } else if (c == '\n') {
            decode->state = UU_LENGTH;
            decode->save = 0;
        } else if (decode->state == UU_LENGTH && c != '\r') {
            uint32_t bytes = (c - 32u) & 63;
            decode->state = bytes ? UU_LINE : UU_END;
            decode->save = UU_PACK(0u, 0, bytes);
        } else if (decode->state == UU_LINE && c != '\r') {
            to += uu_char(decode, c, to);
        }
    }
    return (size_t)(to - out);
}

void
ss_decode_feed(SsDecode *decode, SsSlice in, void (*put)(void *to, SsSlice bytes), void *to)
{
    uint8_t out[PIECE + 16];

    if (decode->encoding == SS_ENCODING_IDENTITY) {
        if (in.len) {
            put(to, in);
        }
        return;
    }
    for (size_t at = 0; at < in.len; at += PIECE) {
        SsSlice piece = ss_slice_sub(in, at, PIECE);
        size_t len;

        if (decode->encoding == SS_ENCODING_BASE64) {
            len = g_mime_encoding_base64_decode_step(piece.data, piece.len, out, &decode->state,
                                                     &decode->save);
        } else if (decode->encoding == SS_ENCODING_QUOTED) {
            len = g_mime_encoding_quoted_decode_step(piece.data, piece.len, out, &decode->state,
                                                     &decode->save);
        } else {
            len = uu_decode(decode, piece.data, piece.len, out);
        }
        if (len) {
            put(to, ss_slice(out, len));
        }
    }
}
