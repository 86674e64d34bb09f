/*
 * Sentences with wire text in them: made safe by the host, cut to a length, folded to one line.
 */
#pragma once

#include <glib.h>
#include <inttypes.h>

#include "base/plugin.h"

/* Enough for any address and for what a server has to say (RFC 5321 section 4.5.3.1). */
#define SS_WORDS_MAX 512

/* Characters that act on the text around them, and are not seen themselves: directions (bidi),
 * zero widths, line separators, tags. */
static inline bool
ss_words_is_sly(gunichar c)
{
    return c == 0x61c || c == 0x200b || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe007f);
}

/* Takes what text_safe() gives, whole characters at a time. */
static inline void
ss_words_put(void *to, const char *s, size_t len)
{
    const char *end = s + len;

    if (!g_utf8_validate(s, (gssize)len, NULL)) {
        g_string_append_len(to, s, (gssize)len);
        return;
    }
    while (s < end) {
        const char *next = g_utf8_next_char(s);
        gunichar c = g_utf8_get_char(s);
        if (ss_words_is_sly(c)) {
            g_string_append_printf(to, "\\u{%x}", c);
        } else {
            g_string_append_len(to, s, (gssize)(next - s));
        }
        s = next;
    }
}

/*
 * Appends at most `max` bytes of `text`, cut at a character's edge, and tells how many bytes were
 * left out. LF, which joins the lines of a reply, becomes a blank.
 */
static inline void
ss_words_append(GString *to, const SsHost *host, SsSlice text, size_t max)
{
    SsSlice shown = text;

    if (text.len > max) {
        shown = ss_slice_sub(text, 0, max);
        while (shown.len && max - shown.len < 4 && (text.data[shown.len] & 0xc0) == 0x80) {
            shown.len--;
        }
    }
    for (SsSlice rest = shown; rest.len;) {
        size_t end = ss_slice_index(rest, '\n');
        host->text_safe(host, ss_slice_trim(ss_slice_sub(rest, 0, end)), ss_words_put, to);
        rest = ss_slice_from(rest, end + 1);
        if (rest.len) {
            g_string_append_c(to, ' ');
        }
    }
    if (shown.len < text.len) {
        g_string_append_printf(to, "…(+%zu bytes)", text.len - shown.len);
    }
}

/* Appends "550 5.1.1 User unknown". */
static inline void
ss_words_append_reply(GString *to, const SsHost *host, const SsReplyText *reply)
{
    g_string_append_printf(to, "%03" PRIu64, reply->code);
    if (reply->enhanced.len) {
        g_string_append_c(to, ' ');
        ss_words_append(to, host, reply->enhanced, 16);
    }
    if (reply->text.len) {
        g_string_append_c(to, ' ');
        ss_words_append(to, host, reply->text, SS_WORDS_MAX);
    }
}
