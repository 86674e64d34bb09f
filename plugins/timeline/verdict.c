/*
 * What events add to a session's verdict, and a message's verdict in words. Capitals mark what did
 * not go well, so that colour need not.
 */
#include "plugins/common/alert.h"
#include "plugins/common/enhanced.h"
#include "plugins/timeline/timeline.h"

static void
remark_free(void *data)
{
    SsRemark *remark = data;

    g_free(remark->label);
    g_free(remark->key);
    g_free(remark->text);
    g_free(remark);
}

/* Takes over `key` and `text`. What has the key of one before is the same again. */
static void
remark(SsTold *told, const char *label, char *key, char *text)
{
    SsRemark *remark;

    if (!told->remarks) {
        told->remarks = g_ptr_array_new_with_free_func(remark_free);
    }
    for (size_t i = 0; i < told->remarks->len; i++) {
        remark = g_ptr_array_index(told->remarks, i);
        if (strcmp(remark->key, key) == 0) {
            remark->n++;
            g_free(key);
            g_free(text);
            return;
        }
    }
    if (told->remarks->len >= SS_REMARKS_MAX) {
        told->n_remarks_left_out++;
        g_free(key);
        g_free(text);
        return;
    }
    remark = g_new(SsRemark, 1);
    *remark = (SsRemark){g_strdup(label), key, text, 1};
    g_ptr_array_add(told->remarks, remark);
}

static void
append_code(GString *text, const SsTimeline *self, const SsReplyText *reply)
{
    g_string_append_printf(text, " (%03" PRIu64, reply->code);
    if (reply->enhanced.len) {
        g_string_append_c(text, ' ');
        ss_words_append(text, self->host, reply->enhanced, 16);
    }
    g_string_append_c(text, ')');
}

/* "no such mailbox (550 5.1.1)": equal for equal reasons. */
static char *
reason_of(const SsTimeline *self, const SsReplyText *reply, SsStage stage)
{
    GString *text = g_string_new(ss_enhanced_explain(reply, stage).meaning);

    append_code(text, self, reply);
    return g_string_free(text, FALSE);
}

/* The same for one session, in the server's words where they say more. */
static char *
why(const SsTimeline *self, const SsReplyText *reply, SsStage stage)
{
    GString *text;

    if (!ss_enhanced_explain(reply, stage).is_text_better) {
        return reason_of(self, reply, stage);
    }
    text = g_string_new("\"");
    ss_words_append(text, self->host, reply->text, SS_SHOWN_FIELD_MAX);
    g_string_append_c(text, '"');
    append_code(text, self, reply);
    return g_string_free(text, FALSE);
}

static void
count_refusal(SsTimeline *self, SsTold *told, const SsReplyText *reply, SsStage stage)
{
    g_autofree char *text = reason_of(self, reply, stage);

    ss_totals_count(self->totals.reasons, text, 1, &self->totals.n_other_reasons);
    if (!told->reasons) {
        told->reasons = g_ptr_array_new_with_free_func(ss_reason_free);
        told->why = why(self, reply, stage);
    }
    ss_totals_count(told->reasons, text, 1, NULL);
}

static void
keep_envelope(const SsTimeline *self, SsTold *told, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;

    if (message->from.len) {
        told->from = ss_timeline_safe(self, message->from, SS_SHOWN_FIELD_MAX);
    } else {
        told->from = g_strdup(ss_slice_is_null(message->from) ? "(not captured)" : "<>");
    }
    if (message->rcpt.n) {
        told->to = ss_timeline_address(self, rcpt[0].address);
        told->n_to_more = message->rcpt.total - 1;
    }
}

/* What an incomplete message ended with: for the head, and for its own block. */
typedef struct {
    const char *reason; /* of the CLOSED note */
    const char *words, *before_content;
} Unfinished;

