/*
 * Where a session's time went, in its head: the steps as bars, the longest first, and whose time it
 * was.
 *
 *     time      42.0 s  ####################  the answer to the content
 *               1.20 s  #                     the client
 *               whose: server 42.0 s, client 1.20 s, network 180 ms
 */
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 4
#define VALUE_COLUMN 14
#define BAR_COLUMN 26
#define BAR_CELLS 20
#define NAME_COLUMN (BAR_COLUMN + BAR_CELLS + 2)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

void
ss_time_see_reply(SsTold *told, const SsEventReply *reply)
{
    bool is_own = ss_slice_eq(reply->to, SS_SLICE("banner")) ||
                  ss_slice_eq(reply->to, SS_SLICE("data")); /* which have steps of their own */

    if (reply->latency_ns > told->slowest_ns && !is_own && reply->to.len) {
        size_t len = MIN(reply->to.len, sizeof told->slowest_verb - 1);
        told->slowest_ns = reply->latency_ns;
        memset(told->slowest_verb, 0, sizeof told->slowest_verb);
        for (size_t i = 0; i < len; i++) {
            bool is_plain = reply->to.data[i] > ' ' && reply->to.data[i] < 0x7f;
            told->slowest_verb[i] = is_plain ? (char)reply->to.data[i] : '?';
        }
    }
}

static bool
is_hidden(const SsTold *told, const SsEventSession *session)
{
    return told->is_unread || session->state == SS_STATE_ENCRYPTED ||
           (session->security != SS_SECURITY_NONE && session->decrypted != 1);
}

/* The step's name; what stands behind the last line is packets, maybe, with nothing new to read. */
static char *
name_of(const SsTold *told, const SsEventSession *session, int step)
{
    static const char *const names[SS_N_SPENT] = {
        [SS_SPENT_CONNECT] = "connecting",    [SS_SPENT_BANNER] = "the banner",
        [SS_SPENT_TLS] = "the TLS handshake", [SS_SPENT_CLIENT] = "the client",
        [SS_SPENT_CONTENT] = "the content",   [SS_SPENT_ANSWER] = "the answer to the content",
    };

    if (step == SS_SPENT_END) {
        return g_strdup(told->unanswered           ? "waiting in vain for the server"
                        : is_hidden(told, session) ? "encrypted"
                                                   : "nothing new, at the end");
    }
    if (step == SS_SPENT_REPLIES) {
        bool is_one = told->slowest_ns * 2 > told->spent_ns[step];
        return is_one ? g_strdup_printf("the replies, most to %s", told->slowest_verb)
                      : g_strdup("the replies");
    }
    return g_strdup(names[step]);
}

static void
put_step(SsPage *page, const SsTold *told, const SsEventSession *session, int step, bool is_first)
{
    int64_t spent_ns = told->spent_ns[step];
    double share = (double)spent_ns / (double)MAX(session->duration_ns, 1);
    size_t cells = (size_t)CLAMP(share * BAR_CELLS + 0.5, 0, BAR_CELLS);
    g_autofree char *bar = g_strnfill(cells, '#');
    g_autofree char *name = name_of(told, session, step);
    g_autoptr(GString) time = g_string_new(NULL);

    ss_words_duration(time, spent_ns);
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_DIM, is_first ? "time" : "");
    ss_page_pad(page, VALUE_COLUMN);
    ss_page_put(page, is_first ? SS_INK_STRONG : SS_INK_PLAIN, time->str);
    ss_page_pad(page, BAR_COLUMN);
    ss_page_put(page, is_first ? SS_INK_WARN : SS_INK_DIM, bar);
    ss_page_pad(page, NAME_COLUMN);
    ss_page_wrap(page, is_first ? SS_INK_STRONG : SS_INK_PLAIN, name, NAME_COLUMN, SS_INK_PLAIN,
                 NULL);
}

static void
put_text(SsPage *page, const char *text)
{
    ss_page_pad(page, VALUE_COLUMN);
    ss_page_wrap(page, SS_INK_PLAIN, text, VALUE_COLUMN, SS_INK_PLAIN, NULL);
}

/* Whose time it was, who had most of it first. */
static void
put_whose(SsPage *page, const SsEventSession *session)
{
    struct {
        const char *name;
        int64_t ns;
    } shares[] = {
        {"server", session->timing.server_ns},
        {"network", session->timing.network_ns},
        {"client", session->timing.client_ns},
        {"nobody's", session->timing.idle_ns},
    };
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t n = 0; n < G_N_ELEMENTS(shares); n++) {
        size_t most = 0;
        for (size_t i = 1; i < G_N_ELEMENTS(shares); i++) {
            most = shares[i].ns > shares[most].ns ? i : most;
        }
        if (shares[most].ns < NS_PER_MS) {
            break; /* nothing that matters, or not known */
        }
        g_string_append_printf(text, "%s%s ", text->len ? ", " : "whose: ", shares[most].name);
        ss_words_duration(text, shares[most].ns);
        shares[most].ns = -1;
    }
    if (text->len) {
        put_text(page, text->str);
    }
}

/* Time in which an end took no more bytes is in one of the steps, and no fault of the other. */
static void
put_closed_windows(SsPage *page, const SsEventSession *session)
{
    static const char *const side_names[] = {"client", "server"};

    for (int i = 0; session->trouble && i < 2; i++) {
        int64_t closed_ns = session->trouble->end[i].window_closed_ns;
        if (closed_ns >= NS_PER_S) {
            g_autoptr(GString) text = g_string_new(NULL);
            g_string_append_printf(text, "the %s took no bytes for ", side_names[i]);
            ss_words_duration(text, closed_ns);
            put_text(page, text->str);
        }
    }
}

/* The step not told yet that took longest, or -1. */
static int
longest_of(const SsTold *told, const bool *is_told, int64_t least_ns)
{
    int longest = -1;

    for (int i = 0; i < SS_N_SPENT; i++) {
        if (!is_told[i] && told->spent_ns[i] >= least_ns &&
            (longest < 0 || told->spent_ns[i] > told->spent_ns[longest])) {
            longest = i;
        }
    }
    return longest;
}

void
ss_time_put(const SsTimeline *self, SsPage *page, const SsTold *told, const SsEventSession *session)
{
    int64_t least_ns = MAX(session->duration_ns / 20, NS_PER_MS);
    bool is_told[SS_N_SPENT] = {false}, is_first = true;
    int step;

    if (session->duration_ns < NS_PER_S && self->host->verbosity <= 0) {
        return;
    }
    while ((step = longest_of(told, is_told, least_ns)) >= 0) {
        is_told[step] = true;
        put_step(page, told, session, step, is_first);
        is_first = false;
    }
    if (!is_first) {
        put_whose(page, session);
        put_closed_windows(page, session);
    }
}
