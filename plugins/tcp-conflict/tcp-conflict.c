/*
 * `tcp.conflict`: the same bytes of a stream were sent twice and differ. A sound TCP never does
 * that, so somebody between may have put in bytes of his own, to the client, the server, or to
 * those who watch (Ptacek and Newsham, "Insertion, Evasion, and Denial of Service", 1998).
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

/* Bytes of each reading in the summary; `detail` has more. */
#define QUOTE_MAX 24

typedef struct {
    int direction;
    uint64_t offset, bytes;
    SsSlice taken, other;
    uint64_t taken_frame, other_frame;
    bool late;
    uint64_t taken_ttl, other_ttl;
    SsSlice taken_link, other_link;
    SsList doubts;
    bool in_message;
} Detail;

#define FIELD(member, kind_, ...)                                                       \
    {                                                                                   \
        .name = #member, .kind = kind_, .offset = offsetof(Detail, member), __VA_ARGS__ \
    }

static const SsField detail_fields[] = {
    FIELD(direction, SS_FIELD_ENUM, .names = ss_tcp_end_names, .doc = "whose bytes they are"),
    FIELD(offset, SS_FIELD_COUNT, .doc = "where, in the stream of that direction"),
    FIELD(bytes, SS_FIELD_COUNT, .doc = "from the first that differs to the last"),
    FIELD(taken, SS_FIELD_TEXT, .nullable = true,
          .doc = "the reading that counts, 64 bytes at most; null where it could show a secret, or "
                 "is encrypted"),
    FIELD(other, SS_FIELD_TEXT, .nullable = true, .doc = "the other reading, likewise"),
    FIELD(taken_frame, SS_FIELD_CODE, .doc = "the packet of the reading that counts"),
    FIELD(other_frame, SS_FIELD_CODE, .doc = "the packet of the other"),
    FIELD(late, SS_FIELD_BOOL,
          .doc = "whether the receiver had acknowledged the one before the other came"),
    FIELD(taken_ttl, SS_FIELD_CODE, .doc = "TTL of the packet that counts"),
    FIELD(other_ttl, SS_FIELD_CODE, .doc = "TTL of the other"),
    FIELD(taken_link, SS_FIELD_TEXT, .nullable = true,
          .doc = "MAC address the packet that counts came from; null where both are the same"),
    FIELD(other_link, SS_FIELD_TEXT, .nullable = true, .doc = "that of the other"),
    FIELD(doubts, SS_FIELD_TEXTS, .doc = "why the other does not count, as in `remarks`"),
    FIELD(in_message, SS_FIELD_BOOL, .doc = "whether they belong to a message's content"),
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.conflict",
     .severity = SS_SEVERITY_HIGH,
     .when = "a retransmission or overlap with different bytes",
     .reference = "RFC 9293 section 3.10.7.4",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsTcpNaming naming = {"frame", " of ", ""};

static void *
tcp_conflict_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

/* Why a reading does not count, as its packet shows. */
static const char *
reason_of(SsSlice doubt)
{
    static const struct {
        SsSlice doubt;
        const char *reason;
    } reasons[] = {
        {SS_SLICE_INIT("bad-checksum"), "its checksum is wrong"},
        {SS_SLICE_INIT("old-timestamp"), "its timestamp is older than the others'"},
        {SS_SLICE_INIT("signature"), "it has a signature that the other packets do not have"},
        {SS_SLICE_INIT("out-of-window"), "it lies outside of the receiver's window"},
        {SS_SLICE_INIT("window-probe"), "it lies outside of the receiver's window"},
        {SS_SLICE_INIT("before-start"), "it lies before the start of the stream"},
        {SS_SLICE_INIT("after-fin"), "it lies behind the end of the stream"},
        {SS_SLICE_INIT("syn-data"), "it came with a SYN"},
        {SS_SLICE_INIT("syn-conflict"), "its handshake is not the one that was completed"},
        {SS_SLICE_INIT("after-reset"), "it came behind a reset"},
        {SS_SLICE_INIT("urgent"), "it has a byte marked urgent, which most programs never see"},
        {SS_SLICE_INIT("not-taken"), "the receiver never acknowledged it"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (ss_slice_eq(doubt, reasons[i].doubt)) {
            return reasons[i].reason;
        }
    }
    return NULL;
}

static void
append_reason(GString *to, const SsEventConflict *conflict, int direction)
{
    const SsSlice *doubts = conflict->doubts.items;

    for (size_t i = 0; i < conflict->doubts.n; i++) {
        const char *reason = reason_of(doubts[i]);
        if (reason) {
            g_string_append_printf(to, ", for %s", reason);
            return;
        }
    }
    if (conflict->is_late) {
        g_string_append_printf(to, ", for the %s had acknowledged the first already",
                               ss_tcp_end_names[!direction]);
    }
}

/* Where a packet of somebody else shows itself. */
static void
append_origin(GString *to, const SsHost *host, const SsEventConflict *conflict)
{
    bool has_links = !ss_slice_is_null(conflict->taken_link);
    bool has_ttls =
        conflict->taken_ttl && conflict->other_ttl && conflict->taken_ttl != conflict->other_ttl;

    if (has_ttls) {
        g_string_append_printf(to, "their TTLs differ (%" PRIu64 " and %" PRIu64 ")%s",
                               conflict->taken_ttl, conflict->other_ttl, has_links ? " and " : "");
    }
    if (has_links) {
        g_string_append(to, "they came from different MAC addresses (");
        ss_words_append(to, host, conflict->taken_link, 32);
        g_string_append(to, " and ");
        ss_words_append(to, host, conflict->other_link, 32);
        g_string_append_c(to, ')');
    }
    g_string_append(to, has_ttls || has_links
                            ? ", so somebody between may have injected bytes: find out which host "
                              "sent the second packet"
                            : "somebody between may have injected bytes, or a device on the way "
                              "rewrites them: compare the two packets");
}

static bool
tcp_conflict_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    const SsEventConflict *conflict = note->conflict;
    int direction = (int)note->direction;
    g_autoptr(GString) summary = NULL;
    uint64_t frames[2];
    size_t n_frames = 0;

    (void)self, (void)session;
    if (note->kind != SS_NOTE_CONFLICT || !conflict) {
        return true;
    }
    Detail detail = {
        .direction = direction,
        .offset = note->offset,
        .bytes = note->span,
        .taken = conflict->taken,
        .other = conflict->other,
        .taken_frame = conflict->taken_frame,
        .other_frame = conflict->other_frame,
        .late = conflict->is_late,
        .taken_ttl = conflict->taken_ttl,
        .other_ttl = conflict->other_ttl,
        .taken_link = conflict->taken_link,
        .other_link = conflict->other_link,
        .doubts = conflict->doubts,
        .in_message = note->in_content,
    };
    summary = g_string_new("two versions of ");
    ss_words_counted(summary, note->span, "byte", "bytes");
    g_string_append_printf(summary, " that the %s sent", ss_tcp_end_names[direction]);
    if (note->in_content && note->message) {
        g_string_append_printf(summary, " in the content of message %" PRIu64, note->message);
    }
    g_string_append(summary, ": ");
    ss_tcp_reading(summary, host, conflict->taken, conflict->taken_frame, &naming, QUOTE_MAX);
    g_string_append(summary, " counts, ");
    ss_tcp_reading(summary, host, conflict->other, conflict->other_frame, &naming, QUOTE_MAX);
    g_string_append(summary, " does not");
    append_reason(summary, conflict, direction);
    g_string_append(summary, "; ");
    append_origin(summary, host, conflict);
    if (conflict->taken_frame) {
        frames[n_frames++] = conflict->taken_frame;
    }
    if (conflict->other_frame && conflict->other_frame != conflict->taken_frame) {
        frames[n_frames++] = conflict->other_frame;
    }
    host->report(host, event, &kinds[0], summary->str, &detail, frames, n_frames, note->message);
    return true;
}

const SsPlugin ss_plugin_tcp_conflict = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-conflict",
    .summary = "bytes that were sent twice and differ",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = tcp_conflict_open,
    .event = tcp_conflict_event,
};
