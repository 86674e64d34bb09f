/*
 * `tcp.reset`: a reset inside a dialogue. A reset behind an answered QUIT is how some stacks say
 * goodbye, and one that answers the first SYN is a refused connection: neither is one. Where TLS
 * hides whether QUIT was answered, nothing is said.
 */
#include "base/plugin.h"
#include "plugins/common/words.h"

typedef struct {
    int by;
    SsSlice command;
} Detail;

static const char *const direction_names[] = {"client", "server", NULL};
static const SsField detail_fields[] = {
    {.name = "by",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, by),
     .names = direction_names,
     .doc = "whose address the reset bears"},
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .nullable = true,
     .doc = "the command that waited for its reply"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.reset",
     .severity = SS_SEVERITY_LOW,
     .when = "a reset inside a dialogue",
     .reference = "RFC 9293 section 3.5.2",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

typedef struct {
    bool is_told;
    bool is_unread; /* encrypted: QUIT may have been answered */
} Session;

static void *
tcp_reset_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

static void
tell(const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    uint64_t frame = note->evidence ? note->evidence : event->frame;
    Detail detail = {(int)note->direction, note->verb};
    g_autoptr(GString) summary = g_string_new("the ");

    g_string_append_printf(summary, "%s reset the connection", direction_names[note->direction]);
    if (note->in_content) {
        g_string_append(summary, " in the middle of a message's content");
    } else if (note->verb.len) {
        g_string_append(summary, " while ");
        ss_words_append(summary, host, note->verb, 32);
        g_string_append(summary, " waited for its reply");
    } else if (note->in_message) {
        g_string_append(summary, " in the middle of a transaction");
    } else {
        g_string_append(summary, " without QUIT");
    }
    g_string_append_printf(
        summary, ": look at the %s's log at that time, and for a firewall that forges resets",
        direction_names[note->direction]);
    host->report(host, event, &kinds[0], summary->str, &detail, &frame, 1,
                 note->in_message ? note->message : 0);
}

static bool
tcp_reset_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    (void)self;
    if (event->type == SS_EVENT_TLS) {
        state->is_unread = !event->tls.decrypted;
        return true;
    }
    if (event->note.kind == SS_NOTE_ENCRYPTED) {
        state->is_unread = true;
    }
    /* Stacks send one reset for each segment that still comes: the first tells all. */
    if (event->note.kind == SS_NOTE_RESET && event->note.in_dialogue && !state->is_unread &&
        !state->is_told) {
        state->is_told = true;
        tell(host, event);
    }
    return true;
}

const SsPlugin ss_plugin_tcp_reset = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-reset",
    .summary = "resets inside a dialogue, with who sent them",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_TLS),
    .session_state = sizeof(Session),
    .open = tcp_reset_open,
    .event = tcp_reset_event,
    .notes = SS_NOTES(SS_NOTE_RESET) | SS_NOTES(SS_NOTE_ENCRYPTED),
};
