/*
 * `tcp.path-mtu`: a path-MTU black hole (RFC 2923 section 2.1). Something on the way takes no
 * packets of full size, and the message that says so never reaches their sender: the dialogue goes
 * well until the first large segment, which is sent again and again. A mail server's log has it as
 * a connection lost after DATA.
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

typedef struct {
    int direction;
    uint64_t stuck_bytes, stuck_times, largest_acked, mss;
} Detail;

static const SsField detail_fields[] = {
    {.name = "direction",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, direction),
     .names = ss_tcp_end_names,
     .doc = "whose segments are lost"},
    {.name = "stuck_bytes",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, stuck_bytes),
     .doc = "payload of the segment that was never acknowledged"},
    {.name = "stuck_times",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, stuck_times),
     .doc = "how often it was sent"},
    {.name = "largest_acked",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, largest_acked),
     .doc = "payload of the largest segment that was"},
    {.name = "mss",
     .kind = SS_FIELD_OPTIONAL,
     .offset = offsetof(Detail, mss),
     .doc = "largest segment that the other side said it takes"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.path-mtu",
     .severity = SS_SEVERITY_MEDIUM,
     .when = "segments of full size sent again and again, while short ones are acknowledged",
     .reference = "RFC 2923 section 2.1",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

/* What the session ended in. */
typedef struct {
    uint64_t message;
    bool in_content;
} Session;

static void *
tcp_path_mtu_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

static void
tell(const Session *state, const SsHost *host, const SsEvent *event, int direction)
{
    const SsEventSession *session = &event->session_end;
    const SsTcpTrouble *trouble = session->trouble;
    bool is_of_message = direction == SS_CLIENT && state->in_content && state->message;
    Detail detail = {
        .direction = direction,
        .stuck_bytes = trouble->end[direction].stuck_bytes,
        .stuck_times = trouble->end[direction].stuck_times,
        .largest_acked = trouble->end[direction].largest_acked,
        .mss = ss_tcp_peer(session, !direction)->mss,
    };
    g_autoptr(GString) summary = g_string_new("a segment of ");

    ss_words_counted(summary, detail.stuck_bytes, "byte", "bytes");
    g_string_append_printf(summary, " from the %s", ss_tcp_end_names[direction]);
    if (is_of_message) {
        g_string_append_printf(summary, ", content of message %" PRIu64 ",", state->message);
    }
    g_string_append(summary, " was sent ");
    ss_words_count(summary, detail.stuck_times);
    g_string_append_printf(summary,
                           " times and never acknowledged, while the %s acknowledged "
                           "those of ",
                           ss_tcp_end_names[!direction]);
    ss_words_count(summary, detail.largest_acked);
    g_string_append(summary,
                    " and less: a path-MTU black hole; lower the MTU of the sender's interface, "
                    "clamp the MSS where the path narrows (VPN, tunnel, PPPoE), or let ICMP "
                    "\"fragmentation needed\" and \"packet too big\" through");
    host->report(host, event, &kinds[0], summary->str, &detail,
                 trouble->end[direction].stuck_frames, 2, is_of_message ? state->message : 0);
}

static bool
tcp_path_mtu_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    (void)self;
    if (event->type == SS_EVENT_NOTE) {
        if (event->note.kind == SS_NOTE_CLOSED) {
            state->message = event->note.message;
            state->in_content = event->note.in_content;
        }
        return true;
    }
    for (int i = 0; i < 2; i++) {
        if (ss_tcp_is_black_hole(&event->session_end, i)) {
            tell(state, host, event, i);
        }
    }
    return true;
}

const SsPlugin ss_plugin_tcp_path_mtu = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-path-mtu",
    .summary = "path-MTU black holes",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = tcp_path_mtu_open,
    .event = tcp_path_mtu_event,
};
