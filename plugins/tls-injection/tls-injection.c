/*
 * `tls.injection`: commands in the clear behind STARTTLS, or replies in the clear behind its 220.
 * Who takes them for part of the session inside TLS has been deceived.
 *
 * What a client sends before the 220 cannot be TLS's fault. What it says in the clear behind the
 * 220 may come from inside TLS, where something on the way has taken that off; only TLS itself,
 * when it begins behind it, shows that it was not.
 */
#include "base/plugin.h"
#include "plugins/common/words.h"

typedef struct {
    int by;
    SsSlice text;
} Detail;

static const char *const by_names[] = {"client", "server", NULL};
static const SsField detail_fields[] = {
    {.name = "by",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, by),
     .names = by_names,
     .doc = "whose stream it stands in"},
    {.name = "text",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, text),
     .doc = "what was injected: the first command or reply, secrets masked"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tls.injection",
     .severity = SS_SEVERITY_HIGH,
     .when = "plaintext commands or replies behind STARTTLS or its 220",
     .reference = "CVE-2011-0411, CVE-2021-38371",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

#define KEPT_MAX 100

/* A command in the clear behind the 220, of which it is not known yet what it is. */
typedef struct {
    uint64_t frame;
    uint8_t len;
    char text[KEPT_MAX];
} Session;

static void *
tls_injection_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

static void
tell(const SsHost *host, const SsEvent *event, int by, SsSlice text, uint64_t frame)
{
    Detail detail = {by, text};
    g_autoptr(GString) summary = g_string_new("`");

    ss_words_append(summary, host, text, SS_WORDS_MAX);
    if (by == SS_CLIENT) {
        g_string_append(summary, "` was sent in the clear behind STARTTLS, before TLS began: a "
                                 "server that keeps it takes it for the client's inside TLS; see "
                                 "that the server drops what it had read, and who sent it");
    } else {
        g_string_append(summary,
                        "` was sent in the clear behind the 220 to STARTTLS: a client that "
                        "keeps it takes it for the server's inside TLS; see that the "
                        "client drops what it had read, and who sent it");
    }
    host->report(host, event, &kinds[0], summary->str, &detail, &frame, 1, 0);
}

/* The line as it was written; the caller frees it. */
static GString *
line_of(const SsEventNote *note)
{
    GString *line = g_string_new(NULL);

    if (note->direction == SS_SERVER) {
        g_string_append_printf(line, "%03" PRIu64 " ", note->reply->code);
    } else {
        g_string_append_len(line, (const char *)note->verb.data, (gssize)note->verb.len);
        g_string_append(line, note->text.len ? " " : "");
    }
    g_string_append_len(line, (const char *)note->text.data, (gssize)note->text.len);
    return line;
}

static void
see_injection(Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    g_autoptr(GString) line = line_of(note);

    if (note->direction == SS_SERVER || note->span) {
        tell(host, event, (int)note->direction, ss_slice(line->str, line->len), note->evidence);
        return;
    }
    state->frame = note->evidence;
    state->len = (uint8_t)MIN(line->len, KEPT_MAX);
    memcpy(state->text, line->str, state->len);
}

static bool
tls_injection_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    (void)self;
    if (event->note.kind == SS_NOTE_INJECTION) {
        see_injection(state, host, event);
        return true;
    }
    if (state->frame) {
        tell(host, event, SS_CLIENT, ss_slice(state->text, state->len), state->frame);
        *state = (Session){0};
    }
    return true;
}

const SsPlugin ss_plugin_tls_injection = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tls-injection",
    .summary = "commands and replies in the clear between STARTTLS and TLS",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .session_state = sizeof(Session),
    .open = tls_injection_open,
    .event = tls_injection_event,
    .notes = SS_NOTES(SS_NOTE_INJECTION) | SS_NOTES(SS_NOTE_ENCRYPTED),
};
