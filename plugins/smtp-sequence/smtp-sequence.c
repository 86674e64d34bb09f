/*
 * `smtp.sequence`: a command that the server answered with 503, and what was out of order, as far
 * as the dialogue shows it.
 */
#include "base/plugin.h"
#include "plugins/common/words.h"

typedef struct {
    SsSlice command;
    SsSlice reason;
    SsSlice enhanced;
    SsSlice text;
} Detail;

static const SsField detail_fields[] = {
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .doc = "the command"},
    {.name = "reason",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, reason),
     .nullable = true,
     .doc =
         "`no-hello`, `no-mail`, `mail-refused`, `no-rcpt`, `rcpt-refused`, `nested`, `in-mail`, "
         "`again`; null where the dialogue does not show it"},
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

static const SsFindingKind kinds[] = {
    {.id = "smtp.sequence",
     .severity = SS_SEVERITY_LOW,
     .when = "a command out of order (503)",
     .reference = "RFC 5321 section 4.1.4",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

typedef struct {
    SsSlice reason;
    const char *words;
} Row;

static const Row rows[] = {
    {SS_SLICE_INIT("no-hello"), "before any EHLO or HELO"},
    {SS_SLICE_INIT("no-mail"), "without a MAIL before it"},
    {SS_SLICE_INIT("mail-refused"), "though its MAIL had been refused"},
    {SS_SLICE_INIT("no-rcpt"), "without a RCPT before it"},
    {SS_SLICE_INIT("rcpt-refused"), "though no recipient had been accepted"},
    {SS_SLICE_INIT("nested"), "inside a message, which RSET or its content should have ended"},
    {SS_SLICE_INIT("in-mail"), "inside a message, where only recipients and content may come"},
    {SS_SLICE_INIT("again"), "a second time"},
};

static void *
smtp_sequence_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static const char *
words_of(SsSlice reason)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (ss_slice_eq(rows[i].reason, reason)) {
            return rows[i].words;
        }
    }
    return NULL;
}

static bool
smtp_sequence_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    const uint64_t frames[] = {note->span, note->evidence};
    Detail detail = {note->verb, note->text, note->reply->enhanced, note->reply->text};
    const char *words = words_of(note->text);
    g_autoptr(GString) summary = g_string_new(NULL);

    (void)self, (void)session;
    ss_words_append(summary, host, note->verb, 32);
    if (words) {
        g_string_append_printf(summary, " came %s (", words);
    } else {
        g_string_append(summary, " was out of order for the server; see its words (");
    }
    ss_words_append_reply(summary, host, note->reply);
    g_string_append(summary, "): check what the client sends");
    host->report(host, event, &kinds[0], summary->str, &detail, frames, 2, 0);
    return true;
}

const SsPlugin ss_plugin_smtp_sequence = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-sequence",
    .summary = "commands out of order",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = smtp_sequence_open,
    .event = smtp_sequence_event,
    .notes = SS_NOTES(SS_NOTE_SEQUENCE),
};
