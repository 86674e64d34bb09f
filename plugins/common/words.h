/*
 * Sentences with wire text in them: made safe by the host, cut to a length, folded to one line.
 */
#pragma once

#include <glib.h>
#include <inttypes.h>

#include "base/plugin.h"

/* Enough for any address and for what a server has to say (RFC 5321 section 4.5.3.1). */
#define SS_WORDS_MAX 512

static inline void
ss_words_put(void *to, const char *s, size_t len)
{
    g_string_append_len(to, s, (gssize)len);
}

/* "1,834" */
static inline void
ss_words_count(GString *to, uint64_t n)
{
    char digits[24];
    int len = g_snprintf(digits, sizeof digits, "%" PRIu64, n);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            g_string_append_c(to, ',');
        }
        g_string_append_c(to, digits[i]);
    }
}

/* "1 byte", "1,834 bytes"; `many` is the word with its s. */
static inline void
ss_words_counted(GString *to, uint64_t n, const char *one, const char *many)
{
    ss_words_count(to, n);
    g_string_append_printf(to, " %s", n == 1 ? one : many);
}

/* "12.5 %" of `all`; what is there at all is never 0. */
static inline void
ss_words_share(GString *to, uint64_t n, uint64_t all)
{
    double share = all ? 100.0 * (double)n / (double)all : 0;

    if (n && share < 0.05) {
        g_string_append(to, "<0.1 %");
    } else {
        g_string_append_printf(to, "%.1f %%", share);
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
        g_string_append(to, "… (");
        ss_words_counted(to, text.len - shown.len, "byte", "bytes");
        g_string_append(to, " more)");
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

/* Appends "192.0.2.10:25", "[2001:db8::1]:25". */
static inline void
ss_words_endpoint(GString *to, const SsHost *host, const SsEndpoint *at)
{
    bool is_ip6 = ss_slice_index(at->ip, ':') < at->ip.len;

    g_string_append(to, is_ip6 ? "[" : "");
    ss_words_append(to, host, at->ip, 64);
    g_string_append_printf(to, "%s:%" PRIu64, is_ip6 ? "]" : "", at->port);
}

/* Heads a text in which secrets stand as they were sent: whoever finds it should know. In `open`,
 * for the file it opened; what goes wrong is told by the host. */
static inline void
ss_words_head_secrets(const SsHost *host, SsFile *file)
{
    static const char line[] = "# secrets are shown: passwords and tokens stand here as they were "
                               "sent (--show-secrets)\n";

    if (host->show_secrets) {
        (void)host->file_write(host, file, line, sizeof line - 1);
    }
}
