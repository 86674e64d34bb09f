#include "dissect/smtp/base64.h"

int
ss_base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (ss_ascii_is_digit(c)) {
        return c - '0' + 52;
    }
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

size_t
ss_base64_undo(SsSlice text, uint8_t *to)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        int value = ss_base64_value(text.data[i]);
        if (value < 0) {
            break;
        }
        bits = bits << 6 | (uint32_t)value;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            to[len++] = (uint8_t)(bits >> n_bits);
        }
    }
    return len;
}

bool
ss_base64_decode(SsArena *arena, SsSlice text, SsSlice *ret_bytes)
{
    size_t padding = 0, len = text.len;
    uint8_t *bytes;

    while (len && padding < 2 && text.data[len - 1] == '=') {
        len--;
        padding++;
    }
    for (size_t i = 0; i < len; i++) {
        if (ss_base64_value(text.data[i]) < 0) {
            return false;
        }
    }
    if (len % 4 == 1 || (padding && len && (len + padding) % 4 != 0)) {
        return false;
    }
    bytes = ss_arena_alloc(arena, len / 4 * 3 + 4);
    *ret_bytes = ss_slice(bytes, ss_base64_undo(ss_slice_sub(text, 0, len), bytes));
    return true;
}
