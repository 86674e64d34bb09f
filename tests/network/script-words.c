/*
 * The words of packet scripts: numbers, times, texts, and what can be said of a packet's headers.
 */
#include <string.h>

#include "tests/network/script-parser.h"

static GQuark
script_error_quark(void)
{
    return g_quark_from_static_string("ss-script-error");
}

bool
ss_script_fail(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, script_error_quark(), 0, what);
    return false;
}

/* --- words --- */

bool
ss_script_unescape(GByteArray *to, const char *text, const char *end, GError **error)
{
    static const char letters[] = "rnt0\\\"";
    static const uint8_t meant[] = {'\r', '\n', '\t', 0, '\\', '"'};
    for (const char *p = text; p < end; p++) {
        uint8_t byte = (uint8_t)*p;
        if (byte == '\\') {
            const char *letter = p + 1 < end ? strchr(letters, *++p) : NULL;
            if (letter && *letter) {
                byte = meant[letter - letters];
            } else if (p + 2 < end && *p == 'x' && g_ascii_isxdigit(p[1]) &&
                       g_ascii_isxdigit(p[2])) {
                byte = (uint8_t)(g_ascii_xdigit_value(p[1]) * 16 + g_ascii_xdigit_value(p[2]));
                p += 2;
            } else {
                return ss_script_fail(error,
                                      "unknown escape; there are \\r \\n \\t \\0 \\\\ \\\" \\xNN");
            }
        }
        g_byte_array_append(to, &byte, 1);
    }
    return true;
}

/* The line's words; one that has a quoted text in it goes on to the next blank behind it. */
GPtrArray *
ss_script_split(const char *line, GError **error)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    const char *p = line;
    while (*p) {
        if (*p == ' ') {
            p++;
            continue;
        }
        if (*p == '#') {
            break;
        }
        const char *start = p;
        bool is_quoted = false;
        for (; *p && (is_quoted || *p != ' '); p++) {
            if (*p == '\\' && is_quoted && p[1]) {
                p++;
            } else if (*p == '"') {
                is_quoted = !is_quoted;
            }
        }
        if (is_quoted) {
            ss_script_fail(error, "a quoted text has no end");
            return NULL;
        }
        g_ptr_array_add(words, g_strndup(start, (gsize)(p - start)));
    }
    return g_steal_pointer(&words);
}

bool
ss_script_parse_number(const char *text, int64_t *ret_n, GError **error)
{
    char *end = NULL;
    int64_t n = g_ascii_strtoll(text, &end, 0);
    if (end == text || *end) {
        return ss_script_fail(error, "`%s` is no number", text);
    }
    *ret_n = n;
    return true;
}

bool
ss_script_parse_seconds(const char *text, int64_t *ret_ns, GError **error)
{
    char *end = NULL;
    double seconds = g_ascii_strtod(text, &end);
    if (end == text || *end) {
        return ss_script_fail(error, "`%s` is no time", text);
    }
    *ret_ns = (int64_t)(seconds * 1e9);
    return true;
}

static bool
parse_link(const char *text, SsScriptOptions *options, GError **error)
{
    g_auto(GStrv) bytes = g_strsplit(text, ":", -1);
    if (g_strv_length(bytes) != 6) {
        return ss_script_fail(error, "`%s` is no MAC address", text);
    }
    for (int i = 0; i < 6; i++) {
        options->link[i] = (uint8_t)g_ascii_strtoull(bytes[i], NULL, 16);
    }
    options->has_link = true;
    return true;
}

/* --- options of packets --- */

const SsScriptOptions ss_script_no_options = {
    .ttl = -1,
    .vlan = -1,
    .window = -1,
    .urgent = -1,
    .mss = -1,
    .window_scale = -1,
    .ip_id = -1,
    .timestamp = -1,
    .cut = -1,
};

/* `key=value`, or a word alone. False without `error` where it is none of these. */
bool
ss_script_take_option(SsScriptOptions *options, const char *word, GError **error)
{
    const struct {
        const char *key;
        int *value;
    } numbers[] = {
        {"ttl=", &options->ttl},     {"vlan=", &options->vlan}, {"win=", &options->window},
        {"urg=", &options->urgent},  {"mss=", &options->mss},   {"wscale=", &options->window_scale},
        {"ip-id=", &options->ip_id}, {"cut=", &options->cut},   {"frag=", &options->fragment},
    };
    const struct {
        const char *word;
        bool *is_set;
        bool value;
    } words[] = {
        {"ts", &options->has_timestamps, true},
        {"no-ts", &options->has_timestamps, false},
        {"md5", &options->is_signed, true},
        {"fast-open", &options->is_fast_open, true},
        {"bad-checksum", &options->has_bad_checksum, true},
        {"bad-ip-checksum", &options->has_bad_ip_checksum, true},
        {"bad-option", &options->has_bad_option, true},
        {"backwards", &options->is_backwards, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(word, words[i].word) == 0) {
            *words[i].is_set = words[i].value;
            return true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (g_str_has_prefix(word, numbers[i].key)) {
            int64_t n = 0;
            if (!ss_script_parse_number(word + strlen(numbers[i].key), &n, error)) {
                return false;
            }
            *numbers[i].value = (int)n;
            return true;
        }
    }
    if (g_str_has_prefix(word, "ts=")) {
        options->has_timestamps = true;
        return ss_script_parse_number(word + 3, &options->timestamp, error);
    }
    if (g_str_has_prefix(word, "mac=")) {
        return parse_link(word + 4, options, error);
    }
    return false;
}
