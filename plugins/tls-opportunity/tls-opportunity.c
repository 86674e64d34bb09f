/*
 * `tls.not-offered` and `tls.not-used`: mail or a login went on in the clear, and whose fault it
 * was. Decided at the session's end, since a client told "530 Must issue STARTTLS first" may still
 * do so.
 *
 * Nothing is said without the reply to EHLO: what was not captured may have held the offer.
 */
#include "base/plugin.h"
#include "plugins/common/words.h"

typedef struct {
    SsSlice command;
} Detail;

static const SsField detail_fields[] = {
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .doc = "what the client went on with: MAIL or AUTH"},
    {.name = NULL},
};

enum {
    NOT_OFFERED,
    NOT_USED
};

static const SsFindingKind kinds[] = {
    [NOT_OFFERED] = {.id = "tls.not-offered",
                     .severity = SS_SEVERITY_LOW,
                     .when = "mail or a login in the clear after EHLO, STARTTLS not offered",
                     .reference = "RFC 3207 section 4",
                     .detail = detail_fields,
                     .detail_size = sizeof(Detail)},
    [NOT_USED] = {.id = "tls.not-used",
                  .severity = SS_SEVERITY_MEDIUM,
                  .when = "STARTTLS offered after EHLO, and the client went on in the clear",
                  .reference = "RFC 3207 section 4",
                  .detail = detail_fields,
                  .detail_size = sizeof(Detail)},
    {.id = NULL},
};

typedef struct {
    uint64_t ehlo_frame; /* of the reply */
    uint64_t use_frame;  /* of the first MAIL or AUTH behind it; 0: none was seen */
    bool is_offered;
    bool is_login;
    bool has_tried; /* STARTTLS was sent, or TLS seen */
} Session;

static void *
tls_opportunity_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

static void
see_note(Session *state, const SsEventNote *note)
{
    switch (note->kind) {
    case SS_NOTE_USE:
        if (ss_slice_eq(note->verb, SS_SLICE("STARTTLS"))) {
            state->has_tried = true;
        } else if (state->use_frame == 0 && note->span) {
            /* What decides is the last offer before the client went on. */
            state->ehlo_frame = note->span;
            state->is_offered = ss_slice_eq(note->text, SS_SLICE("STARTTLS"));
            state->use_frame = note->evidence;
            state->is_login = ss_slice_eq(note->verb, SS_SLICE("AUTH"));
        }
        break;
    case SS_NOTE_ENCRYPTED:
        state->has_tried = true;
        break;
    default:
        break;
    }
}

static void
decide(const Session *state, const SsHost *host, const SsEvent *event)
{
    const uint64_t frames[] = {state->ehlo_frame, state->use_frame};
    Detail detail = {state->is_login ? SS_SLICE("AUTH") : SS_SLICE("MAIL")};
    const char *use = state->is_login ? "a login" : "mail";
    g_autofree char *summary = NULL;

    if (event->session_end.security != SS_SECURITY_NONE || state->has_tried ||
        state->use_frame == 0) {
        return;
    }
    if (state->is_offered) {
        summary = g_strdup_printf("the server offered STARTTLS and the client went on with %s in "
                                  "the clear: let the client use TLS",
                                  use);
    } else {
        summary = g_strdup_printf("the server did not offer STARTTLS, and %s went on in the "
                                  "clear: switch TLS on at the server; where it is on, somebody on "
                                  "the way takes the offer out",
                                  use);
    }
    host->report(host, event, &kinds[state->is_offered ? NOT_USED : NOT_OFFERED], summary, &detail,
                 frames, 2, 0);
}

static bool
tls_opportunity_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    (void)self;
    if (event->type == SS_EVENT_NOTE) {
        see_note(state, &event->note);
    } else if (event->type == SS_EVENT_SESSION) {
        decide(state, host, event);
    }
    return true;
}

const SsPlugin ss_plugin_tls_opportunity = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tls-opportunity",
    .summary = "mail and logins in the clear, with or without an offer of STARTTLS",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = tls_opportunity_open,
    .event = tls_opportunity_event,
    .notes = SS_NOTES(SS_NOTE_USE) | SS_NOTES(SS_NOTE_ENCRYPTED),
};
