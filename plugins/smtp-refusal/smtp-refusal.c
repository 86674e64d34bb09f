/*
 * `smtp.rejected` and `smtp.deferred`: what was refused, with the code explained. One finding for
 * each refused recipient, or one for the message where MAIL, DATA or the content was refused.
 *
 * What was put off is remembered (retry.c). Where a later message has the same envelope, its
 * finding waits until its session ends, for only then the client is known: then it says which
 * sessions the attempts before were in, and one that was accepted at last is told too.
 */
#include "base/plugin.h"
#include "plugins/common/enhanced.h"
#include "plugins/common/page.h"
#include "plugins/common/words.h"
#include "plugins/smtp-refusal/retry.h"

/* The host reports ten of one id for a session. */

typedef struct {
    SsSlice address;
    int stage;
    uint64_t code;
    SsSlice enhanced;
    SsSlice text;
    SsSlice explanation;
    int64_t wait_ns;
    SsList uids; /* of SsSlice */
    int64_t delay_ns;
} Detail;

/* Recipients of one session that are remembered. */
#define RECORDS_MAX 1000

/* A recipient that was put off, or one whose envelope was. Its texts are its own. */
typedef struct {
    uint64_t index;
    int64_t time_ns;
    SsSlice from, address, size;
    bool is_deferred; /* else it was accepted */
    bool is_whole;    /* not the recipient, but the message was put off */
    bool is_held;     /* its finding waits for the session's end */
    int stage;
    SsReplyText reply;
    const char *meaning;
} Record;

typedef struct {
    GPtrArray *records; /* of Record, or NULL */
} Session;

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
    {.name = "wait",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, wait_ns),
     .nullable = true,
     .doc = "how long the server asks to wait; null where it does not say"},
    {.name = "uids",
     .kind = SS_FIELD_TEXTS,
     .offset = offsetof(Detail, uids),
     .doc = "the sessions of the attempts before, ten at most, where it is a retry"},
    {.name = "delay",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, delay_ns),
     .nullable = true,
     .doc = "since the first attempt; null where it is no retry"},
    {.name = NULL},
};

static const SsOption refusal_options[] = {
    {.key = "retries",
     .type = SS_OPTION_FLAG,
     .fallback = "yes",
     .help = "link what is put off with its later attempts"},
    {.key = NULL},
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
                  .when =
                      "a message or recipient refused for now (4yz), greylisting recognised; or "
                      "accepted at a retry",
                  .reference = "RFC 3463",
                  .detail = detail_fields,
                  .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static bool
is_refusal(const SsReplyText *reply)
{
    return reply && (reply->code / 100 == 4 || reply->code / 100 == 5);
}

static SsSlice
copy(SsSlice text)
{
    return text.data ? ss_slice(g_memdup2(text.data, MAX(text.len, 1)), text.len) : text;
}

static void
record_free(void *data)
{
    Record *record = data;
    const SsSlice texts[] = {record->from, record->address, record->size, record->reply.enhanced,
                             record->reply.text};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free((void *)(uintptr_t)texts[i].data);
    }
    g_free(record);
}

static SsSlice
size_of(const SsEventMessage *message)
{
    const SsPair *pairs = message->from_params.items;

    for (size_t i = 0; i < message->from_params.n; i++) {
        if (ss_slice_eq(pairs[i].key, SS_SLICE("SIZE"))) {
            return pairs[i].value;
        }
    }
    return SS_SLICE_NULL;
}

/* --- what is told --- */

/* What is told of one refusal, or of a retry. */
typedef struct {
    SsSlice address; /* absent: the whole message */
    int stage;
    const SsReplyText *reply;
    const SsRetry *retry; /* what it tries again, or NULL */
    int64_t time_ns;
    uint64_t index;
} Report;

static void
append_who(GString *to, const SsHost *host, const Report *about)
{
    if (ss_slice_is_null(about->address)) {
        g_string_append(to, about->stage == SS_STAGE_RCPT ? "a recipient" : "the message");
    } else {
        ss_words_append(to, host, about->address, SS_WORDS_MAX);
    }
}

/* "a@b was put off again, 5 min after the first attempt: greylisted; …" */
static void
append_refusal(GString *to, const SsHost *host, const Report *about, const SsAdvice *advice,
               SsSlice explanation)
{
    append_who(to, host, about);
    g_string_append(to, about->reply->code / 100 == 4 ? " was put off" : " was refused");
    if (about->retry) {
        g_string_append(to, " again, ");
        ss_words_duration(to, about->time_ns - about->retry->first_ns);
        g_string_append(to, " after the first attempt");
    }
    g_string_append_printf(to, ": %.*s", (int)explanation.len, (const char *)explanation.data);
    if (advice->wait_s) {
        g_string_append(to, ", after ");
        ss_words_duration(to, (int64_t)advice->wait_s * 1000000000);
        g_string_append(to, " by its own words");
    }
    g_string_append(to, " (");
    ss_words_append_reply(to, host, about->reply);
    g_string_append_c(to, ')');
}

