/*
 * `tls.refused`: STARTTLS answered with an error, or a handshake that failed; in words that say
 * what to do. `tls.not-begun`: STARTTLS agreed to, and the session goes on in the clear.
 */
#include "base/plugin.h"
#include "plugins/common/alert.h"
#include "plugins/common/words.h"

typedef struct {
    int by;
    SsSlice reason;
    uint64_t code;
    SsSlice enhanced;
    SsSlice text;
} Detail;

static const char *const by_names[] = {"client", "server", NULL};
static const SsField detail_fields[] = {
    {.name = "by",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, by),
     .names = by_names,
     .nullable = true,
     .doc = "whose refusal it was; null where both fell silent"},
    {.name = "reason",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, reason),
     .doc =
         "`reply`; of a handshake the alert's name (RFC 8446 section 6), `sealed-alert` where it "
         "is encrypted, `closed`, `reset`, `silence`, or `in-clear`, a server that does not speak "
         "TLS"},
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
    {.name = NULL},
};

enum {
    REFUSED,
    NOT_BEGUN
};

static const SsFindingKind kinds[] = {
    [REFUSED] = {.id = "tls.refused",
                 .severity = SS_SEVERITY_MEDIUM,
                 .when = "STARTTLS answered with an error, or the handshake failed",
                 .reference = "RFC 3207 section 4",
                 .detail = detail_fields,
                 .detail_size = sizeof(Detail)},
    [NOT_BEGUN] = {.id = "tls.not-begun",
                   .severity = SS_SEVERITY_LOW,
                   .when = "STARTTLS agreed to, and the session goes on in the clear",
                   .reference = "RFC 3207 section 4"},
    {.id = NULL},
};

/* A command in the clear behind a 220; 0: none. */
typedef struct {
    uint64_t frame;
} Session;

static void *
tls_refused_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

static void
append_alert(GString *to, const SsEventNote *note)
{
    const char *who = by_names[note->direction], *advice;
    g_autofree char *meaning = NULL;

    if (ss_slice_eq(note->text, SS_SLICE("sealed-alert"))) {
        g_string_append_printf(to, "the TLS handshake failed: the %s ended it with an alert", who);
    } else {
        g_string_append_printf(to, "the TLS handshake failed: the %s sent the alert %.*s", who,
                               (int)note->text.len, (const char *)note->text.data);
    }
    meaning = ss_alert_meaning(note->text, note->direction, &advice);
    if (meaning) {
        g_string_append_printf(to, ", %s", meaning);
    }
    g_string_append_printf(to, "; %s", advice);
}

static void
append_failure(GString *to, const SsEventNote *note)
{
    const char *who = by_names[note->direction];

    if (ss_slice_eq(note->text, SS_SLICE("in-clear"))) {
        g_string_append(to, "the client began TLS, and the server answered in the clear: it does "
                            "not speak TLS on this port; use another port, or STARTTLS");
    } else if (ss_slice_eq(note->text, SS_SLICE("closed"))) {
        g_string_append_printf(to,
                               "the %s closed the connection in the TLS handshake and said no "
                               "reason; see its log",
                               who);
    } else if (ss_slice_eq(note->text, SS_SLICE("silence"))) {
        g_string_append(to, "the TLS handshake stood still until the session was given up: a "
                            "large packet of it may not have got through; look at the path MTU, "
                            "and what filters between");
    } else if (ss_slice_eq(note->text, SS_SLICE("reset"))) {
        g_string_append_printf(to,
                               "the TLS handshake ended with a reset from the %s; see its log, "
                               "or what filters between",
                               who);
    } else {
        append_alert(to, note);
    }
}

static void
tell(const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    const SsReplyText *reply = note->reply;
    const uint64_t frames[] = {note->evidence, note->span};
    Detail detail = {.by = (int)note->direction, .reason = note->text};
    g_autoptr(GString) summary = g_string_new(NULL);

    if (reply) {
        detail.reason = SS_SLICE("reply");
        detail.code = reply->code;
        detail.enhanced = reply->enhanced;
        detail.text = reply->text;
        g_string_append(summary, "the server refused STARTTLS (");
        ss_words_append_reply(summary, host, reply);
        g_string_append(summary, "): mend its TLS, for a client goes on in the clear or gives up");
    } else {
        append_failure(summary, note);
        detail.by = ss_slice_eq(note->text, SS_SLICE("silence")) ? -1 : detail.by;
    }
    host->report(host, event, &kinds[REFUSED], summary->str, &detail, frames, note->span ? 2 : 1,
                 0);
}

static void
see_note(Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;

    switch (note->kind) {
    case SS_NOTE_TLS_REFUSED:
        tell(host, event);
        break;
    case SS_NOTE_INJECTION:
        if (note->direction == SS_CLIENT && !note->span && !state->frame) {
            state->frame = note->evidence;
        }
        break;
    case SS_NOTE_ENCRYPTED:
        state->frame = 0;
        break;
    default:
        break;
    }
}

static bool
tls_refused_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    (void)self;
    if (event->type == SS_EVENT_NOTE) {
        see_note(state, host, event);
    } else if (state->frame) {
        host->report(host, event, &kinds[NOT_BEGUN],
                     "the server agreed to STARTTLS, and the session goes on in the clear: it was "
                     "recorded where TLS had been taken off, or the client did not encrypt",
                     NULL, &state->frame, 1, 0);
    }
    return true;
}

const SsPlugin ss_plugin_tls_refused = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tls-refused",
    .summary = "STARTTLS refused, TLS handshakes that failed, TLS agreed to and not begun",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = tls_refused_open,
    .event = tls_refused_event,
    .notes =
        SS_NOTES(SS_NOTE_TLS_REFUSED) | SS_NOTES(SS_NOTE_INJECTION) | SS_NOTES(SS_NOTE_ENCRYPTED),
};
