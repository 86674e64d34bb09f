/*
 * NTLM ([MS-NLMP] section 2.2.1), numbers little-endian:
 *
 *     all     "NTLMSSP\0", type (4)
 *     type 2  at 24: the server's challenge (8)
 *     type 3  at 12: LM response, 20: NT response, 28: domain, 36: user, 44: workstation,
 *             each a field of length (2), room (2) and offset (4); at 60: flags (4)
 *
 * What a field points to lies in the message, or the field is left out.
 */
#include <glib.h>

#include "base/cursor.h"
#include "dissect/smtp/sasl.h"

#define CHALLENGE 2
#define AUTHENTICATE 3
#define AT_FLAGS 60
#define FLAG_UNICODE 1u

static uint64_t
number_at(SsSlice message, size_t at, size_t n)
{
    SsCursor cursor = ss_cursor(ss_slice_from(message, at));

    cursor.is_little = true;
    return ss_cursor_number(&cursor, n);
}

static bool
is_type(SsSlice message, uint64_t type)
{
    static const uint8_t signature[8] = "NTLMSSP";

    return message.len >= 12 && memcmp(message.data, signature, sizeof signature) == 0 &&
           number_at(message, 8, 4) == type;
}

static SsSlice
field_at(SsSlice message, size_t at)
{
    uint64_t len = number_at(message, at, 2), offset = number_at(message, at + 4, 4);

    if (message.len < at + 8 || offset > message.len || len > message.len - offset) {
        return SS_SLICE_NULL;
    }
    return ss_slice_sub(message, (size_t)offset, (size_t)len);
}

/* UTF-16LE to UTF-8; half of a pair becomes U+FFFD. */
static SsSlice
text_of(SsArena *arena, SsSlice field, bool is_unicode)
{
    uint8_t *text;
    size_t len = 0;

    if (!is_unicode || !field.len) {
        return field;
    }
    text = ss_arena_alloc(arena, field.len / 2 * 3 + 4);
    for (size_t i = 0; i + 1 < field.len; i += 2) {
        gunichar c = (gunichar)(field.data[i] | field.data[i + 1] << 8);
        if (c >= 0xd800 && c < 0xe000) {
            gunichar low =
                i + 3 < field.len ? (gunichar)(field.data[i + 2] | field.data[i + 3] << 8) : 0;
            if (c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            } else {
                c = 0xfffd;
            }
        }
        len += (size_t)g_unichar_to_utf8(c, (char *)text + len);
    }
    return ss_slice(text, len);
}

static size_t
append_hex(uint8_t *to, SsSlice bytes)
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.len; i++) {
        to[2 * i] = (uint8_t)hex[bytes.data[i] >> 4];
        to[2 * i + 1] = (uint8_t)hex[bytes.data[i] & 15];
    }
    return 2 * bytes.len;
}

static void
read_authenticate(SsSlice message, SsArena *arena, SsSaslLogin *login)
{
    bool is_unicode = number_at(message, AT_FLAGS, 4) & FLAG_UNICODE;
    SsSlice lm = field_at(message, 12), nt = field_at(message, 20);
    SsSlice user = field_at(message, 36);

    login->realm = text_of(arena, field_at(message, 28), is_unicode);
    login->username = text_of(arena, user, is_unicode);
    login->workstation = text_of(arena, field_at(message, 44), is_unicode);
    if (lm.len || nt.len) { /* both, as `LM:NT` in hex */
        uint8_t *text = ss_arena_alloc(arena, 2 * (lm.len + nt.len) + 1);
        size_t len = append_hex(text, lm);
        text[len++] = ':';
        len += append_hex(text + len, nt);
        login->secret = ss_slice(text, len);
        login->secret_kind = SS_SECRET_HASH;
    }
}

void
ss_sasl_read_ntlm(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice message;

    for (size_t i = 0; i < exchange->n_turns; i++) {
        if (ss_sasl_question(exchange, i, arena, &message) && is_type(message, CHALLENGE)) {
            login->challenge = message;
        }
        if (ss_sasl_answer(exchange, i, arena, &message) && is_type(message, AUTHENTICATE)) {
            read_authenticate(message, arena, login);
        }
    }
}