static const Unfinished *
unfinished_by(const SsTold *told)
{
    static const Unfinished given_up = {NULL, "given up", "given up before its content"};
    static const Unfinished ends[] = {
        {"fin", "connection closed", "the connection was closed before its content"},
        {"reset", "connection reset", "the connection was reset before its content"},
        {"timeout", "no more packets", "the packets stopped before its content"},
        {"capture", "the capture ended", "the capture ended before its content"},
        {"reused", "connection replaced", "the connection was replaced before its content"},
        {"evicted", "not followed further", "not followed as far as its content"},
    };

    for (size_t i = 0; told->end_reason && !told->has_given_up && i < G_N_ELEMENTS(ends); i++) {
        if (strcmp(ends[i].reason, told->end_reason) == 0) {
            return &ends[i];
        }
    }
    return &given_up;
}

void
ss_verdict_see_wait(SsTold *told, const SsEventNote *note)
{
    if (note->left_ns) {
        told->left_in = note->message;
        told->left_ns = note->left_ns;
        told->late_wait_ns = (int64_t)note->span;
    }
}

void
ss_verdict_see_alert(SsTold *told, const SsEventNote *note)
{
    static const char *const ends[] = {"closed", "reset", "in-clear"};
    const char *who = note->direction == SS_CLIENT ? "client" : "server", *advice;
    bool is_sealed = ss_slice_eq(note->text, SS_SLICE("sealed-alert"));

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (note->reply || told->tls_alert || ss_slice_eq(note->text, ss_slice_str(ends[i]))) {
            return; /* no alert, or not the first */
        }
    }
    told->tls_alert = ss_alert_meaning(note->text, note->direction, &advice);
    told->tls_alert_by =
        is_sealed ? g_strdup_printf("the %s ended the handshake with an alert", who)
                  : g_strdup_printf("the %s ended the handshake with the alert %.*s", who,
                                    (int)note->text.len, (const char *)note->text.data);
    if (!told->tls_alert) {
        told->tls_alert = g_strdup(told->tls_alert_by);
    }
}

/* The server took it when the client had given up: the client will send it again. */
static bool
is_late(const SsTold *told, const SsEventMessage *message)
{
    return message->outcome == SS_OUTCOME_ACCEPTED && told->left_ns &&
           told->left_in == message->index;
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
    if (n_refused || ss_message_is_refused_whole(message)) {
        told->refused_message = message->index;
    }
    if (is_late(told, message)) {
        told->n_late++;
    }
    if (ss_message_is_refused_whole(message)) {
        count_refusal(self, told, message->reply, (SsStage)message->stage);
    }
    /* Behind a refused MAIL the rest is refused for that alone. */
    for (size_t i = 0; i < message->rcpt.n && message->stage != SS_STAGE_MAIL; i++) {
        const SsReplyText *reply = ss_recipient_reply(&rcpt[i]);
        if (ss_reply_is_refusal(reply)) {
            count_refusal(self, told, reply, rcpt[i].final ? SS_STAGE_END : SS_STAGE_RCPT);
        }
    }
    if (!told->from) {
        keep_envelope(self, told, message);
    }
    if (message->outcome == SS_OUTCOME_INCOMPLETE && !told->unfinished) {
        told->unfinished =
            message->stage == SS_STAGE_END ? "not answered" : unfinished_by(told)->words;
    }
    if (!told->messages) {
        told->messages = g_string_new(NULL);
    }
    if (told->messages->len >
        (ss_lines_is_crowded(self) ? SS_TOLD_MAX_CROWDED : SS_TOLD_MESSAGES_MAX)) {
        told->messages_left_out++;
    } else {
        ss_message_put(self, &page, told, message);
        self->kept -= told->messages->len;
        if (told->messages->len) {
            g_string_append_c(told->messages, '\n');
        }
        g_string_append_len(told->messages, page.text->str, (gssize)page.text->len);
        self->kept += told->messages->len;
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
    char *key;

    self->totals.logins++;
    self->totals.logins_shown += is_shown;
    told->n_logins += auth->outcome == SS_AUTH_SUCCESS;
    if (auth->outcome == SS_AUTH_FAILURE) {
        self->totals.logins_refused++;
        told->n_logins_refused++;
        if (!told->login_why) {
            told->login_why = why(self, &auth->reply, SS_STAGE_RCPT);
        }
    }
    if (auth->username.len) {
        g_autofree char *user = ss_timeline_safe(self, auth->username, SS_SHOWN_NAME_MAX);
        g_autofree char *shown = ss_page_shorten(user, SS_SHOWN_CELLS, SS_SHOWN_CELLS / 2);
        g_string_append(text, shown);
    } else {
        g_string_append(text, "user not known");
    }
    g_string_append(text, ", ");
    ss_words_append(text, self->host, auth->mechanism, 64);
    g_string_append_printf(text, ", %s", outcomes[auth->outcome & 3]);
    key = g_strdup(text->str);
    if (auth->outcome == SS_AUTH_FAILURE) {
        g_autofree char *reason = why(self, &auth->reply, SS_STAGE_RCPT);
        g_string_append_printf(text, ": %s", reason);
    }
    if (is_shown) {
        g_string_append_printf(text, "; THE %s WAS VISIBLE to anyone on the way",
                               auth->secret_kind == SS_SECRET_TOKEN ? "TOKEN" : "PASSWORD");
    }
    remark(told, "login", key, g_string_free(text, FALSE));
}

void
ss_verdict_tls(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventTls *tls = &event->tls;
    GString *text = g_string_new(NULL);
    char *key;

    ss_words_append(text, self->host, tls->version.len ? tls->version : SS_SLICE("TLS"), 32);
    if (tls->sni.len) {
        g_string_append(text, " to ");
        ss_words_append(text, self->host, tls->sni, SS_SHOWN_CELLS);
    }
    g_string_append(text, tls->decrypted ? ", read with the session's keys" : "");
    key = g_strdup(text->str); /* before `text` is freed: arguments have no order */
    remark(told, "tls", key, g_string_free(text, FALSE));
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
        return message->size ? "inside its content" : "at DATA, before its content";
    default:
        return "after its content";
    }
}

