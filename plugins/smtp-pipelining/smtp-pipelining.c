/*
 * `smtp.pipelining`: a command behind one that waits for its reply, though the server had not
 * offered to take that.
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
     .doc = "the first command that did not wait"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.pipelining",
     .severity = SS_SEVERITY_LOW,
     .when = "pipelined, not offered",
     .reference = "RFC 2920 section 3.1",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
smtp_pipelining_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static bool
smtp_pipelining_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    Detail detail = {note->verb};
    g_autoptr(GString) summary = g_string_new("the client sent ");

    (void)self, (void)session;
    ss_words_append(summary, host, note->verb, 32);
    g_string_append(summary,
                    " before the command ahead of it was answered, and PIPELINING was not "
                    "offered: a server may lose what it does not expect; spam bots send so");
    host->report(host, event, &kinds[0], summary->str, &detail, &note->evidence, 1, 0);
    return true;
}

const SsPlugin ss_plugin_smtp_pipelining = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-pipelining",
    .summary = "commands that do not wait for a reply, though PIPELINING was not offered",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = smtp_pipelining_open,
    .event = smtp_pipelining_event,
    .notes = SS_NOTES(SS_NOTE_PIPELINED),
};