/* "a@b was accepted at the retry, 5 min after it was first put off: greylisted" */
static void
append_success(GString *to, const SsHost *host, const Report *about)
{
    append_who(to, host, about);
    g_string_append(to, " was accepted at the retry, ");
    ss_words_duration(to, about->time_ns - about->retry->first_ns);
    g_string_append_printf(to, " after it was first put off: %s", about->retry->meaning);
    if (about->retry->n_attempts > 1) {
        g_string_append_printf(to, " (%" PRIu64 " attempts before)", about->retry->n_attempts);
    }
}

static void
tell(const SsHost *host, const SsEvent *event, const Report *about)
{
    const SsReplyText *reply = about->reply;
    bool is_success = reply->code / 100 == 2;
    SsAdvice advice = ss_enhanced_explain(reply, (SsStage)about->stage);
    const SsFindingKind *kind = &kinds[reply->code / 100 == 5 ? REJECTED : DEFERRED];
    g_autoptr(GString) explanation =
        g_string_new(is_success ? about->retry->meaning : advice.meaning);
    g_autoptr(GString) summary = g_string_new(NULL);
    char texts[SS_RETRY_UIDS_MAX][17];
    SsSlice uids[SS_RETRY_UIDS_MAX];
    Detail detail = {about->address, about->stage, reply->code, reply->enhanced, reply->text, {0},
                     SS_TIME_NONE,   {0},          SS_TIME_NONE};

    if (!is_success && advice.advice) {
        g_string_append_printf(explanation, "; %s", advice.advice);
    }
    detail.explanation = ss_slice(explanation->str, explanation->len);
    if (!is_success && advice.wait_s) {
        detail.wait_ns = (int64_t)advice.wait_s * 1000000000;
    }
    if (about->retry) {
        size_t n = (size_t)MIN(about->retry->n_attempts, SS_RETRY_UIDS_MAX);
        for (size_t i = 0; i < n; i++) {
            g_snprintf(texts[i], sizeof texts[i], "%016" PRIx64, about->retry->uids[i]);
            uids[i] = ss_slice_str(texts[i]);
        }
        detail.uids = (SsList){uids, n, about->retry->n_attempts};
        detail.delay_ns = about->time_ns - about->retry->first_ns;
    }
    if (is_success) {
        append_success(summary, host, about);
    } else {
        append_refusal(summary, host, about, &advice, detail.explanation);
    }
    host->report(host, event, kind, summary->str, &detail, &reply->frame, 1, about->index);
}

/* --- messages --- */

typedef struct {
    const SsHost *host;
    const SsEvent *event;
    const SsRetries *retries;
    Session *session;
} Seen;

/* Remembers a recipient until the session ends. True where its finding is held until then. */
static bool
remember(const Seen *seen, SsSlice address, int stage, const SsReplyText *reply, bool is_whole)
{
    const SsEventMessage *message = &seen->event->message;
    bool is_deferred = reply->code / 100 == 4;
    bool is_known = ss_retries_may_have(seen->retries, message->from, address);
    Record *record;

    if ((!is_deferred && !is_known) || ss_slice_is_null(address) ||
        !seen->host->option_flag(seen->host, "retries")) {
        return false;
    }
    if (!seen->session->records) {
        seen->session->records = g_ptr_array_new_with_free_func(record_free);
    }
    if (seen->session->records->len >= RECORDS_MAX) {
        return false;
    }
    record = g_new0(Record, 1);
    record->index = message->index;
    record->time_ns = message->time_ns;
    record->from = copy(message->from);
    record->address = copy(address);
    record->size = copy(size_of(message));
    record->is_deferred = is_deferred;
    record->is_whole = is_whole;
    record->is_held = is_known;
    record->stage = stage;
    record->reply = *reply;
    record->reply.enhanced = copy(reply->enhanced);
    record->reply.text = copy(reply->text);
    record->meaning = is_deferred ? ss_enhanced_explain(reply, (SsStage)stage).meaning : NULL;
    g_ptr_array_add(seen->session->records, record);
    return is_deferred && is_known;
}

static void
see_refusal(const Seen *seen, SsSlice address, int stage, const SsReplyText *reply)
{
    const Report about = {.address = address,
                          .stage = stage,
                          .reply = reply,
                          .time_ns = seen->event->message.time_ns,
                          .index = seen->event->message.index};

    if (reply->code / 100 != 4 || !remember(seen, address, stage, reply, false)) {
        tell(seen->host, seen->event, &about);
    }
}

