/*
 * What a person wants to know first: the head of a session, whose first line is the verdict, and
 * its findings. Words in capitals mark what did not go well, so that colour need not.
 */
#include "plugins/common/enhanced.h"
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 4
#define VALUE_COLUMN 14
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
/* Frames named of one finding. */
#define SHOWN_FRAMES 8

/* --- what events add --- */

static void
remark(SsTold *told, const char *label, char *text)
{
    if (!told->remarks) {
        told->remarks = g_ptr_array_new_with_free_func(g_free);
    }
    if (told->remarks->len >= 2 * SS_REMARKS_MAX) {
        g_free(text);
        return;
    }
    g_ptr_array_add(told->remarks, g_strdup(label));
    g_ptr_array_add(told->remarks, text);
}

/* "no such mailbox (550 5.1.1)" */
static char *
why(const SsTimeline *self, const SsReplyText *reply)
{
    SsAdvice advice = ss_enhanced_explain(reply->code, reply->enhanced, reply->text);
    GString *text = g_string_new(advice.meaning);

    g_string_append_printf(text, " (%03" PRIu64, reply->code);
    if (reply->enhanced.len) {
        g_string_append_c(text, ' ');
        ss_words_append(text, self->host, reply->enhanced, 16);
    }
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static void
count_refusal(SsTimeline *self, SsTold *told, const SsReplyText *reply)
{
    g_autofree char *text = why(self, reply);

    ss_totals_count(self->totals.reasons, text, &self->totals.n_other_reasons);
    if (!told->why) {
        told->why = g_steal_pointer(&text);
    }
}

static bool
is_refusal(const SsReplyText *reply)
{
    return reply && (reply->code / 100 == 4 || reply->code / 100 == 5);
}

static char *
envelope_of(const SsTimeline *self, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;
    GString *text = g_string_new(NULL);

    if (message->from.len) {
        ss_words_append(text, self->host, message->from, SS_SHOWN_FIELD_MAX);
    } else {
        g_string_append(text, ss_slice_is_null(message->from) ? "(not captured)" : "<>");
    }
    if (message->rcpt.n) {
        g_string_append(text, " → ");
        ss_words_append(text, self->host, rcpt[0].address, SS_SHOWN_FIELD_MAX);
        if (message->rcpt.total > 1) {
            g_string_append_printf(text, " and %" PRIu64 " more", message->rcpt.total - 1);
        }
    }
    return g_string_free(text, FALSE);
}

void
ss_verdict_message(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventMessage *message = &event->message;
    const SsRecipient *rcpt = message->rcpt.items;
    uint64_t n_refused = ss_message_n_refused(message);
    SsPage page = ss_timeline_page(self);

    self->totals.messages++;
    self->totals.by_outcome[message->outcome]++;
    told->n_messages++;
    told->n_recipients += message->rcpt.total;
    told->n_refused += n_refused;
    if (message->outcome == SS_OUTCOME_ACCEPTED && n_refused) {
        told->n_partly++;
        self->totals.partly++;
    }
    for (size_t i = 0; i < message->rcpt.n; i++) {
        if (is_refusal(ss_recipient_reply(&rcpt[i]))) {
            count_refusal(self, told, ss_recipient_reply(&rcpt[i]));
        }
    }
    if (is_refusal(message->reply) && (message->stage != SS_STAGE_RCPT || n_refused == 0)) {
        count_refusal(self, told, message->reply);
    }
    if (!told->envelope) {
        told->envelope = envelope_of(self, message);
    }
    if (!told->messages) {
        told->messages = g_string_new(NULL);
    }
    if (told->messages->len > SS_TOLD_MESSAGES_MAX) {
        told->messages_left_out++;
    } else {
        ss_message_put(self, &page, told, message);
        if (told->messages->len) {
            g_string_append_c(told->messages, '\n');
        }
        g_string_append_len(told->messages, page.text->str, (gssize)page.text->len);
    }
    g_string_free(page.text, TRUE);
}

void
ss_verdict_auth(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventAuth *auth = &event->auth;
    bool is_shown =
        auth->security == SS_SECURITY_NONE &&
        (auth->secret_kind == SS_SECRET_PASSWORD || auth->secret_kind == SS_SECRET_TOKEN);
    static const char *const outcomes[] = {"accepted", "REFUSED", "given up", "outcome not seen"};
    GString *text = g_string_new(NULL);

    self->totals.logins++;
    self->totals.logins_shown += is_shown;
    told->n_logins += auth->outcome == SS_AUTH_SUCCESS;
    if (auth->outcome == SS_AUTH_FAILURE) {
        self->totals.logins_refused++;
        told->n_logins_refused++;
        if (!told->why) {
            told->why = why(self, &auth->reply);
        }
    }
    if (auth->username.len) {
        ss_words_append(text, self->host, auth->username, SS_SHOWN_FIELD_MAX);
    } else {
        g_string_append(text, "user not known");
    }
    g_string_append(text, ", ");
    ss_words_append(text, self->host, auth->mechanism, 64);
    g_string_append_printf(text, ", %s", outcomes[auth->outcome & 3]);
    if (auth->outcome == SS_AUTH_FAILURE) {
        g_autofree char *reason = why(self, &auth->reply);
        g_string_append_printf(text, ": %s", reason);
    }
    if (is_shown) {
        g_string_append_printf(text, "; THE %s WAS VISIBLE to anyone on the way",
                               auth->secret_kind == SS_SECRET_TOKEN ? "TOKEN" : "PASSWORD");
    }
    remark(told, "login", g_string_free(text, FALSE));
}

void
ss_verdict_tls(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventTls *tls = &event->tls;
    GString *text = g_string_new(NULL);

    ss_words_append(text, self->host, tls->version.len ? tls->version : SS_SLICE("TLS"), 32);
    if (tls->sni.len) {
        g_string_append(text, " to ");
        ss_words_append(text, self->host, tls->sni, SS_SHOWN_FIELD_MAX);
    }
    g_string_append(text, tls->decrypted ? ", read with the session's keys" : "");
    remark(told, "tls", g_string_free(text, FALSE));
}

static char *
frames_of(const SsEventFinding *finding)
{
    const uint64_t *frames = finding->frames.items;
    GString *text = g_string_new(NULL);

    if (finding->frames.n == 0) {
        return g_string_free(text, FALSE);
    }
    g_string_append(text, finding->frames.total == 1 ? "frame" : "frames");
    for (size_t i = 0; i < MIN(finding->frames.n, SHOWN_FRAMES); i++) {
        g_string_append_printf(text, "%s %" PRIu64, i ? "," : "", frames[i]);
    }
    if (finding->frames.total > SHOWN_FRAMES) {
        g_string_append(text, ", …");
    }
    return g_string_free(text, FALSE);
}

void
ss_verdict_finding(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventFinding *finding = &event->finding;
    int severity = CLAMP(finding->severity, SS_SEVERITY_INFO, SS_SEVERITY_HIGH);
    SsToldFinding *kept = g_new0(SsToldFinding, 1);
    g_autofree char *name = NULL;

    kept->severity = severity;
    kept->message = finding->message;
    kept->id = ss_timeline_safe(self, finding->id, 64);
    kept->summary = ss_timeline_safe(self, finding->summary, SS_SHOWN_MAX);
    kept->frames = frames_of(finding);
    g_ptr_array_add(told->findings, kept);
    told->n_findings[severity]++;
    self->totals.n_findings[severity]++;
    name = g_strdup_printf("%d%s", SS_SEVERITY_HIGH - severity, kept->id);
    ss_totals_count(self->totals.ids, name, NULL);
}

/* --- a message's verdict --- */

static const char *
refused_where(const SsEventMessage *message)
{
    switch (message->stage) {
    case SS_STAGE_MAIL:
        return "at MAIL FROM";
    case SS_STAGE_RCPT:
        return message->rcpt.total > 1 ? "at RCPT TO, for every recipient" : "at RCPT TO";
    case SS_STAGE_DATA:
        return "at DATA, before its content";
    default:
        return "after its content";
    }
}

static void
append_accepted(GString *text, const SsTimeline *self, const SsEventMessage *message)
{
    uint64_t n_refused = ss_message_n_refused(message);

    g_string_append(text, "accepted");
    if (n_refused) {
        g_string_append_printf(text, " for %" PRIu64 " of ", message->rcpt.total - n_refused);
        ss_words_counted(text, message->rcpt.total, "recipient", "recipients");
        g_string_append(text, ", REFUSED for ");
        ss_words_count(text, n_refused);
    }
    if (message->queue_id.len) {
        g_string_append(text, ", queued as ");
        ss_words_append(text, self->host, message->queue_id, SS_SHOWN_FIELD_MAX);
    }
}

char *
ss_verdict_of_message(const SsTimeline *self, const SsEventMessage *message, SsInk *ret_ink)
{
    GString *text = g_string_new(NULL);

    *ret_ink = SS_INK_WARN;
    switch (message->outcome) {
    case SS_OUTCOME_ACCEPTED:
        append_accepted(text, self, message);
        *ret_ink = ss_message_n_refused(message) ? SS_INK_WARN : SS_INK_GOOD;
        break;
    case SS_OUTCOME_REJECTED:
        g_string_append_printf(text, "REFUSED %s", refused_where(message));
        *ret_ink = SS_INK_BAD;
        break;
    case SS_OUTCOME_DEFERRED:
        g_string_append_printf(text, "DEFERRED %s", refused_where(message));
        break;
    case SS_OUTCOME_INCOMPLETE:
        g_string_append(text, message->transfer < 0
                                  ? "INCOMPLETE: given up before its content"
                                  : "INCOMPLETE: its content did not come to an end");
        *ret_ink = SS_INK_BAD;
        break;
    default:
        g_string_append(text, "UNKNOWN: sent whole, the reply to it was not captured");
        break;
    }
    return g_string_free(text, FALSE);
}

/* --- the head --- */

static void
append_part(GString *text, uint64_t n, const char *what, uint64_t *left)
{
    if (n) {
        g_string_append(text, text->len && !g_str_has_suffix(text->str, ": ") ? ", " : "");
        ss_words_count(text, n);
        g_string_append_printf(text, " %s", what);
        *left -= n;
    }
}

/* Several messages: the worst that happened, then the counts. */
static void
append_messages(GString *text, const SsTold *told, const SsEventSession *session, uint64_t total,
                SsInk *ret_ink)
{
    uint64_t left = total;
    uint64_t n_bad = total - session->messages.accepted;

    *ret_ink = SS_INK_WARN;
    if (n_bad == 0 && told->n_partly == 0) {
        *ret_ink = SS_INK_GOOD;
        g_string_append(text, "accepted: ");
        ss_words_counted(text, total, "message", "messages");
        return;
    }
    if (session->messages.rejected == total) {
        g_string_append(text, "REFUSED: ");
        *ret_ink = SS_INK_BAD;
    } else if (session->messages.deferred == total) {
        g_string_append(text, "DEFERRED: ");
    } else if (session->messages.incomplete == total) {
        g_string_append(text, "INCOMPLETE: ");
        *ret_ink = SS_INK_BAD;
    } else {
        g_string_append(text, session->messages.accepted ? "NOT ALL ACCEPTED: " : "NOT ACCEPTED: ");
    }
    ss_words_counted(text, total, "message", "messages");
    append_part(text, session->messages.accepted, "accepted", &left);
    if (told->n_partly) {
        g_string_append_printf(text, " (%" PRIu64 " not for all recipients)", told->n_partly);
    }
    append_part(text, session->messages.rejected, "refused", &left);
    append_part(text, session->messages.deferred, "deferred", &left);
    append_part(text, session->messages.incomplete, "incomplete", &left);
    append_part(text, left, "unknown", &left);
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
        g_string_append(text, "no mail");
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
    g_string_append(text, "; dialogue, addresses and mail are encrypted: a key log of either side "
                          "(--keylog FILE) would show them");
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

/* --- findings --- */

static int
by_severity(const void *a, const void *b)
{
    const SsToldFinding *x = *(SsToldFinding *const *)a;
    const SsToldFinding *y = *(SsToldFinding *const *)b;

    return y->severity - x->severity; /* g_ptr_array_sort is stable */
}

/* Refusals stand with their recipients already: only their id and frames are told again. */
static bool
is_told_above(const SsToldFinding *finding)
{
    return strcmp(finding->id, "smtp.rejected") == 0 || strcmp(finding->id, "smtp.deferred") == 0;
}

void
ss_verdict_put_findings(SsTimeline *self, SsPage *page, const SsTold *told)
{
    static const char *const names[] = {"info", "low", "medium", "HIGH"};
    static const SsInk inks[] = {SS_INK_DIM, SS_INK_PLAIN, SS_INK_WARN, SS_INK_BAD};
    size_t widest = 0;

    (void)self;
    if (told->findings->len == 0) {
        return;
    }
    ss_page_end_line(page);
    g_ptr_array_sort(told->findings, by_severity);
    for (size_t i = 0; i < told->findings->len; i++) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        widest = MAX(widest, strlen(finding->id));
    }
    for (size_t i = 0; i < told->findings->len; i++) {
        const SsToldFinding *finding = g_ptr_array_index(told->findings, i);
        size_t indent = 10 + widest + 2;
        g_autoptr(GString) text =
            g_string_new(is_told_above(finding) ? "told above" : finding->summary);
        if (*finding->frames) {
            g_string_append_printf(text, " (%s)", finding->frames);
        }
        ss_page_pad(page, 2);
        ss_page_put(page, inks[finding->severity], names[finding->severity]);
        ss_page_pad(page, 10);
        ss_page_put(page, SS_INK_STRONG, finding->id);
        ss_page_pad(page, indent);
        ss_page_wrap(page, SS_INK_PLAIN, text->str, indent, SS_INK_PLAIN, NULL);
    }
}
