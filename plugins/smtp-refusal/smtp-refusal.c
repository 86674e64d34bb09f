/*
 * `smtp.rejected` and `smtp.deferred`: what was refused, with the code explained. One finding for
 * each refused recipient, or one for the message where MAIL, DATA or the content was refused.
 *
 * The message's event does not say which packet refused a recipient: the frames of the refusals are
 * kept as they come by, and taken in order at the message.
 */
#include "base/plugin.h"
#include "plugins/common/enhanced.h"
#include "plugins/common/words.h"

/* The host reports ten of one id for a session. */

typedef struct {
    SsSlice address;
    int stage;
    uint64_t code;
    SsSlice enhanced;
    SsSlice text;
    SsSlice explanation;
} Detail;

static const char *const stage_names[] = {"mail", "rcpt", "data", "end", NULL};
static const SsField detail_fields[] = {
    {.name = "address",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, address),
     .nullable = true,
     .doc = "the recipient, null where the whole message was refused"},
    {.name = "stage",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, stage),
     .names = stage_names,
     .doc = "what was refused: MAIL, RCPT, DATA, or the content at its end"},
    {.name = "code", .kind = SS_FIELD_CODE, .offset = offsetof(Detail, code), .doc = "reply code"},
    {.name = "enhanced",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, enhanced),
     .nullable = true,
     .doc = "enhanced status code"},
    {.name = "text",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, text),
     .nullable = true,
     .doc = "the server's words"},
    {.name = "explanation",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, explanation),
     .doc = "what the code means, and what to do"},
    {.name = NULL},
};

enum {
    REJECTED,
    DEFERRED
};

static const SsFindingKind kinds[] = {
    [REJECTED] = {.id = "smtp.rejected",
                  .severity = SS_SEVERITY_INFO,
                  .when = "a message or recipient refused for good (5yz)",
                  .reference = "RFC 3463",
                  .detail = detail_fields,
                  .detail_size = sizeof(Detail)},
    [DEFERRED] = {.id = "smtp.deferred",
                  .severity = SS_SEVERITY_INFO,
                  .when = "a message or recipient refused for now (4yz), greylisting recognised",
                  .reference = "RFC 3463",
                  .detail = detail_fields,
                  .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
smtp_refusal_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static bool
is_refusal(const SsReplyText *reply)
{
    return reply && (reply->code / 100 == 4 || reply->code / 100 == 5);
}

static void
tell(const SsHost *host, const SsEvent *event, SsSlice address, int stage, const SsReplyText *reply)
{
    SsAdvice advice = ss_enhanced_explain(reply, (SsStage)stage);
    const SsFindingKind *kind = &kinds[reply->code / 100 == 4 ? DEFERRED : REJECTED];
    g_autoptr(GString) explanation = g_string_new(advice.meaning);
    g_autoptr(GString) summary = g_string_new(NULL);
    Detail detail = {address, stage, reply->code, reply->enhanced, reply->text, SS_SLICE_NULL};

    if (advice.advice) {
        g_string_append_printf(explanation, "; %s", advice.advice);
    }
    detail.explanation = ss_slice(explanation->str, explanation->len);
    if (ss_slice_is_null(address)) {
        g_string_append(summary, stage == SS_STAGE_RCPT ? "a recipient" : "the message");
    } else {
        ss_words_append(summary, host, address, SS_WORDS_MAX);
    }
    g_string_append_printf(summary, " was %s: %s (", kind == kinds ? "refused" : "put off",
                           explanation->str);
    ss_words_append_reply(summary, host, reply);
    g_string_append_c(summary, ')');
    host->report(host, event, kind, summary->str, &detail, &reply->frame, 1, event->message.index);
}

static void
see_message(const SsHost *host, const SsEvent *event)
{
    const SsEventMessage *message = &event->message;
    const SsRecipient *rcpt = message->rcpt.items;
    uint64_t n_refused = 0;
    bool has_final = false;

    /* What a pipelining client sent behind a refused MAIL was refused for that alone. */
    if (message->stage == SS_STAGE_MAIL && is_refusal(message->reply)) {
        tell(host, event, SS_SLICE_NULL, SS_STAGE_MAIL, message->reply);
        return;
    }

    for (size_t i = 0; i < message->rcpt.n; i++) {
        if (is_refusal(&rcpt[i].reply)) {
            tell(host, event, rcpt[i].address, SS_STAGE_RCPT, &rcpt[i].reply);
            n_refused++;
        } else if (is_refusal(rcpt[i].final)) {
            has_final = true;
            tell(host, event, rcpt[i].address, SS_STAGE_END, rcpt[i].final);
        }
    }
    /* With every recipient refused, a refusal of DATA says nothing more. */
    if (message->stage != SS_STAGE_RCPT && is_refusal(message->reply) && !has_final &&
        (n_refused == 0 || n_refused < message->rcpt.n)) {
        tell(host, event, SS_SLICE_NULL, message->stage, message->reply);
    }
}

static bool
smtp_refusal_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    (void)self, (void)session;
    see_message(host, event);
    return true;
}

const SsPlugin ss_plugin_smtp_refusal = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-refusal",
    .summary = "messages and recipients refused, with the codes explained",
    .findings = kinds,
    .wants = SS_WANT_REFUSALS,
    .open = smtp_refusal_open,
    .event = smtp_refusal_event,
};
