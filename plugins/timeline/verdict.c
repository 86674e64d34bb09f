/*
 * What events add to a session's verdict, and a message's verdict in words. Capitals mark what did
 * not go well, so that colour need not.
 */
#include "plugins/common/enhanced.h"
#include "plugins/timeline/timeline.h"

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
    if (ss_message_is_refused_whole(message)) {
        count_refusal(self, told, message->reply);
    }
    /* Behind a refused MAIL the rest is refused for that alone. */
    for (size_t i = 0; i < message->rcpt.n && message->stage != SS_STAGE_MAIL; i++) {
        const SsReplyText *reply = ss_recipient_reply(&rcpt[i]);
        if (ss_reply_is_refusal(reply)) {
            count_refusal(self, told, reply);
        }
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
