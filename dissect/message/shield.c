#include "dissect/message/shield.h"

#include <stdlib.h>

/* Longer than any name in the table. */
#define CHARSET_MAX 40

/* Colons of an address list that may begin a group. GMime reads a group in a group by calling
 * itself, and falls off its stack at 100,000; quotes and comments are not looked at here, for what
 * is in a quote to us may not be to it. */
#define COLONS_MAX 512

/*
 * Names that mail uses, sorted. A closed list: iconv loads modules by name, and GMime remembers
 * each name it was ever asked for.
 */
static const char *const charsets[] = {
    "ansi_x3.4-1968", "ascii",        "big5",          "big5-hkscs",    "cp1250",
    "cp1251",         "cp1252",       "cp1253",        "cp1254",        "cp1255",
    "cp1256",         "cp1257",       "cp1258",        "cp437",         "cp850",
    "cp852",          "cp866",        "cp874",         "cp932",         "cp936",
    "cp949",          "cp950",        "euc-cn",        "euc-jp",        "euc-kr",
    "euc-tw",         "gb18030",      "gb2312",        "gb_2312-80",    "gbk",
    "hz-gb-2312",     "ibm437",       "ibm850",        "ibm852",        "ibm866",
    "iso-2022-cn",    "iso-2022-jp",  "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3",
    "iso-2022-kr",    "iso-8859-1",   "iso-8859-10",   "iso-8859-11",   "iso-8859-13",
    "iso-8859-14",    "iso-8859-15",  "iso-8859-16",   "iso-8859-2",    "iso-8859-3",
    "iso-8859-4",     "iso-8859-5",   "iso-8859-6",    "iso-8859-6-i",  "iso-8859-7",
    "iso-8859-8",     "iso-8859-8-i", "iso-8859-9",    "iso8859-1",     "iso8859-15",
    "iso8859-2",      "johab",        "koi8-r",        "koi8-ru",       "koi8-u",
    "ks_c_5601-1987", "latin1",       "latin2",        "mac",           "macintosh",
    "shift-jis",      "shift_jis",    "sjis",          "tcvn",          "tis-620",
    "us-ascii",       "utf-16",       "utf-16be",      "utf-16le",      "utf-32",
    "utf-32be",       "utf-32le",     "utf-7",         "utf-8",         "utf16",
    "utf7",           "utf8",         "viscii",        "windows-1250",  "windows-1251",
    "windows-1252",   "windows-1253", "windows-1254",  "windows-1255",  "windows-1256",
    "windows-1257",   "windows-1258", "windows-31j",   "windows-874",   "windows-936",
    "windows-949",    "windows-950",  "x-gbk",         "x-sjis",
};

static int
compare_names(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

bool
ss_charset_is_known(SsSlice name)
{
    char key[CHARSET_MAX + 1];

    if (name.len == 0 || name.len > CHARSET_MAX || memchr(name.data, '\0', name.len)) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        key[i] = (char)ss_ascii_lower(name.data[i]);
    }
    key[name.len] = '\0';
    return bsearch(key, charsets, G_N_ELEMENTS(charsets), sizeof *charsets, compare_names) != NULL;
}

static void
append_shielded(GString *to, uint8_t byte)
{
    g_string_append_c(to, '\xf4');
    g_string_append_c(to, '\x8f');
    g_string_append_c(to, (char)(0xa0 | byte >> 6));
    g_string_append_c(to, (char)(0x80 | (byte & 63)));
}

/* A character of the private range above, in UTF-8. */
static bool
is_shielded(const uint8_t *at, size_t len)
{
    return len >= 4 && at[0] == 0xf4 && at[1] == 0x8f && (at[2] & 0xfc) == 0xa0;
}

size_t
ss_unshield(char *text, size_t len)
{
    uint8_t *bytes = (uint8_t *)text;
    size_t to = 0;

    for (size_t i = 0; i < len;) {
        if (is_shielded(bytes + i, len - i)) {
            bytes[to++] = (uint8_t)((bytes[i + 2] & 3) << 6 | (bytes[i + 3] & 63));
            i += 4;
        } else {
            bytes[to++] = bytes[i++];
        }
    }
    return to;
}

