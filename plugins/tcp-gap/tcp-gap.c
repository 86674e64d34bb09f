/*
 * `tcp.gap`: bytes that the capture lacks, and why. What was said of the session around them is
 * incomplete.
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

typedef enum {
    CAUSE_CAPTURE,
    CAUSE_SNAP_LENGTH,
    CAUSE_NETWORK,
    CAUSE_LIMIT,
    CAUSE_UNKNOWN,
} Cause;

typedef struct {
    int direction;
    uint64_t bytes;
    uint64_t offset;
    int cause;
    bool in_message;
} Detail;

/* The words of the note, too. */
static const char *const cause_names[] = {
    [CAUSE_CAPTURE] = "capture", [CAUSE_SNAP_LENGTH] = "snap-length", [CAUSE_NETWORK] = "network",
    [CAUSE_LIMIT] = "limit",     [CAUSE_UNKNOWN] = "unknown",         NULL,
};
static const SsField detail_fields[] = {
    {.name = "direction",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, direction),
     .names = ss_tcp_end_names,
     .doc = "who sent the bytes"},
    {.name = "bytes",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, bytes),
     .doc = "how many are missing"},
    {.name = "offset",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, offset),
     .doc = "where, in the stream of that direction"},
    {.name = "cause",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, cause),
     .names = cause_names,
     .doc = "lost while capturing (they were acknowledged), cut off by the snap length, lost on "
            "their way (they were not), not waited for any longer, or not known"},
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

static Cause
cause_of(SsSlice text)
{
    for (int i = 0; i < CAUSE_UNKNOWN; i++) {
        if (ss_slice_eq(text, ss_slice_str(cause_names[i]))) {
            return (Cause)i;
        }
    }
    return CAUSE_UNKNOWN;
}

static void
append_cause(GString *to, Cause cause, int direction)
{
    const char *receiver = ss_tcp_end_names[!direction];

    switch (cause) {
    case CAUSE_CAPTURE:
        g_string_append_printf(to,
                               "the %s acknowledged them, so packets were lost while capturing, "
                               "not on the way",
                               receiver);
        break;
    case CAUSE_SNAP_LENGTH:
        g_string_append(to, "they were cut off by the snap length: capture whole packets (-s 0)");
        break;
    case CAUSE_NETWORK:
        g_string_append_printf(to, "the %s never acknowledged them, so they were lost on their way",
                               receiver);
        break;
    case CAUSE_LIMIT:
        g_string_append(to, "too much was kept behind them to wait any longer: allow more with "
                            "--limit reorder=BYTES");
        break;
    case CAUSE_UNKNOWN:
        g_string_append_printf(to,
                               "no acknowledgement of the %s was captured that would tell whether "
                               "they were lost while capturing or on their way",
                               receiver);
        break;
    }
}

static bool
tcp_gap_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    uint64_t frame = note->evidence ? note->evidence : event->frame;
    Cause cause = cause_of(note->text);
    Detail detail = {(int)note->direction, note->span, note->offset, (int)cause, note->in_content};
    g_autoptr(GString) summary = NULL;

    (void)self, (void)session;
    if (note->kind != SS_NOTE_GAP) {
        return true;
    }
    summary = g_string_new("the capture lacks ");
    ss_words_counted(summary, note->span, "byte", "bytes");
    g_string_append_printf(summary, " that the %s sent", ss_tcp_end_names[note->direction]);
    if (note->in_content && note->message) {
        g_string_append_printf(summary, " in the content of message %" PRIu64, note->message);
    }
    g_string_append(summary, ": ");
    append_cause(summary, cause, (int)note->direction);
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
