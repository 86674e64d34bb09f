/*
 * `tcp.gap`: bytes that the capture lacks. What was said of the session around them is incomplete.
 */
#include "base/plugin.h"
#include "plugins/common/words.h"

typedef struct {
    int direction;
    uint64_t bytes;
    uint64_t offset;
    bool in_message;
} Detail;

static const char *const direction_names[] = {"client", "server", NULL};
static const SsField detail_fields[] = {
    {.name = "direction",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, direction),
     .names = direction_names,
     .doc = "who sent the bytes"},
    {.name = "bytes",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, bytes),
     .doc = "how many are missing"},
    {.name = "offset",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, offset),
     .doc = "where, in the stream of that direction"},
    {.name = "in_message",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, in_message),
     .doc = "whether they belong to a message's content"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.gap",
     .severity = SS_SEVERITY_LOW,
     .when = "bytes that the capture lacks",
     .reference = "RFC 9293 section 3.4",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
tcp_gap_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static bool
tcp_gap_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    uint64_t frame = note->evidence ? note->evidence : event->frame;
    Detail detail = {(int)note->direction, note->span, note->offset, note->in_content};
    g_autoptr(GString) summary = NULL;
    g_autofree char *where = NULL;

    (void)self, (void)session;
    if (note->kind != SS_NOTE_GAP) {
        return true;
    }
    if (note->in_content && note->message) {
        where = g_strdup_printf(" in the content of message %" PRIu64, note->message);
    }
    summary = g_string_new("the capture lacks ");
    ss_words_counted(summary, note->span, "byte", "bytes");
    g_string_append_printf(summary,
                           " that the %s sent%s: packets were lost while capturing, or cut by its "
                           "snap length, not on the way",
                           direction_names[note->direction], where ? where : "");
    host->report(host, event, &kinds[0], summary->str, &detail, &frame, 1, note->message);
    return true;
}

const SsPlugin ss_plugin_tcp_gap = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-gap",
    .summary = "bytes that the capture lacks",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = tcp_gap_open,
    .event = tcp_gap_event,
    .notes = SS_NOTES(SS_NOTE_GAP),
};