/* The message was put off as a whole, for all recipients that had been taken. */
static void
see_whole(const Seen *seen)
{
    const SsEventMessage *message = &seen->event->message;
    const SsRecipient *rcpt = message->rcpt.items;
    const Report about = {.address = SS_SLICE_NULL,
                          .stage = message->stage,
                          .reply = message->reply,
                          .time_ns = message->time_ns,
                          .index = message->index};
    bool is_held = false;

    for (size_t i = 0; i < message->rcpt.n && message->reply->code / 100 == 4; i++) {
        if (message->stage == SS_STAGE_MAIL || !is_refusal(&rcpt[i].reply)) {
            /* The first that is known holds the one finding. */
            is_held |= remember(seen, rcpt[i].address, message->stage, message->reply, true);
        }
    }
    if (!is_held) {
        tell(seen->host, seen->event, &about);
    }
}

static void
see_message(const Seen *seen)
{
    const SsEventMessage *message = &seen->event->message;
    const SsRecipient *rcpt = message->rcpt.items;
    uint64_t n_refused = 0;
    bool has_final = false;

    /* What a pipelining client sent behind a refused MAIL was refused for that alone. */
    if (message->stage == SS_STAGE_MAIL && is_refusal(message->reply)) {
        see_whole(seen);
        return;
    }

    for (size_t i = 0; i < message->rcpt.n; i++) {
        if (is_refusal(&rcpt[i].reply)) {
            see_refusal(seen, rcpt[i].address, SS_STAGE_RCPT, &rcpt[i].reply);
            n_refused++;
        } else if (is_refusal(rcpt[i].final)) {
            has_final = true;
            see_refusal(seen, rcpt[i].address, SS_STAGE_END, rcpt[i].final);
        } else if (message->outcome == SS_OUTCOME_ACCEPTED) {
            remember(seen, rcpt[i].address, SS_STAGE_END,
                     message->reply ? message->reply : &rcpt[i].reply, false);
        }
    }
    /* With every recipient refused, a refusal of DATA says nothing more. */
    if (message->stage != SS_STAGE_RCPT && is_refusal(message->reply) && !has_final &&
        (n_refused == 0 || n_refused < message->rcpt.n)) {
        see_whole(seen);
    }
}

/* --- the session's end --- */

/* What is new about a recipient that may have been put off before; one finding for each message
 * that was accepted, or put off as a whole. */
static void
settle(SsRetries *retries, const SsHost *host, const SsEvent *event, const Record *record,
       uint64_t *last_told)
{
    const SsPeer *client = &event->session_end.client;
    const SsEnvelope envelope = {record->from, record->address, record->size, client->at.ip,
                                 client->name};
    SsRetry *retry = ss_retries_find(retries, &envelope, event->uid);
    Report about = {.address = record->is_whole ? SS_SLICE_NULL : record->address,
                    .stage = record->stage,
                    .reply = &record->reply,
                    .retry = retry,
                    .time_ns = record->time_ns,
                    .index = record->index};
    bool is_one_of_many = !record->is_deferred || record->is_whole;

    if (record->is_held && (record->is_deferred || retry) &&
        !(is_one_of_many && *last_told == record->index)) {
        tell(host, event, &about);
        *last_told = is_one_of_many ? record->index : *last_told;
    }
    if (record->is_deferred) {
        ss_retries_put(retries, &envelope, event->uid, record->time_ns, record->meaning);
    } else if (retry) {
        ss_retries_remove(retries, retry);
    }
}

static bool
smtp_refusal_event(void *self, void *state, const SsHost *host, const SsEvent *event)
{
    SsRetries *retries = self;
    Session *session = state;
    uint64_t last_told = 0;

    if (event->type == SS_EVENT_MESSAGE) {
        const Seen seen = {host, event, retries, session};
        see_message(&seen);
        return true;
    }
    for (guint i = 0; session->records && i < session->records->len; i++) {
        settle(retries, host, event, g_ptr_array_index(session->records, i), &last_told);
    }
    return true;
}

static void *
smtp_refusal_open(const SsHost *host, char *err, size_t errlen)
{
    SsRetries *retries = g_new0(SsRetries, 1);

    (void)host, (void)err, (void)errlen;
    ss_retries_init(retries);
    return retries;
}

static bool
smtp_refusal_close(void *self, const SsHost *host)
{
    SsRetries *retries = self;

    (void)host;
    ss_retries_clear(retries);
    g_free(retries);
    return true;
}

static void
smtp_refusal_session_free(void *self, void *state)
{
    Session *session = state;

    (void)self;
    g_clear_pointer(&session->records, g_ptr_array_unref);
}

const SsPlugin ss_plugin_smtp_refusal = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-refusal",
    .summary = "messages and recipients refused, with the codes explained, and their retries",
    .options = refusal_options,
    .findings = kinds,
    .wants = SS_WANT_REFUSALS | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = smtp_refusal_open,
    .event = smtp_refusal_event,
    .close = smtp_refusal_close,
    .session_free = smtp_refusal_session_free,
};
