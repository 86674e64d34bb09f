/*
 * A session's head: what a person wants to know first. Its first line is the verdict, for those who
 * scroll through a thousand sessions and read only that; below it who, when, and what else matters.
 */
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 4
#define VALUE_COLUMN 14
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* --- the verdict --- */

static void
append_part(GString *text, uint64_t n, const char *what)
{
    if (n) {
        g_string_append(text, ", ");
        ss_words_count(text, n);
        g_string_append_printf(text, " %s", what);
    }
}

/* The word for what became of every message, or of not all of them. */
static const char *
common_fate(const SsTold *told, const SsEventSession *session, uint64_t total, SsInk *ret_ink)
{
    *ret_ink = SS_INK_WARN;
    if (session->messages.accepted == total) {
        *ret_ink = told->n_partly ? SS_INK_WARN : SS_INK_GOOD;
        return told->n_partly ? "PARTLY REFUSED" : "accepted";
    }
    if (session->messages.deferred == total) {
        return "DEFERRED";
    }
    if (session->messages.unknown == total) {
        return "UNKNOWN, replies not captured";
    }
    if (session->messages.accepted) {
        return "NOT ALL ACCEPTED";
    }
    *ret_ink = SS_INK_BAD;
    if (session->messages.rejected == total) {
        return "REFUSED";
    }
    return session->messages.incomplete == total ? "INCOMPLETE" : "NOT ACCEPTED";
}

/* Several messages: what became of all, or the counts of each fate. */
static void
append_messages(GString *text, const SsTold *told, const SsEventSession *session, uint64_t total,
                SsInk *ret_ink)
{
    const char *fate = common_fate(told, session, total, ret_ink);
    bool is_mixed = g_str_has_prefix(fate, "NOT ");

    g_string_append_printf(text, "%s: ", fate);
    ss_words_counted(text, total, "message", "messages");
    if (is_mixed) {
        append_part(text, session->messages.accepted, "accepted");
    }
    if (told->n_partly) {
        append_part(text, told->n_partly, "of them not for all recipients");
    }
    if (is_mixed) {
        append_part(text, session->messages.rejected, "refused");
        append_part(text, session->messages.deferred, "deferred");
        append_part(text, session->messages.incomplete, "incomplete");
        append_part(text, session->messages.unknown, "unknown");
    }
    if (told->why) {
        g_string_append_printf(text, "; %s", told->why);
    }
}

/* What an incomplete message ended with. */
static const char *
end_of(const SsEventSession *session)
{
    switch (session->state) {
    case SS_STATE_CLOSED:
        return "connection closed";
    case SS_STATE_RESET:
        return "connection reset";
    case SS_STATE_TIMEOUT:
        return "no more packets";
    case SS_STATE_OPEN:
        return "the capture ended";
    default:
        return "given up";
    }
}

static void
append_message(GString *text, const SsTold *told, const SsEventSession *session, SsInk *ret_ink)
{
    const char *reason = told->why ? told->why : "";
    const char *colon = told->why ? ": " : "";
    const char *envelope = told->envelope ? told->envelope : "1 message";

    *ret_ink = SS_INK_WARN;
    if (session->messages.accepted && told->n_partly) {
        g_string_append(text, "PARTLY REFUSED, ");
        ss_words_count(text, told->n_refused);
        g_string_append(text, " of ");
        ss_words_count(text, told->n_recipients);
        g_string_append_printf(text, "%s%s", colon, reason);
    } else if (session->messages.accepted) {
        *ret_ink = SS_INK_GOOD;
        g_string_append_printf(text, "accepted: %s", envelope);
    } else if (session->messages.rejected) {
        *ret_ink = SS_INK_BAD;
        g_string_append_printf(text, "REFUSED%s%s", colon, reason);
    } else if (session->messages.deferred) {
        g_string_append_printf(text, "DEFERRED%s%s", colon, reason);
    } else if (session->messages.incomplete) {
        *ret_ink = SS_INK_BAD;
        g_string_append_printf(text, "INCOMPLETE, %s: %s", end_of(session), envelope);
    } else {
        g_string_append_printf(text, "UNKNOWN, reply not captured: %s", envelope);
    }
}

