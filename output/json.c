/*
 * On the path of every event: so room is reserved once a value and bytes are stored into it, and a
 * text is copied eight bytes at a time as long as none of them needs an escape.
 */
#include "output/json.h"

#include "base/text.h"

static const char hex_digits[] = "0123456789abcdef";

/* --- the buffer --- */

static inline char *
reserve(GString *to, size_t len)
{
    if (G_UNLIKELY(to->allocated_len - to->len <= len)) {
        size_t old = to->len;
        g_string_set_size(to, old + len + 1);
        to->len = old;
    }
    return to->str + to->len;
}

static inline void
advance(GString *to, const char *end)
{
    to->len = (size_t)(end - to->str);
    to->str[to->len] = '\0';
}

static inline void
put(GString *to, const char *bytes, size_t len)
{
    char *at = reserve(to, len);

    memcpy(at, bytes, len);
    advance(to, at + len);
}

static inline char *
store_decimal(char *at, uint64_t value)
{
    char digits[20];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    memcpy(at, digits + n, sizeof digits - n);
    return at + sizeof digits - n;
}

/* The last `width` digits of `value`, with leading zeros. */
static inline char *
store_padded(char *at, uint64_t value, unsigned width)
{
    for (unsigned i = width; i-- > 0;) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + width;
}

/* --- structure --- */

void
ss_json_init(SsJson *json, GString *to)
{
    json->to = to;
    json->is_comma_due = false;
}

static inline void
begin_value(SsJson *json)
{
    if (json->is_comma_due) {
        put(json->to, ",", 1);
    }
    json->is_comma_due = true;
}

void
ss_json_object_begin(SsJson *json)
{
    begin_value(json);
    put(json->to, "{", 1);
    json->is_comma_due = false;
}

void
ss_json_object_end(SsJson *json)
{
    put(json->to, "}", 1);
    json->is_comma_due = true;
}

void
ss_json_list_begin(SsJson *json)
{
    begin_value(json);
    put(json->to, "[", 1);
    json->is_comma_due = false;
}

void
ss_json_list_end(SsJson *json)
{
    put(json->to, "]", 1);
    json->is_comma_due = true;
}

/* `"NAMEsuffix":` */
static inline void
write_key(SsJson *json, const char *name, const char *suffix)
{
    size_t len = strlen(name);
    size_t suffix_len = strlen(suffix);
    char *at = reserve(json->to, len + suffix_len + 4);

    if (json->is_comma_due) {
        *at++ = ',';
    }
    *at++ = '"';
    memcpy(at, name, len);
    at += len;
    memcpy(at, suffix, suffix_len);
    at += suffix_len;
    *at++ = '"';
    *at++ = ':';
    advance(json->to, at);
    json->is_comma_due = false;
}

void
ss_json_key(SsJson *json, const char *name)
{
    write_key(json, name, "");
}

/* --- plain values --- */

void
ss_json_null(SsJson *json)
{
    begin_value(json);
    put(json->to, "null", 4);
}

void
ss_json_bool(SsJson *json, bool value)
{
    begin_value(json);
    put(json->to, value ? "true" : "false", value ? 4 : 5);
}

void
ss_json_count(SsJson *json, uint64_t value)
{
    begin_value(json);
    advance(json->to, store_decimal(reserve(json->to, 20), value));
}

void
ss_json_signed(SsJson *json, int64_t value)
{
    char *at;

    begin_value(json);
    at = reserve(json->to, 21);
    if (value < 0) {
        *at++ = '-';
    }
    advance(json->to, store_decimal(at, value < 0 ? 0 - (uint64_t)value : (uint64_t)value));
}

void
ss_json_uid(SsJson *json, uint64_t uid)
{
    char *at;

    begin_value(json);
    at = reserve(json->to, 18);
    *at++ = '"';
    for (unsigned shift = 64; shift > 0; shift -= 4) {
        *at++ = hex_digits[uid >> (shift - 4) & 15];
    }
    *at++ = '"';
    advance(json->to, at);
}

typedef struct {
    uint64_t year, month, day;
} Date;

/* The proleptic Gregorian date of a day since 1970-01-01, by years that begin in March (Howard
 * Hinnant's civil_from_days). Every int64_t of nanoseconds is within the years 1677 to 2262. */
static Date
date_of_day(int64_t day)
{
    uint64_t shifted = (uint64_t)(day + 719468);
    uint64_t era = shifted / 146097;
    uint64_t day_of_era = shifted % 146097;
    uint64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint64_t month = (5 * day_of_year + 2) / 153;
    Date date = {
        .year = year_of_era + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };

    return date;
}

static const uint32_t powers_of_ten[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
};