/* Appends the UTF-8 character at the slice's start, or its first byte shielded; returns how many
 * bytes it was. */
static size_t
append_char(GString *to, SsSlice at)
{
    gunichar c;
    gssize len;

    if (at.data[0] == '\0') {
        append_shielded(to, 0);
        return 1;
    }
    if (at.data[0] < 0x80) {
        g_string_append_c(to, (char)at.data[0]);
        return 1;
    }
    c = g_utf8_get_char_validated((const char *)at.data, (gssize)MIN(at.len, 4));
    if (c == (gunichar)-1 || c == (gunichar)-2 || is_shielded(at.data, at.len)) {
        append_shielded(to, at.data[0]);
        return 1;
    }
    len = g_unichar_to_utf8(c, NULL);
    g_string_append_len(to, (const char *)at.data, len);
    return (size_t)len;
}

/*
 * `at` begins with `=?`: how far the encoded word there reaches, `=?charset?encoding?text?=` (RFC
 * 2047 section 2; RFC 2231 section 5 for `charset*language`), so that a `=?` at the end of its
 * text is not taken for another. 0 where nobody should look up the charset.
 */
static size_t
word_len(SsSlice at)
{
    SsSlice name = ss_slice_sub(at, 2, CHARSET_MAX + 1);
    size_t end = 2;

    name.len = ss_slice_index(name, '?');
    name.len = ss_slice_index(name, '*');
    if (!ss_charset_is_known(name)) {
        return 0;
    }
    for (int i = 0; i < 3; i++) {
        end += ss_slice_index(ss_slice_from(at, end), '?') + 1;
    }
    return end < at.len && at.data[end] == '=' ? end + 1 : 2;
}

/* The charset at the start of an extended value, `charset'language'text`; absent if it is none. */
static SsSlice
extended_charset(SsSlice at)
{
    size_t len = ss_slice_index(at, '\'');
    size_t end = ss_slice_index(at, ';');

    return len < at.len && len < end ? ss_slice_sub(at, 0, len) : SS_SLICE_NULL;
}

/* A fold's line end; the blank behind it stays (RFC 5322 section 2.2.3). */
static size_t
fold_len(SsSlice at)
{
    if (at.data[0] == '\n') {
        return 1;
    }
    return at.len > 1 && at.data[0] == '\r' && at.data[1] == '\n' ? 2 : 0;
}

/* Whether an extended parameter's value begins behind `at`: `name*=` or `name*0*=`. */
static bool
is_extended(SsSlice value, size_t at)
{
    return value.data[at] == '=' && at > 0 && value.data[at - 1] == '*';
}

GString *
ss_shield(SsSlice value, SsShieldKind kind)
{
    GString *to = g_string_sized_new(value.len + 16);
    size_t n_colons = 0, word_end = 0;

    for (size_t i = 0; i < value.len;) {
        SsSlice at = ss_slice_from(value, i);
        size_t fold = fold_len(at);

        if (fold) {
            i += fold;
        } else if (i >= word_end && at.len > 1 && at.data[0] == '=' && at.data[1] == '?') {
            word_end = i + word_len(at);
            if (word_end == i) {
                append_shielded(to, '=');
                i++;
            }
        } else if (kind == SS_SHIELD_ADDRESSES && at.data[0] == ':' && ++n_colons > COLONS_MAX) {
            append_shielded(to, ':');
            i++;
        } else if (kind == SS_SHIELD_PARAMS && is_extended(value, i)) {
            SsSlice charset = ss_slice_from(at, 1);
            size_t skip = 1;

            while (skip < at.len && (ss_ascii_is_blank(at.data[skip]) || at.data[skip] == '"')) {
                skip++;
            }
            charset = extended_charset(ss_slice_from(at, skip));
            g_string_append_len(to, (const char *)at.data, (gssize)skip);
            i += skip + (ss_charset_is_known(charset) ? 0 : charset.len);
        } else {
            i += append_char(to, at);
        }
    }
    return to;
}