static void
append_no_message(GString *text, const SsTold *told, const SsEventSession *session, SsInk *ret_ink)
{
    bool is_silent = session->client.bytes == 0 && session->server.bytes == 0;

    *ret_ink = SS_INK_PLAIN;
    if (session->state == SS_STATE_NOT_SMTP) {
        g_string_append(text, "not SMTP");
    } else if (session->state == SS_STATE_ENCRYPTED || told->is_unread) {
        g_string_append(text, "encrypted: whether mail got through cannot be seen");
    } else if (is_silent && session->state == SS_STATE_RESET) {
        *ret_ink = SS_INK_BAD;
        g_string_append(text, "NO DIALOGUE: the connection was refused or reset at once");
    } else if (is_silent) {
        *ret_ink = SS_INK_BAD;
        g_string_append(text, "NO DIALOGUE: nobody said a word");
    } else if (told->turned_away) {
        *ret_ink = SS_INK_BAD;
        g_string_append_printf(text, "TURNED AWAY: %s", told->turned_away);
    } else if (told->n_logins_refused && told->n_logins == 0) {
        *ret_ink = SS_INK_BAD;
        g_string_append_printf(text, "no mail, LOGIN REFUSED: %s", told->why ? told->why : "");
    } else {
        g_string_append(text, told->n_logins ? "no mail, only a login" : "no mail");
    }
}

static void
append_wrong(GString *text, const SsTold *told)
{
    if (told->n_findings[SS_SEVERITY_HIGH]) {
        g_string_append_printf(text, "; %" PRIu64 " HIGH finding%s",
                               told->n_findings[SS_SEVERITY_HIGH],
                               told->n_findings[SS_SEVERITY_HIGH] == 1 ? "" : "s");
    }
    if (told->missing_bytes[0] || told->missing_bytes[1] || told->has_resync) {
        g_string_append(text, "; not all was captured");
    }
}

static char *
verdict_of_session(const SsTold *told, const SsEventSession *session, SsInk *ret_ink)
{
    uint64_t total = session->messages.accepted + session->messages.rejected +
                     session->messages.deferred + session->messages.incomplete +
                     session->messages.unknown;
    GString *text = g_string_new(NULL);

    if (total == 0) {
        append_no_message(text, told, session, ret_ink);
    } else if (total == 1) {
        append_message(text, told, session, ret_ink);
    } else {
        append_messages(text, told, session, total, ret_ink);
    }
    append_wrong(text, told);
    return g_string_free(text, FALSE);
}

/* --- below it --- */

static void
put_row(SsPage *page, SsInk ink, const char *label, const char *value)
{
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_DIM, label);
    ss_page_pad(page, VALUE_COLUMN);
    ss_page_wrap(page, ink, value, VALUE_COLUMN, SS_INK_PLAIN, NULL);
}

static void
put_ends(const SsTimeline *self, SsPage *page, const SsEventSession *session)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) when = g_string_new(NULL);

    ss_words_endpoint(text, self->host, &session->client.at);
    g_string_append(text, " → ");
    ss_words_endpoint(text, self->host, &session->server.at);
    ss_words_time(when, session->time_ns);
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_wrap(page, SS_INK_PLAIN, text->str, LABEL_COLUMN, SS_INK_PLAIN, when->str);
    g_string_truncate(text, 0);
    g_string_truncate(when, 0);
    ss_words_duration(when, session->duration_ns);
    if (session->client.name.len || session->server.name.len) {
        if (session->client.name.len) {
            ss_words_append(text, self->host, session->client.name, SS_SHOWN_FIELD_MAX);
        } else {
            g_string_append(text, "(no name)");
        }
        g_string_append(text, " → ");
        if (session->server.name.len) {
            ss_words_append(text, self->host, session->server.name, SS_SHOWN_FIELD_MAX);
        } else {
            g_string_append(text, "(no name)");
        }
        if (session->server.software.len) {
            g_string_append(text, " (");
            ss_words_append(text, self->host, session->server.software, SS_SHOWN_FIELD_MAX);
            g_string_append_c(text, ')');
        }
    } else {
        g_string_append(text, "no names given");
    }
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_wrap(page, SS_INK_PLAIN, text->str, LABEL_COLUMN, SS_INK_PLAIN, when->str);
}