void
ss_json_time(SsJson *json, int64_t time_ns, unsigned digits)
{
    const int64_t second_ns = INT64_C(1000000000);
    /* Rounded towards the past, so that the fraction counts forward before 1970 too. */
    int64_t second = time_ns / second_ns - (time_ns % second_ns < 0);
    uint64_t fraction = (uint64_t)((time_ns % second_ns + second_ns) % second_ns);
    int64_t day = second / 86400 - (second % 86400 < 0);
    uint64_t of_day = (uint64_t)(second - day * 86400);
    Date date = date_of_day(day);
    char *at;

    digits = MIN(digits, 9);
    begin_value(json);
    at = reserve(json->to, 40);
    *at++ = '"';
    at = store_padded(at, date.year, 4);
    *at++ = '-';
    at = store_padded(at, date.month, 2);
    *at++ = '-';
    at = store_padded(at, date.day, 2);
    *at++ = 'T';
    at = store_padded(at, of_day / 3600, 2);
    *at++ = ':';
    at = store_padded(at, of_day / 60 % 60, 2);
    *at++ = ':';
    at = store_padded(at, of_day % 60, 2);
    if (digits) {
        *at++ = '.';
        at = store_padded(at, fraction / powers_of_ten[9 - digits], digits);
    }
    *at++ = 'Z';
    *at++ = '"';
    advance(json->to, at);
}

void
ss_json_duration(SsJson *json, int64_t duration_ns, unsigned digits)
{
    uint64_t ns = duration_ns < 0 ? 0 - (uint64_t)duration_ns : (uint64_t)duration_ns;
    uint64_t fraction;
    char *at;

    digits = MIN(digits, 9);
    fraction = ns % 1000000000 / powers_of_ten[9 - digits];
    while (digits && fraction % 10 == 0) {
        fraction /= 10;
        digits--;
    }
    begin_value(json);
    at = reserve(json->to, 24);
    if (duration_ns < 0 && (ns >= 1000000000 || fraction)) {
        *at++ = '-';
    }
    at = store_decimal(at, ns / 1000000000);
    if (digits) {
        *at++ = '.';
        at = store_padded(at, fraction, digits);
    }
    advance(json->to, at);
}

/* --- texts --- */

/* Whether one of the eight bytes cannot stand in a JSON string as it is, or is not ASCII. */
static inline bool
has_odd_byte(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quote = word ^ (ones * '"');
    uint64_t backslash = word ^ (ones * '\\');
    uint64_t del = word ^ (ones * 0x7f);
    uint64_t odd = word | ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
                   ((backslash - ones) & ~backslash) | ((del - ones) & ~del);

    return (odd & (ones << 7)) != 0;
}

static char *
store_escape(char *at, uint32_t unit)
{
    *at++ = '\\';
    *at++ = 'u';
    for (unsigned shift = 16; shift > 0; shift -= 4) {
        *at++ = hex_digits[unit >> (shift - 4) & 15];
    }
    return at;
}

/* The character at the front of `text`, which takes 12 bytes at most. */
static char *
store_character(char *at, SsSlice text, size_t *ret_len, bool *is_valid)
{
    static const char shorts[] = "btn\0fr"; /* from backspace on; a vertical tab has none */
    uint32_t character;

    *ret_len = ss_utf8_decode(text, &character);
    if (character == SS_UTF8_INVALID) {
        *is_valid = false;
        memcpy(at, "\xef\xbf\xbd", 3);
        return at + 3;
    }
    if (character == '"' || character == '\\') {
        *at++ = '\\';
        *at++ = (char)character;
        return at;
    }
    if (character >= '\b' && character <= '\r' && character != '\v') {
        *at++ = '\\';
        *at++ = shorts[character - '\b'];
        return at;
    }
    if (ss_text_is_hidden(character)) {
        if (character < 0x10000) {
            return store_escape(at, character);
        }
        at = store_escape(at, 0xd800 + ((character - 0x10000) >> 10));
        return store_escape(at, 0xdc00 + ((character - 0x10000) & 0x3ff));
    }
    memcpy(at, text.data, *ret_len);
    return at + *ret_len;
}

/* Between its quotes. */
static bool
write_characters(GString *to, SsSlice text)
{
    bool is_valid = true;
    char *at = reserve(to, text.len + 16);

    while (text.len) {
        size_t len = 0;
        while (text.len - len >= sizeof(uint64_t)) {
            uint64_t word;
            memcpy(&word, text.data + len, sizeof word);
            if (has_odd_byte(word)) {
                break;
            }
            memcpy(at, &word, sizeof word);
            at += sizeof word;
            len += sizeof word;
        }
        text = ss_slice_from(text, len);
        /* Through the odd byte, or to the end. */
        for (size_t i = 0; i < sizeof(uint64_t) && text.len; i++) {
            uint8_t c = text.data[0];
            len = 1;
            if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
                *at++ = (char)c;
            } else {
                advance(to, at);
                at = reserve(to, text.len + 16);
                at = store_character(at, text, &len, &is_valid);
            }
            text = ss_slice_from(text, len);
        }
    }
    advance(to, at);
    return is_valid;
}

bool
ss_json_text(SsJson *json, SsSlice text)
{
    bool is_valid;

    if (ss_slice_is_null(text)) {
        ss_json_null(json);
        return true;
    }
    begin_value(json);
    put(json->to, "\"", 1);
    is_valid = write_characters(json->to, text);
    put(json->to, "\"", 1);
    return is_valid;
}

void
ss_json_base64(SsJson *json, SsSlice bytes)
{
    g_autofree char *encoded = g_base64_encode(bytes.data, bytes.len);

    begin_value(json);
    put(json->to, "\"", 1);
    put(json->to, encoded, strlen(encoded));
    put(json->to, "\"", 1);
}
