/*
 * `smtp.disconnect`: the connection ended inside a command or a message. What it ended in is known
 * at the CLOSED note; whether the message was refused already, at its event; whether it really
 * ended, or the capture did, at the session's event. Resets are `tcp.reset`'s.
 */
#include "base/plugin.h"
#include "plugins/common/words.h"

typedef struct {
    int by;
    SsSlice command;
    bool in_content;
} Detail;

static const char *const by_names[] = {"client", "server", NULL};
static const SsField detail_fields[] = {
    {.name = "by",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, by),
     .names = by_names,
     .nullable = true,
     .doc = "who ended it; null where both fell silent"},
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .nullable = true,
     .doc = "the command that waited for its reply"},
    {.name = "in_content",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, in_content),
     .doc = "whether it ended inside a message's content"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.disconnect",
     .severity = SS_SEVERITY_LOW,
     .when = "the connection ended inside a command or a message",
     .reference = "RFC 5321 section 4.1.1.10",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

typedef struct {
    bool is_closed;
    bool is_cut;
    bool is_decided;  /* the message it ended in was refused */
    bool is_evicted;  /* given up for want of room: its end is not known */
    bool is_replaced; /* the same ports began anew */
    bool in_message, in_content, in_command;
    SsDirection direction;
    uint64_t frame, message;
    uint8_t verb_len;
    char verb[16];
} Session;

static void *
smtp_disconnect_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

static void
remember(Session *state, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    SsSlice verb = ss_slice_sub(note->verb, 0, sizeof state->verb);

    /* A client that has said QUIT may leave without its answer. */
    state->is_cut = note->in_message || note->in_content || note->in_command ||
                    (verb.len && !ss_slice_eq(verb, SS_SLICE("QUIT")));
    state->in_message = note->in_message;
    state->in_content = note->in_content;
    state->in_command = note->in_command;
    state->is_closed = true;
    state->is_evicted = ss_slice_eq(note->text, SS_SLICE("evicted"));
    state->is_replaced = ss_slice_eq(note->text, SS_SLICE("reused"));
    state->direction = note->direction;
    state->frame = note->evidence ? note->evidence : event->frame;
    state->message = note->message;
    state->verb_len = (uint8_t)verb.len;
    if (verb.len) {
        memcpy(state->verb, verb.data, verb.len);
    }
}

/* Nothing of a refused message is left to do; behind it only its own commands may wait. */
static bool
is_settled(const Session *state, SsSlice verb)
{
    static const char *const own[] = {"MAIL", "RCPT", "DATA", "BDAT"};

    if (!state->is_decided || state->in_content || state->in_command) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
        if (ss_slice_eq(verb, ss_slice_str(own[i]))) {
            return true;
        }
    }
    return verb.len == 0;
}

static void
append_place(GString *to, const SsHost *host, const Session *state, SsSlice verb)
{
    if (state->in_content) {
        g_string_append(to, " in the middle of a message's content: it did not arrive whole, and "
                            "the client should send it again");
    } else if (ss_slice_eq(verb, SS_SLICE("content"))) {
        g_string_append(to, " before the content was answered: the server may have taken the "
                            "message, and the client may send it twice");
    } else if (verb.len) {
        g_string_append(to, " before ");
        ss_words_append(to, host, verb, 32);
        g_string_append(to, " was answered");
    } else if (state->in_command) {
        g_string_append(to, " in the middle of a command");
    } else {
        g_string_append(to, " between a message's envelope and its content: it was not sent");
    }
}

static void
tell(const Session *state, const SsHost *host, const SsEvent *event)
{
    SsSlice verb = state->verb_len ? ss_slice(state->verb, state->verb_len) : SS_SLICE_NULL;
    bool has_end = event->session_end.state == SS_STATE_CLOSED;
    Detail detail = {has_end ? (int)state->direction : -1, verb, state->in_content};
    g_autoptr(GString) summary = g_string_new(NULL);

    if (is_settled(state, verb)) {
        return;
    }
    if (has_end) {
        g_string_append_printf(summary, "the %s closed the connection", by_names[state->direction]);
    } else if (state->is_replaced) {
        g_string_append(summary, "a new connection on the same ports replaced this one");
    } else {
        g_string_append(summary, "both sides fell silent");
    }
    append_place(summary, host, state, verb);

    host->report(host, event, &kinds[0], summary->str, &detail, &state->frame, 1,
                 state->in_message || state->in_content ? state->message : 0);
}

/* Bytes that are missing may hold what seems not to have been said. */
static bool
is_end_seen(const Session *state, const SsEventSession *session)
{
    if (!state->is_cut || state->is_evicted || session->client.missing_bytes ||
        session->server.missing_bytes) {
        return false;
    }
    if (state->is_replaced && !state->in_message && !state->in_content) {
        return false;
    }
    return session->state == SS_STATE_CLOSED || session->state == SS_STATE_TIMEOUT;
}

static bool
smtp_disconnect_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    (void)self;
    if (event->type == SS_EVENT_NOTE) {
        if (event->note.kind == SS_NOTE_CLOSED) {
            remember(state, event);
        }
    } else if (event->type == SS_EVENT_MESSAGE) {
        state->is_decided |= state->is_closed && (event->message.outcome == SS_OUTCOME_REJECTED ||
                                                  event->message.outcome == SS_OUTCOME_DEFERRED);
    } else if (is_end_seen(state, &event->session_end)) {
        tell(state, host, event);
    }
    return true;
}

const SsPlugin ss_plugin_smtp_disconnect = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-disconnect",
    .summary = "connections that ended inside a command or a message",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION) | SS_WANT_REFUSALS,
    .session_state = sizeof(Session),
    .open = smtp_disconnect_open,
    .event = smtp_disconnect_event,
    .notes = SS_NOTES(SS_NOTE_CLOSED),
};