/* The stretches of the session that took long, longest first. */
static void
put_time(const SsTimeline *self, SsPage *page, SsTold *told, const SsEventSession *session)
{
    static const char *const names[SS_N_SPENT] = {
        "connecting",
        "the banner",
        "the TLS handshake",
        "the server's replies",
        "the client",
        "the content",
        "the server's answer to the content",
        "silence at the end",
    };
    g_autoptr(GString) text = g_string_new(NULL);
    int64_t least_ns = MAX(session->duration_ns / 20, NS_PER_MS);
    bool is_told[SS_N_SPENT] = {false};

    if (session->duration_ns < NS_PER_S && self->host->verbosity <= 0) {
        return;
    }
    for (;;) {
        int longest = -1;
        for (int i = 0; i < SS_N_SPENT; i++) {
            if (!is_told[i] && told->spent_ns[i] >= least_ns &&
                (longest < 0 || told->spent_ns[i] > told->spent_ns[longest])) {
                longest = i;
            }
        }
        if (longest < 0) {
            break;
        }
        is_told[longest] = true;
        g_string_append(text, text->len ? ", " : "");
        g_string_append_printf(text, "%s ",
                               longest == SS_SPENT_END && told->is_encrypted && told->is_unread
                                   ? "encrypted"
                                   : names[longest]);
        ss_words_duration(text, told->spent_ns[longest]);
    }
    if (text->len) {
        put_row(page, SS_INK_PLAIN, "time", text->str);
    }
}

static void
put_unread(SsPage *page, const SsEventSession *session)
{
    g_autoptr(GString) text = g_string_new("the client sent ");

    ss_words_counted(text, session->client.bytes, "byte", "bytes");
    g_string_append(text, ", the server ");
    ss_words_count(text, session->server.bytes);
    g_string_append(text,
                    "; dialogue, addresses and mail are encrypted, and are not decrypted here");
    put_row(page, SS_INK_PLAIN, "unseen", text->str);
}

static void
put_missing(SsPage *page, const SsTold *told, const SsEventSession *session)
{
    g_autoptr(GString) text = g_string_new(NULL);
    uint64_t client = MAX(told->missing_bytes[SS_CLIENT], session->client.missing_bytes);
    uint64_t server = MAX(told->missing_bytes[SS_SERVER], session->server.missing_bytes);

    if (!session->from_start) {
        g_string_append(text, "the session's start");
    }
    if (client) {
        g_string_append(text, text->len ? ", " : "");
        ss_words_counted(text, client, "byte", "bytes");
        g_string_append(text, " of the client");
    }
    if (server) {
        g_string_append(text, text->len ? ", " : "");
        ss_words_counted(text, server, "byte", "bytes");
        g_string_append(text, " of the server");
    }
    if (text->len) {
        g_string_append(text, " not captured");
        put_row(page, SS_INK_WARN, "missing", text->str);
    }
}

static void
put_end(SsPage *page, const SsTold *told, const SsEventSession *session)
{
    const char *by = told->end_by == SS_CLIENT ? "client" : "server";
    g_autofree char *text = NULL;

    switch (session->state) {
    case SS_STATE_CLOSED:
        text = told->end_reason ? g_strdup_printf("the %s closed, without QUIT", by)
                                : g_strdup("closed without QUIT");
        break;
    case SS_STATE_RESET:
        text = told->end_reason ? g_strdup_printf("the %s reset the connection", by)
                                : g_strdup("reset");
        break;
    case SS_STATE_TIMEOUT:
        text = g_strdup("no packets any more, the end was not captured");
        break;
    case SS_STATE_OPEN:
        text = g_strdup("still open when the capture ended");
        break;
    default:
        return;
    }
    put_row(page, SS_INK_PLAIN, "end", text);
}

void
ss_verdict_put_head(SsTimeline *self, SsPage *page, SsTold *told, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    static const char *const protections[] = {"in the clear", "STARTTLS", "TLS"};
    bool is_talk = session->client.bytes || session->server.bytes;
    SsInk ink;
    g_autofree char *verdict = verdict_of_session(told, session, &ink);
    g_autofree char *number = g_strdup_printf("#%" PRIu64 " ", event->session);
    const char *protection =
        is_talk && session->state != SS_STATE_NOT_SMTP ? protections[session->security % 3] : NULL;
    ss_page_put(page, SS_INK_STRONG, number);
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_wrap(page, ink, verdict, LABEL_COLUMN, SS_INK_PLAIN, protection);
    put_ends(self, page, session);
    for (size_t i = 0; told->remarks && i + 1 < told->remarks->len; i += 2) {
        const char *text = g_ptr_array_index(told->remarks, i + 1);
        put_row(page, strstr(text, "VISIBLE") ? SS_INK_BAD : SS_INK_PLAIN,
                g_ptr_array_index(told->remarks, i), text);
    }
    if (told->is_unread || session->state == SS_STATE_ENCRYPTED) {
        put_unread(page, session);
    }
    put_missing(page, told, session);
    put_end(page, told, session);
    put_time(self, page, told, session);
}