static void
append_accepted(GString *text, const SsTimeline *self, const SsTold *told,
                const SsEventMessage *message)
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
    if (is_late(told, message)) {
        g_string_append(text, ", but TOO LATE: after ");
        ss_words_duration(text, told->late_wait_ns);
        g_string_append(text, ", when the client had given up (after ");
        ss_words_duration(text, told->left_ns);
        g_string_append(text, "), so it will probably send it again: a duplicate");
    }
}

char *
ss_verdict_of_message(const SsTimeline *self, const SsTold *told, const SsEventMessage *message,
                      SsInk *ret_ink)
{
    GString *text = g_string_new(NULL);

    *ret_ink = SS_INK_WARN;
    switch (message->outcome) {
    case SS_OUTCOME_ACCEPTED:
        append_accepted(text, self, told, message);
        *ret_ink =
            ss_message_n_refused(message) || is_late(told, message) ? SS_INK_WARN : SS_INK_GOOD;
        break;
    case SS_OUTCOME_REJECTED:
        g_string_append_printf(text, "REFUSED %s", refused_where(message));
        *ret_ink = SS_INK_BAD;
        break;
    case SS_OUTCOME_DEFERRED:
        g_string_append_printf(text, "DEFERRED %s", refused_where(message));
        break;
    case SS_OUTCOME_INCOMPLETE:
        g_string_append_printf(text, "INCOMPLETE: %s",
                               message->stage == SS_STAGE_END ? "sent whole, not answered"
                               : message->transfer < 0        ? unfinished_by(told)->before_content
                                                       : "its content did not come to an end");
        *ret_ink = SS_INK_BAD;
        break;
    default:
        g_string_append(text, message->stage == SS_STAGE_END
                                  ? "UNKNOWN: sent whole, the reply to it was not captured"
                                  : "UNKNOWN: what became of it was not captured");
        break;
    }
    return g_string_free(text, FALSE);
}
