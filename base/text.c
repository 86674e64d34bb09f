/*
 * UTF-8 as RFC 3629 has it, and what of it people can be shown.
 *
 * Nearly all text is plain ASCII, so both writers look for the end of a run of it eight bytes at a
 * time and copy the run as a whole; the rest goes character by character.
 */
#include "base/text.h"

/* The high bit of each byte in which a control character or a byte past ASCII stands. */
static inline uint64_t
odd_bytes(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t high = ones << 7;
    uint64_t del = word ^ (ones * 0x7f);

    /* A borrow can only mark bytes above one that is marked rightly, which is all that is asked. */
    return (word | ((word - ones * 0x20) & ~word) | ((del - ones) & ~del)) & high;
}

static inline bool
is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x7f;
}

/* How many bytes of printable ASCII `bytes` begins with. */
static size_t
plain_length(SsSlice bytes)
{
    size_t i = 0;

    for (; bytes.len - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes.data + i, sizeof word);
        if (odd_bytes(word)) {
            break;
        }
    }
    while (i < bytes.len && is_plain(bytes.data[i])) {
        i++;
    }
    return i;
}

size_t
ss_utf8_decode(SsSlice bytes, uint32_t *ret_character)
{
    const uint8_t lead = bytes.data[0];
    uint8_t low = 0x80;
    uint8_t high = 0xbf;
    uint32_t character;
    size_t len;

    *ret_character = SS_UTF8_INVALID;
    if (lead < 0x80) {
        *ret_character = lead;
        return 1;
    }
    /* RFC 3629 section 4: the second byte's range shuts out overlongs and surrogates. */
    if (lead >= 0xc2 && lead <= 0xdf) {
        len = 2;
        character = lead & 0x1f;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        len = 3;
        character = lead & 0x0f;
        low = lead == 0xe0 ? 0xa0 : low;
        high = lead == 0xed ? 0x9f : high;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        len = 4;
        character = lead & 0x07;
        low = lead == 0xf0 ? 0x90 : low;
        high = lead == 0xf4 ? 0x8f : high;
    } else {
        return 1;
    }
    for (size_t i = 1; i < len; i++) {
        if (i >= bytes.len || bytes.data[i] < low || bytes.data[i] > high) {
            return i;
        }
        character = character << 6 | (bytes.data[i] & 0x3f);
        low = 0x80;
        high = 0xbf;
    }
    *ret_character = character;
    return len;
}

size_t
ss_utf8_length(SsSlice bytes)
{
    uint32_t character;
    size_t len;

    if (bytes.len == 0) {
        return 0;
    }
    len = ss_utf8_decode(bytes, &character);
    return character == SS_UTF8_INVALID ? 0 : len;
}

bool
ss_utf8_is_valid(SsSlice bytes)
{
    while (bytes.len) {
        size_t len = plain_length(bytes);
        if (len == 0) {
            len = ss_utf8_length(bytes);
        }
        if (len == 0) {
            return false;
        }
        bytes = ss_slice_from(bytes, len);
    }
    return true;
}

bool
ss_text_is_hidden(uint32_t c)
{
    if (c < 0x300) {
        return c < 0x20 || (c >= 0x7f && c < 0xa0);
    }
    return c == 0x061c ||                  /* Arabic letter mark */
           (c >= 0x200b && c <= 0x200f) || /* without width, and direction marks */
           (c >= 0x2028 && c <= 0x202e) || /* line and paragraph separator, direction */
           (c >= 0x2060 && c <= 0x206f) || /* without width, direction isolates */
           c == 0xfeff ||                  /* byte order mark */
           (c >= 0xfff9 && c <= 0xfffb) || /* annotations */
           (c >= 0xe0000 && c <= 0xe007f); /* tags */
}

static void
append_escaped_bytes(GString *to, SsSlice bytes)
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.len; i++) {
        const char escape[] = {'\\', 'x', hex[bytes.data[i] >> 4], hex[bytes.data[i] & 15]};
        g_string_append_len(to, escape, sizeof escape);
    }
}

/* One character that is not printable ASCII; gives the bytes it took. */
static size_t
append_odd(GString *to, SsSlice bytes)
{
    uint32_t character;
    size_t len = ss_utf8_decode(bytes, &character);

    if (character == SS_UTF8_INVALID || character < 0xa0) {
        append_escaped_bytes(to, ss_slice_sub(bytes, 0, len));
    } else if (ss_text_is_hidden(character)) {
        g_string_append_printf(to, "\\u{%04x}", character);
    } else {
        g_string_append_len(to, (const char *)bytes.data, (gssize)len);
    }
    return len;
}

void
ss_text_append_safe(GString *to, SsSlice bytes)
{
    while (bytes.len) {
        size_t len = plain_length(bytes);

        if (len) {
            g_string_append_len(to, (const char *)bytes.data, (gssize)len);
        } else {
            len = append_odd(to, bytes);
        }
        bytes = ss_slice_from(bytes, len);
    }
}

void
ss_text_append_utf8(GString *to, SsSlice bytes)
{
    while (bytes.len) {
        uint32_t character = 0;
        size_t len = plain_length(bytes);

        if (len == 0) {
            len = ss_utf8_decode(bytes, &character);
        }
        if (character == SS_UTF8_INVALID) {
            g_string_append(to, "\xef\xbf\xbd");
        } else {
            g_string_append_len(to, (const char *)bytes.data, (gssize)len);
        }
        bytes = ss_slice_from(bytes, len);
    }
}
