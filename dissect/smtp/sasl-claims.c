/*
 * What a token says of itself: the claims of a JSON Web Token (RFC 7519), which is three words of
 * base64 between dots (RFC 7515 section 7.1), the second a JSON object. Anybody may read them; the
 * signature, without which they are worth nothing, is in no claim.
 *
 * The reader of JSON takes the members of one object, and of their values texts, numbers and lists
 * of these. What nests deeper is passed over by counting brackets; what is not JSON ends it.
 */
#include <glib.h>

#include "base/limits.h"
#include "dissect/smtp/base64.h"
#include "dissect/smtp/sasl.h"

typedef struct {
    SsSlice in;
    SsArena *arena;
} Reader;

static uint8_t
peek(Reader *reader)
{
    while (reader->in.len && (ss_ascii_is_blank(reader->in.data[0]) || reader->in.data[0] == '\n' ||
                              reader->in.data[0] == '\r')) {
        reader->in = ss_slice_from(reader->in, 1);
    }
    return reader->in.len ? reader->in.data[0] : 0;
}

static bool
take(Reader *reader, uint8_t c)
{
    if (peek(reader) != c) {
        return false;
    }
    reader->in = ss_slice_from(reader->in, 1);
    return true;
}

/* What `\u` and four hex digits stand for; 0 where they are not there. */
static gunichar
code_unit(SsSlice escape)
{
    gunichar unit = 0;

    if (escape.len < 6 || escape.data[0] != '\\' || escape.data[1] != 'u') {
        return 0;
    }
    for (size_t i = 2; i < 6; i++) {
        int value = g_ascii_xdigit_value((char)escape.data[i]);
        if (value < 0) {
            return 0;
        }
        unit = unit << 4 | (gunichar)value;
    }
    return unit;
}

/* The escape at `at`, which never makes more bytes than it has; gives where it goes on. */
static size_t
unescape(SsSlice in, size_t at, uint8_t *to, size_t *len)
{
    static const char from[] = "bfnrt", into[] = "\b\f\n\r\t";
    gunichar c = code_unit(ss_slice_from(in, at)), low;

    if (!c) {
        uint8_t one = at + 1 < in.len ? in.data[at + 1] : '\\';
        const char *known = memchr(from, one, sizeof from - 1);
        to[(*len)++] = known ? (uint8_t)into[known - from] : one;
        return at + 2;
    }
    at += 6;
    low = c >= 0xd800 && c < 0xdc00 ? code_unit(ss_slice_from(in, at)) : 0;
    if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
    }
    if (c >= 0xd800 && c < 0xe000) {
        c = 0xfffd;
    }
    *len += (size_t)g_unichar_to_utf8(c, (char *)to + *len);
    return at;
}

static bool
take_string(Reader *reader, SsSlice *ret_text)
{
    SsSlice in;
    uint8_t *to;
    size_t at = 0, len = 0;

    if (!take(reader, '"')) {
        return false;
    }
    in = reader->in;
    while (at < in.len && in.data[at] != '"') { /* how much room it takes */
        at += in.data[at] == '\\' ? 2 : 1;
    }
    to = ss_arena_alloc(reader->arena, MIN(at, in.len) + 8);
    for (at = 0; at < in.len && in.data[at] != '"';) {
        if (in.data[at] == '\\') {
            at = unescape(in, at, to, &len);
        } else {
            to[len++] = in.data[at++];
        }
    }
    reader->in = ss_slice_from(in, at + 1);
    *ret_text = ss_slice(to, len);
    return at < in.len;
}

/* A number, true, false, null. */
static bool
take_word(Reader *reader, SsSlice *ret_text)
{
    size_t len = 0;

    (void)peek(reader);
    while (len < reader->in.len &&
           (ss_ascii_is_alpha(reader->in.data[len]) || ss_ascii_is_digit(reader->in.data[len]) ||
            reader->in.data[len] == '.' || reader->in.data[len] == '-' ||
            reader->in.data[len] == '+')) {
        len++;
    }
    *ret_text = ss_slice_sub(reader->in, 0, len);
    reader->in = ss_slice_from(reader->in, len);
    return len > 0;
}

