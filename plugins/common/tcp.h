/*
 * What the detectors of a connection's troubles say in the same words, and what they tell apart.
 */
#pragma once

#include "plugins/common/words.h"

/* The ends of a connection in `detail`; indexed by SsDirection. */
static const char *const ss_tcp_end_names[] = {"client", "server", NULL};

/* The larger segments count as of full size: no link carries IP packets of less than 576 bytes, and
 * few a tunnel's of less than 1280 (RFC 8200 section 5). */
#define SS_TCP_FULL_SIZE 1000
/* What options take of a segment (RFC 9293 section 3.7.1). */
#define SS_TCP_OPTIONS_MAX 40
/* Sent this often, it was not lost by chance. */
#define SS_TCP_STUCK_TIMES 3

static inline const SsPeer *
ss_tcp_peer(const SsEventSession *session, int direction)
{
    return direction == SS_CLIENT ? &session->client : &session->server;
}

/* How a sentence names a packet behind what it quotes of it. */
typedef struct {
    const char *word; /* `frame` */
    const char *before, *behind;
} SsTcpNaming;

/*
 * One of two readings of the same bytes, at most `max` of them: `"NOOP" of frame 7`. Its text is
 * absent where it could show a secret: then `that of frame 7`, or `one`, where that is not known.
 */
static inline void
ss_tcp_reading(GString *to, const SsHost *host, SsSlice text, uint64_t frame,
               const SsTcpNaming *naming, size_t max)
{
    if (ss_slice_is_null(text)) {
        if (frame) {
            g_string_append_printf(to, "that of %s %" PRIu64, naming->word, frame);
        } else {
            g_string_append(to, "one");
        }
        return;
    }
    g_string_append_c(to, '"');
    ss_words_append(to, host, text, max);
    g_string_append_c(to, '"');
    if (frame) {
        g_string_append_printf(to, "%s%s %" PRIu64 "%s", naming->before, naming->word, frame,
                               naming->behind);
    }
}

/*
 * Whether large segments of `from` were lost again and again while shorter ones came through, as
 * where routers drop what is too large and nobody hears of it (RFC 2923 section 2.1).
 */
static inline bool
ss_tcp_is_black_hole(const SsEventSession *session, int from)
{
    const SsPeer *to = ss_tcp_peer(session, from == SS_CLIENT ? SS_SERVER : SS_CLIENT);
    uint64_t stuck, acked;

    if (!session->trouble || to->packets == 0) {
        return false;
    }
    stuck = session->trouble->end[from].stuck_bytes;
    acked = session->trouble->end[from].largest_acked;
    return session->trouble->end[from].stuck_times >= SS_TCP_STUCK_TIMES && acked > 0 &&
           acked < stuck &&
           (stuck >= SS_TCP_FULL_SIZE ||
            (to->mss != SS_COUNT_NONE && to->mss > SS_TCP_OPTIONS_MAX &&
             stuck + SS_TCP_OPTIONS_MAX >= to->mss));
}

/* "45 s", "12 min", "3 h 20 min" */
static inline void
ss_words_duration(GString *to, int64_t ns)
{
    int64_t s = MAX(ns, 0) / 1000000000;

    if (s < 120) {
        g_string_append_printf(to, "%" PRId64 " s", s);
    } else if (s < 7200) {
        g_string_append_printf(to, "%" PRId64 " min", s / 60);
    } else {
        g_string_append_printf(to, "%" PRId64 " h %" PRId64 " min", s / 3600, s / 60 % 60);
    }
}
