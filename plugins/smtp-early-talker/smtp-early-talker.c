/*
 * `smtp.early-talker`: the client spoke before the server's banner. What it said is known when it
 * says it, how long it should have waited when the banner comes.
 */
#include "base/plugin.h"
#include "plugins/common/words.h"

typedef struct {
    SsSlice command;
    int64_t early_ns;
    bool has_banner;
} Detail;

static const SsField detail_fields[] = {
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .nullable = true,
     .doc = "its first command; null where what it said was none"},
    {.name = "early",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, early_ns),
     .nullable = true,
     .doc = "how long before the banner it began; null where none came"},
    {.name = "banner",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, has_banner),
     .doc = "whether a banner came at all"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.early-talker",
     .severity = SS_SEVERITY_MEDIUM,
     .when = "the client spoke before the banner",
     .reference = "RFC 5321 section 3.1",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
smtp_early_talker_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static bool
smtp_early_talker_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    bool has_banner = ss_slice_is_null(note->text);
    int64_t early_ns = MAX(event->time_ns - note->first_ns, 0);
    Detail detail = {note->verb, has_banner ? early_ns : SS_TIME_NONE, has_banner};
    const uint64_t frames[] = {note->evidence, event->frame};
    g_autoptr(GString) summary = g_string_new("the client ");

    (void)self, (void)session;
    if (ss_slice_is_null(note->verb)) {
        g_string_append(summary, "sent what is no command ");
    } else {
        g_string_append(summary, "sent ");
        ss_words_append(summary, host, note->verb, 32);
        g_string_append_c(summary, ' ');
    }
    if (has_banner) {
        g_string_append_printf(summary, "%.3f s before the server's banner",
                               (double)early_ns / 1e9);
    } else {
        g_string_append(summary, "without the banner that never came");
    }
    g_string_append(summary, ": mail software waits for it, so this is a program that does not "
                             "listen, as spam bots are");
    host->report(host, event, &kinds[0], summary->str, &detail, frames, has_banner ? 2 : 1, 0);
    return true;
}

const SsPlugin ss_plugin_smtp_early_talker = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-early-talker",
    .summary = "clients that speak before the server's banner",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = smtp_early_talker_open,
    .event = smtp_early_talker_event,
    .notes = SS_NOTES(SS_NOTE_EARLY),
};