/* An object or a list, whatever is in it. */
static bool
skip_nested(Reader *reader)
{
    SsSlice text;
    size_t depth = 0;

    do {
        uint8_t c = peek(reader);
        if (c == '"') {
            if (!take_string(reader, &text)) {
                return false;
            }
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (!reader->in.len) {
            return false;
        }
        reader->in = ss_slice_from(reader->in, 1);
    } while (depth);
    return true;
}

static bool
take_simple(Reader *reader, SsSlice *ret_text)
{
    return peek(reader) == '"' ? take_string(reader, ret_text) : take_word(reader, ret_text);
}

/* A list of texts, joined with blanks; absent where it nests. */
static bool
take_list(Reader *reader, SsSlice *ret_text)
{
    Reader inside = *reader;
    SsSlice text;
    uint8_t *to;
    size_t len = 0;

    if (!skip_nested(reader)) {
        return false;
    }
    to = ss_arena_alloc(reader->arena, inside.in.len - reader->in.len);
    (void)take(&inside, '[');
    while (take_simple(&inside, &text)) {
        if (len) {
            to[len++] = ' ';
        }
        if (text.len) {
            memcpy(to + len, text.data, text.len);
        }
        len += text.len;
        if (!take(&inside, ',')) {
            break;
        }
    }
    *ret_text = take(&inside, ']') ? ss_slice(to, len) : SS_SLICE_NULL;
    return true;
}

static bool
take_value(Reader *reader, SsSlice *ret_text)
{
    switch (peek(reader)) {
    case '[':
        return take_list(reader, ret_text);
    case '{':
        *ret_text = SS_SLICE_NULL;
        return skip_nested(reader);
    default:
        return take_simple(reader, ret_text);
    }
}

static bool
is_shown(SsSlice claim)
{
    static const SsSlice shown[] = {
        SS_SLICE_INIT("iss"),    SS_SLICE_INIT("sub"),       SS_SLICE_INIT("aud"),
        SS_SLICE_INIT("exp"),    SS_SLICE_INIT("iat"),       SS_SLICE_INIT("nbf"),
        SS_SLICE_INIT("azp"),    SS_SLICE_INIT("appid"),     SS_SLICE_INIT("app_displayname"),
        SS_SLICE_INIT("tid"),    SS_SLICE_INIT("client_id"), SS_SLICE_INIT("scope"),
        SS_SLICE_INIT("scp"),    SS_SLICE_INIT("roles"),     SS_SLICE_INIT("upn"),
        SS_SLICE_INIT("email"),  SS_SLICE_INIT("oid"),       SS_SLICE_INIT("unique_name"),
        SS_SLICE_INIT("ipaddr"), SS_SLICE_INIT("ver"),       SS_SLICE_INIT("preferred_username"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
        if (ss_slice_eq(claim, shown[i])) {
            return true;
        }
    }
    return false;
}

SsList
ss_sasl_claims(SsArena *arena, SsSlice token)
{
    SsList claims = {NULL, 0, 0};
    SsSlice body = ss_slice_from(token, ss_slice_index(token, '.') + 1);
    size_t end = ss_slice_index(body, '.');
    Reader reader = {.arena = arena};
    SsPair claim;

    if (end == body.len || !ss_base64_decode(arena, ss_slice_sub(body, 0, end), &reader.in) ||
        !take(&reader, '{')) {
        return claims;
    }
    while (take_string(&reader, &claim.key) && take(&reader, ':') &&
           take_value(&reader, &claim.value)) {
        if (!ss_slice_is_null(claim.value) && is_shown(claim.key)) {
            ss_list_append(arena, &claims, &claim, sizeof claim, SS_CLAIMS_MAX);
        }
        if (!take(&reader, ',')) {
            break;
        }
    }
    return claims;
}
